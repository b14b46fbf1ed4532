"""How many guesses a passphrase stands that somebody thought of: an estimate that errs on the side of the guesser.

People remember sentences that were written before: verses, lines of songs, titles, addresses. Guessers have them all in
lists. So words that make a sentence count as one of those, whatever their number; words that do not, as picked from the
thousand that come to mind; only what is neither word nor run nor date counts by its characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from fifthfloor.tasks.phrase_lists import CLOSED, KEYBOARD, KNOWN_PHRASES, SENTENCE

# Bits of one guess each: a line of anything printed, sung or filmed, and where it begins; an address of the web.
_LINE_BITS = 42.0
_ADDRESS_BITS = 40.0
_WORD_BITS = 10.0
_SHORT_WORD_BITS = 5.0
_FORESEEN_BITS = 1.0
_RUN_BITS = 6.0  # where it begins, which way, how long
_DATE_BITS = 14.0  # a day of a lifetime
_SIGN_BITS = 2.0
_CHARACTER_BITS = 5.0  # of chance would be 6; what people type is less
_ZXCVBN_MOST_CHARACTERS = 72  # it refuses longer ones
_LEAST_RUN = 4
_SIGNS = "!?.,;:-_'\"()[]*#&+/… "

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://|www\.|\S+@\S+\.\S|\b[\w-]+\.(?:com|org|net|be|tv|io|de|fr|uk|ru|cn|kr|jp)(?:/|\s|$)"
)
_DATE = re.compile(r"(?:1[89]|20)\d\d|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d\d-\d\d|\d{6}|\d{8}")


def guessed_bits(normal: str) -> float:
    """Estimate the work of finding a passphrase, as the logarithm of the number of guesses.

    Args:
        normal: as `floor.seal.normal_passphrase` leaves it.

    Source: the lists of `tasks.phrase_lists`; zxcvbn (Wheeler, USENIX Security 2016) as a second opinion, the lower of
    the two.
    """
    text = unicodedata.normalize("NFKC", normal).casefold()
    second = _zxcvbn_bits(normal)
    if _ADDRESS.search(text):
        return min(_ADDRESS_BITS, second)
    words: list[str] = []
    others: list[str] = []
    for token in text.split():
        bare = re.sub(r"(?<=\w)['’-](?=\w)", "", token.strip(_SIGNS))
        if bare:
            (words if bare.isalpha() else others).append(bare)
    signs = len(set(text) & set(_SIGNS.strip()))
    bits = _words_bits(words) + _others_bits(others) + _SIGN_BITS * min(signs, 4)
    return min(bits, _run_bits(text), second)


def _words_bits(words: Sequence[str]) -> float:
    long = [word for word in words if len(word) >= 3]
    if not long:
        return 0.0
    if _is_sentence(words) or _is_known(words):
        return min(_LINE_BITS, _WORD_BITS * len(set(long)))
    bits, seen = 0.0, set[str]()
    for before, word in zip(["", *long], long, strict=False):
        bits += _word_bits(word, before) if word not in seen else _FORESEEN_BITS
        seen.add(word)
    return bits


def _word_bits(word: str, before: str) -> float:
    for closed in CLOSED:
        if word in closed:
            return _FORESEEN_BITS if before in closed else math.log2(len(closed)) + 2
    if _longest_run(word) >= max(_LEAST_RUN, len(word) - 1):
        return _RUN_BITS
    if not _could_be_a_word(word):
        return _CHARACTER_BITS * 0.8 * len(word)
    return _SHORT_WORD_BITS if len(word) <= 3 else _WORD_BITS


def _could_be_a_word(word: str) -> bool:
    """Letters of one script with vowels among them: chance has long rows of consonants."""
    if not word.isascii():
        return True
    return re.search(r"[^aeiouy]{5}", word) is None and re.search(r"[aeiouy]", word) is not None


def _is_sentence(words: Sequence[str]) -> bool:
    small = sum(word in SENTENCE for word in words)
    return small >= 2 and small >= len(words) / 6


def _is_known(words: Sequence[str]) -> bool:
    told = [word for word in words if word not in SENTENCE]
    return any(
        sum(word in told for word in line) >= max(2, math.ceil(0.7 * len(line))) and len(told) <= 2 * len(line) + 2
        for line in KNOWN_PHRASES
    )


def _others_bits(pieces: Sequence[str]) -> float:
    """Numbers, dates, and mixtures of letters, digits and signs."""
    numbers = [int(piece) for piece in pieces if piece.isascii() and piece.isdigit()]
    if len(numbers) > 3 and len({right - left for left, right in pairwise(numbers)}) <= 2:
        return 2 * _RUN_BITS  # a sequence
    bits, seen = 0.0, set[str]()
    for piece in pieces:
        bits += _FORESEEN_BITS if piece in seen else _piece_bits(piece)
        seen.add(piece)
    return bits


def _piece_bits(piece: str) -> float:
    if _DATE.fullmatch(piece):
        return _DATE_BITS
    inside = [word for word in re.findall(r"[^\W\d_]{4,}", piece) if _could_be_a_word(word)]
    rest = len(re.sub(r"[^\W\d_]{4,}", lambda match: "" if match[0] in inside else match[0], piece))
    bits = _WORD_BITS * len(set(inside)) + _CHARACTER_BITS * (0.66 if piece.isdigit() else 1.0) * rest
    return min(bits, _run_bits(piece), _CHARACTER_BITS * _fresh(piece))


def _fresh(text: str) -> int:
    """How many of its characters are not foreseen: neither the same as the one before nor the next in a row."""
    steps = [ord(right) - ord(left) for left, right in pairwise(text)]
    foreseen = sum(step == 0 or (abs(step) == 1 and step == last) for last, step in pairwise([0, *steps]))
    return max(1, len(text) - foreseen)


def _run_bits(text: str) -> float:
    """The work where most of it are runs over a keyboard or an alphabet; endless where it is not."""
    bare = re.sub(r"\s", "", text)
    plain = re.sub(r"\W", "", bare)
    return min(_run_bits_of(bare), _run_bits_of(plain) + _SIGN_BITS if plain else math.inf)


def _run_bits_of(bare: str) -> float:
    covered, runs, at = 0, 0, 0
    while at < len(bare):
        length = _run_at(bare, at)
        if length >= _LEAST_RUN:
            covered, runs, at = covered + length, runs + 1, at + length
        else:
            at += 1
    if not runs or covered < 0.6 * len(bare):
        return math.inf
    return _RUN_BITS * runs + _CHARACTER_BITS * (len(bare) - covered)


def _longest_run(text: str) -> int:
    return max((_run_at(text, at) for at in range(len(text))), default=0)


def _run_at(text: str, at: int) -> int:
    best = 1
    for row in KEYBOARD:
        for line in (row, row[::-1]):
            length = _LEAST_RUN
            while at + length <= len(text) and text[at : at + length] in line:
                best = max(best, length)
                length += 1
    same = 1
    while at + same < len(text) and text[at + same] == text[at]:
        same += 1
    return max(best, same)


def _zxcvbn_bits(normal: str) -> float:
    from zxcvbn import zxcvbn

    return math.log2(max(1, int(zxcvbn(normal[:_ZXCVBN_MOST_CHARACTERS])["guesses"])))
