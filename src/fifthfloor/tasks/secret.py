"""Passphrases: made, judged, and turned into keys; the only place that holds the real cost and the real chance."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import reading
from fifthfloor.floor.seal import FloorKeys as FloorKeys  # for the layer above
from fifthfloor.floor.seal import Kdf, argon2id, derive_keys, normal_label, normal_passphrase
from fifthfloor.tasks.own_passphrase import guessed_bits
from fifthfloor.tasks.phrase_lists import CLOSED

# What is called a strong password begins at 10^10 guesses: seconds of a rented machine even with Argon2id.
NEEDED_GUESSES = 10**20
LEAST_WORDS = 6  # 77 bits
_MOST_OF_SMALL_SETS = 4
_MOST_WRITTEN_BYTES = 1 << 20  # a passphrase and a label are two lines

# Tests replace these two; nothing else does.
KDF: Kdf = argon2id
RANDOM: Callable[[int], bytes] = secrets.token_bytes


def fresh_bytes(length: int) -> bytes:
    """Draw so many bytes of chance."""
    return RANDOM(length)


def written_in(file: Path) -> str:
    """Return the text of a file that holds a passphrase; a pipe too, as the shell makes of `<(...)`.

    The mark that some editors put before UTF-8 is not part of it: whoever types the passphrase does not type that.

    Raises:
        BadInput: it is too long for one.
        OSError, UnicodeDecodeError: it cannot be read, or is no text.
    """
    with reading(file, pipes=True) as opened:
        data = opened.read(_MOST_WRITTEN_BYTES + 1)
    if len(data) > _MOST_WRITTEN_BYTES:
        raise BadInput("files.too_large", path=str(file), limit=_MOST_WRITTEN_BYTES)
    return data.decode("utf-8-sig")


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
    if words < LEAST_WORDS:
        raise BadInput("passphrase.few_words", words=words)
    listed = wordlist()
    return Made(" ".join(secrets.choice(listed) for _ in range(words)), words * math.log2(len(listed)))


def is_the_same(label: str, passphrase: str) -> bool:
    """Say whether a label is the passphrase, as the keys see a label: in any width, spacing and case."""
    return normal_label(label) == normal_label(passphrase)


def check_strength(passphrase: str, *, own: bool = False) -> None:
    """Refuse a passphrase that is too weak to hide with, and one that was not drawn unless that was said.

    Args:
        passphrase: as typed.
        own: whether the person said that they thought of it themselves.

    Raises:
        BadInput: it is empty, its estimated guesses are below 10^20, or it is strong, as far as can be told, and not
            drawn.

    Source: of drawn words, the draw; of others `tasks.own_passphrase`.
    """
    normal = normal_passphrase(passphrase).decode("utf-8")
    if looks_drawn(normal):
        return
    bits = guessed_bits(normal)
    needed = math.log10(NEEDED_GUESSES)
    if bits * math.log10(2) < needed - 1e-6:
        raise BadInput("passphrase.weak", power=int(bits * math.log10(2)), needed=round(needed))
    if not own:
        raise BadInput("passphrase.own")


def looks_drawn(normal: str) -> bool:
    """Say whether a passphrase is six or more words as `make_passphrase` draws them.

    They are not where they stand in an order that has a reason, or four and more are of small sets.
    """
    words = normal.split(" ")
    at = {word: number for number, word in enumerate(wordlist())}
    if len(words) < LEAST_WORDS or not all(word in at for word in words) or len(set(words)) < LEAST_WORDS:
        return False
    if sum(any(word in closed for closed in CLOSED) for word in words) >= _MOST_OF_SMALL_SETS:
        return False  # numbers, months, colours: chance does that once in 2 * 10^7
    rising = sum(0 <= at[right] - at[left] <= 50 for left, right in pairwise(words))
    falling = sum(0 <= at[left] - at[right] <= 50 for left, right in pairwise(words))
    return max(rising, falling) <= len(words) // 3  # neighbours on the list were read off it


def keys_of(passphrase: str, label: str) -> FloorKeys:
    """Derive the keys of a floor at the real cost (256 MiB, about a second)."""
    return derive_keys(passphrase, label, KDF)
