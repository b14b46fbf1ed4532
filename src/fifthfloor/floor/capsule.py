"""A floor's master key, sealed to a recipient in a slot of noise (spec/sealed.md, 4).

Without the recipient's secret a capsule is 16,384 random bytes: a representative of X25519 with its torsion, a
Kemeleon ciphertext, an encrypted key, and fill. Whoever made it cannot open it afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fifthfloor.floor import elligator, kemeleon
from fifthfloor.floor.recipient import Recipient, RecipientKey
from fifthfloor.floor.seal import INFO_PREFIX, MASTER_BYTES, normal_label
from fifthfloor.floor.slot import SLOT_BYTES

CAPSULE_VERSION = 1
PLAIN_BYTES = 64
TAG_BYTES = 16
KEM_AT = elligator.REPRESENTATIVE_BYTES
SEALED_AT = KEM_AT + kemeleon.ENCODED_BYTES
# All of a capsule that means anything; the rest of the slot is fill.
MEANT_BYTES = SEALED_AT + PLAIN_BYTES + TAG_BYTES
# How many candidates share one inversion.
_AT_ONCE = 256
_NONCE = bytes(12)


def seal_capsule(master: bytes, recipient: Recipient, label: str, *, random: Callable[[int], bytes]) -> bytes:
    """Seal a floor's master key to a recipient; `open_capsules` is the counterpart.

    Args:
        master: 32 bytes.
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
    key = _key(shared_m, shared_x, representative + encoded, recipient, label)
    plain = bytes([CAPSULE_VERSION]) + bytes(PLAIN_BYTES - 1 - MASTER_BYTES) + master
    meant = representative + encoded + ChaCha20Poly1305(key).encrypt(_NONCE, plain, None)
    return meant + random(SLOT_BYTES - len(meant))


def open_capsules(candidates: Iterable[bytes], key: RecipientKey, label: str) -> Iterator[bytes | None]:
    """Try slots that may be capsules; the counterpart of `seal_capsule`.

    Args:
        candidates: at least the first `MEANT_BYTES` of each slot; any bytes.
        label: of the floor, as typed.

    Yields:
        For each candidate the master key, 32 bytes, or None. A quarter of a millisecond each.
    """
    held: list[bytes] = []
    for candidate in candidates:
        held.append(candidate)
        if len(held) == _AT_ONCE:
            yield from _opened(held, key, label)
            held = []
    yield from _opened(held, key, label)


def _opened(candidates: list[bytes], key: RecipientKey, label: str) -> Iterator[bytes | None]:
    points = elligator.points_of([candidate[:KEM_AT] for candidate in candidates])
    for candidate, point in zip(candidates, points, strict=True):
        yield _open(candidate, point, key, label)


def _open(candidate: bytes, point: bytes, key: RecipientKey, label: str) -> bytes | None:
    try:
        shared_x = key.x25519.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        return None  # a point of small order: its secret would be zero for everybody (RFC 7748, section 6.1)
    encoded = candidate[KEM_AT:SEALED_AT]
    shared_m = key.mlkem.decapsulate(kemeleon.decode(encoded))
    opened_by = _key(shared_m, shared_x, candidate[:SEALED_AT], key.public, label)
    try:
        plain = ChaCha20Poly1305(opened_by).decrypt(_NONCE, candidate[SEALED_AT:MEANT_BYTES], None)
    except InvalidTag:
        return None
    return plain[-MASTER_BYTES:] if plain[0] == CAPSULE_VERSION and not any(plain[1:-MASTER_BYTES]) else None


def _key(shared_m: bytes, shared_x: bytes, sent: bytes, recipient: Recipient, label: str) -> bytes:
    """Combine: safe while either secret is, and bound to everything that was sent, to whom, and the label."""
    bound = hashlib.sha256(sent + recipient.public + normal_label(label)).digest()
    return HKDF(SHA256(), 32, None, INFO_PREFIX + b"capsule" + bound).derive(shared_m + shared_x)
