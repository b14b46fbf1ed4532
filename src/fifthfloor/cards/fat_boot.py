"""The boot sector of FAT32 and its FSInfo: read and checked.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03, sections "Boot Sector and BPB", "FAT Type
Determination" and "FAT32 FSInfo Sector Structure"; departures in spec/deviations.md.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.chains import MAX_CLUSTERS
from fifthfloor.cards.device import Device
from fifthfloor.cards.volume import Geometry
from fifthfloor.errors import BadInput

MIN_CLUSTERS = 65525  # fewer and the same bytes are FAT16 to a reader of the specification
ENTRY_MASK = 0x0FFFFFFF  # the upper four bits of an entry are reserved and may hold anything
FSINFO_LEAD, FSINFO_STRUCT = 0x41615252, 0x61417272
UNKNOWN_HINT = 0xFFFFFFFF
BOOT_SIGNATURE = b"\x55\xaa"
BACKUP_SECTOR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FatGeometry(Geometry):
    """The same for FAT32."""

    fat_count: int
    fsinfo_offset_bytes: int | None
    boot_label: str
    state: int


def read_geometry(
    boot: bytes, place: str, offset_bytes: int, limit_bytes: int, bearing: Bearing | None = None
) -> FatGeometry:
    """Check a boot sector and return what it says.

    Args:
        boot: its first 512 bytes.
        place: what to call the volume in an error.
        offset_bytes: of the volume on the device.
        limit_bytes: length of its partition.
        bearing: what is done about what operating systems read all the same.

    Raises:
        BadInput: it is not FAT32, or says what no FAT32 volume can be.
    """
    bearing = bearing or Bearing()
    numbers = _numbers_in(boot, place, limit_bytes, bearing)
    sector = numbers.sector_bytes
    room = _checked_room(numbers, place, limit_bytes, bearing)
    return FatGeometry(
        offset_bytes=offset_bytes,
        length_bytes=min(numbers.sectors * sector, limit_bytes),
        sector_bytes=sector,
        cluster_bytes=numbers.per_cluster * sector,
        cluster_count=room,
        fat_offset_bytes=offset_bytes + numbers.reserved * sector,
        fat_bytes=numbers.fat_sectors * sector,
        fat_count=numbers.fat_count,
        heap_offset_bytes=offset_bytes + numbers.heap_sector * sector,
        root_cluster=numbers.root & ENTRY_MASK,
        fsinfo_offset_bytes=offset_bytes + numbers.fsinfo * sector if 0 < numbers.fsinfo < numbers.reserved else None,
        serial=int.from_bytes(boot[67:71], "little"),
        formatter=boot[3:11].decode("ascii", "replace").rstrip(" \0"),
        boot_label="" if boot[71:82] == b"NO NAME    " else boot[71:82].decode("cp437").rstrip(" \0"),
        state=boot[65],
        active_fat=numbers.flags & 0x0F if numbers.flags & 0x80 and numbers.flags & 0x0F < numbers.fat_count else 0,
        lost_clusters=numbers.clusters - room,
    )


@dataclass(frozen=True, slots=True)
class _BootNumbers:
    """The numbers of a boot sector, as they stand there; places are in sectors of the volume."""

    sector_bytes: int
    per_cluster: int
    reserved: int
    fat_count: int
    fat_sectors: int
    sectors: int
    flags: int
    version: int
    root: int
    fsinfo: int

    @property
    def heap_sector(self) -> int:
        return self.reserved + self.fat_count * self.fat_sectors

    @property
    def clusters(self) -> int:
        return (self.sectors - self.heap_sector) // self.per_cluster


def _numbers_in(boot: bytes, place: str, limit_bytes: int, bearing: Bearing) -> _BootNumbers:
    """Read them. Raises BadInput where they are not those of a FAT32."""
    sector, per_cluster, reserved, fat_count, root_entries, sectors16, _, fat16 = struct.unpack_from(
        "<HBHBHHBH", boot, 11
    )
    sectors32, fat32, flags, version, root, fsinfo = struct.unpack_from("<IIHHIH", boot, 32)
    if sector not in (512, 1024, 2048, 4096) or per_cluster.bit_count() != 1:
        raise BadInput("cards.fat_boot", path=place)
    if boot[510:512] != BOOT_SIGNATURE:
        bearing.fault("cards.boot_signature", path=place)
    if fat16 or root_entries or not fat32:
        raise BadInput("cards.fat16", path=place)
    sectors = sectors32 or sectors16
    if not sectors:
        bearing.fault("cards.fat_boot", path=place)
        sectors = limit_bytes // sector
    return _BootNumbers(sector, per_cluster, reserved, fat_count, fat32, sectors, flags, version, root, fsinfo)


def _checked_room(numbers: _BootNumbers, place: str, limit_bytes: int, bearing: Bearing) -> int:
    """Return how many clusters there are room and entries for. Raises BadInput for what no FAT32 volume can be."""
    sector, heap_sector, clusters = numbers.sector_bytes, numbers.heap_sector, numbers.clusters
    if not numbers.reserved or not numbers.fat_count or heap_sector >= numbers.sectors:
        raise BadInput("cards.fat_boot", path=place)
    if clusters < MIN_CLUSTERS:
        bearing.fault("cards.fat_small", path=place, clusters=clusters, least=MIN_CLUSTERS)
    # Drivers use no cluster that is cut. A writer loses the last one, where a camera made its volume a sector too long.
    inside = (limit_bytes // sector - heap_sector) // numbers.per_cluster
    if inside < clusters - 1:
        bearing.fault("cards.cut_short", path=place, length=numbers.sectors * sector, limit=limit_bytes)
    if min(clusters, inside) > MAX_CLUSTERS or min(clusters, inside) < 1:
        raise BadInput("cards.fat_boot", path=place)
    if numbers.version or numbers.fat_count > 2:
        bearing.fault("cards.fat_boot", path=place)
    if numbers.flags & 0x80:
        bearing.fault("cards.fat_mirroring_off", path=place)
    with_entry = numbers.fat_sectors * sector // 4 - 2
    if with_entry < max(1, clusters - sector // 4):  # formatters have miscounted within the table's last sector
        bearing.fault("cards.fat_boot", path=place)
    return max(1, min(clusters, inside, with_entry))


def backup_boot(device: Device, offset_bytes: int, limit_bytes: int) -> bytes | None:
    """Return the copy of the boot sector, where `mkfs` and cameras put it; None where there is none."""
    for sector in (512, 4096):
        at = BACKUP_SECTOR * sector
        copy = device.read(offset_bytes + at, 512) if at + 512 <= limit_bytes else b""
        if copy[510:512] == BOOT_SIGNATURE and copy[11:13] == sector.to_bytes(2, "little") and any(copy[36:40]):
            return copy
    return None


def read_fsinfo(sector: bytes) -> tuple[int | None, int | None]:
    """Read FSInfo's hints (free clusters, next free), each None where it says nothing."""
    if struct.unpack_from("<I480xI", sector) != (FSINFO_LEAD, FSINFO_STRUCT):
        return None, None
    free, following = (None if hint == UNKNOWN_HINT else hint for hint in struct.unpack_from("<II", sector, 488))
    return free, following
