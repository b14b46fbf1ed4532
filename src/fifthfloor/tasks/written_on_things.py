"""What stands on documents, cameras and books, and what is only written otherwise: a search finds it with the person.

Whoever takes a passport, a bank's card and a camera tries their numbers first, and an officer has them all.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

READ_BITS = 6.0  # of one number that somebody reads off a thing: which thing, which number, how it is written

_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?!\w)")
_THINGS = re.compile(
    r"(?<!\S)[a-z0-9<]*<[a-z0-9<]{10,}"  # the lines of a passport that machines read
    r"|(?<!\w)[a-z0-9<]{9}\d[a-z<]{3}\d{7}[mfx<]\d{7}[a-z0-9<]{2,16}"
    r"|(?<!\w)[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,}(?!\w)"  # of a network card
    r"|(?<!\w)(?:97[89][- ]?)?\d{1,5}[- ]\d{1,7}[- ]\d{1,7}[- ][\dx](?!\w)"  # of a book
    r"|(?<!\w)(?:img|dsc[fn]?|_dsc|_mg|_img|mvi|mov|gopr|gx|gh|dji|pict|pxl|sam|p\d)[_-]?\d{4,8}(?:\.\w{3,4})?(?!\w)"
)
# These are too like chance to be looked for where nothing else is: who made it, or whose it is.
_NAMED_THINGS = re.compile(
    r"(?<!\w)(?=\w*\d\w*\d\w*\d\w*\d\w*\d)(?!(?:\d*[a-z]){5})[a-z0-9]{8,10}(?!\w)"  # of a passport, of a lens
    r"|(?<!\w)\d{6,12}(?!\w)"
    r"|(?<!\w)(?:\d{2,3}-)\d{2,3}(?:mm)?(?!\w)|(?<!\w)\d{2,3}mm(?!\w)|(?<!\w)f/?\d{1,2}(?:\.\d)?(?!\w)"
    r"|(?<!\S)(?:[a-z]{1,3}\d{1,4}[a-z]{0,2}|\d{1,2}l)(?![^\s,.;)])"  # a model
)
# Words of other scripts, typed on keys that say a-z: Korean in its usual layout, whole syllables one after the other.
_HANGUL = re.compile(
    "(?:[{c}](?:h[kol]|n[jpl]|ml|[{v}])[{c}]{{0,2}}(?=[{c}][{v}]|$))+".format(c="rsefaqtdwczxvg", v="koijpuhynbml")
)
_CYRILLIC = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_LEAST_TYPED, _LONGEST_TYPED, _LONGEST_LITTLE = 2, 16, 3
_READABLE = 0.8  # of its characters are letters or spaces


def take_out(text: str, *, beside_words: bool) -> tuple[str, int]:
    """Take out what stands on things; returns what is left, and how many different ones there were.

    Args:
        text: in small letters.
        beside_words: whether there are words in it, so that short numbers are those of a thing or a person.
    """
    found: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        found.add(match[0])
        return " "

    rest = _IBAN.sub(lambda match: taken(match) if _is_account(match[0]) else match[0], text)
    rest = _THINGS.sub(taken, rest)
    return _NAMED_THINGS.sub(taken, rest) if beside_words else rest, len(found)


def _is_account(text: str) -> bool:
    """Say whether the check digits of an account's number are right. Source: ISO 13616, ISO 7064 (mod 97-10)."""
    bare = text.replace(" ", "")
    return int("".join(str(int(character, 36)) for character in bare[4:] + bare[:4])) % 97 == 1


def decoded(text: str) -> str:
    """Return the words that a text is when it is read as base64 or hexadecimal; empty where it is none."""
    bare = "".join(text.split())
    for form, read in ((_HEX, bytes.fromhex), (_BASE64, _of_base64)):
        if not form.fullmatch(bare):
            continue
        try:
            words = read(bare).decode("utf-8")
        except (ValueError, binascii.Error):
            continue
        if sum(character.isalpha() or character.isspace() for character in words) >= _READABLE * len(words) > 0:
            return words
    return ""


def typed_otherwise(tokens: Sequence[str]) -> bool:
    """Say whether some tokens together are words of Korean or Russian, typed on keys that say something else."""
    if len(tokens) < _LEAST_TYPED or max(map(len, tokens)) > _LONGEST_TYPED:
        return False
    if all(map(_is_hangul, tokens)):
        return True
    whole = [token for token in tokens if len(token) > _LONGEST_LITTLE]
    little = (token for token in tokens if len(token) <= _LONGEST_LITTLE)
    return len(whole) >= _LEAST_TYPED and all(map(_is_cyrillic, whole)) and all(map(_is_little, little))


def _is_hangul(token: str) -> bool:
    return _HANGUL.fullmatch(token) is not None


def _is_cyrillic(token: str) -> bool:
    read = token.translate(_CYRILLIC)
    vowels = len(re.findall("[аеёиоуыэюя]", read))
    return len(read) / 4 <= vowels <= 0.65 * len(read) and not re.search("[^аеёиоуыэюя]{4}|[ъьы]{2}|^[ъьы]", read)


def _is_little(token: str) -> bool:
    """Whether it is like a little word of Russian, which hardly a line of verse is without."""
    read = token.translate(_CYRILLIC)
    return re.fullmatch("[а-яё]*[аеёиоуыэюя][а-яё]*|[вкс]", read) is not None


def _of_base64(text: str) -> bytes:
    padded = text.rstrip("=")
    return base64.b64decode(padded + "=" * (-len(padded) % 4), altchars=b"-_" if set(padded) & set("-_") else None)
