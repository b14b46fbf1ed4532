"""A floor's master key, sealed to a recipient in a slot of noise (spec/sealed.md, 4).

Without the recipient's secret a capsule is 16,384 random bytes: a representative of X25519 with its torsion, a
Kemeleon ciphertext, a mark, an encrypted key, and fill. Whoever made it cannot open it afterwards.

The mark hangs on the secret of ML-KEM alone, so a reader works on X25519 only where a capsule is: a third of the cost.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fifthfloor.floor import elligator, kemeleon
from fifthfloor.floor.recipient import Recipient, RecipientKey
from fifthfloor.floor.seal import INFO_PREFIX, MASTER_BYTES, normal_label
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor.floor.xchacha import TAG_BYTES

CAPSULE_VERSION = 1
PLAIN_BYTES = 64
MARK_BYTES = 16
KEM_AT = elligator.REPRESENTATIVE_BYTES
MARK_AT = KEM_AT + kemeleon.ENCODED_BYTES
SEALED_AT = MARK_AT + MARK_BYTES
# All of a capsule that means anything; the rest of the slot is fill.
MEANT_BYTES = SEALED_AT + PLAIN_BYTES + TAG_BYTES
_TERMS_BYTES = 3
_NONCE = bytes(12)


@dataclass(frozen=True, slots=True, repr=False)
class Entrusted:
    """What a capsule tells its recipient. Has no repr, so that no traceback or log can show it.

    Args:
        master: of the floor, 32 bytes.
        carriers: how many it was hidden in, 1 to 255.
        threshold: how many are needed, 1 to `carriers`.
    """

    master: bytes | bytearray
    carriers: int
    threshold: int


def seal_capsule(what: Entrusted, recipient: Recipient, label: str, *, random: Callable[[int], bytes]) -> bytes:
    """Seal a floor's master key to a recipient; `open_capsules` is the counterpart.

    Args:
        what: the key, and how many carriers open the floor.
        label: of the floor, as typed; may be empty.
        random: gives that many random bytes.

    Returns:
        16,384 bytes, another 16,384 at every call.
    """
    secret, representative = elligator.ephemeral(random)
    shared_x = X25519PrivateKey.from_private_bytes(secret).exchange(recipient.x25519)
    encoded = None
    while encoded is None:
        shared_m, ciphertext = recipient.mlkem.encapsulate()
        encoded = kemeleon.encode(ciphertext, random)
    bound = _bound(representative + encoded, recipient, normal_label(label))
    head = bytes([CAPSULE_VERSION, what.carriers, what.threshold])
    plain = bytearray(head.ljust(PLAIN_BYTES - MASTER_BYTES, b"\0") + what.master)
    sealed = ChaCha20Poly1305(_key(shared_m, shared_x, bound)).encrypt(_NONCE, bytes(plain), None)
    plain[:] = bytes(len(plain))
    meant = representative + encoded + _mark(shared_m, bound) + sealed
    return meant + random(SLOT_BYTES - len(meant))


def open_capsules(candidates: Iterable[bytes], key: RecipientKey, label: str) -> Iterator[Entrusted | None]:
    """Try slots that may be capsules; the counterpart of `seal_capsule`.

    Args:
        candidates: at least the first `MEANT_BYTES` of each slot; any bytes.
        label: of the floor, as typed.

    Yields:
        For each candidate what it holds, or None. An eighth of a millisecond each.
    """
    normal = normal_label(label)
    for candidate in candidates:
        yield _open(candidate, key, normal)


def _open(candidate: bytes, key: RecipientKey, label: bytes) -> Entrusted | None:
    shared_m = key.mlkem.decapsulate(kemeleon.decode(candidate[KEM_AT:MARK_AT]))
    bound = _bound(candidate[:MARK_AT], key.public, label)
    if not hmac.compare_digest(_mark(shared_m, bound), candidate[MARK_AT:SEALED_AT]):
        return None
    try:
        point = elligator.point_of(candidate[:KEM_AT])
        shared_x = key.x25519.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        return None  # a point of small order: its secret would be zero for everybody (RFC 7748, section 6.1)
    try:
        cipher = ChaCha20Poly1305(_key(shared_m, shared_x, bound))
        plain = cipher.decrypt(_NONCE, candidate[SEALED_AT:MEANT_BYTES], None)
    except InvalidTag:
        return None
    version, carriers, threshold = plain[:_TERMS_BYTES]
    if version != CAPSULE_VERSION or any(plain[_TERMS_BYTES:-MASTER_BYTES]) or not 1 <= threshold <= carriers:
        return None
    return Entrusted(plain[-MASTER_BYTES:], carriers, threshold)


def _bound(sent: bytes, recipient: Recipient, label: bytes) -> bytes:
    """Bind everything that was sent, to whom, and the label."""
    return hashlib.sha256(sent + recipient.public + label).digest()


def _mark(shared_m: bytes, bound: bytes) -> bytes:
    return HKDF(SHA256(), MARK_BYTES, None, INFO_PREFIX + b"capsule mark" + bound).derive(shared_m)


def _key(shared_m: bytes, shared_x: bytes, bound: bytes) -> bytes:
    """Combine: safe while either secret is."""
    return HKDF(SHA256(), 32, None, INFO_PREFIX + b"capsule" + bound).derive(shared_m + shared_x)
