"""Raw files of our own making: the structure of each kind around a camera JPEG and some noise for the sensor."""

from __future__ import annotations

import struct

SENSOR = bytes(range(256)) * 40
LOSSLESS = b"\xff\xd8\xff\xc3\0\x0b\x0e\x10\0\x10\0\x01\x01\x11\0" + SENSOR

Entry = tuple[int, int, int]


def tiff(
    jpeg: bytes | None,
    thumbnail: bytes,
    *,
    order: str = "<",
    sensor: tuple[int, int] = (480, 320),
    orientation: int = 6,
    in_strip: bool = False,
) -> bytes:
    """Make a NEF, ARW or DNG: IFD0 with a thumbnail, SubIFDs with the sensor's data and the camera's JPEG.

    Args:
        jpeg: the camera's JPEG, or None.
        in_strip: the JPEG as a strip of IFD0, as a CR2 has it, instead of a SubIFD.
    """
    pieces = [thumbnail, LOSSLESS, jpeg or b""]
    at = 8
    places = []
    for piece in pieces:
        places.append(at)
        at += len(piece) + len(piece) % 2
    first, raw, full = at, at + 200, at + 400
    subs = [raw] if in_strip or jpeg is None else [raw, full]
    main = [(0x112, 3, orientation), (0x201, 4, places[0]), (0x202, 4, len(thumbnail))]
    if in_strip and jpeg is not None:
        main = [(0x103, 3, 6), (0x111, 4, places[2]), (0x112, 3, orientation), (0x117, 4, len(jpeg))]
    extra = b"".join(struct.pack(order + "I", sub) for sub in subs)
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", first)
    out = bytearray(head + b"".join(piece + bytes(len(piece) % 2) for piece in pieces))
    out += _directory(order, main, sub_ifds=(len(subs), at + 600 if len(subs) > 1 else subs[0])).ljust(200, b"\0")
    out += _directory(
        order,
        [(0x100, 4, sensor[0]), (0x101, 4, sensor[1]), (0x103, 3, 7), (0x111, 4, places[1]), (0x117, 4, len(LOSSLESS))],
    ).ljust(200, b"\0")
    out += _directory(order, [(0x201, 4, places[2]), (0x202, 4, len(jpeg or b""))]).ljust(200, b"\0")
    return bytes(out + extra)


def _directory(order: str, entries: list[Entry], sub_ifds: tuple[int, int] | None = None) -> bytes:
    rows = list(entries)
    if sub_ifds:
        rows.append((0x14A, 4, sub_ifds[1]))
    rows.sort()
    out = struct.pack(order + "H", len(rows))
    for tag, kind, value in rows:
        count = sub_ifds[0] if sub_ifds and tag == 0x14A else 1
        packed = struct.pack(order + "HH", value, 0) if kind == 3 else struct.pack(order + "I", value)
        out += struct.pack(order + "HHI", tag, kind, count) + packed
    return out + bytes(4)


def raf(jpeg: bytes, *, sensor: tuple[int, int] = (480, 320)) -> bytes:
    """Make a Fujifilm RAF: JPEG at 84, CFA header with the sensor's size at 92."""
    head = b"FUJIFILMCCD-RAW 0201FF393101Hidden Camera 7".ljust(84, b"\0")
    table = struct.pack(">IHHHH", 1, 0x100, 4, sensor[1], sensor[0])
    start = 160
    after = start + len(jpeg)
    offsets = struct.pack(">IIIIII", start, len(jpeg), after, len(table), after + len(table), len(SENSOR))
    return (head + offsets).ljust(start, b"\0") + jpeg + table + SENSOR


def cr3(jpeg: bytes, *, sensor: tuple[int, int] = (480, 320), orientation: int = 6, wide: bool = True) -> bytes:
    """Make a CR3: Canon's uuid with CMT1, a track with the JPEG and one with the sensor's data, then mdat."""
    ifd = struct.pack("<HHHIHHI", 1, 0x112, 3, 1, orientation, 0, 0)
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + _box(b"CMT1", b"II*\0" + struct.pack("<I", 8) + ifd)
    start = 0
    for _ in range(2):  # the second time the offsets are known
        tracks = b"".join(
            _track(place, len(data), sensor, wide)
            for place, data in ((start + 8, jpeg), (start + 8 + len(jpeg), SENSOR))
        )
        head = _box(b"ftyp", b"crx \0\0\0\x01crx isom") + _box(b"moov", _box(b"uuid", canon) + tracks)
        start = len(head)
    return head + _box(b"mdat", jpeg + SENSOR)


def _track(place: int, length: int, sensor: tuple[int, int], wide: bool) -> bytes:
    entry = _box(b"CRAW", bytes(24) + struct.pack(">HH", *sensor) + bytes(50))
    stsd = _box(b"stsd", struct.pack(">II", 0, 1) + entry)
    stsz = _box(b"stsz", struct.pack(">III", 0, length, 1))
    chunk = _box(b"co64", struct.pack(">IIQ", 0, 1, place)) if wide else _box(b"stco", struct.pack(">III", 0, 1, place))
    return _box(b"trak", _box(b"mdia", _box(b"minf", _box(b"stbl", stsd + stsz + chunk))))


def _box(name: bytes, contents: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(contents), name) + contents
