"""What Nikon writes into a film's user data (`NCDT`, in it `NCTG`): tags of Exif one behind the other, big-endian.

Source: ExifTool's `Nikon.pm` (`ProcessNikonMOV`): a number, a kind as in TIFF, a count, then the value; 0x110xxxx are
tags of Exif, 0x12000xx those of its GPS directory, 0x2000xxx those of the maker's note.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.text import text_of

_NIKON_KIND_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_MAX_NIKON_TAGS = 512
_NIKON_MAKE, _NIKON_MODEL = 1, 2
_NIKON_SERIALS, _NIKON_OWNER, _NIKON_LENS_SERIAL = (0x110A431, 0x200001D), 0x110A430, 0x110A435
_NIKON_LATITUDE, _NIKON_LONGITUDE = (0x1200002, 0x1200001, b"S"), (0x1200004, 0x1200003, b"W")
_WORDS_OF_EXIF = (0x110010E, 0x110013B, 0x1108298, 0x1109286, 0x120001C)


class NikonFilm(NamedTuple):
    """What the tags say; empty or None where they say nothing."""

    make: str
    model: str
    serial: str
    lens_serial: str
    owner: str
    place: tuple[float, float] | None
    words: tuple[tuple[str, str], ...]


def read_nikon_film(data: bytes) -> NikonFilm:
    """Read the contents of `NCTG`."""
    tags = _tags(data)
    texts = {tag: text_of(value) for tag, (kind, value) in tags.items() if kind == 2}
    angles = [_angle(tags, *which) for which in (_NIKON_LATITUDE, _NIKON_LONGITUDE)]
    place = checked_place(*(angle for angle in angles if angle is not None)) if None not in angles else None
    return NikonFilm(
        texts.get(_NIKON_MAKE, ""),
        texts.get(_NIKON_MODEL, ""),
        next((texts[tag] for tag in _NIKON_SERIALS if texts.get(tag)), ""),
        texts.get(_NIKON_LENS_SERIAL, ""),
        texts.get(_NIKON_OWNER, ""),
        place,
        tuple((f"exif:0x{tag & 0xFFFF:04X}", texts[tag]) for tag in _WORDS_OF_EXIF if texts.get(tag)),
    )


def _tags(data: bytes) -> dict[int, tuple[int, bytes]]:
    found: dict[int, tuple[int, bytes]] = {}
    at = 0
    while at + 8 <= len(data) and len(found) < _MAX_NIKON_TAGS:
        tag, kind, count = struct.unpack_from(">IHH", data, at)
        length = _NIKON_KIND_BYTES.get(kind, len(data)) * count
        if at + 8 + length > len(data):
            break
        found.setdefault(tag, (kind, data[at + 8 : at + 8 + length]))
        at += 8 + length
    return found


def _angle(tags: dict[int, tuple[int, bytes]], value: int, side: int, negative: bytes) -> float | None:
    kind, data = tags.get(value, (0, b""))
    if kind not in (5, 10) or len(data) < 24:
        return None
    numbers = struct.unpack(">6I" if kind == 5 else ">6i", data[:24])
    parts = [above / below if below else 0.0 for above, below in zip(numbers[::2], numbers[1::2], strict=True)]
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -degrees if tags.get(side, (0, b""))[1][:1] == negative else degrees
