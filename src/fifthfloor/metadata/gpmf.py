"""Records of GoPro's action cameras (GPMF, github.com/gopro/gpmf-parser): place, model and serial number.

Key of four letters, kind, size and count of its values, then the values, padded to four bytes. Kind 0 holds records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.text import text_of

_MAX_GPMF_RECORDS = 20_000  # a second of a Karma has some hundred
_GPMF_DEPTH = 4
_MAX_FIXES = 1 << 14  # of one record, as many as a sample has room for; the first good one is enough
# key -> (where latitude and longitude stand in a value, which of the scales are theirs)
_FIXES = {b"GPS5": (0, 0), b"GPS9": (0, 0), b"GLPI": (4, 1), b"GPRI": (8, 1)}
_NUMBERS = {ord("l"): "i", ord("L"): "I", ord("s"): "h", ord("S"): "H", ord("f"): "f", ord("d"): "d", ord("b"): "b",
            ord("B"): "B", ord("j"): "q", ord("J"): "Q"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """What the records say; empty where they say nothing.

    Args:
        known: they are such records at all.
        place: the first place.
    """

    known: bool = False
    model: str = ""
    serial: str = ""
    place: tuple[float, float] | None = None


def read_gpmf(data: bytes) -> ActionFacts:
    """Read records, one behind the other."""
    model = serial = ""
    known, place = False, None
    scales: tuple[float, ...] = ()
    for key, kind, size, values in _records(data, 0, len(data), _GPMF_DEPTH, [_MAX_GPMF_RECORDS]):
        known = known or key in (b"DEVC", b"DVID")
        if key == b"SCAL":
            scales = _numbers(kind, values)
        elif key == b"STRM":
            scales = ()
        elif key == b"MINF":
            model = text_of(values)
        elif key == b"CASN":
            serial = text_of(values)
        elif key in _FIXES and place is None:
            place = _fix(values, size, *_FIXES[key], scales)
    return ActionFacts(known, model, serial, place)


def _records(data: bytes, at: int, end: int, depth: int, left: list[int]) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Yield key, kind, size of one value and values of each record, a holder before what it holds."""
    while at + 8 <= end and left[0] > 0:
        left[0] -= 1
        key, kind, size, count = struct.unpack_from(">4sBBH", data, at)
        length = size * count
        if not key.strip(b"\0"):
            return
        inside = min(end, at + 8 + length)
        if kind == 0:
            yield key, kind, size, b""
            if depth:
                yield from _records(data, at + 8, inside, depth - 1, left)
        else:
            yield key, kind, size, data[at + 8 : inside]
        at += 8 + (length + 3) // 4 * 4


def _numbers(kind: int, values: bytes) -> tuple[float, ...]:
    letter = _NUMBERS.get(kind)
    if letter is None:
        return ()
    size = struct.calcsize(letter)
    return struct.unpack(f">{len(values) // size}{letter}", values[: len(values) // size * size])[:32]


def _fix(values: bytes, size: int, at: int, first: int, scales: tuple[float, ...]) -> tuple[float, float] | None:
    if not values.strip(b"\0"):
        return None  # no fix in a whole second
    scale = [*scales, *scales[:1] * 3][first : first + 2] if scales else [1e7, 1e7]
    for start in range(0, min(len(values), size * _MAX_FIXES) - at - 7, max(1, size)):
        degrees = struct.unpack_from(">ii", values, start + at)
        if len(scale) == 2 and all(scale):
            place = checked_place(degrees[0] / scale[0], degrees[1] / scale[1])
            if place is not None:
                return place
    return None
