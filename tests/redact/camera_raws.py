"""Raws laid out as cameras write them, after the published descriptions, so that outside readers know them as such.

Sources: Adobe DNG 1.4 (SubIFDs, NewSubfileType, Compression 7); Sony ARW as ExifTool's tag tables describe it (preview
in IFD0, thumbnail in IFD1, full-size JPEG in IFD2 of newer bodies); Canon CR3 as ISO/IEC 14496-12 and the description
"canon_cr3" (L. Clevy) have it (four tracks: JPEG, small raw, raw, metadata; PRVW in a uuid box).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from tests.redact.raws import LOSSLESS, SENSOR

Value = int | str | bytes | tuple[int, ...]
Rows = dict[int, Value]

SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 0xFE, 0x100, 0x101, 0x102, 0x103, 0x106
MAKE, MODEL, STRIPS, ORIENTATION, SAMPLES, ROWS, STRIP_BYTES = 0x10F, 0x110, 0x111, 0x112, 0x115, 0x116, 0x117
EXIF, INTEROPERABILITY, TAKEN = 0x8769, 0xA005, 0x9003
SUB_IFDS, JPEG_AT, JPEG_BYTES, CFA_SIZE, CFA, DNG_VERSION = 0x14A, 0x201, 0x202, 0x828D, 0x828E, 0xC612


class _File:
    """A little-endian TIFF that grows: pieces first, directories that point back at them."""

    def __init__(self) -> None:
        self.data = bytearray(b"II*\0\0\0\0\0")

    def put(self, piece: bytes) -> int:
        self.data += bytes(len(self.data) % 2)
        self.data += piece
        return len(self.data) - len(piece)

    def directory(self, rows: Rows, following: int = 0) -> int:
        """Write a directory; longer values go before it."""
        entries = b""
        for tag, value in sorted(rows.items()):
            kind, count, packed = _packed(value)
            if len(packed) > 4:
                packed = struct.pack("<I", self.put(packed))
            entries += struct.pack("<HHI", tag, kind, count) + packed.ljust(4, b"\0")
        return self.put(struct.pack("<H", len(rows)) + entries + struct.pack("<I", following))

    def done(self, first: int) -> bytes:
        self.data[4:8] = struct.pack("<I", first)
        return bytes(self.data)


def _packed(value: Value) -> tuple[int, int, bytes]:
    if isinstance(value, str):
        return 2, len(value) + 1, value.encode() + b"\0"
    if isinstance(value, bytes):
        return 1, len(value), value
    numbers = value if isinstance(value, tuple) else (value,)
    return 4, len(numbers), struct.pack(f"<{len(numbers)}I", *numbers)


def dng(
    jpeg: bytes,
    thumbnail: bytes,
    sensor: tuple[int, int],
    others: Sequence[bytes] = (),
    *,
    exif: Rows | None = None,
    more: Rows | None = None,
) -> bytes:
    """Make a DNG: IFD0 a thumbnail, the first SubIFD the sensor's data, then `others` (previews) and the full JPEG.

    Args:
        exif: what its Exif directory says; under INTEROPERABILITY the index, as text.
        more: what the JPEGs' own directories say beside.
    """
    file = _File()
    subs = [file.directory(_sensor(sensor) | {STRIPS: file.put(LOSSLESS), STRIP_BYTES: len(LOSSLESS)})]
    for preview in (*others, jpeg):
        rows: Rows = {SUBFILE: 1, WIDTH: sensor[0], HEIGHT: sensor[1], COMPRESSION: 7, PHOTOMETRIC: 6, SAMPLES: 3}
        strip: Rows = {ROWS: sensor[1], STRIPS: file.put(preview), STRIP_BYTES: len(preview)}
        subs.append(file.directory(rows | strip | (more or {})))
    small: Rows = {SUBFILE: 1, WIDTH: 160, HEIGHT: 106, COMPRESSION: 7, PHOTOMETRIC: 6, SAMPLES: 3, ROWS: 106}
    small |= {STRIPS: file.put(thumbnail), STRIP_BYTES: len(thumbnail), MAKE: "Leica", MODEL: "M-D", ORIENTATION: 6}
    if exif:
        small |= {EXIF: _exif(file, exif)}
    return file.done(file.directory(small | {SUB_IFDS: tuple(subs), DNG_VERSION: bytes([1, 4, 0, 0])}))


def _exif(file: _File, rows: Rows) -> int:
    index = rows.get(INTEROPERABILITY)
    return file.directory(rows | ({} if index is None else {INTEROPERABILITY: file.directory({1: index})}))


def arw(jpeg: bytes, preview: bytes, thumbnail: bytes, sensor: tuple[int, int]) -> bytes:
    """Make an ARW of a newer Sony: preview in IFD0, thumbnail in IFD1, full JPEG in IFD2, the sensor in a SubIFD."""
    file = _File()
    raw = _sensor(sensor) | {COMPRESSION: 32767, STRIPS: file.put(SENSOR), STRIP_BYTES: len(SENSOR)}
    sub = file.directory(raw)
    full = file.directory({SUBFILE: 1, COMPRESSION: 6, JPEG_AT: file.put(jpeg), JPEG_BYTES: len(jpeg)})
    tiny: Rows = {SUBFILE: 1, COMPRESSION: 6, JPEG_AT: file.put(thumbnail), JPEG_BYTES: len(thumbnail)}
    second = file.directory(tiny, full)
    first: Rows = {SUBFILE: 1, COMPRESSION: 6, MAKE: "SONY", MODEL: "ILCE-7M4", ORIENTATION: 6, SUB_IFDS: sub}
    first |= {JPEG_AT: file.put(preview), JPEG_BYTES: len(preview)}
    return file.done(file.directory(first, second))


def _sensor(sensor: tuple[int, int]) -> Rows:
    rows: Rows = {SUBFILE: 0, WIDTH: sensor[0], HEIGHT: sensor[1], BITS: 14, COMPRESSION: 7, PHOTOMETRIC: 32803}
    return rows | {SAMPLES: 1, ROWS: sensor[1], CFA_SIZE: (2, 2), CFA: bytes([0, 1, 1, 2])}


def cr3(jpeg: bytes, preview: bytes, thumbnail: bytes, sensor: tuple[int, int]) -> bytes:
    """Make a CR3 with its four tracks in their order, THMB and PRVW."""
    samples = (jpeg, SENSOR[:512], SENSOR, SENSOR[:256])
    after = 0
    for _ in range(2):  # the second time the offsets are known
        places = [after + 8 + sum(len(one) for one in samples[:number]) for number in range(4)]
        tracks = b"".join(
            _track(number, places[number], len(samples[number]), sensor) for number in range(len(samples))
        )
        head = _box(b"ftyp", b"crx \0\0\0\x01crx isom") + _box(b"moov", _canon(thumbnail) + _movie() + tracks)
        head += _box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + b"<x:xmpmeta/>")
        head += _box(
            b"uuid", bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + struct.pack(">II", 0, 1) + _prvw(preview)
        )
        after = len(head)
    return head + _box(b"mdat", b"".join(samples))


def _canon(thumbnail: bytes) -> bytes:
    file = _File()
    first = file.directory({MAKE: "Canon", MODEL: "Canon EOS R5", ORIENTATION: 6})
    thmb = struct.pack(">IHHIHH", 0, 160, 106, len(thumbnail), 1, 0) + thumbnail
    detail = _File()
    at = detail.directory({TAKEN: "2024:06:06 12:00:00"})
    told = _box(b"CMT1", file.done(first)) + _box(b"CMT2", detail.done(at))
    contents = _box(b"CNCV", b"CanonCR3_001/00.09.00/00.00.00") + told + _box(b"THMB", thmb)
    return _box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + contents)


def _prvw(preview: bytes) -> bytes:
    return _box(b"PRVW", struct.pack(">IHHHHI", 0, 1, 160, 106, 1, len(preview)) + preview)


def _movie() -> bytes:
    return _box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1, 1).ljust(100, b"\0"))


def _track(number: int, place: int, length: int, sensor: tuple[int, int]) -> bytes:
    handler = b"meta" if number == 3 else b"vide"
    size = (0, 0) if number == 3 else (160, 106) if number == 1 else sensor
    seen = (
        struct.pack(">HH", *size) + struct.pack(">IIIH", 0x480000, 0x480000, 0, 1).ljust(46, b"\0") + b"\0\x18\xff\xff"
    )
    inner = [_box(b"JPEG", bytes(4)), _box(b"CMP1", bytes(52)), _box(b"CMP1", bytes(52)), b""][number]
    name, entry = (b"CTMD", bytes(8)) if number == 3 else (b"CRAW", bytes(6) + b"\0\x01" + bytes(16) + seen + inner)
    table = _box(b"stsd", struct.pack(">II", 0, 1) + _box(name, entry))
    table += _box(b"stts", struct.pack(">IIII", 0, 1, 1, 1)) + _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1))
    table += _box(b"stsz", struct.pack(">III", 0, length, 1)) + _box(b"co64", struct.pack(">IIQ", 0, 1, place))
    minf = _box(b"vmhd", bytes(12)) + _box(b"dinf", b"") + _box(b"stbl", table)
    mdia = _box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, 1, 1) + bytes(4)) + _box(
        b"hdlr", bytes(8) + handler + bytes(13)
    )
    tkhd = struct.pack(">IIII", 7, 0, 0, number + 1).ljust(76, b"\0") + struct.pack(">HHHH", size[0], 0, size[1], 0)
    return _box(b"trak", _box(b"tkhd", tkhd) + _box(b"mdia", mdia + _box(b"minf", minf)))


def _box(name: bytes, contents: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(contents), name) + contents
