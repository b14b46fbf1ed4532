"""FAT32 volumes: geometry, free clusters, visible files.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03 (2000); departures in spec/deviations.md.
Rule: the file allocation table decides what is free; FSInfo is a hint, shown and never believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import fat_entries
from fifthfloor.cards.bearing import Bearing, Unchained
from fifthfloor.cards.behind_end import slots_behind_end
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.device import Device
from fifthfloor.cards.directory_walk import Walk, free_extents, on_heap
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.fat_boot import ENTRY_MASK, FatGeometry, backup_boot, read_fsinfo, read_geometry
from fifthfloor.cards.volume import FileSystem, VisibleFile, Volume, VolumeFacts
from fifthfloor.errors import BadInput

FAT32_BAD = 0x0FFFFFF7
FAT32_END_OF_CHAIN = 0x0FFFFFF8
CLEAN_SHUTDOWN, NO_DISK_ERRORS = 0x08000000, 0x04000000  # in entry 1; set means all is well
_TABLE_PIECE_BYTES = 1 << 22  # of the table, read and compared at once
MAX_FAT_DIRECTORY_BYTES = 65536 * fat_entries.ENTRY_BYTES  # section "FAT Directory Structure"


@dataclass(frozen=True, slots=True)
class CopiesRead:
    """Which of the copies that FAT32 keeps are read; the first are every driver's.

    Args:
        boot_copy: the boot sector's copy.
        table: number of the allocation table; 0: the first, or the active one where mirroring is off.
    """

    boot_copy: bool = False
    table: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Fat32Volume(Volume):
    """A FAT32 volume whose structures have been checked; made by `load`."""

    file_system: ClassVar[FileSystem] = "fat32"

    geometry: FatGeometry


def load(
    device: Device,
    offset_bytes: int,
    limit_bytes: int,
    *,
    mending: bool = False,
    bearing: Bearing | None = None,
    way: CopiesRead = CopiesRead(),
) -> Fat32Volume:
    """Read and check a FAT32 volume.

    Args:
        device: the card.
        offset_bytes: where the volume's boot sector is.
        limit_bytes: length of its partition, which it may not exceed.
        mending: bear tables that differ as a deletion leaves them that was stopped: in clusters of no file, free in
            one of them. Such clusters count as taken.
        bearing: what is done about faults that operating systems live with; None: each is an error.
        way: which copies are read; others than the first by a reader alone (`soundest`).

    Raises:
        BadInput: anything that does not hold together; the card must then not be written.
    """
    bearing = bearing or Bearing()
    place = f"{device.path}@{offset_bytes}" if offset_bytes else device.path
    geometry = _geometry(device, place, offset_bytes, limit_bytes, bearing, way)
    table, unsettled = _read_table(device, geometry, place, mending, bearing)
    chains = Chains(place, table, table[2:] != 0, FAT32_END_OF_CHAIN, FAT32_BAD, bearing)
    root = on_heap(geometry, chains.root(geometry.root_cluster))
    walk = _FatWalk(device, geometry, chains, place, bearing)
    walk.every_directory(root)
    if chains.claims(unsettled):
        bearing.fault("cards.mirrors_differ", path=place, count=unsettled.size, cluster=int(unsettled[0]))
    bearing.settle()
    free = free_extents(geometry, ~chains.allocated)
    label = walk.label or geometry.boot_label
    files = tuple(walk.book.files)
    return Fat32Volume(device, geometry, chains, free, label, _facts(device, geometry), root, files, bearing)


def _geometry(
    device: Device, place: str, offset_bytes: int, limit_bytes: int, bearing: Bearing, way: CopiesRead
) -> FatGeometry:
    """Read the boot sector; a reader takes its copy where the first one says nothing."""
    boot, geometry = device.read(offset_bytes, 512), None
    if not way.boot_copy:
        try:
            geometry = read_geometry(boot, place, offset_bytes, limit_bytes, bearing)
        except BadInput:
            if not bearing.lenient:
                raise
    if geometry is None:
        copy = backup_boot(device, offset_bytes, limit_bytes)
        if copy is not None:
            bearing.fault("cards.boot_copy", path=place)
        geometry = read_geometry(copy or boot, place, offset_bytes, limit_bytes, bearing)
    return replace(geometry, active_fat=way.table) if 0 < way.table < geometry.fat_count else geometry


def _read_table(
    device: Device, geometry: FatGeometry, place: str, mending: bool, bearing: Bearing
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Read the first table (the active one, where mirroring is off), and compare it with its mirror.

    Returns:
        The table, and the clusters in which the tables differ where that may be borne.
    """
    length = (geometry.cluster_count + 2) * 4
    entries = np.empty(geometry.cluster_count + 2, "<u4")
    view = entries.view(np.uint8).data
    unsettled = [np.empty(0, np.int64)]
    active = geometry.fat_offset_bytes + geometry.active_fat * geometry.fat_bytes
    mirrors = range(1, geometry.fat_count) if not geometry.active_fat else ()  # a reader's second is compared with none
    for start in range(0, length, _TABLE_PIECE_BYTES):
        end = min(start + _TABLE_PIECE_BYTES, length)
        device.read_into(active + start, view[start:end])
        for copy in mirrors:
            mirror = device.read(geometry.fat_offset_bytes + copy * geometry.fat_bytes + start, end - start)
            if mirror != view[start:end]:
                part = entries[start // 4 : end // 4]
                second = np.frombuffer(mirror, "<u4")
                unsettled.append(_compare(part, second, start // 4, place, bearing, mending=mending))
    if not int(entries[1]) & CLEAN_SHUTDOWN or geometry.state & 1:
        bearing.light_fault("cards.dirty", path=place)
    if not int(entries[1]) & NO_DISK_ERRORS or geometry.state & 2:
        bearing.light_fault("cards.media_errors", path=place)
    entries &= np.uint32(ENTRY_MASK)
    return entries, np.concatenate(unsettled)


def _compare(
    first: NDArray[np.uint32], second: NDArray[np.uint32], start: int, place: str, bearing: Bearing, *, mending: bool
) -> NDArray[np.int64]:
    """Find the clusters in which two tables differ; where that may be borne, take the entry that is not free.

    A reader takes the first table as it is, as drivers do: dashcams and telephones write no other.
    """
    mask = np.uint32(ENTRY_MASK)
    at = np.flatnonzero((first ^ second) & mask)
    at = at[at + start >= 2]
    free_in_one = (first[at] & mask == 0) | (second[at] & mask == 0)
    if at.size and not (mending and free_in_one.all()):
        bearing.fault("cards.mirrors_differ", path=place, count=int(at.size), cluster=int(at[0]) + start)
        return np.empty(0, np.int64)
    first[at] |= second[at]
    return at + start


class _FatWalk(Walk[FatGeometry, fat_entries.Record]):
    """The walk over the directories of FAT32; the label is a name in the root."""

    label = ""

    def _names(self, parent: str, extents: tuple[Extent, ...]) -> Iterator[fat_entries.Record]:
        found = directory_slots(self._device, extents, parent or "/", self._place, self._bearing)
        for record in fat_entries.records(found):
            if not record.attributes & fat_entries.VOLUME_LABEL:
                yield record
            elif not parent and not self.label:
                self.label = record.short[:11].decode("cp437").rstrip(" ")

    def _behind(self, extents: tuple[Extent, ...]) -> Iterator[fat_entries.Record]:
        left = slots_behind_end(self._device, extents, MAX_FAT_DIRECTORY_BYTES)
        return (record for record in fat_entries.records(left) if fat_entries.is_lawful(record.short))

    def _visible(self, record: fat_entries.Record, path: str) -> VisibleFile:
        is_directory = bool(record.attributes & fat_entries.DIRECTORY)
        first, size = record.first_cluster, record.size_bytes
        if not first and (is_directory or size):
            self._bearing.fault("cards.no_chain", place=self._place, path=path)
        runs = self._chains.follow(first, path, directory=is_directory) if first else []
        extents = on_heap(self._geometry, runs)
        allocated = sum(extent.length_bytes for extent in extents)
        if not is_directory and size > allocated:
            self._bearing.fault("cards.chain_short", place=self._place, path=path, size=size, allocated=allocated)
        if first and (not extents or (not is_directory and size > allocated)):
            lost = Unchained(path, is_directory, size, first, record.modified, record.offsets_bytes)
            self._bearing.without_chain(lost)
        size = min(size, allocated)  # what is there can be read, and no more
        return VisibleFile(path, is_directory, allocated if is_directory else size, extents, record.modified)


def directory_slots(
    device: Device, extents: tuple[Extent, ...], path: str, place: str, bearing: Bearing | None = None
) -> Iterator[fat_entries.Slot]:
    """Read a directory entry by entry with its offset on the device, to the end of its clusters or the limit."""
    done = 0
    step = fat_entries.ENTRY_BYTES
    for extent in extents:
        piece = 1 << 16
        for start in range(0, extent.length_bytes, piece):
            at = extent.offset_bytes + start
            data = device.read(at, min(piece, extent.length_bytes - start))
            for index in range(0, len(data), step):
                if done >= MAX_FAT_DIRECTORY_BYTES:
                    limit = MAX_FAT_DIRECTORY_BYTES // step
                    (bearing or Bearing()).fault("cards.directory_long", place=place, path=path, limit=limit)
                    return
                yield at + index, data[index : index + step]
                done += step


def _facts(device: Device, geometry: FatGeometry) -> VolumeFacts:
    hints: tuple[int | None, int | None] = (None, None)
    if geometry.fsinfo_offset_bytes is not None:
        hints = read_fsinfo(device.read(geometry.fsinfo_offset_bytes, 512))
    return VolumeFacts(geometry.serial, geometry.formatter, *hints, None)
