"""The boot sector of FAT32 and its FSInfo: read and checked.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03, sections "Boot Sector and BPB", "FAT Type
Determination" and "FAT32 FSInfo Sector Structure"; departures in spec/deviations.md.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fifthfloor.cards.chains import MAX_CLUSTERS
from fifthfloor.errors import BadInput

MIN_CLUSTERS = 65525  # fewer and the same bytes are FAT16 to a reader of the specification
ENTRY_MASK = 0x0FFFFFFF  # the upper four bits of an entry are reserved and may hold anything
FSINFO_LEAD, FSINFO_STRUCT, FSINFO_TRAIL = 0x41615252, 0x61417272, 0xAA550000
UNKNOWN_HINT = 0xFFFFFFFF
SIGNATURE = b"\x55\xaa"


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where things are, from a boot sector that has been checked. Offsets are bytes on the device."""

    offset_bytes: int
    length_bytes: int
    sector_bytes: int
    cluster_bytes: int
    cluster_count: int
    fat_offset_bytes: int
    fat_bytes: int
    fat_count: int
    heap_offset_bytes: int
    root_cluster: int
    fsinfo_offset_bytes: int | None
    backup_boot_offset_bytes: int | None
    serial: int
    formatter: str
    boot_label: str
    state: int


def read_geometry(boot: bytes, place: str, offset_bytes: int, limit_bytes: int) -> Geometry:
    """Check a boot sector and return what it says.

    Args:
        boot: its first 512 bytes.
        place: what to call the volume in an error.
        offset_bytes: of the volume on the device.
        limit_bytes: length of its partition.

    Raises:
        BadInput: it is not FAT32, or says what no FAT32 volume can be.
    """
    sector, per_cluster, reserved, fat_count, root_entries, sectors16, _, fat16 = struct.unpack_from(
        "<HBHBHHBH", boot, 11
    )
    sectors32, fat32, flags, version, root, fsinfo, backup = struct.unpack_from("<IIHHIHH", boot, 32)
    if boot[510:512] != b"\x55\xaa" or sector not in (512, 1024, 2048, 4096) or per_cluster.bit_count() != 1:
        raise BadInput("cards.fat_boot", path=place)
    if fat16 or root_entries or not fat32:
        raise BadInput("cards.fat16", path=place)
    sectors = sectors32 or sectors16
    heap_sector = reserved + fat_count * fat32
    clusters = (sectors - heap_sector) // per_cluster
    if version or not reserved or fat_count not in (1, 2) or heap_sector >= sectors:
        raise BadInput("cards.fat_boot", path=place)
    if sectors * sector > limit_bytes:
        raise BadInput("cards.cut_short", path=place, length=sectors * sector, limit=limit_bytes)
    if flags & 0x80:
        raise BadInput("cards.fat_mirroring_off", path=place)
    if clusters < MIN_CLUSTERS:
        raise BadInput("cards.fat_small", path=place, clusters=clusters, least=MIN_CLUSTERS)
    if clusters > MAX_CLUSTERS or fat32 * sector < (clusters + 2) * 4:
        raise BadInput("cards.fat_boot", path=place)
    return Geometry(
        offset_bytes=offset_bytes,
        length_bytes=sectors * sector,
        sector_bytes=sector,
        cluster_bytes=per_cluster * sector,
        cluster_count=clusters,
        fat_offset_bytes=offset_bytes + reserved * sector,
        fat_bytes=fat32 * sector,
        fat_count=fat_count,
        heap_offset_bytes=offset_bytes + heap_sector * sector,
        root_cluster=root & ENTRY_MASK,
        fsinfo_offset_bytes=offset_bytes + fsinfo * sector if 0 < fsinfo < reserved else None,
        backup_boot_offset_bytes=offset_bytes + backup * sector if 0 < backup < reserved else None,
        serial=int.from_bytes(boot[67:71], "little"),
        formatter=boot[3:11].decode("ascii", "replace").rstrip(" \0"),
        boot_label="" if boot[71:82] == b"NO NAME    " else boot[71:82].decode("cp437").rstrip(" \0"),
        state=boot[65],
    )


def read_fsinfo(sector: bytes) -> tuple[int | None, int | None]:
    """Read FSInfo's hints (free clusters, next free), each None where it says nothing."""
    if struct.unpack_from("<I480xI", sector) != (FSINFO_LEAD, FSINFO_STRUCT):
        return None, None
    free, following = (None if hint == UNKNOWN_HINT else hint for hint in struct.unpack_from("<II", sector, 488))
    return free, following
