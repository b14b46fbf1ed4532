"""The header of Fujifilm's raw: where its JPEG, its sensor's header and its sensor's data are (byte 84, big-endian)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fifthfloor.metadata.tiff import Read

RAF_SIGNATURE = b"FUJIFILMCCD-RAW "
RAF_HEADER_BYTES = 108
_SENSOR_SIZE = 0x100  # of the sensor's header: height and width
_MAX_RECORDS = 4096
MAX_CFA_BYTES = 1 << 20

Span = tuple[int, int]
"""Offset and length in the file."""


@dataclass(frozen=True, slots=True)
class Raf:
    """What the header points to: the camera's JPEG, the sensor's header, the sensor's data."""

    jpeg: Span
    sensor_header: Span
    sensor_data: Span


def read_header(read: Read) -> Raf | None:
    """Read the header; None for another file, or one that is cut in it."""
    head = read(0, RAF_HEADER_BYTES)
    if not head.startswith(RAF_SIGNATURE) or len(head) < RAF_HEADER_BYTES:
        return None
    at = struct.unpack(">6I", head[84:RAF_HEADER_BYTES])
    return Raf((at[0], at[1]), (at[2], at[3]), (at[4], at[5]))


def sensor_pixels(read: Read, raf: Raf) -> int:
    """Return the longer side of the sensor, 0 where the header does not say."""
    offset, length = raf.sensor_header
    data = read(offset, min(length, MAX_CFA_BYTES))
    at = 4
    for _ in range(_MAX_RECORDS):
        if at + 8 > len(data):
            return 0
        tag, size = struct.unpack_from(">HH", data, at)
        if tag == _SENSOR_SIZE and size >= 4:
            return int(max(struct.unpack_from(">HH", data, at + 4)))
        at += 4 + size
    return 0
