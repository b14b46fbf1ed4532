"""The first sectors of an exFAT volume, and its up-case table.

Source: Microsoft "exFAT file system specification" 1.00, sections 3 (boot region) and 7.2 (up-case table).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.chains import MAX_CLUSTERS
from fifthfloor.cards.device import Device
from fifthfloor.cards.volume import Geometry
from fifthfloor.errors import BadInput

BOOT_SECTORS = 11  # that the checksum in the twelfth covers (section 3.4)
ACTIVE_FAT, DIRTY, MEDIA_FAILURE = 0x01, 0x02, 0x04  # VolumeFlags, section 3.1.13
MAX_CLUSTER_SHIFT = 25  # 32 MiB, section 3.1.15
MAX_UPCASE_BYTES = 131072  # 65,536 units of two bytes, uncompressed


@dataclass(frozen=True, slots=True, kw_only=True)
class ExfatGeometry(Geometry):
    """The same for exFAT."""

    percent_used: int


def read_geometry(
    device: Device, place: str, offset_bytes: int, limit_bytes: int, bearing: Bearing | None = None
) -> ExfatGeometry:
    """Check the main boot region and return what it says.

    Args:
        device: the card.
        place: what to call the volume in an error.
        offset_bytes: of the volume on the device.
        limit_bytes: length of its partition.
        bearing: what is done about what operating systems read all the same; a reader also takes the backup region
            where the main one is damaged.

    Raises:
        BadInput: a field out of its range, a wrong checksum, a volume that was not closed, or TexFAT's second table.
    """
    bearing = bearing or Bearing()
    main, holds = _region(device, offset_bytes, 0)
    if not holds:
        copies = [_region(device, offset_bytes, at) for at in _BACKUPS] if bearing.lenient else []
        backup = next((boot for boot, sound in copies if sound), None)
        if backup is not None:
            bearing.fault("cards.boot_copy", path=place)
            return _geometry(backup, place, offset_bytes, limit_bytes, bearing)
    geometry = _geometry(main, place, offset_bytes, limit_bytes, bearing)
    if not holds:
        bearing.fault("cards.boot_checksum", path=place)
    return geometry


_BACKUPS = (12 * 512, 12 * 4096)  # section 3.2, for the two sectors of cards


def _region(device: Device, offset_bytes: int, at: int) -> tuple[bytes, bool]:
    """Read one of the two boot sectors; whether the checksum of its region holds."""
    if offset_bytes + at + 512 > device.size_bytes:
        return b"", False
    boot = device.read(offset_bytes + at, 512)
    shift = boot[108]
    if boot[3:11] != b"EXFAT   " or not 9 <= shift <= 12:
        return boot, False
    length = min((BOOT_SECTORS + 1) << shift, device.size_bytes - offset_bytes - at)
    region = device.read(offset_bytes + at, length)
    stored = region[BOOT_SECTORS << shift :]
    return boot, stored == struct.pack("<I", boot_checksum(region[: BOOT_SECTORS << shift])) * (1 << shift - 2)


def _geometry(boot: bytes, place: str, offset_bytes: int, limit_bytes: int, bearing: Bearing) -> ExfatGeometry:
    length, fat, fat_length, heap, clusters, root, serial, revision, flags = struct.unpack_from("<QIIIIIIHH", boot, 72)
    shift, cluster_shift, fats, _, percent = struct.unpack_from("<BBBBB", boot, 108)
    if not 9 <= shift <= 12 or shift + cluster_shift > MAX_CLUSTER_SHIFT or not 0 < clusters <= MAX_CLUSTERS:
        raise BadInput("cards.exfat_boot", path=place)
    if boot[510:512] != b"\x55\xaa" or any(boot[11:64]) or revision >> 8 != 1:
        bearing.fault("cards.exfat_boot", path=place)
    if fats != 1 or flags & ACTIVE_FAT:
        bearing.fault("cards.texfat", path=place)
    if flags & DIRTY:
        bearing.light_fault("cards.dirty", path=place)
    if flags & MEDIA_FAILURE:
        bearing.light_fault("cards.media_errors", path=place)
    fits = (
        fat >= 24
        and fat + fat_length <= heap
        and heap + (clusters << cluster_shift) <= length
        and (clusters + 2) * 4 <= fat_length << shift
    )
    if not fits:
        bearing.fault("cards.exfat_boot", path=place)
    # A writer loses the last cluster where a camera made its volume a sector too long, and not the card.
    inside = ((limit_bytes >> shift) - heap) >> cluster_shift
    if inside < clusters - 1 or (length << shift) - limit_bytes > 1 << shift + cluster_shift:
        bearing.fault("cards.cut_short", path=place, length=length << shift, limit=limit_bytes)
    if inside < 1 or not fat or not heap:
        raise BadInput("cards.cut_short", path=place, length=length << shift, limit=limit_bytes)
    return ExfatGeometry(
        offset_bytes=offset_bytes,
        length_bytes=min(length << shift, limit_bytes),
        sector_bytes=1 << shift,
        cluster_bytes=1 << shift + cluster_shift,
        cluster_count=min(clusters, inside),
        fat_offset_bytes=offset_bytes + (fat + (fat_length if fats == 2 and flags & ACTIVE_FAT else 0) << shift),
        fat_bytes=fat_length << shift,
        heap_offset_bytes=offset_bytes + (heap << shift),
        root_cluster=root,
        serial=serial,
        formatter=boot[3:11].decode("ascii", "replace").rstrip(" \0"),
        percent_used=percent,
        active_fat=int(fats == 2 and bool(flags & ACTIVE_FAT)),
        lost_clusters=clusters - min(clusters, inside),
    )


def boot_checksum(region: bytes) -> int:
    """The 32-bit checksum over the first eleven sectors, VolumeFlags and PercentInUse left out (section 3.4)."""
    return table_checksum(region[:106] + region[108:112] + region[113:])


def table_checksum(data: bytes) -> int:
    """The 32-bit rotating checksum of the boot region and of the up-case table (section 7.2.2)."""
    total = 0
    for byte in data:
        total = ((total & 1) << 31 | total >> 1) + byte & 0xFFFFFFFF
    return total


def plain_upcase() -> NDArray[np.uint16]:
    """The table of a reader who has found none: 65,536 units, ASCII's small letters made capital."""
    table = np.arange(65536, dtype=np.uint16)
    table[ord("a") : ord("z") + 1] -= 32
    return table


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
