"""exFAT volumes: geometry, free clusters, visible files.

Source: Microsoft "exFAT file system specification" 1.00; departures in spec/deviations.md.
Rule: the allocation bitmap alone decides what is free. Most files of a camera have no entries in the allocation
table (NoFatChain), so a reader that looked there would take live photographs for free space.
"""

from __future__ import annotations

from collections import deque
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
from fifthfloor.cards.exfat_boot import (
    MAX_UPCASE_BYTES,
    ExfatGeometry,
    plain_upcase,
    read_geometry,
    upcase,
    upcase_table,
)
from fifthfloor.cards.extents import Extent, Run, on_device, read_extents, runs_of
from fifthfloor.cards.fat_entries import ENTRY_BYTES, Slot
from fifthfloor.cards.paths import PathBook
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
    upcase: NDArray[np.uint16]

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
    return _Loader(device, place, geometry, bearing).volume()


class _Loader:
    """What is known of a volume while it is being read."""

    def __init__(self, device: Device, place: str, geometry: ExfatGeometry, bearing: Bearing) -> None:
        self._device = device
        self._place = place
        self._geometry = geometry
        self._bearing = bearing
        # Clusters without an entry, which only a reader bears, have no chain: most files of a camera need none.
        table = np.zeros(geometry.cluster_count + 2, "<u4")
        there = max(0, min(table.nbytes, geometry.fat_bytes, device.size_bytes - geometry.fat_offset_bytes))
        device.read_into(geometry.fat_offset_bytes, table.view(np.uint8).data[:there])
        # The bitmap is found in the root directory, which is a chain: until then every cluster counts as taken.
        self._chains = Chains(
            place, table, np.ones(geometry.cluster_count, np.bool_), EXFAT_END_OF_CHAIN, _EXFAT_BAD, bearing
        )
        self._book = PathBook(place, bearing)
        self._bits: tuple[Extent, ...] = ()

    def volume(self) -> ExfatVolume:
        root = self._on_device(self._chains.follow(self._geometry.root_cluster, "/"))
        special = self._special_entries(root)
        bitmap = self._read_bitmap(special[entries.BITMAP]) if entries.BITMAP in special else self._no_bitmap()
        table = self._read_upcase(special.get(entries.UPCASE, b""))
        self._walk(root, table)
        free = runs_of(~self._chains.allocated & (self._chains.entries[2:] != _EXFAT_BAD))
        free *= self._geometry.cluster_bytes
        free[:, 0] += self._geometry.heap_offset_bytes
        free.flags.writeable = False
        percent = None if self._geometry.percent_used == _UNKNOWN_PERCENT else self._geometry.percent_used
        return ExfatVolume(
            self._device,
            self._geometry,
            self._chains,
            free,
            _label(special.get(entries.LABEL, b"")),
            VolumeFacts(self._geometry.serial, self._geometry.formatter, None, None, percent),
            root,
            tuple(self._book.files),
            self._bearing,
            bitmap,
            table,
        )

    def _no_bitmap(self) -> tuple[Extent, ...]:
        """Without a bitmap, what no file uses is free to a reader."""
        self._chains.allocated[:] = False
        self._chains.now_allocated(self._chains.allocated, "/")
        return ()

    def _special_entries(self, root: tuple[Extent, ...]) -> dict[int, bytes]:
        """Find bitmap, up-case table and label in the root; refuse what an exFAT 1.00 reader may not mount."""
        found: dict[int, bytes] = {}
        for item in entries.entry_sets(self._slots(root, "/"), self._place, "/", self._bearing):
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

    def _read_bitmap(self, entry: bytes) -> tuple[Extent, ...]:
        """Read the allocation bitmap (section 7.1) and check that it covers the heap and itself."""
        count = self._geometry.cluster_count
        length = int.from_bytes(entry[24:32], "little")
        if length < -(-count // 8) or (entry[1] & 1 and not self._bearing.lenient):
            self._bearing.fault("cards.bitmap_short", place=self._place, length=length, needed=-(-count // 8))
        runs = self._chains.follow(int.from_bytes(entry[20:24], "little"), "cards.what.bitmap")
        extents = self._on_device(runs)
        room = sum(extent.length_bytes for extent in extents)
        if room < length:
            self._bearing.fault("cards.bitmap_short", place=self._place, length=room, needed=length)
        data = b"".join(read_extents(self._device, extents, min(length, -(-count // 8)))).ljust(-(-count // 8), b"\0")
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little", count=count).view(np.bool_)
        self._chains.now_allocated(bits, "cards.what.root_or_bitmap")
        return extents

    def _read_upcase(self, entry: bytes) -> NDArray[np.uint16]:
        try:
            length = int.from_bytes(entry[24:32], "little")
            if not 0 < length <= MAX_UPCASE_BYTES:
                raise BadInput("cards.upcase", path=self._place)
            runs = self._chains.follow(int.from_bytes(entry[20:24], "little"), "cards.what.upcase")
            extents = self._on_device(runs)
            if sum(extent.length_bytes for extent in extents) < length:
                raise BadInput("cards.upcase", path=self._place)
            data = b"".join(read_extents(self._device, extents, length))
            return upcase_table(data, int.from_bytes(entry[4:8], "little"), self._place)
        except BadInput as error:
            self._bearing.bear(error)
            return plain_upcase()

    def _walk(self, root: tuple[Extent, ...], table: NDArray[np.uint16]) -> None:
        """Visit every directory once; then what stands behind an end mark, once every other name has its clusters."""
        waiting = deque([("", root)])
        behind: deque[tuple[str, entries.FileSet]] = deque()
        while waiting or behind:
            while waiting:
                parent, extents = waiting.popleft()
                for item in entries.entry_sets(
                    self._slots(extents, parent or "/"), self._place, parent or "/", self._bearing
                ):
                    if isinstance(item, entries.FileSet):
                        self._check_hash(item, parent, table)
                        self._list(parent, item, waiting)
                left = list(slots_behind_end(self._device, extents, MAX_EXFAT_DIRECTORY_BYTES))
                behind += ((parent, item) for item in entries.sets_in_use(left))
            if behind:
                parent, item = behind.popleft()
                # What was deleted long ago points to clusters that are free or another file's.
                if self._chains.is_lost(item.first_cluster):
                    path = f"{parent}/{item.name}" if parent else item.name
                    self._bearing.fault("cards.behind_end", place=self._place, path=path)
                    self._bearing.behind_end.update(item.offsets_bytes)
                    self._bearing.behind_paths.add(path)
                    self._list(parent, item, waiting)

    def _check_hash(self, item: entries.FileSet, parent: str, table: NDArray[np.uint16]) -> None:
        if entries.name_hash(upcase(item.name, table)) != item.name_hash:
            self._bearing.fault("cards.name_hash", place=self._place, path=parent or "/", name=item.name)

    def _list(self, parent: str, item: entries.FileSet, waiting: deque[tuple[str, tuple[Extent, ...]]]) -> None:
        path = self._book.join(parent, item.name)
        if path is None:
            return
        file = self._visible(item, path)
        if self._book.add(file) and file.is_directory:
            waiting.append((file.path, file.extents))

    def _visible(self, item: entries.FileSet, path: str) -> VisibleFile:
        size, written = item.size_bytes, item.written_bytes
        cluster = self._geometry.cluster_bytes
        wrong = written > size or (
            item.is_directory and (written != size or size % cluster or size > max(MAX_EXFAT_DIRECTORY_BYTES, cluster))
        )
        if wrong:
            self._bearing.fault("cards.entry_sizes", place=self._place, path=path, size=size, written=written)
            written = min(size, written)
        extents = self._on_device(self._runs(item.flags, item.first_cluster, size, path))
        for flags, first, length in item.vendor_allocations:
            self._runs(flags, first, length, path)
        allocated = sum(extent.length_bytes for extent in extents)
        if size > allocated:
            self._bearing.fault("cards.chain_short", place=self._place, path=path, size=size, allocated=allocated)
            lost = Unchained(path, item.is_directory, size, item.first_cluster, item.modified, item.offsets_bytes)
            self._bearing.without_chain(lost)
            size, written = allocated, min(written, allocated)  # what is there can be read, and no more
        return VisibleFile(path, item.is_directory, size, extents, item.modified, written)

    def _runs(self, flags: int, first_cluster: int, size_bytes: int, path: str) -> list[Run]:
        clusters = -(-size_bytes // self._geometry.cluster_bytes)
        if not first_cluster:
            return []
        if flags & entries.NO_FAT_CHAIN:
            return self._chains.take(first_cluster, clusters, path) if clusters else []
        if self._bearing.lenient and clusters and self._has_no_entry(first_cluster):
            # Some cameras say that a chain is in the table and write none: the clusters are in one run.
            self._bearing.fault("cards.chain_missing", place=self._place, path=path)
            return self._chains.take(first_cluster, clusters, path)
        return self._chains.follow(first_cluster, path)

    def _has_no_entry(self, cluster: int) -> bool:
        return 2 <= cluster < self._chains.entries.size and not self._chains.entries[cluster]

    def _on_device(self, runs: list[Run]) -> tuple[Extent, ...]:
        return on_device(runs, self._geometry.heap_offset_bytes, self._geometry.cluster_bytes)

    def _slots(self, extents: tuple[Extent, ...], path: str) -> Iterator[Slot]:
        return directory_slots(self._device, extents, path, self._place, self._bearing)


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
