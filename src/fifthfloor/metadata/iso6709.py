"""Places as one text, as films write them (ISO 6709): "+39.0194+125.7528/", in degrees, or with minutes or seconds.

Cameras write each of the three, with whole numbers too, with a height or a name of the system behind, and not all of
them the final "/".
"""

from __future__ import annotations

import re

from fifthfloor.metadata.exif import checked_place

_SIGNED_DEGREES = rb"([+-])(\d{%d,%d})(\.\d{0,12})?"
_LOOSE_PLACE = re.compile(_SIGNED_DEGREES % (1, 6) + _SIGNED_DEGREES % (1, 7) + rb"(?![\d.])")
# Among other bytes both numbers must have a fraction, and all their digits or the final "/".
_STRICT = re.compile(
    rb"(?<![\w.])[+-](?:(?:\d\d){1,3}\.\d{1,12}[+-]\d(?:\d\d){1,3}\.\d{1,12}(?![\d.])"
    rb"|\d{1,6}\.\d{1,12}[+-]\d{1,7}\.\d{1,12}(?:[+-]\d{1,6}(?:\.\d{0,9})?)?/)"
)


def read_iso6709(data: bytes) -> tuple[float, float] | None:
    """Read a text that is a place and perhaps more; None where none stands at its beginning."""
    match = _LOOSE_PLACE.match(data)
    if match is None:
        return None
    return checked_place(_degrees(*match.group(1, 2, 3)), _degrees(*match.group(4, 5, 6)))


def find_iso6709(data: bytes) -> tuple[float, float] | None:
    """Find the first such place among other bytes."""
    for match in _STRICT.finditer(data):
        place = read_iso6709(data[match.start() : match.start() + 64])
        if place is not None:
            return place
    return None


def _degrees(sign: bytes, whole: bytes, fraction: bytes | None) -> float:
    """Two or three digits are degrees; of more, the last two are minutes, or minutes and seconds."""
    parts = [whole]
    while len(parts[0]) > 3:
        parts[0:1] = [parts[0][:-2], parts[0][-2:]]
    parts[-1] += fraction or b""
    value: float = sum(float(part) / 60**power for power, part in enumerate(parts))
    return -value if sign == b"-" else value
