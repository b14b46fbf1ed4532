"""From what a person types to keys (spec/floor.md, section 1)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fifthfloor.argon import derived
from fifthfloor.errors import BadInput

MASTER_BYTES = 32
SALT_PREFIX = b"fifthfloor/1"
INFO_PREFIX = b"fifthfloor/1 "

# About two seconds on a five-year-old laptop, and 256 MiB three times over for every guess of an attacker.
KDF_MEMORY_KIB = 262_144
KDF_PASSES = 3
KDF_LANES = 4

Kdf = Callable[[bytes, bytes], bytes]
"""Takes a passphrase and a salt as bytes, returns 32 bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class FloorKeys:
    """The keys of a passphrase and label. Has no repr, so that no traceback or log can show it.

    Args:
        recogniser: 32 bytes, AES-256 key of the first 32 bytes of slots.
        seal: 32 bytes, XChaCha20-Poly1305 key of slots.
        roll: 32 bytes, from which orders of coefficients come (`floor.roll_order`); empty where only cards are read.
    """

    recogniser: bytes | bytearray
    seal: bytes | bytearray
    roll: bytes = b""

    def forget(self) -> None:
        """Overwrite what can be overwritten; nothing more may be done with these keys."""
        for one in (self.recogniser, self.seal):
            if isinstance(one, bytearray):
                one[:] = bytes(len(one))


def normal_passphrase(text: str) -> bytes:
    """Make a typed passphrase the same bytes on every keyboard (section 1.1).

    Raises:
        BadInput: it is empty, or holds characters this Python's Unicode does not know (their NFKC may change).
    """
    normal = _one_space(unicodedata.normalize("NFKC", text))
    if not normal:
        raise BadInput("floor.passphrase_empty")
    return _known(normal).encode("utf-8")


def normal_label(text: str) -> bytes:
    """Make a typed label the same bytes on every keyboard; it may be empty (section 1.1)."""
    normal = _one_space(unicodedata.normalize("NFKC", text))
    return _known(unicodedata.normalize("NFKC", normal.casefold())).encode("utf-8")


def argon2id(passphrase: bytes, salt: bytes) -> bytes:
    """Derive 32 bytes at the real cost (section 1.2). Source: RFC 9106."""
    cost = {"passes": KDF_PASSES, "lanes": KDF_LANES, "memory_kib": KDF_MEMORY_KIB}
    return derived(passphrase, salt, length=MASTER_BYTES, **cost)


def derive_keys(passphrase: str, label: str, kdf: Kdf) -> FloorKeys:
    """Derive the keys of a floor (section 1.2).

    Args:
        passphrase: as typed.
        label: as typed, may be empty.
        kdf: `argon2id`; tests give a cheap one.

    Raises:
        BadInput: the passphrase is empty, or either text cannot be made the same everywhere.
    """
    salt = hashlib.sha256(SALT_PREFIX + normal_label(label)).digest()
    return keys_of_master(kdf(normal_passphrase(passphrase), salt))


def keys_of_master(master: bytes | bytearray) -> FloorKeys:
    """Derive the keys of a floor from its master key: of a passphrase, or random and sealed (spec/sealed.md).

    Args:
        master: 32 bytes. Of a bytearray come keys for cards alone, which can be overwritten as it can.
    """
    if isinstance(master, bytes):
        return FloorKeys(*(_hkdf(word).derive(master) for word in (b"recogniser", b"seal", b"roll")))
    recogniser, seal = bytearray(MASTER_BYTES), bytearray(MASTER_BYTES)
    _hkdf(b"recogniser").derive_into(master, recogniser)
    _hkdf(b"seal").derive_into(master, seal)
    return FloorKeys(recogniser, seal)


def _hkdf(word: bytes) -> HKDF:
    return HKDF(hashes.SHA256(), MASTER_BYTES, salt=None, info=INFO_PREFIX + word)


def _one_space(text: str) -> str:
    # str.split's white space is exactly the list of section 1.1; tests/property/test_text_and_keys.py compares them.
    return " ".join(text.split())


def _known(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in ("Cn", "Cs", "Co"):
            raise BadInput("floor.unknown_character")
    return text
