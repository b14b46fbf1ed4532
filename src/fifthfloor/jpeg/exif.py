"""The little of EXIF and ICC that a statement needs; anything odd counts as not there.

Rule 1: metadata never makes a photograph unreadable: these functions give a value or none, and do not raise.
Rule 2: offsets are followed once and never further than the segment.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from fifthfloor.jpeg.segments import APP1, APP2, Piece

ORIENTATION, MAKE, MODEL, EXIF_IFD, GPS_IFD, TAKEN = 0x0112, 0x010F, 0x0110, 0x8769, 0x8825, 0x9003
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
# A directory of a camera has some 60 entries.
MAX_ENTRIES = 512
_ICC = b"ICC_PROFILE\0"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a camera says of a photograph; empty where it says nothing: maker and model, local time, place."""

    camera: str
    captured: str
    place: str


def orientation_of(pieces: Sequence[Piece]) -> int:
    """Return the EXIF orientation, 1 to 8; 1 where there is none."""
    tiff = _tiff(pieces)
    value = _short(tiff, _directory(tiff, _first(tiff)).get(ORIENTATION))
    return value if 1 <= value <= 8 else 1


def profile_of(pieces: Sequence[Piece]) -> bytes:
    """Return the ICC profile, whole, or nothing where pieces of it are missing."""
    parts: dict[int, bytes] = {}
    counts = set()
    for piece in pieces:
        if piece.marker == APP2 and piece.payload.startswith(_ICC) and len(piece.payload) >= 14:
            parts.setdefault(piece.payload[12], piece.payload[14:])
            counts.add(piece.payload[13])
    if len(counts) != 1 or sorted(parts) != list(range(1, max(counts) + 1)):
        return b""
    profile = b"".join(parts[number] for number in sorted(parts))
    # 128 bytes of header with its signature (ICC.1 7.2); a longer profile than 1 MB is a trailer in disguise.
    return profile if 128 <= len(profile) <= 1 << 20 and profile[36:40] == b"acsp" else b""


def taken_of(pieces: Sequence[Piece]) -> Taken:
    """Return camera, time and place as EXIF gives them."""
    tiff = _tiff(pieces)
    main = _directory(tiff, _first(tiff))
    detail = _directory(tiff, _long(tiff, main.get(EXIF_IFD)))
    place = _directory(tiff, _long(tiff, main.get(GPS_IFD)))
    camera = f"{_text(tiff, main.get(MAKE))} {_text(tiff, main.get(MODEL))}".strip()
    return Taken(camera, _text(tiff, detail.get(TAKEN)), _place(tiff, place))


@dataclass(frozen=True, slots=True)
class _Tiff:
    """A TIFF structure and the byte order of its numbers (struct's sign)."""

    data: bytes
    order: str


_Entries = dict[int, tuple[int, int, int]]


def _tiff(pieces: Sequence[Piece]) -> _Tiff:
    for piece in pieces:
        if piece.marker == APP1 and piece.payload[:6] == b"Exif\0\0":
            data = piece.payload[6:]
            order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
            if order:
                return _Tiff(data, order)
    return _Tiff(b"", ">")


def _first(tiff: _Tiff) -> int:
    return int(struct.unpack_from(tiff.order + "I", tiff.data, 4)[0]) if len(tiff.data) >= 8 else 0


def _directory(tiff: _Tiff, at: int) -> _Entries:
    """Return tag -> (type, count, offset of the value)."""
    if not 8 <= at <= len(tiff.data) - 2:
        return {}
    count = min(struct.unpack_from(tiff.order + "H", tiff.data, at)[0], MAX_ENTRIES)
    found: _Entries = {}
    for place in range(at + 2, min(at + 2 + 12 * count, len(tiff.data) - 11), 12):
        tag, kind, number = struct.unpack_from(tiff.order + "HHI", tiff.data, place)
        size = _SIZES.get(kind, 0) * number
        offset = place + 8 if size <= 4 else struct.unpack_from(tiff.order + "I", tiff.data, place + 8)[0]
        if 0 < size <= len(tiff.data) - offset:
            found.setdefault(tag, (kind, number, offset))
    return found


def _short(tiff: _Tiff, entry: tuple[int, int, int] | None) -> int:
    return int(struct.unpack_from(tiff.order + "H", tiff.data, entry[2])[0]) if entry and entry[0] == 3 else 0


def _long(tiff: _Tiff, entry: tuple[int, int, int] | None) -> int:
    return int(struct.unpack_from(tiff.order + "I", tiff.data, entry[2])[0]) if entry and entry[0] == 4 else 0


def _text(tiff: _Tiff, entry: tuple[int, int, int] | None) -> str:
    if not entry or entry[0] != 2:
        return ""
    raw = tiff.data[entry[2] : entry[2] + min(entry[1], 200)].split(b"\0")[0]
    return "".join(c for c in raw.decode("latin-1") if c.isprintable()).strip()


def _place(tiff: _Tiff, entries: _Entries) -> str:
    latitude = _degrees(tiff, entries.get(2), _text(tiff, entries.get(1)), "S")
    longitude = _degrees(tiff, entries.get(4), _text(tiff, entries.get(3)), "W")
    return "" if latitude is None or longitude is None else f"{latitude:.6f},{longitude:.6f}"


def _degrees(tiff: _Tiff, entry: tuple[int, int, int] | None, sign: str, negative: str) -> float | None:
    if not entry or entry[0] != 5 or entry[1] != 3 or not sign:
        return None
    numbers = struct.unpack_from(tiff.order + "6I", tiff.data, entry[2])
    if 0 in numbers[1::2]:
        return None
    value = float(sum(numbers[2 * i] / numbers[2 * i + 1] / 60**i for i in range(3)))
    return -value if sign[:1].upper() == negative else value
