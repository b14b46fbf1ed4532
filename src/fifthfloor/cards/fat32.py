"""FAT32 volumes: geometry, free clusters, visible files.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03 (2000); departures in spec/deviations.md.
Rule: the file allocation table decides what is free; FSInfo is a hint, shown and never believed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import fat_entries
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.checked import CheckedVolume
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import on_device, runs_of
from fifthfloor.cards.fat_boot import ENTRY_MASK, Geometry, read_fsinfo, read_geometry
from fifthfloor.cards.paths import PathBook
from fifthfloor.cards.volume import Extent, FileSystem, VisibleFile, VolumeFacts
from fifthfloor.errors import BadInput

BAD = 0x0FFFFFF7
END_OF_CHAIN = 0x0FFFFFF8
CLEAN_SHUTDOWN, NO_DISK_ERRORS = 0x08000000, 0x04000000  # in entry 1; set means all is well
_PIECE_BYTES = 1 << 22  # of the table, read and compared at once
MAX_DIRECTORY_BYTES = 65536 * fat_entries.ENTRY_BYTES  # section "FAT Directory Structure"


@dataclass(frozen=True, slots=True, eq=False)
class Fat32Volume(CheckedVolume[Geometry]):
    """A FAT32 volume whose structures have been checked; made by `load`."""

    file_system: ClassVar[FileSystem] = "fat32"


def load(device: Device, offset_bytes: int, limit_bytes: int, *, mending: bool = False) -> Fat32Volume:
    """Read and check a FAT32 volume.

    Args:
        device: the card.
        offset_bytes: where the volume's boot sector is.
        limit_bytes: length of its partition, which it may not exceed.
        mending: bear tables that differ as a deletion leaves them that was stopped: in clusters of no file, free in
            one of them. Such clusters count as taken.

    Raises:
        BadInput: anything that does not hold together; the card must then not be written.
    """
    place = f"{device.path}@{offset_bytes}" if offset_bytes else device.path
    geometry = read_geometry(device.read(offset_bytes, 512), place, offset_bytes, limit_bytes)
    entries, unsettled = _read_table(device, geometry, place, mending)
    chains = Chains(place, entries, entries[2:] != 0, END_OF_CHAIN, BAD)
    root_extents = _extents(geometry, chains, geometry.root_cluster, "/")
    label, files = _walk(device, geometry, chains, root_extents, place)
    if chains.claims(unsettled):
        raise BadInput("cards.mirrors_differ", path=place, count=unsettled.size, cluster=int(unsettled[0]))
    free = runs_of(entries[2:] == 0)
    free *= geometry.cluster_bytes
    free[:, 0] += geometry.heap_offset_bytes
    free.flags.writeable = False
    facts = _facts(device, geometry)
    return Fat32Volume(device, geometry, chains, free, label or geometry.boot_label, facts, root_extents, tuple(files))


def _read_table(
    device: Device, geometry: Geometry, place: str, mending: bool
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Read the first table, refuse mirrors that differ and volumes that were not closed.

    Returns:
        The table, and the clusters in which the tables differ where that may be borne.
    """
    length = (geometry.cluster_count + 2) * 4
    entries = np.empty(geometry.cluster_count + 2, "<u4")
    view = entries.view(np.uint8).data
    unsettled = [np.empty(0, np.int64)]
    for start in range(0, length, _PIECE_BYTES):
        end = min(start + _PIECE_BYTES, length)
        device.read_into(geometry.fat_offset_bytes + start, view[start:end])
        for copy in range(1, geometry.fat_count):
            mirror = device.read(geometry.fat_offset_bytes + copy * geometry.fat_bytes + start, end - start)
            if mirror != view[start:end]:
                part = entries[start // 4 : end // 4]
                unsettled.append(_compare(part, np.frombuffer(mirror, "<u4"), start // 4, place, mending))
    if not int(entries[1]) & CLEAN_SHUTDOWN or geometry.state & 1:
        raise BadInput("cards.dirty", path=place)
    if not int(entries[1]) & NO_DISK_ERRORS or geometry.state & 2:
        raise BadInput("cards.media_errors", path=place)
    entries &= np.uint32(ENTRY_MASK)
    return entries, np.concatenate(unsettled)


def _compare(
    first: NDArray[np.uint32], second: NDArray[np.uint32], start: int, place: str, mending: bool
) -> NDArray[np.int64]:
    """Find the clusters in which two tables differ; where that may be borne, take the entry that is not free."""
    mask = np.uint32(ENTRY_MASK)
    at = np.flatnonzero((first ^ second) & mask)
    at = at[at + start >= 2]
    free_in_one = (first[at] & mask == 0) | (second[at] & mask == 0)
    if at.size and not (mending and free_in_one.all()):
        raise BadInput("cards.mirrors_differ", path=place, count=int(at.size), cluster=int(at[0]) + start)
    first[at] |= second[at]
    return at + start


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
    hints: tuple[int | None, int | None] = (None, None)
    if geometry.fsinfo_offset_bytes is not None:
        hints = read_fsinfo(device.read(geometry.fsinfo_offset_bytes, 512))
    return VolumeFacts(geometry.serial, geometry.formatter, *hints, None)
