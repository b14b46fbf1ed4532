"""exFAT volumes: geometry, free clusters, visible files.

Source: Microsoft "exFAT file system specification" 1.00; departures in spec/deviations.md.
Rule: the allocation bitmap alone decides what is free. Most files of a camera have no entries in the allocation
table (NoFatChain), so a reader that looked there would take live photographs for free space.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import exfat_entries as entries
from fifthfloor.cards.bearing import Bearing, Unchained
from fifthfloor.cards.behind_end import slots_behind_end
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.device import Device
from fifthfloor.cards.directory_walk import Walk, free_extents, on_heap
from fifthfloor.cards.exfat_boot import (
    MAX_UPCASE_BYTES,
    ExfatGeometry,
    plain_upcase,
    read_geometry,
    upcase,
    upcase_table,
)
from fifthfloor.cards.extents import ByteRun, Extent, behind, read_extents
from fifthfloor.cards.fat_entries import ENTRY_BYTES, Slot
from fifthfloor.cards.volume import FileSystem, VisibleFile, Volume, VolumeFacts
from fifthfloor.errors import BadInput

_EXFAT_BAD = 0xFFFFFFF7
EXFAT_END_OF_CHAIN = 0xFFFFFFF8
MAX_EXFAT_DIRECTORY_BYTES = 256 << 20  # section 7.6.7
_UNKNOWN_PERCENT = 0xFF


@dataclass(frozen=True, slots=True, eq=False)
class ExfatVolume(Volume):
    """An exFAT volume whose structures have been checked; made by `load`."""

    file_system: ClassVar[FileSystem] = "exfat"

    geometry: ExfatGeometry

    bitmap_extents: tuple[Extent, ...]
    structure_tails: tuple[Extent, ...] = ()

    @property
    def tails(self) -> tuple[Extent, ...]:
        return self.structure_tails

    def read_file(self, file: VisibleFile) -> Iterator[bytes]:
        written = file.size_bytes if file.written_bytes is None else file.written_bytes
        yield from read_extents(self.device, file.extents, written)
        for start in range(written, file.size_bytes, 1 << 20):
            yield bytes(min(1 << 20, file.size_bytes - start))


def load(device: Device, offset_bytes: int, limit_bytes: int, *, bearing: Bearing | None = None) -> ExfatVolume:
    """Read and check an exFAT volume; arguments and errors as `fat32.load`."""
    bearing = bearing or Bearing()
    place = f"{device.path}@{offset_bytes}" if offset_bytes else device.path
    geometry = read_geometry(device, place, offset_bytes, limit_bytes, bearing)
    table = _read_table(device, geometry)
    # The bitmap is found in the root directory, which is a chain: until then every cluster counts as taken.
    taken = np.ones(geometry.cluster_count, np.bool_)
    chains = Chains(place, table, taken, EXFAT_END_OF_CHAIN, _EXFAT_BAD, bearing)
    root = on_heap(geometry, chains.root(geometry.root_cluster))
    special = _Special(device, geometry, chains, place, bearing)
    found = special.entries(root)
    bitmap = special.bitmap(found.get(entries.BITMAP))
    walk = _ExfatWalk(device, geometry, chains, place, bearing)
    walk.upcase = special.upcase(found.get(entries.UPCASE, b""))
    walk.every_directory(root)
    bearing.settle()
    free = free_extents(geometry, ~chains.allocated & (table[2:] != _EXFAT_BAD))
    label = _label(found.get(entries.LABEL, b""))
    files = tuple(walk.book.files)
    tails = tuple(special.tails)
    return ExfatVolume(device, geometry, chains, free, label, _facts(geometry), root, files, bearing, bitmap, tails)


def _read_table(device: Device, geometry: ExfatGeometry) -> NDArray[np.uint32]:
    """Read the active table; it has no mirror, and may end before the last cluster where a reader bears it."""
    # Clusters without an entry, which only a reader bears, have no chain: most files of a camera need none.
    table = np.zeros(geometry.cluster_count + 2, "<u4")
    there = max(0, min(table.nbytes, geometry.fat_bytes, device.size_bytes - geometry.fat_offset_bytes))
    device.read_into(geometry.fat_offset_bytes, table.view(np.uint8).data[:there])
    return table


class _Special:
    """What FAT32 has no need of: bitmap and up-case table, files without a name that the root points to.

    Args:
        device, geometry, chains, place, bearing: of the volume.
    """

    def __init__(self, device: Device, geometry: ExfatGeometry, chains: Chains, place: str, bearing: Bearing) -> None:
        self._device = device
        self._geometry = geometry
        self._chains = chains
        self._place = place
        self._bearing = bearing
        self.tails: list[Extent] = []

    def entries(self, root: tuple[Extent, ...]) -> dict[int, bytes]:
        """Find bitmap, up-case table and label in the root; refuse what an exFAT 1.00 reader may not mount."""
        found: dict[int, bytes] = {}
        slots = directory_slots(self._device, root, "/", self._place, self._bearing)
        for item in entries.entry_sets(slots, self._place, "/", self._bearing):
            if isinstance(item, entries.FileSet):
                continue
            kind = item[1][0]
            if kind == entries.BITMAP and self._geometry.active_fat != item[1][1] & 1 and self._bearing.lenient:
                continue  # TexFAT's other bitmap (section 7.1.1)
            if kind in found:
                self._bearing.fault("cards.entry_twice", place=self._place, kind=f"{kind:#04x}")
            if kind not in (entries.BITMAP, entries.UPCASE, entries.LABEL):
                if not kind & entries.BENIGN:
                    self._bearing.fault("cards.entry_unknown", place=self._place, kind=f"{kind:#04x}")
                continue
            found.setdefault(kind, item[1])
        for kind in (entries.BITMAP, entries.UPCASE):
            if kind not in found:
                self._bearing.fault("cards.entry_missing", place=self._place, kind=f"{kind:#04x}")
        return found

    def bitmap(self, entry: bytes | None) -> tuple[Extent, ...]:
        """Read the allocation bitmap (section 7.1) and check that it covers the heap and itself."""
        if entry is None:  # what no file uses is free to a reader
            self._chains.allocated[:] = False
            self._chains.now_allocated(self._chains.allocated, "/")
            return ()
        count = self._geometry.cluster_count
        length = int.from_bytes(entry[24:32], "little")
        if length < -(-count // 8) or (entry[1] & 1 and not self._bearing.lenient):
            self._bearing.fault("cards.bitmap_short", place=self._place, length=length, needed=-(-count // 8))
        runs = self._chains.follow(int.from_bytes(entry[20:24], "little"), "cards.what.bitmap")
        extents = on_heap(self._geometry, runs)
        room = sum(extent.length_bytes for extent in extents)
        if room < length:
            self._bearing.fault("cards.bitmap_short", place=self._place, length=room, needed=length)
        data = b"".join(read_extents(self._device, extents, min(length, -(-count // 8)))).ljust(-(-count // 8), b"\0")
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little", count=count).view(np.bool_)
        self._chains.now_allocated(bits, "cards.what.root_or_bitmap")
        self.tails += behind(extents, -(-count // 8))
        return extents

    def upcase(self, entry: bytes) -> NDArray[np.uint16]:
        """Read the up-case table (section 7.2), with which names are hashed."""
        try:
            length = int.from_bytes(entry[24:32], "little")
            if not 0 < length <= MAX_UPCASE_BYTES:
                raise BadInput("cards.upcase", path=self._place)
            runs = self._chains.follow(int.from_bytes(entry[20:24], "little"), "cards.what.upcase")
            extents = on_heap(self._geometry, runs)
            if sum(extent.length_bytes for extent in extents) < length:
                raise BadInput("cards.upcase", path=self._place)
            data = b"".join(read_extents(self._device, extents, length))
            self.tails += behind(extents, length)
            return upcase_table(data, int.from_bytes(entry[4:8], "little"), self._place)
        except BadInput as error:
            self._bearing.bear(error)
            return plain_upcase()


class _ExfatWalk(Walk[ExfatGeometry, entries.FileSet]):
    """The walk over the directories of exFAT; names carry a hash, which the up-case table decides."""

    upcase: NDArray[np.uint16]

    def _names(self, parent: str, extents: tuple[Extent, ...]) -> Iterator[entries.FileSet]:
        path = parent or "/"
        slots = directory_slots(self._device, extents, path, self._place, self._bearing)
        for item in entries.entry_sets(slots, self._place, path, self._bearing):
            if isinstance(item, entries.FileSet):
                self._check_hash(item, path)
                yield item

    def _behind(self, extents: tuple[Extent, ...]) -> Iterator[entries.FileSet]:
        left = list(slots_behind_end(self._device, extents, MAX_EXFAT_DIRECTORY_BYTES))
        yield from entries.sets_in_use(left)

    def _check_hash(self, item: entries.FileSet, path: str) -> None:
        if entries.name_hash(upcase(item.name, self.upcase)) != item.name_hash:
            self._bearing.fault("cards.name_hash", place=self._place, path=path, name=item.name)

    def _visible(self, item: entries.FileSet, path: str) -> VisibleFile:
        size, written = item.size_bytes, item.written_bytes
        cluster = self._geometry.cluster_bytes
        wrong = written > size or (
            item.is_directory and (written != size or size % cluster or size > max(MAX_EXFAT_DIRECTORY_BYTES, cluster))
        )
        if wrong:
            self._bearing.fault("cards.entry_sizes", place=self._place, path=path, size=size, written=written)
            written = min(size, written)
        if item.is_directory and not size and item.first_cluster:
            # It has a place: what its first cluster names is there to some readers, and lost to others.
            self._bearing.fault("cards.entry_sizes", place=self._place, path=path, size=size, written=written)
            size = written = cluster
        here = (item.flags, item.first_cluster, size)
        extents = on_heap(self._geometry, self._runs(here, path, directory=item.is_directory))
        # What a maker keeps behind a name is nobody's file: a reader searches it as it does lost clusters.
        for allocation in item.vendor_allocations if not self._bearing.lenient else ():
            self._runs(allocation, path)
        allocated = sum(extent.length_bytes for extent in extents)
        if size > allocated:
            self._bearing.fault("cards.chain_short", place=self._place, path=path, size=size, allocated=allocated)
            lost = Unchained(path, item.is_directory, size, item.first_cluster, item.modified, item.offsets_bytes)
            self._bearing.without_chain(lost)
            size, written = allocated, min(written, allocated)  # what is there can be read, and no more
        return VisibleFile(path, item.is_directory, size, extents, item.modified, written)

    def _runs(self, allocation: tuple[int, int, int], path: str, *, directory: bool = False) -> list[ByteRun]:
        """Claim what an entry's flags, first cluster and bytes say."""
        flags, first_cluster, size_bytes = allocation
        clusters = -(-size_bytes // self._geometry.cluster_bytes)
        if not first_cluster:
            return []
        if flags & entries.NO_FAT_CHAIN:
            return self._chains.take(first_cluster, clusters, path, directory=directory) if clusters else []
        if self._bearing.lenient and clusters and self._has_no_entry(first_cluster):
            # Some cameras say that a chain is in the table and write none: the clusters are in one run.
            self._bearing.fault("cards.chain_missing", place=self._place, path=path)
            return self._chains.take(first_cluster, clusters, path, directory=directory)
        return self._chains.follow(first_cluster, path, directory=directory)

    def _has_no_entry(self, cluster: int) -> bool:
        return 2 <= cluster < self._chains.entries.size and not self._chains.entries[cluster]


def directory_slots(
    device: Device, extents: tuple[Extent, ...], path: str, place: str, bearing: Bearing | None = None
) -> Iterator[Slot]:
    """Read a directory entry by entry with its offset on the device, to the end of its clusters or the limit."""
    done = 0
    for extent in extents:
        for start in range(0, extent.length_bytes, 1 << 16):
            at = extent.offset_bytes + start
            data = device.read(at, min(1 << 16, extent.length_bytes - start))
            for index in range(0, len(data), ENTRY_BYTES):
                yield at + index, data[index : index + ENTRY_BYTES]
            done += len(data)
            if done > MAX_EXFAT_DIRECTORY_BYTES:
                limit = MAX_EXFAT_DIRECTORY_BYTES // ENTRY_BYTES
                (bearing or Bearing()).fault("cards.directory_long", place=place, path=path, limit=limit)
                return


def _label(entry: bytes) -> str:
    count = min(entry[1], 11) if entry else 0
    return entry[2 : 2 + 2 * count].decode("utf-16-le", "replace")


def _facts(geometry: ExfatGeometry) -> VolumeFacts:
    percent = None if geometry.percent_used == _UNKNOWN_PERCENT else geometry.percent_used
    return VolumeFacts(geometry.serial, geometry.formatter, None, None, percent)
