"""How many guesses a passphrase stands that somebody thought of: an estimate that errs on the side of the guesser.

People remember what was written before: verses, songs, prayers, lists, names, addresses. Guessers have them in every
language, and nobody can tell ten words of a prayer from ten that were drawn. So words count as one line of those,
whatever their number and however their letters are replaced; only what is neither word nor run nor date counts by its
characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from fifthfloor.tasks.keyboard_walk import walk_bits
from fifthfloor.tasks.phrase_lists import CLOSED, KEYBOARD, KNOWN_PHRASES, SENTENCE, STREET_WORDS, STREETS
from fifthfloor.tasks.written_on_things import READ_BITS, decoded, take_out, typed_otherwise

# Bits of one guess each: a line of anything printed, sung or filmed, and where it begins; an address of the web.
_LINE_BITS = 42.0
_ADDRESS_BITS = 40.0
_WORD_BITS = 10.0
_SHORT_WORD_BITS = 5.0
_FORESEEN_BITS = 1.0
_RUN_BITS = 6.0  # where it begins, which way, how long
_DATE_BITS = 14.0  # a day of a lifetime
_NUMBERS_BITS = 16.0  # all those of up to four digits, dates and hours that stand beside words
_FURTHER_DATE_BITS = 5.0  # of the same lives
_REPLACED_BITS = 2.0  # letters replaced by digits that look like them
_SIGN_BITS = 2.0
_CHARACTER_BITS = 5.0  # of chance would be 6; what people type is less
_ZXCVBN_MOST_CHARACTERS = 72  # it refuses longer ones
_LEAST_RUN = 4
_LEAST_REPLACED = 5  # letters of a word that is read from digits: four of chance look like one too often
_SIGNS_BETWEEN = "!?.,;:-_'\"()[]*#&+/… "

_DIGITS_AS_LETTERS = str.maketrans("013456789@$!|+€", "oieasgtbgasiite")
_LIKE_LETTERS = frozenset(map(chr, _DIGITS_AS_LETTERS))
_JOINTS = re.compile(r"[_\-./\\,;:+*=|~&#]+")
_ANY_MARKS = re.compile(r"[\W_]+")
_MARKS_OR_DIGITS = re.compile(r"[\W\d_]+")
_EACH_BY_ONE = re.compile(
    r"\d{0,2}(?:[^\W\d_]+(?:[\W_]{0,2}0?\d[\W_]{0,2}|[\W_]{1,2}))+[^\W\d_]+\d{0,2}"  # the1lord2is3my4
)
_SEWN = re.compile(r"[^\W\d_]+|\d+")
_ADDRESS_TYPED = re.compile(
    r"[a-z][a-z0-9+.-]*://|www\.|\b(?:youtu|youtube|vimeo)\b|\S+@\S+\.\S|\b[\w-]+\.(?:com|org|net|be|tv|io|de|fr|uk|ru|cn|kr|jp)(?:/|\s|$)"
    r"|\bwatch\?v=|(?<!\w)v=[\w-]{11}(?![\w-])|[\w-]{6,}/?\?[a-z_]{1,16}=|(?<!\w)list=[\w-]{12}"  # films without a host
    r"|\b(?:shorts|embed|live|reels?|videos?|status)/[\w-]{10,}|@[\w.-]{3,}/\w|(?<!\w)bv1[a-z0-9]{9}(?!\w)"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # a machine
    r"|(?:(?<![^\W_])(?:[1-4][\W_]{0,2})?[^\W\d_]{2,}(?:[\W_]{0,2}[^\W\d_]{2,})?[\W_]{0,2}"  # a book's verses
    r"\d{1,3}[\W_]{1,2}\d{1,3}(?:[-,.]\d{1,3})*[\W_]*){3}|(?:[^\W\d_]{2,}\d{1,3}:\d{1,3}){3}"
    r"|(?:(?<![^\W_])(?:[1-4i]{1,3}[\W_]{1,2})?[^\W\d_]{2,}[\W_]{1,2}[ivxlc]{1,8}[\W_]{1,2}\d{1,3}(?:-\d{1,3})?[\W_]*){3}"
    r"|-?\d{1,3}\.\d{2,}\W+(?:[nsew]\b\W*)?-?\d{1,3}\.\d{2,}"  # a place on the earth
)
_NUMBER = re.compile(r"\d{1,4}|\d{1,2}[.:h]\d{2}|\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?")
_DATE = re.compile(r"(?:1[89]|20)\d\d|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d\d-\d\d|\d{6}|\d{8}")


def guessed_bits(normal: str) -> float:
    """Estimate the work of finding a passphrase, as the logarithm of the number of guesses.

    Args:
        normal: as `floor.seal.normal_passphrase` leaves it.

    Source: the lists of `tasks.phrase_lists`; zxcvbn (Wheeler, USENIX Security 2016) as a second opinion, the lower of
    the two.
    """
    text = _with_blanks(unicodedata.normalize("NFKC", normal).casefold())
    second = _zxcvbn_bits(normal)
    if hidden := decoded(normal):
        return min(guessed_bits(hidden) + _SIGN_BITS, second)
    if _ADDRESS_TYPED.search(text):
        return min(_ADDRESS_BITS, second)
    rest, things = take_out(text, beside_words=any(len(word) > _LEAST_RUN for word in _sorted(text.split())[0]))
    words, others = _sorted([token.strip(_SIGNS_BETWEEN) for token in rest.split()])
    if typed_otherwise(rest.split()):
        return min(_LINE_BITS, second)
    if any(word.endswith(STREETS) or word in STREET_WORDS for word in words) and any(map(str.isdigit, text)):
        return min(_ADDRESS_BITS, second)
    signs = len(set(text) & set(_SIGNS_BETWEEN.strip()))
    replaced = _REPLACED_BITS * any(character in _LIKE_LETTERS for word in text.split() for character in word)
    numbers = [one for one in others if _NUMBER.fullmatch(one)]
    beside = _others_bits(others)
    if len(words) >= _LEAST_RUN - 1:  # pages, lines, chapters, rooms, hours, days, years
        mixed = _others_bits([one for one in others if one not in numbers])
        beside = min(beside, min(_others_bits(numbers), _NUMBERS_BITS) + mixed)
    bits = READ_BITS * things + _words_bits(words) + replaced + beside + _SIGN_BITS * min(signs, 4)
    return min(bits, _run_bits(text), second)


def _with_blanks(text: str) -> str:
    """Put a blank for each mark that ASCII does not have: a script's own commas, word dividers, dashes, middle dots."""
    return "".join(
        " " if not character.isascii() and unicodedata.category(character)[0] in "PZ" else character
        for character in text
    )


def _sorted(tokens: Sequence[str]) -> tuple[list[str], list[str]]:
    """Sort tokens into words and others; beside words, a short one that reads like a word is one."""
    read = [(piece, _words_of(piece)) for token in tokens for piece in _pieces_of(token) if piece]
    words = [part for _, parts in read for part in parts]
    others = [token for token, parts in read if not parts]
    if 2 * sum(len(word) > _LEAST_RUN for word in words) >= len(others) or _many_read(others):
        short = [token for token in others if _short_word_of(token)]
        words += map(_short_word_of, short)
        others = [token for token in others if token not in short]
    return words, others


def _pieces_of(token: str) -> list[str]:
    """Cut a token at its joints where most of the pieces are words; at other marks and digits where all could be."""
    parts = [part for part in _JOINTS.split(token) if part]
    words = sum(len(part) >= _LEAST_RUN - 1 and bool(_words_of(part)) for part in parts)
    if words >= max(3, len(parts) // 2 + 1):
        return parts
    joined = (_MARKS_OR_DIGITS, 3.3 if _EACH_BY_ONE.fullmatch(token) else _LEAST_RUN)
    for cut, least in ((_ANY_MARKS, _LEAST_RUN - 1), joined):
        parts = [part for part in cut.split(token) if part]
        are_words = all(_of_letters(part) and (len(part) < 3 or _could_be_a_word(part)) for part in parts)
        if len(parts) > _LEAST_RUN and are_words and sum(map(len, parts)) >= least * len(parts):
            return parts
    return _sewn(token)


def _sewn(token: str) -> list[str]:
    """Cut a token into words and numbers where it is nothing but whole ones: `summer2019!winter2020`."""
    parts = _SEWN.findall(token)
    words = [part for part in parts if not part.isdigit()]
    numbers = [part for part in parts if part.isdigit()]
    whole = all(len(word) >= _LEAST_RUN and _could_be_a_word(word) for word in words)
    few = len(numbers) <= len(words) and sum(map(len, numbers)) <= 4 * len(words)
    return parts if words and whole and few else [token]


def _many_read(tokens: Sequence[str]) -> bool:
    """Whether so many read like words that it is a way of writing and not chance."""
    return len(tokens) >= _LEAST_RUN and sum(bool(_short_word_of(token)) for token in tokens) > 0.85 * len(tokens)


def _short_word_of(token: str) -> str:
    """What a token of up to four characters reads like, digits taken as letters; empty where it is like no word."""
    read = token.translate(_DIGITS_AS_LETTERS)
    is_one = len(token) < _LEAST_REPLACED and not token.isdigit() and _of_letters(read) and _could_be_a_word(read)
    return read if is_one else ""


def _words_of(token: str) -> list[str]:
    """The words a token is made of: one, or some that are joined, letters replaced or not; none where it is no word."""
    bare = re.sub(r"(?<=\w)['’](?=\w)", "", token)
    parts = [part for part in _JOINTS.split(bare) if part]
    if parts and all(map(_of_letters, parts)):
        return parts
    read = bare.translate(_DIGITS_AS_LETTERS)
    letters = sum(map(str.isalpha, bare))
    if len(read) >= _LEAST_REPLACED and _of_letters(read) and letters >= len(bare) / 2 and _could_be_a_word(read):
        vowels = sum(letter in "aeiouy" for letter in read)
        return [read] if len(read) / 4 <= vowels <= 0.6 * len(read) else []
    return []


def _of_letters(text: str) -> bool:
    """Whether it is letters alone; vowel signs of India and marks of Hebrew and Arabic belong to letters."""
    return bool(text) and all(unicodedata.category(character)[0] in "LM" for character in text)


def _words_bits(words: Sequence[str]) -> float:
    long = [word for word in words if len(word) >= 3]
    if not long:
        return 0.0
    bits, chance, seen = 0.0, 0.0, set[str]()
    for before, word in zip(["", *long], long, strict=False):
        its = _word_bits(word, before) if word not in seen else _FORESEEN_BITS
        if _could_be_a_word(word):
            bits += its
        else:
            chance += its
        seen.add(word)
    if _is_known(words):
        return min(_LINE_BITS, bits + chance)
    return min(_LINE_BITS, bits) + chance


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
    bits, seen, dated = 0.0, set[str](), False
    for piece in pieces:
        if _DATE.fullmatch(piece) or (piece.isdigit() and len(piece) <= 2):
            bits += _FURTHER_DATE_BITS if dated else _DATE_BITS
            dated = True
        else:
            bits += _FORESEEN_BITS if piece in seen else _piece_bits(piece)
        seen.add(piece)
    return bits


def _piece_bits(piece: str) -> float:
    if re.fullmatch(r"[\d:.,/–-]+", piece):  # chapter and verse, an hour, a version
        digits = sum(map(str.isdigit, piece))
        return min(_CHARACTER_BITS * 0.66 * digits, _run_bits(piece), _CHARACTER_BITS * _fresh(piece))
    inside = [word for word in re.findall(r"[^\W\d_]{4,}", piece) if _could_be_a_word(word)]
    rest = len(re.sub(r"[^\W\d_]{4,}", lambda match: "" if match[0] in inside else match[0], piece))
    bits = _WORD_BITS * len(set(inside)) + _CHARACTER_BITS * rest
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
    letters, digits = (re.sub(left_out, "", plain) for left_out in (r"\d", r"\D"))
    woven = _run_bits_of(letters) + _run_bits_of(digits) + _SIGN_BITS  # a1b2c3d4
    single = re.sub(r"(.)\1+", r"\1", plain)  # aabbcc
    both_ends = [_run_bits_of(text[::2]) + _run_bits_of(text[1::2]) for text in (plain, single)]  # azbycx
    rows = min(_run_bits_of(bare), woven, min(_run_bits_of(plain), _run_bits_of(single), *both_ends) + _SIGN_BITS)
    return min(rows, walk_bits(bare, _CHARACTER_BITS)) if bare else rows


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
