"""The boot sector of FAT32 and its FSInfo: planned and written. Counterpart: `fifthfloor.cards.fat_boot`.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03, sections "Boot Sector and BPB", "FAT Type
Determination" and "FAT32 FSInfo Sector Structure".
"""

from __future__ import annotations

import struct

from fifthfloor.cards.fat_boot import (
    BACKUP_SECTOR,
    BOOT_SIGNATURE,
    FSINFO_LEAD,
    FSINFO_STRUCT,
    MIN_CLUSTERS,
    FatGeometry,
)
from fifthfloor.errors import NoRoom

MAX_CAMERA_CLUSTER_BYTES = 32768  # the specification's largest; what cameras use from 4 GB on
_RESERVED_SECTORS = 32
_FSINFO_SECTOR, _FSINFO_TRAIL = 1, 0xAA550000


def plan(
    offset_bytes: int, length_bytes: int, sector_bytes: int, cluster_bytes: int, serial: int, label: str
) -> FatGeometry:
    """Lay out a new volume with two allocation tables, the heap on a multiple of the cluster from its start.

    Raises:
        NoRoom: fewer clusters than FAT32 has at least.
        ValueError: sizes that are not powers of two in FAT32's range.
    """
    per_cluster, rest = divmod(cluster_bytes, sector_bytes)
    if sector_bytes not in (512, 1024, 2048, 4096) or rest or per_cluster.bit_count() != 1 or per_cluster > 128:
        raise ValueError(f"clusters of {cluster_bytes} bytes in sectors of {sector_bytes}")
    sectors = length_bytes // sector_bytes
    clusters = max(0, sectors - _RESERVED_SECTORS) // per_cluster
    fat = -(-(clusters + 2) * 4 // sector_bytes)
    reserved = _RESERVED_SECTORS + -(_RESERVED_SECTORS + 2 * fat) % per_cluster
    clusters = (sectors - reserved - 2 * fat) // per_cluster
    if clusters < MIN_CLUSTERS:
        needed = (MIN_CLUSTERS * per_cluster + reserved + 2 * fat) * sector_bytes
        raise NoRoom("cards.too_small", size=length_bytes, needed=needed, cluster=cluster_bytes)
    return FatGeometry(
        offset_bytes=offset_bytes,
        length_bytes=sectors * sector_bytes,
        sector_bytes=sector_bytes,
        cluster_bytes=cluster_bytes,
        cluster_count=clusters,
        fat_offset_bytes=offset_bytes + reserved * sector_bytes,
        fat_bytes=fat * sector_bytes,
        fat_count=2,
        heap_offset_bytes=offset_bytes + (reserved + 2 * fat) * sector_bytes,
        root_cluster=2,
        fsinfo_offset_bytes=offset_bytes + _FSINFO_SECTOR * sector_bytes,
        serial=serial,
        formatter="MSDOS5.0",
        boot_label=label,
        state=0,
    )


def pack_boot(geometry: FatGeometry) -> bytes:
    """Write the boot sector of a planned volume, one sector long. Counterpart: `read_geometry`."""
    sector = geometry.sector_bytes
    reserved = (geometry.fat_offset_bytes - geometry.offset_bytes) // sector
    head = struct.pack(
        "<3s8sHBHBHHBHHHII",
        b"\xeb\x58\x90",
        geometry.formatter.encode("ascii").ljust(8),
        sector,
        geometry.cluster_bytes // sector,
        reserved,
        geometry.fat_count,
        0,
        0,
        0xF8,
        0,
        63,
        255,
        geometry.offset_bytes // sector,
        geometry.length_bytes // sector,
    )
    tail = struct.pack(
        "<IHHIHH12xBBBI11s8s",
        geometry.fat_bytes // sector,
        0,
        0,
        geometry.root_cluster,
        _FSINFO_SECTOR,
        BACKUP_SECTOR,
        0x80,
        geometry.state,
        0x29,
        geometry.serial,
        (geometry.boot_label or "NO NAME").encode("cp437").ljust(11)[:11],
        b"FAT32   ",
    )
    return (head + tail).ljust(510, b"\0") + BOOT_SIGNATURE + bytes(sector - 512)


def pack_fsinfo(free_clusters: int, next_free: int, sector_bytes: int) -> bytes:
    """Write an FSInfo sector. Counterpart: `read_fsinfo`."""
    return struct.pack("<I480xIII12xI", FSINFO_LEAD, FSINFO_STRUCT, free_clusters, next_free, _FSINFO_TRAIL) + bytes(
        sector_bytes - 512
    )


def fitting_cluster_bytes(length_bytes: int, sector_bytes: int) -> int:
    """The largest cluster, up to a camera's 32 KiB, with which so long a volume can be FAT32."""
    cluster = MAX_CAMERA_CLUSTER_BYTES
    while cluster > sector_bytes and length_bytes < (MIN_CLUSTERS + 512) * (cluster + 8):
        cluster //= 2
    return cluster
