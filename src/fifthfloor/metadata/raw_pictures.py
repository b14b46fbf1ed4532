"""Where a raw file keeps JPEGs, how wide its sensor is and how it was held: NEF, CR2, ARW, DNG (TIFF), CR3 and RAF.

Rule: nothing is chosen here; which of the pictures is the photograph is for who asks (`redact.raw`).

Source: TIFF 6.0 section 2; TIFF/EP (SubIFDs); ISO/IEC 14496-12 8.5 to 8.7 and 12.1.3 (CR3's tracks).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fifthfloor.metadata import jpeg_head, raf
from fifthfloor.metadata.exif import EXIF_IFD, ORIENTATION, ExifPart, ExifParts
from fifthfloor.metadata.iso_boxes import boxes_within
from fifthfloor.metadata.raf import Span
from fifthfloor.metadata.tiff import Directory, Read, Tiff

WIDTH, HEIGHT, COMPRESSION, STRIPS, STRIP_BYTES = 0x100, 0x101, 0x103, 0x111, 0x117
SUB_IFDS, JPEG_AT, JPEG_BYTES, EXIF_WIDTH = 0x14A, 0x201, 0x202, 0xA002
JPEG_IN_STRIP = {6, 7}
# PhotometricInterpretation of what is no picture yet (TIFF/EP and DNG 1.7): a mosaic, and a developed one.
KIND, RAW, DNG_VERSION = 0x106, {32803, 34892}, 0xC612
PREVIEW_COLOURS = 0xC71A  # PreviewColorSpace (DNG 1.7): what a converter made its preview in
# A raw has under ten directories.
_MAX_RAW_DIRECTORIES, MAX_DEPTH = 32, 8
# The picture's own header: the kinds of coding a JPEG decoder of every browser reads.
_ORDINARY = {0xC0, 0xC1, 0xC2}


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a raw holds.

    Args:
        places: where JPEGs may lie; not yet looked at.
        sensor_px: the longer side of the sensor, 0 where it is not said.
        orientation: 1 to 8, None where it is not said.
        first_px: the longer side of the picture that a TIFF has first; 0 where it is not said, or a sensor's data.
        colours: what a DNG says of the colours of a picture, by where it begins.
    """

    places: tuple[Span, ...]
    sensor_px: int
    orientation: int | None
    first_px: int = 0
    colours: Mapping[int, int] = field(default_factory=dict)


def of_tiff(read: Read) -> Pictures:
    """Walk the directories of a TIFF."""
    tiff = Tiff.open(read)
    places: list[Span] = []
    colours: dict[int, int] = {}
    sensor_px, first_px, orientation = 0, 0, None
    waiting, seen = [tiff.first_offset] if tiff else [], set[int]()
    while tiff and waiting and len(seen) < _MAX_RAW_DIRECTORIES:
        at = waiting.pop(0)
        if at in seen:
            continue
        seen.add(at)
        directory = tiff.directory(at)
        waiting.extend((*_whole(tiff, directory, SUB_IFDS), *_whole(tiff, directory, EXIF_IFD), directory.next_offset))
        sides = [side for tag in (WIDTH, HEIGHT, EXIF_WIDTH) for side in _whole(tiff, directory, tag)]
        sensor_px = max([sensor_px, *sides])
        if len(seen) == 1 and DNG_VERSION not in directory.entries and not RAW & set(_whole(tiff, directory, KIND)):
            first_px = sensor_px
        if orientation is None:
            orientation = next(iter(_whole(tiff, directory, ORIENTATION)), None)
        found = tuple(_jpegs_of(tiff, directory))
        places.extend(found)
        colours |= {at: named for at, _ in found for named in _whole(tiff, directory, PREVIEW_COLOURS)[:1]}
    return Pictures(tuple(places), sensor_px, orientation if orientation in range(1, 9) else None, first_px, colours)


def _whole(tiff: Tiff, directory: Directory, tag: int) -> list[int]:
    """Return the whole numbers of a tag that counts or points."""
    entry = directory.entries.get(tag)
    if entry is None or entry.kind not in (1, 3, 4, 13) or entry.count > _MAX_RAW_DIRECTORIES:
        return []
    return [int(value) for value in tiff.numbers(entry)]


def _jpegs_of(tiff: Tiff, directory: Directory) -> Iterator[Span]:
    for offset_tag, length_tag in ((JPEG_AT, JPEG_BYTES), (STRIPS, STRIP_BYTES)):
        if offset_tag == STRIPS and not JPEG_IN_STRIP & set(_whole(tiff, directory, COMPRESSION)[:1]):
            continue
        offset, length = _whole(tiff, directory, offset_tag), _whole(tiff, directory, length_tag)
        if len(offset) == 1 and len(length) == 1:
            yield offset[0], length[0]


def of_raf(read: Read) -> Pictures:
    """Read a Fujifilm header."""
    header = raf.read_header(read)
    if header is None:
        return Pictures((), 0, None)
    return Pictures((header.jpeg,), raf.sensor_pixels(read, header), None)


def of_cr3(read: Read, size_bytes: int) -> Pictures:
    """Read the tracks of a CR3: one sample each, the full-size JPEG and the sensor's data."""
    places: list[Span] = []
    widths = [0]
    orientation = None
    for name, start, end in boxes_within(read, 0, size_bytes, MAX_DEPTH):
        if name == b"trak":
            inner = {box: (at, to) for box, at, to in boxes_within(read, start, end, MAX_DEPTH)}
            # Version and count, then the sample entry: width and height at byte 32 of it.
            widths.extend(_numbers(read, ">HH", inner[b"stsd"][0] + 8 + 32) if b"stsd" in inner else ())
            places.extend(_first_sample(read, inner))
        elif name == b"CMT1":
            orientation = of_tiff(_within(read, start, end)).orientation
    return Pictures(tuple(places), max(widths), orientation)


def _within(read: Read, start: int, end: int) -> Read:
    def inside(offset: int, length: int) -> bytes:
        return read(start + offset, min(length, end - start - offset)) if offset >= 0 else b""

    return inside


def exif_of_cr3(read: Read, size_bytes: int) -> ExifParts | None:
    """Return the directories of a CR3: the first of each of Canon's boxes, CMT1, CMT2 and CMT4; None without any."""
    found: dict[bytes, ExifPart] = {}
    for name, start, end in boxes_within(read, 0, size_bytes, MAX_DEPTH):
        tiff = Tiff.open(_within(read, start, end)) if name in (b"CMT1", b"CMT2", b"CMT4") else None
        if tiff:
            found.setdefault(name, (tiff, tiff.directory(tiff.first_offset)))
    if not found:
        return None
    nothing = next(iter(found.values()))[0], Directory({}, 0)
    return ExifParts(*(found.get(name, nothing) for name in (b"CMT1", b"CMT2", b"CMT4")))


def _first_sample(read: Read, inner: dict[bytes, tuple[int, int]]) -> Iterator[Span]:
    """Yield offset and length of a track's first sample."""
    if b"stsz" not in inner:
        return
    uniform = _numbers(read, ">I", inner[b"stsz"][0] + 4)
    size = uniform if any(uniform) else _numbers(read, ">I", inner[b"stsz"][0] + 12)
    at: tuple[int, ...] = ()
    if b"co64" in inner:
        at = _numbers(read, ">Q", inner[b"co64"][0] + 8)
    elif b"stco" in inner:
        at = _numbers(read, ">I", inner[b"stco"][0] + 8)
    if at and size:
        yield at[0], size[0]


def _numbers(read: Read, form: str, at: int) -> tuple[int, ...]:
    data = read(at, struct.calcsize(form))
    return struct.unpack(form, data) if len(data) == struct.calcsize(form) else ()


def jpeg_width(read: Read, place: Span) -> int:
    """Return the longer side of an 8-bit baseline or progressive JPEG at a place, 0 for anything else.

    Lossless JPEG, the sensor's own data, is something else.
    """
    offset, length = place
    if length < 4 or read(offset, 2) != b"\xff\xd8":
        return 0

    def inside(at: int, count: int) -> bytes:
        return read(offset + at, min(count, length - at)) if at >= 0 else b""

    for segment in jpeg_head.segments(inside):
        pixels = jpeg_head.size_of(segment)
        if pixels is not None:
            return max(pixels) if segment.marker in _ORDINARY and segment.payload[0] == 8 else 0
    return 0
