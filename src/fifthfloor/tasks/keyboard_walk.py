"""Walks over a keyboard: columns, zigzags, diagonals, two hands that meet; with Shift or without, on three layouts.

A finger goes to a key beside the last one, in whatever row. Whoever guesses follows fingers: a walk is where it begins
and its way, not so many characters. One that goes to and fro between hands or rows is some walks, woven.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

WALK_BITS = 6.0  # where it begins, which way, how long
_WOVEN_BITS = 2.0
_LEAST_WALK = 4
_MOST_WOVEN = 4
_LEAST_COVERED = 0.75
_NEXT_KEY = 1.5  # of a key's width, from middle to middle
_ROWS_BEGIN = (0.0, 0.5, 0.75, 1.25)  # how far each row of keys stands to the right (ISO/IEC 9995-1)
# Four rows of a layout, as they are typed without Shift and with it; a key that matters in neither is a space.
_KEYBOARDS = (
    (("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"),
     ("!@#$%^&*()_+", "          {}", '         :"', "       <>?")),
    (("1234567890ß", "qwertzuiopü+", "asdfghjklöä#", "yxcvbnm,.-"),
     ('!"§$%&/()=?', "           *", "           '", "       ;:_")),
    (("&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "wxcvbn,;:!"),
     ("1234567890°+", "          ¨£", "          %µ", "      ?./§")),
)  # fmt: skip


def walk_bits(text: str, character_bits: float) -> float:
    """Estimate the work of guessing a text that is mostly walks over a keyboard.

    Args:
        text: in small letters, without spaces.
        character_bits: what one character outside of walks is worth.

    Returns:
        Bits; endless where walks are less than three of four characters.
    """
    return min(_woven_bits(text, woven, keys, character_bits) for keys in _KEYS for woven in range(1, _MOST_WOVEN + 1))


def _woven_bits(text: str, woven: int, keys: Mapping[str, tuple[int, float]], character_bits: float) -> float:
    walks, covered = 0, 0
    for first in range(woven):
        lengths = [length for length in _walks(text[first::woven], keys) if length >= _LEAST_WALK]
        walks, covered = walks + len(lengths), covered + sum(lengths)
    if not walks or covered < _LEAST_COVERED * len(text):
        return math.inf
    return WALK_BITS * walks + _WOVEN_BITS * woven + character_bits * (len(text) - covered)


def _walks(text: str, keys: Mapping[str, tuple[int, float]]) -> list[int]:
    """The lengths of the stretches in which each key is beside the one before."""
    lengths: list[int] = []
    before: tuple[int, float] | None = None
    for character in text:
        key = keys.get(character)
        if key and before and key != before and abs(key[1] - before[1]) <= _NEXT_KEY:
            lengths[-1] += 1
        else:
            lengths.append(1)
        before = key
    return lengths


def _keys_of(*shifts: tuple[str, ...]) -> dict[str, tuple[int, float]]:
    return {
        character: (row, _ROWS_BEGIN[row] + column)
        for keys in reversed(shifts)
        for row, line in enumerate(keys)
        for column, character in enumerate(line)
        if not re.match(r"\s", character)
    }


_KEYS = tuple(_keys_of(*layout) for layout in _KEYBOARDS)
