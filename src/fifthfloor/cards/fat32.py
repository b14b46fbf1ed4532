"""FAT32 volumes: geometry, free clusters, visible files.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03 (2000); departures in spec/deviations.md.
Rule: the file allocation table decides what is free; FSInfo is a hint, shown and never believed.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import fat_entries
from fifthfloor.cards.chains import MAX_CLUSTERS, Chains
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import on_device, read_extents, runs_of
from fifthfloor.cards.paths import PathBook
from fifthfloor.cards.volume import Extent, FileSystem, VisibleFile, VolumeFacts
from fifthfloor.errors import BadInput

MIN_CLUSTERS = 65525  # fewer and the same bytes are FAT16 to a reader of the specification (section "FAT Type")
ENTRY_MASK = 0x0FFFFFFF  # the upper four bits of an entry are reserved and may hold anything
BAD = 0x0FFFFFF7
END_OF_CHAIN = 0x0FFFFFF8
CLEAN_SHUTDOWN, NO_DISK_ERRORS = 0x08000000, 0x04000000  # in entry 1; set means all is well
MAX_DIRECTORY_BYTES = 65536 * fat_entries.ENTRY_BYTES  # section "FAT Directory Structure"
_FSINFO_LEAD, _FSINFO_STRUCT = 0x41615252, 0x61417272
_UNKNOWN = 0xFFFFFFFF


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


@dataclass(frozen=True, slots=True, eq=False)
class Fat32Volume:
    """A FAT32 volume whose structures have been checked; made by `load`."""

    file_system: ClassVar[FileSystem] = "fat32"

    device: Device
    geometry: Geometry
    chains: Chains
    free: NDArray[np.int64]
    label: str
    facts: VolumeFacts
    root_extents: tuple[Extent, ...]
    _files: tuple[VisibleFile, ...]

    @property
    def offset_bytes(self) -> int:
        return self.geometry.offset_bytes

    @property
    def length_bytes(self) -> int:
        return self.geometry.length_bytes

    @property
    def sector_bytes(self) -> int:
        return self.geometry.sector_bytes

    @property
    def cluster_bytes(self) -> int:
        return self.geometry.cluster_bytes

    @property
    def cluster_count(self) -> int:
        return self.geometry.cluster_count

    @property
    def heap_offset_bytes(self) -> int:
        return self.geometry.heap_offset_bytes

    def files(self) -> Iterator[VisibleFile]:
        return iter(self._files)

    def read_file(self, file: VisibleFile) -> Iterator[bytes]:
        return read_extents(self.device, file.extents, file.size_bytes)


def load(device: Device, offset_bytes: int, limit_bytes: int) -> Fat32Volume:
    """Read and check a FAT32 volume.

    Args:
        device: the card.
        offset_bytes: where the volume's boot sector is.
        limit_bytes: length of its partition, which it may not exceed.

    Raises:
        BadInput: anything that does not hold together; the card must then not be written.
    """
    place = f"{device.path}@{offset_bytes}" if offset_bytes else device.path
    geometry = read_geometry(device.read(offset_bytes, 512), place, offset_bytes, limit_bytes)
    entries = _read_table(device, geometry, place)
    chains = Chains(place, entries, entries[2:] != 0, END_OF_CHAIN, BAD)
    root_extents = _extents(geometry, chains, geometry.root_cluster, "/")
    label, files = _walk(device, geometry, chains, root_extents, place)
    free = runs_of(entries[2:] == 0)
    free *= geometry.cluster_bytes
    free[:, 0] += geometry.heap_offset_bytes
    free.flags.writeable = False
    facts = _facts(device, geometry)
    return Fat32Volume(device, geometry, chains, free, label or geometry.boot_label, facts, root_extents, tuple(files))


def read_geometry(boot: bytes, place: str, offset_bytes: int, limit_bytes: int) -> Geometry:
    """Check a boot sector (section "Boot Sector and BPB") and return what it says; raises like `load`."""
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


def _read_table(device: Device, geometry: Geometry, place: str) -> NDArray[np.uint32]:
    """Read the first table, refuse mirrors that differ and volumes that were not closed."""
    length = (geometry.cluster_count + 2) * 4
    entries = np.empty(geometry.cluster_count + 2, "<u4")
    view = entries.view(np.uint8).data
    piece = 1 << 22
    for start in range(0, length, piece):
        end = min(start + piece, length)
        device.read_into(geometry.fat_offset_bytes + start, view[start:end])
        for copy in range(1, geometry.fat_count):
            mirror = device.read(geometry.fat_offset_bytes + copy * geometry.fat_bytes + start, end - start)
            if mirror != view[start:end]:
                _compare(entries[start // 4 : end // 4], np.frombuffer(mirror, "<u4"), start // 4, place)
    if not int(entries[1]) & CLEAN_SHUTDOWN or geometry.state & 1:
        raise BadInput("cards.dirty", path=place)
    if not int(entries[1]) & NO_DISK_ERRORS or geometry.state & 2:
        raise BadInput("cards.media_errors", path=place)
    entries &= np.uint32(ENTRY_MASK)
    return entries


def _compare(first: NDArray[np.uint32], second: NDArray[np.uint32], start: int, place: str) -> None:
    differ = np.flatnonzero((first ^ second) & np.uint32(ENTRY_MASK)) + start
    differ = differ[differ >= 2]
    if differ.size:
        raise BadInput("cards.mirrors_differ", path=place, count=int(differ.size), cluster=int(differ[0]))


def _walk(
    device: Device, geometry: Geometry, chains: Chains, root: tuple[Extent, ...], place: str
) -> tuple[str, list[VisibleFile]]:
    """Visit every directory once, claiming every cluster; returns the label in the root and all files."""
    book = PathBook(place)
    label = ""
    waiting = deque([("", root)])
    while waiting:
        parent, extents = waiting.popleft()
        for record in fat_entries.records(slots(device, extents, parent or "/", place)):
            if record.attributes & fat_entries.VOLUME_LABEL:
                if not parent and not label:
                    label = record.short[:11].decode("cp437").rstrip(" ")
                continue
            file = _visible(geometry, chains, record, book.join(parent, record.name), place)
            book.add(file)
            if file.is_directory:
                waiting.append((file.path, file.extents))
    return label, book.files


def _visible(geometry: Geometry, chains: Chains, record: fat_entries.Record, path: str, place: str) -> VisibleFile:
    is_directory = bool(record.attributes & fat_entries.DIRECTORY)
    first = record.first_cluster
    if not first and (is_directory or record.size_bytes):
        raise BadInput("cards.no_chain", place=place, path=path)
    extents = _extents(geometry, chains, first, path) if first else ()
    allocated = sum(extent.length_bytes for extent in extents)
    if not is_directory and record.size_bytes > allocated:
        raise BadInput("cards.chain_short", place=place, path=path, size=record.size_bytes, allocated=allocated)
    return VisibleFile(path, is_directory, allocated if is_directory else record.size_bytes, extents, record.modified)


def _extents(geometry: Geometry, chains: Chains, first: int, owner: str) -> tuple[Extent, ...]:
    return on_device(chains.follow(first, owner), geometry.heap_offset_bytes, geometry.cluster_bytes)


def slots(device: Device, extents: tuple[Extent, ...], path: str, place: str) -> Iterator[fat_entries.Slot]:
    """Read a directory entry by entry with its offset on the device, to the end of its clusters or the limit."""
    done = 0
    step = fat_entries.ENTRY_BYTES
    for extent in extents:
        piece = 1 << 16
        for start in range(0, extent.length_bytes, piece):
            at = extent.offset_bytes + start
            data = device.read(at, min(piece, extent.length_bytes - start))
            for index in range(0, len(data), step):
                if done >= MAX_DIRECTORY_BYTES:
                    raise BadInput("cards.directory_long", place=place, path=path, limit=MAX_DIRECTORY_BYTES // step)
                yield at + index, data[index : index + step]
                done += step


def _facts(device: Device, geometry: Geometry) -> VolumeFacts:
    """Read the hints of FSInfo (section "FAT32 FSInfo Sector Structure") where it is one."""
    free: int | None = None
    following: int | None = None
    if geometry.fsinfo_offset_bytes is not None:
        info = device.read(geometry.fsinfo_offset_bytes, 512)
        if struct.unpack_from("<I480xI", info) == (_FSINFO_LEAD, _FSINFO_STRUCT):
            hints = struct.unpack_from("<II", info, 488)
            free, following = (None if hint == _UNKNOWN else hint for hint in hints)
    return VolumeFacts(geometry.serial, geometry.formatter, free, following, None)
