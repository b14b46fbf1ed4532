"""Records that Sony, Canon, Apple and DJI write beside picture and sound, one a frame or a second: places and numbers.

Sources: ExifTool's tables of `rtmd`, `CTMD`, `mebx` and `djmd`; of the makers only Apple publishes its own (QuickTime
File Format, "Timed Metadata Media").
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.gpmf import ActionFacts
from fifthfloor.metadata.iso6709 import find_iso6709
from fifthfloor.metadata.text import text_of

_MOST_TIMED_RECORDS = 4096  # records of one sample; of a second of a drone some hundred
_RECORD_DEPTH = 8
_SONY_HOLDER, _SONY_LABEL = 0x8300, 0x060E
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = range(0x8501, 0x8505)
_CANON_EXIF = (7, 8, 9)
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # Protocol Buffers, "Encoding"
_DJI_SERIAL, _DJI_MODEL = (1, 1, 5), (1, 1, 10)
Field = tuple[tuple[int, ...], int, int | bytes]
"""Numbers of the fields on the way, kind of the last, its value."""


def read_sony(data: bytes) -> ActionFacts:
    """Read a sample of `rtmd`: length of the head, then number, length and value of each, big-endian."""
    found: dict[int, bytes] = {}
    at = int.from_bytes(data[:2], "big")
    for _ in range(_MOST_TIMED_RECORDS):
        if at + 4 > len(data):
            break
        key, length = struct.unpack_from(">HH", data, at)
        if not key:
            break
        if key == _SONY_LABEL:  # a label of 16 bytes, that has no length
            at += 16
            continue
        at += 4
        if key != _SONY_HOLDER:
            found[key] = data[at : at + length]
            at += length
    values = [_degrees(found.get(key, b"")) for key in (_LATITUDE, _LONGITUDE)]
    place = None
    if values[0] is not None and values[1] is not None:
        south, west = found.get(_LATITUDE_REF, b"")[:1] == b"S", found.get(_LONGITUDE_REF, b"")[:1] == b"W"
        place = checked_place(-values[0] if south else values[0], -values[1] if west else values[1])
    return ActionFacts(bool(found), place=place)


def _degrees(data: bytes) -> float | None:
    """Read degrees, minutes and seconds, three fractions."""
    if len(data) < 24:
        return None
    numbers = struct.unpack(">6I", data[:24])
    if not all(numbers[1::2]):
        return None
    return float(numbers[0] / numbers[1] + numbers[2] / numbers[3] / 60 + numbers[4] / numbers[5] / 3600)


def tiffs_of_canon(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the TIFFs in a sample of `CTMD`, each with the number of its directory in Exif (0x8769, 0x927C)."""
    for kind, record in _sized(data, "<IH", 12):
        if kind in _CANON_EXIF:
            yield from _sized(record, "<II", 8)


def _sized(data: bytes, head: str, skip: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and value of records that begin with their whole length and their kind."""
    at = 0
    for _ in range(_MOST_TIMED_RECORDS):
        if at + skip > len(data):
            return
        length, kind = struct.unpack_from(head, data, at)
        if length < skip or at + length > len(data):
            return
        yield kind, data[at + skip : at + length]
        at += length


def read_apple(data: bytes, description: bytes) -> ActionFacts:
    """Read a sample of `mebx`; the names of its keys stand in the description of the track's samples (`stsd`)."""
    names = _keys(description)
    place = None
    for key, value in _sized(data, ">II", 8):
        if b"location" in names.get(key, b"").lower():
            place = place or find_iso6709(value)
    return ActionFacts(bool(names), place=place)


def _keys(description: bytes) -> dict[int, bytes]:
    at = description.find(b"keys")
    if at < 4:
        return {}
    end = at - 4 + int.from_bytes(description[at - 4 : at], "big")
    names = {}
    for key, boxes in _sized(description[at + 4 : end], ">II", 8):
        for kind, value in _sized(boxes, ">II", 8):
            if kind == int.from_bytes(b"keyd", "big"):
                names[key] = value[4:]  # behind the name space, "mdta"
    return names


def read_dji(data: bytes) -> ActionFacts:
    """Read a sample of `djmd`, a message of Protocol Buffers whose fields differ from model to model.

    A place is a message of nothing but a unit (1: degrees, else radians), latitude and longitude, wherever it stands.
    """
    fields = list(_fields(data, (), [_MOST_TIMED_RECORDS]))
    texts = {path: value for path, kind, value in fields if kind == _BYTES and isinstance(value, bytes)}
    place = None
    for path, kind, value in fields:
        if kind == _BYTES and isinstance(value, bytes) and place is None and len(path) > 1:
            place = _dji_place(value)
    serial, model = (text_of(texts.get(path, b"")) for path in (_DJI_SERIAL, _DJI_MODEL))
    return ActionFacts(place is not None, model, serial if serial.isalnum() else "", place)


def _dji_place(message: bytes) -> tuple[float, float] | None:
    fields = {path[0]: (kind, value) for path, kind, value in _fields(message, (), [4], deep=False)}
    if not fields.keys() <= {1, 2, 3} or not fields.keys() >= {2, 3}:
        return None
    unit, *angles = (fields.get(number, (_VARINT, 0)) for number in (1, 2, 3))
    if unit[0] != _VARINT or any(kind != _FIXED64 for kind, _ in angles):
        return None
    latitude, longitude = (struct.unpack("<d", value)[0] for _, value in angles if isinstance(value, bytes))
    if unit[1] != 1:
        latitude, longitude = math.degrees(latitude), math.degrees(longitude)
    return checked_place(latitude, longitude)


def _fields(data: bytes, path: tuple[int, ...], left: list[int], *, deep: bool = True) -> Iterator[Field]:
    """Yield the fields of a message, and of every value that may be one; ends where it is none."""
    at = 0
    while at < len(data) and left[0] > 0:
        left[0] -= 1
        tag, at = _varint(data, at)
        kind, here = tag & 7, (*path, tag >> 3)
        value: int | bytes
        if kind == _VARINT:
            value, at = _varint(data, at)
        elif kind in (_FIXED64, _FIXED32):
            value, at = data[at : at + (8 if kind == _FIXED64 else 4)], at + (8 if kind == _FIXED64 else 4)
        elif kind == _BYTES:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            return
        if at > len(data) or not tag >> 3:
            return
        yield here, kind, value
        if deep and kind == _BYTES and isinstance(value, bytes) and len(here) < _RECORD_DEPTH:
            yield from _fields(value, here, left)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(10):
        byte = data[at + index] if at + index < len(data) else 0
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, at + index + 1
    return value, len(data) + 1  # no number at all
