"""The first sectors of an exFAT volume, and its up-case table.

Source: Microsoft "exFAT file system specification" 1.00, sections 3 (boot region) and 7.2 (up-case table).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.chains import MAX_CLUSTERS
from fifthfloor.cards.device import Device
from fifthfloor.errors import BadInput

BOOT_SECTORS = 11  # that the checksum in the twelfth covers (section 3.4)
ACTIVE_FAT, DIRTY, MEDIA_FAILURE = 0x01, 0x02, 0x04  # VolumeFlags, section 3.1.13
MAX_CLUSTER_SHIFT = 25  # 32 MiB, section 3.1.15
MAX_UPCASE_BYTES = 131072  # 65,536 units of two bytes, uncompressed


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where things are, from a boot region that has been checked. Offsets are bytes on the device."""

    offset_bytes: int
    length_bytes: int
    sector_bytes: int
    cluster_bytes: int
    cluster_count: int
    fat_offset_bytes: int
    fat_bytes: int
    heap_offset_bytes: int
    root_cluster: int
    serial: int
    formatter: str
    percent_used: int


def read_geometry(device: Device, place: str, offset_bytes: int, limit_bytes: int) -> Geometry:
    """Check the main boot region and return what it says.

    Raises:
        BadInput: a field out of its range, a wrong checksum, a volume that was not closed, or TexFAT's second table.
    """
    boot = device.read(offset_bytes, 512)
    length, fat, fat_length, heap, clusters, root, serial, revision, flags = struct.unpack_from("<QIIIIIIHH", boot, 72)
    shift, cluster_shift, fats, _, percent = struct.unpack_from("<BBBBB", boot, 108)
    if boot[510:512] != b"\x55\xaa" or any(boot[11:64]) or revision >> 8 != 1 or not 9 <= shift <= 12:
        raise BadInput("cards.exfat_boot", path=place)
    if length << shift > limit_bytes:
        raise BadInput("cards.cut_short", path=place, length=length << shift, limit=limit_bytes)
    if not _boot_checksum_holds(device, place, offset_bytes, 1 << shift, length):
        raise BadInput("cards.boot_checksum", path=place)
    if fats != 1 or flags & ACTIVE_FAT:
        raise BadInput("cards.texfat", path=place)
    if flags & DIRTY:
        raise BadInput("cards.dirty", path=place)
    if flags & MEDIA_FAILURE:
        raise BadInput("cards.media_errors", path=place)
    fits = (
        shift + cluster_shift <= MAX_CLUSTER_SHIFT
        and fat >= 24
        and fat + fat_length <= heap
        and 0 < clusters <= MAX_CLUSTERS
        and heap + (clusters << cluster_shift) <= length
        and (clusters + 2) * 4 <= fat_length << shift
    )
    if not fits:
        raise BadInput("cards.exfat_boot", path=place)
    return Geometry(
        offset_bytes=offset_bytes,
        length_bytes=length << shift,
        sector_bytes=1 << shift,
        cluster_bytes=1 << shift + cluster_shift,
        cluster_count=clusters,
        fat_offset_bytes=offset_bytes + (fat << shift),
        fat_bytes=fat_length << shift,
        heap_offset_bytes=offset_bytes + (heap << shift),
        root_cluster=root,
        serial=serial,
        formatter=boot[3:11].decode("ascii", "replace").rstrip(" \0"),
        percent_used=percent,
    )


def _boot_checksum_holds(device: Device, place: str, offset_bytes: int, sector_bytes: int, sectors: int) -> bool:
    if sectors <= BOOT_SECTORS:
        raise BadInput("cards.exfat_boot", path=place)
    region = device.read(offset_bytes, BOOT_SECTORS * sector_bytes)
    stored = device.read(offset_bytes + BOOT_SECTORS * sector_bytes, sector_bytes)
    return stored == struct.pack("<I", boot_checksum(region)) * (sector_bytes // 4)


def boot_checksum(region: bytes) -> int:
    """The 32-bit checksum over the first eleven sectors, VolumeFlags and PercentInUse left out (section 3.4)."""
    return table_checksum(region[:106] + region[108:112] + region[113:])


def table_checksum(data: bytes) -> int:
    """The 32-bit rotating checksum of the boot region and of the up-case table (section 7.2.2)."""
    total = 0
    for byte in data:
        total = ((total & 1) << 31 | total >> 1) + byte & 0xFFFFFFFF
    return total


def upcase_table(data: bytes, checksum: int, place: str) -> NDArray[np.uint16]:
    """Expand an up-case table (section 7.2.5: 0xFFFF and a count stand for characters that stay as they are).

    Returns:
        65,536 units; what the table leaves out maps to itself.

    Raises:
        BadInput: the checksum is wrong, the table is too long, or it moves one of the letters every name needs.
    """
    if len(data) % 2 or table_checksum(data) != checksum:
        raise BadInput("cards.upcase", path=place)
    table = np.arange(65536, dtype=np.uint16)
    units = np.frombuffer(data, "<u2")
    at = index = 0
    while index < units.size:
        if units[index] == 0xFFFF and index + 1 < units.size:
            at += int(units[index + 1])
            index += 2
            continue
        if at >= table.size:
            raise BadInput("cards.upcase", path=place)
        table[at] = units[index]
        at += 1
        index += 1
    letters = np.arange(128, dtype=np.uint16)
    letters[ord("a") : ord("z") + 1] -= 32
    if not np.array_equal(table[:128], letters):  # mandatory, section 7.2.5.1
        raise BadInput("cards.upcase", path=place)
    return table


def upcase(name: str, table: NDArray[np.uint16]) -> str:
    """Up-case a name, one UTF-16 unit at a time."""
    if name.isascii():
        return name.upper()  # `upcase_table` has checked that the table says the same
    units = np.frombuffer(name.encode("utf-16-le", "surrogatepass"), "<u2")
    raw: bytes = table[units].astype("<u2").tobytes()
    return raw.decode("utf-16-le", "surrogatepass")
