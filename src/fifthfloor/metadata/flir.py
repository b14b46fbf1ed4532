"""Place and serial numbers in a thermal camera's file (FLIR's FFF, in a JPEG's APP1).

Source: ExifTool's `FLIR.pm`: a header, a directory of records of 32 bytes, a record for the camera and one for GPS.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.text import text_of

SIGNATURES = (b"FFF\0", b"AFF\0")
_MAX_FLIR_RECORDS = 256
_CAMERA, _GPS = 0x20, 0x2B


@dataclass(frozen=True, slots=True)
class Thermal:
    """What it says; empty where it says nothing."""

    model: str = ""
    serial: str = ""
    lens_serial: str = ""
    place: tuple[float, float] | None = None


def read_thermal(data: bytes) -> Thermal:
    """Read an FFF file."""
    if data[:4] not in SIGNATURES or len(data) < 64:
        return Thermal()
    # The version at 20 is between 100 and 200 in the right order.
    order = ">" if 100 <= int.from_bytes(data[20:24], "big") < 200 else "<"
    at, count = struct.unpack(order + "II", data[24:32])
    model = serial = lens = ""
    place = None
    for start in range(at, min(at + 32 * min(count, _MAX_FLIR_RECORDS), len(data) - 31), 32):
        kind = struct.unpack_from(order + "H", data, start)[0]
        offset, length = struct.unpack_from(order + "II", data, start + 12)
        record = data[offset : offset + length]
        if kind == _CAMERA:
            model, serial, lens = (text_of(record[a : a + n]) for a, n in ((0xD4, 32), (0x104, 16), (0x1A0, 16)))
        elif kind == _GPS and len(record) >= 32:
            place = _place(record)
    return Thermal(model, serial, lens, place)


def _place(record: bytes) -> tuple[float, float] | None:
    for order in "<>":
        if struct.unpack_from(order + "I", record)[0] == 1:
            latitude, longitude = struct.unpack_from(order + "dd", record, 16)
            # The letters stand beside; numbers that have their own sign keep it.
            latitude = -abs(latitude) if record[8:9] == b"S" else latitude
            return checked_place(latitude, -abs(longitude) if record[10:11] == b"W" else longitude)
    return None
