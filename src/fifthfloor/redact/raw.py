"""The camera's own full-size JPEG inside a raw file: NEF, CR2, ARW and DNG (TIFF), CR3 (ISO media), RAF (Fujifilm).

Rule 1: a raw is never developed here: what is published is what the camera made of it, or nothing.
Rule 2: a preview is not the photograph: an embedded JPEG much smaller than the sensor is refused, with both sizes.
Rule 3: offsets come from a stranger: each is checked against the file, directories are counted, none is read twice.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fifthfloor.errors import BadInput

Kind = Literal["TIFF", "CR3", "RAF"]

WIDTH, HEIGHT, COMPRESSION, STRIPS, ORIENTATION, STRIP_BYTES = 0x100, 0x101, 0x103, 0x111, 0x112, 0x117
SUB_IFDS, JPEG_AT, JPEG_BYTES, EXIF_IFD, EXIF_WIDTH = 0x14A, 0x201, 0x202, 0x8769, 0xA002
JPEG_IN_STRIP = {6, 7}
# A raw has under ten directories, the richest of them some 100 entries.
MAX_DIRECTORIES, MAX_ENTRIES, MAX_BOXES, MAX_DEPTH = 32, 1000, 4096, 8
# The camera's JPEG is a little smaller than the sensor (borders, 1.5 % at most); a preview half of it or less.
FULL_SIZE = 0.9

_UNITS = {1: "B", 3: "H", 4: "I"}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A JPEG found in a raw file.

    Args:
        data: the whole JPEG.
        orientation: 1 to 8 as the raw says, None where it says nothing.
    """

    data: bytes
    orientation: int | None


@dataclass(frozen=True, slots=True)
class _Finding:
    """Where JPEGs may lie (offset, length), how wide the sensor is (0: not said), and the orientation."""

    places: tuple[tuple[int, int], ...]
    sensor_px: int
    orientation: int | None


def kind_of(data: bytes) -> Kind | None:
    """Tell by its first bytes whether a file is a raw of a kind we read."""
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if data[4:12] == b"ftypcrx ":
        return "CR3"
    return "RAF" if data[:15] == b"FUJIFILMCCD-RAW" else None


def embedded_jpeg(data: bytes) -> Embedded:
    """Return the full-size JPEG of a raw file.

    Args:
        data: a whole raw file, of an unknown source (`kind_of` is not None).

    Raises:
        BadInput: there is none, or only a preview; both sizes are given.
    """
    reader = {"TIFF": _tiff, "CR3": _cr3, "RAF": _raf}[kind_of(data) or "TIFF"]
    try:
        finding = reader(data)
    except (struct.error, IndexError):
        raise BadInput("redact.raw_broken") from None
    sizes = [(_jpeg_width(data, at, length), at, length) for at, length in finding.places]
    width, at, length = max(sizes, default=(0, 0, 0))
    if not width:
        raise BadInput("redact.raw_without_jpeg")
    if width < finding.sensor_px * FULL_SIZE:
        raise BadInput("redact.raw_preview", width=width, sensor=finding.sensor_px)
    return Embedded(data[at : at + length], finding.orientation)


def _jpeg_width(data: bytes, at: int, length: int) -> int:
    """Return the longer side of an 8-bit baseline or progressive JPEG at a place, 0 for anything else."""
    if at < 0 or length < 4 or at + length > len(data) or data[at : at + 2] != b"\xff\xd8":
        return 0
    end = at + length
    at += 2
    while at + 9 <= end and data[at] == 0xFF:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in (0xC0, 0xC1, 0xC2):
            return max(struct.unpack_from(">HH", data, at + 5)) if data[at + 4] == 8 else 0
        if 0xC3 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return 0  # lossless: the sensor's own data
        at += 1 if marker == 0xFF else 2 + max(2, size)
    return 0


def _tiff(data: bytes) -> _Finding:
    """Walk the directories of a TIFF (TIFF 6.0 section 2; SubIFDs: TIFF/EP)."""
    order = "<" if data[:2] == b"II" else ">"
    waiting = [struct.unpack_from(order + "I", data, 4)[0]]
    seen: set[int] = set()
    places: list[tuple[int, int]] = []
    sensor_px, orientation = 0, None
    while waiting and len(seen) < MAX_DIRECTORIES:
        at = waiting.pop(0)
        if at in seen or not 8 <= at <= len(data) - 2:
            continue
        seen.add(at)
        entries, following = _directory(data, order, at)
        waiting.extend((*entries.get(SUB_IFDS, ()), *entries.get(EXIF_IFD, ()), following))
        sensor_px = max(sensor_px, *(max(entries.get(tag, (0,))) for tag in (WIDTH, HEIGHT, EXIF_WIDTH)))
        if orientation is None and ORIENTATION in entries:
            orientation = entries[ORIENTATION][0]
        places.extend(_jpegs_of(entries))
    return _Finding(tuple(places), sensor_px, orientation if orientation in range(1, 9) else None)


def _jpegs_of(entries: dict[int, tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    for offset, length in ((JPEG_AT, JPEG_BYTES), (STRIPS, STRIP_BYTES)):
        if offset == STRIPS and entries.get(COMPRESSION, (0,))[0] not in JPEG_IN_STRIP:
            continue
        if len(entries.get(offset, ())) == 1 and len(entries.get(length, ())) == 1:
            yield entries[offset][0], entries[length][0]


def _directory(data: bytes, order: str, at: int) -> tuple[dict[int, tuple[int, ...]], int]:
    """Return the whole numbers of one directory, and where the next one is (0: nowhere)."""
    count = struct.unpack_from(order + "H", data, at)[0]
    entries: dict[int, tuple[int, ...]] = {}
    for place in range(at + 2, at + 2 + 12 * min(count, MAX_ENTRIES), 12):
        tag, kind, number = struct.unpack_from(order + "HHI", data, place)
        if kind not in _UNITS or not 0 < number <= MAX_DIRECTORIES:
            continue
        unit = f"{order}{number}{_UNITS[kind]}"
        offset = place + 8
        if struct.calcsize(unit) > 4:
            offset = struct.unpack_from(order + "I", data, place + 8)[0]
        if offset + struct.calcsize(unit) <= len(data):
            entries[tag] = struct.unpack_from(unit, data, offset)
    end = at + 2 + 12 * count
    return entries, struct.unpack_from(order + "I", data, end)[0] if end + 4 <= len(data) else 0


def _raf(data: bytes) -> _Finding:
    """Read a Fujifilm header: the JPEG at byte 84, the sensor's size in the CFA header at byte 92 (tag 0x100)."""
    offset, length, header, header_bytes = struct.unpack_from(">IIII", data, 84)
    sensor_px = 0
    at, end = header + 4, min(header + header_bytes, len(data))
    while at + 8 <= end:
        tag, size = struct.unpack_from(">HH", data, at)
        if tag == WIDTH and size >= 4:
            sensor_px = max(struct.unpack_from(">HH", data, at + 4))
        at += 4 + size
    return _Finding(((offset, length),), sensor_px, None)


def _cr3(data: bytes) -> _Finding:
    """Read the tracks of a CR3: one sample each, the full-size JPEG and the sensor's data (ISO/IEC 14496-12 8.7)."""
    places, widths = [], [0]
    orientation = None
    for name, start, end in _boxes(data, 0, len(data), MAX_DEPTH):
        if name == b"trak":
            inner = {box: (at, to) for box, at, to in _boxes(data, start, end, MAX_DEPTH)}
            if b"stsd" in inner:
                # Version and count, then the sample entry: width and height at byte 32 of it (12.1.3).
                widths.extend(struct.unpack_from(">HH", data, inner[b"stsd"][0] + 8 + 32))
            place = _sample(data, inner)
            if place:
                places.append(place)
        elif name == b"CMT1":
            orientation = _tiff(data[start:end]).orientation
    return _Finding(tuple(places), max(widths), orientation)


def _sample(data: bytes, inner: dict[bytes, tuple[int, int]]) -> tuple[int, int] | None:
    """Return offset and length of a track's first sample."""
    if b"stsz" not in inner or not {b"stco", b"co64"} & inner.keys():
        return None
    at = inner[b"stsz"][0]
    uniform, count = struct.unpack_from(">II", data, at + 4)
    size = uniform or (struct.unpack_from(">I", data, at + 12)[0] if count else 0)
    if b"co64" in inner:
        return struct.unpack_from(">Q", data, inner[b"co64"][0] + 8)[0], size
    return struct.unpack_from(">I", data, inner[b"stco"][0] + 8)[0], size


_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")


def _boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Walk boxes and what they hold: name, first byte of the contents, end (ISO/IEC 14496-12 4.2)."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and start + 16 <= end:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = size or end - start
        if size < head or start + size > end:
            return
        inside = start + head
        if name == b"uuid" and data[inside : inside + 16] == _CANON:
            inside, name = inside + 16, b"moov"
        yield name, inside, start + size
        if name in _HOLDERS and depth:
            yield from _boxes(data, inside, start + size, depth - 1)
        start += size
