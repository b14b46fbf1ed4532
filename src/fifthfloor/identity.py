"""A story's keys, and the file that keeps them under a passphrase (`spec/identity.md`).

Rule 1: the file shows nothing but that it is one: no public key, no name, no time; without the passphrase
        nobody can tell which stories it signed.
Rule 2: nothing here knows paths, the clock or chance.
"""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fifthfloor.argon import derived
from fifthfloor.errors import BadInput, NothingFound

_IDENTITY_FORMAT = "fifthfloor identity 1"
SALT_BYTES = 16
_SECRET_NONCE_BYTES = 12
# An identity has a few hundred bytes; anything longer is another file.
MAX_IDENTITY_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess of a passphrase costs: memory in KiB, passes, lanes."""

    memory_kib: int
    passes: int
    lanes: int


# About half a second and 256 MiB on a laptop of 2020; the format fixes it, so no file can ask for more.
FULL_COST = Cost(memory_kib=256 << 10, passes=3, lanes=4)


class SigningKey:
    """An Ed25519 key pair from its 32 secret bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    def __reduce__(self) -> tuple[object, ...]:
        # Photographs are signed in worker processes; the key goes there through a pipe and nowhere else.
        return (SigningKey, (self._secret,))

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes (RFC 8032)."""
        return self._key.sign(message)

    def derive(self, purpose: bytes) -> bytes:
        """Return 32 secret bytes for a purpose, so that the same story and photograph give the same seeds again."""
        return HKDF(SHA256(), 32, None, b"fifthfloor identity derive\0" + purpose).derive(self._secret)


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What an identity file keeps: the secret of the signing key, and that of the recipient key, 32 bytes each.

    Args:
        recipient_secret: None in files from before there were sealed floors; nothing can be sealed to those.
    """

    signing_secret: bytes
    recipient_secret: bytes | None = None

    @property
    def signing(self) -> SigningKey:
        """The story's signing key."""
        return SigningKey(self.signing_secret)


def pack(identity: Identity, passphrase: str, *, random: Callable[[int], bytes], cost: Cost = FULL_COST) -> bytes:
    """Write an identity file; `unpack` is the counterpart.

    Args:
        passphrase: as typed; white space and Unicode forms do not count.
        random: gives that many random bytes.
        cost: tests make it cheap; files of another cost do not open.
    """
    salt, nonce = random(SALT_BYTES), random(_SECRET_NONCE_BYTES)
    named = {"signing": identity.signing_secret.hex()}
    if identity.recipient_secret is not None:
        named["recipient"] = identity.recipient_secret.hex()
    secrets = json.dumps(named).encode()
    sealed = ChaCha20Poly1305(_key(passphrase, salt, cost)).encrypt(nonce, secrets, _IDENTITY_FORMAT.encode())
    fields = {
        "format": _IDENTITY_FORMAT,
        "nonce": nonce.hex(),
        "salt": salt.hex(),
        "sealed": base64.b64encode(sealed).decode(),
    }
    return json.dumps(fields, indent=1).encode() + b"\n"


def unpack(data: bytes, passphrase: str, *, cost: Cost = FULL_COST) -> Identity:
    """Open an identity file; the counterpart of `pack`.

    Secrets of other names are left alone, so that a file with more keys still signs.

    Raises:
        BadInput: not an identity file.
        NothingFound: another passphrase, or the file was changed.
    """
    salt, nonce, sealed = _read(data)
    try:
        opened = ChaCha20Poly1305(_key(passphrase, salt, cost)).decrypt(nonce, sealed, _IDENTITY_FORMAT.encode())
    except InvalidTag:
        raise NothingFound("identity.closed") from None
    try:
        named = json.loads(opened)
        signing = bytes.fromhex(named["signing"])
        recipient = bytes.fromhex(named["recipient"]) if "recipient" in named else None
    except (ValueError, KeyError, TypeError):
        raise BadInput("identity.malformed") from None
    if len(signing) != 32 or (recipient is not None and len(recipient) != 32):
        raise BadInput("identity.malformed")
    return Identity(signing, recipient)


def _read(data: bytes) -> tuple[bytes, bytes, bytes]:
    if len(data) > MAX_IDENTITY_BYTES:
        raise BadInput("identity.malformed")
    try:
        fields = json.loads(data)
        salt, nonce = bytes.fromhex(fields["salt"]), bytes.fromhex(fields["nonce"])
        sealed = base64.b64decode(fields["sealed"], validate=True)
        lawful = fields["format"] == _IDENTITY_FORMAT and len(salt) == SALT_BYTES and len(nonce) == _SECRET_NONCE_BYTES
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise BadInput("identity.malformed") from None
    if not lawful or len(sealed) < 16:
        raise BadInput("identity.malformed")
    return salt, nonce, sealed


def _key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    # As in spec/floor.md, section 1: the same however a keyboard composes it.
    typed = " ".join(unicodedata.normalize("NFKC", passphrase).split()).encode()
    return derived(typed, salt, length=32, passes=cost.passes, lanes=cost.lanes, memory_kib=cost.memory_kib)
