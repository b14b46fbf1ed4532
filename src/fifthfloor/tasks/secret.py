"""Passphrases: made, judged, and turned into keys; the only place that holds the real cost and the real chance."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

from fifthfloor.errors import BadInput
from fifthfloor.floor.seal import FloorKeys as FloorKeys  # for the layer above
from fifthfloor.floor.seal import Kdf, argon2id, derive_keys, normal_passphrase

# zxcvbn's best score, 4, begins at 10^10 guesses: seconds of a rented machine even with Argon2id. 10^20 is our floor.
NEEDED_GUESSES = 10**20
_ZXCVBN_MOST_CHARACTERS = 72  # it refuses longer ones; what is beyond can only add strength

# Tests replace these two; nothing else does.
KDF: Kdf = argon2id
RANDOM: Callable[[int], bytes] = secrets.token_bytes


def fresh_bytes(length: int) -> bytes:
    """Draw so many bytes of chance."""
    return RANDOM(length)


@dataclass(frozen=True, slots=True)
class Made:
    """A new passphrase and its entropy in bits; the strength is that of the draw, not an estimate."""

    passphrase: str
    bits: float


def wordlist() -> list[str]:
    """Return the 7,776 words of the EFF's large list."""
    text = resources.files("fifthfloor.floor").joinpath("eff_large_wordlist.txt").read_text(encoding="ascii")
    return [line for line in text.splitlines() if not line.startswith("#")]


def make_passphrase(words: int) -> Made:
    """Draw a diceware passphrase.

    Args:
        words: 6 or more; six words are 77 bits, the least that `hide` should meet.

    Raises:
        BadInput: fewer than 6 words.
    """
    if words < 6:
        raise BadInput("passphrase.few_words", words=words)
    listed = wordlist()
    return Made(" ".join(secrets.choice(listed) for _ in range(words)), words * math.log2(len(listed)))


def check_strength(passphrase: str) -> None:
    """Refuse a passphrase that is too weak to hide with.

    Raises:
        BadInput: it is empty, or its estimated guesses are below 10^20.

    Source: zxcvbn (Wheeler, USENIX Security 2016).
    """
    from zxcvbn import zxcvbn

    normal = normal_passphrase(passphrase).decode("utf-8")
    guesses = int(zxcvbn(normal[:_ZXCVBN_MOST_CHARACTERS])["guesses"])
    if guesses < NEEDED_GUESSES:
        power = max(0, int(math.log10(max(1, guesses))))
        raise BadInput("passphrase.weak", power=power, needed=round(math.log10(NEEDED_GUESSES)))


def keys_of(passphrase: str, label: str) -> FloorKeys:
    """Derive the keys of a floor at the real cost (256 MiB, about a second)."""
    return derive_keys(passphrase, label, KDF)
