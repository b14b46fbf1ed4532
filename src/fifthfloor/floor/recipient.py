"""To whom a floor is sealed: a line that may be known, and the secret that stays at home (spec/sealed.md, 1).

Both halves are needed to open: X25519, and ML-KEM-768 for whoever images a card today and has a quantum computer in
twenty years.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fifthfloor.errors import BadInput
from fifthfloor.floor import bech32

PREFIX = "fifthfloor"
X25519_BYTES = 32
MLKEM_BYTES = 1_184
PUBLIC_BYTES = X25519_BYTES + MLKEM_BYTES
FINGERPRINT_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Recipient:
    """The public half: 32 bytes of X25519, then 1,184 of ML-KEM-768.

    Args:
        public: 1,216 bytes.
    """

    public: bytes

    @property
    def x25519(self) -> X25519PublicKey:
        """The first half."""
        return X25519PublicKey.from_public_bytes(self.public[:X25519_BYTES])

    @property
    def mlkem(self) -> MLKEM768PublicKey:
        """The second half."""
        return MLKEM768PublicKey.from_public_bytes(self.public[X25519_BYTES:])

    def line(self) -> str:
        """Write it as one line of letters and digits; `recipient_of` is the counterpart."""
        return bech32.encode(PREFIX, self.public)

    def fingerprint(self) -> str:
        """Twenty characters in fives of four, to compare by telephone: 100 bits of SHA-256 of the public half."""
        bits = int.from_bytes(hashlib.sha256(self.public).digest()[:13], "big") >> 4
        characters = [bech32.CHARSET[bits >> 5 * at & 31] for at in reversed(range(FINGERPRINT_CHARACTERS))]
        return " ".join("".join(characters[at : at + 4]) for at in range(0, FINGERPRINT_CHARACTERS, 4))


def recipient_of(line: str) -> Recipient:
    """Read a recipient's line; the counterpart of `Recipient.line`.

    Raises:
        BadInput: a character is wrong or missing, or it is something else.
    """
    public = bech32.decode(PREFIX, line)
    if public is None or len(public) != PUBLIC_BYTES:
        raise BadInput("recipient.malformed", characters=len("".join(line.split())))
    recipient = Recipient(public)
    try:
        recipient.x25519, recipient.mlkem  # noqa: B018 - FIPS 203, 7.2: a key whose numbers are too large is none
    except ValueError:
        raise BadInput("recipient.malformed", characters=len("".join(line.split()))) from None
    return recipient


class RecipientKey:
    """The secret half, from 32 bytes in an identity file. Has no repr, so that no traceback or log can show it."""

    def __init__(self, secret: bytes) -> None:
        self.x25519 = X25519PrivateKey.from_private_bytes(_derived(secret, b"x25519", 32))
        self.mlkem = MLKEM768PrivateKey.from_seed_bytes(_derived(secret, b"mlkem768", 64))
        self.public = Recipient(
            self.x25519.public_key().public_bytes_raw() + self.mlkem.public_key().public_bytes_raw()
        )


def _derived(secret: bytes, word: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, None, b"fifthfloor/1 recipient " + word).derive(secret)
