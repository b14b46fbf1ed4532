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
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.checked import CheckedVolume
from fifthfloor.cards.device import Device
from fifthfloor.cards.exfat_boot import MAX_UPCASE_BYTES, Geometry, read_geometry, upcase, upcase_table
from fifthfloor.cards.extents import Run, on_device, read_extents, runs_of
from fifthfloor.cards.fat_entries import ENTRY_BYTES, Slot
from fifthfloor.cards.paths import PathBook
from fifthfloor.cards.volume import Extent, FileSystem, VisibleFile, VolumeFacts
from fifthfloor.errors import BadInput

BAD = 0xFFFFFFF7
END_OF_CHAIN = 0xFFFFFFF8
MAX_DIRECTORY_BYTES = 256 << 20  # section 7.6.7
_UNKNOWN_PERCENT = 0xFF


@dataclass(frozen=True, slots=True, eq=False)
class ExfatVolume(CheckedVolume[Geometry]):
    """An exFAT volume whose structures have been checked; made by `load`."""

    file_system: ClassVar[FileSystem] = "exfat"

    bitmap_extents: tuple[Extent, ...]
    upcase: NDArray[np.uint16]

    def read_file(self, file: VisibleFile) -> Iterator[bytes]:
        written = file.size_bytes if file.written_bytes is None else file.written_bytes
        yield from read_extents(self.device, file.extents, written)
        for start in range(written, file.size_bytes, 1 << 20):
            yield bytes(min(1 << 20, file.size_bytes - start))


def load(device: Device, offset_bytes: int, limit_bytes: int) -> ExfatVolume:
    """Read and check an exFAT volume; arguments and errors as `fat32.load`."""
    place = f"{device.path}@{offset_bytes}" if offset_bytes else device.path
    return _Loader(device, place, read_geometry(device, place, offset_bytes, limit_bytes)).volume()


class _Loader:
    """What is known of a volume while it is being read."""

    def __init__(self, device: Device, place: str, geometry: Geometry) -> None:
        self._device = device
        self._place = place
        self._geometry = geometry
        table = np.empty(geometry.cluster_count + 2, "<u4")
        device.read_into(geometry.fat_offset_bytes, table.view(np.uint8).data)
        # The bitmap is found in the root directory, which is a chain: until then every cluster counts as taken.
        self._chains = Chains(place, table, np.ones(geometry.cluster_count, np.bool_), END_OF_CHAIN, BAD)
        self._book = PathBook(place)

    def volume(self) -> ExfatVolume:
        root = self._on_device(self._chains.follow(self._geometry.root_cluster, "/"))
        special = self._special_entries(root)
        bitmap = self._read_bitmap(special[entries.BITMAP])
        table = self._read_upcase(special[entries.UPCASE])
        self._walk(root, table)
        free = runs_of(~self._chains.allocated & (self._chains.entries[2:] != BAD))
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
            bitmap,
            table,
        )

    def _special_entries(self, root: tuple[Extent, ...]) -> dict[int, bytes]:
        """Find bitmap, up-case table and label in the root; refuse what an exFAT 1.00 reader may not mount."""
        found: dict[int, bytes] = {}
        for item in entries.entry_sets(self._slots(root, "/"), self._place, "/"):
            if isinstance(item, entries.FileSet):
                continue
            kind = item[1][0]
            if kind in found:
                raise BadInput("cards.entry_twice", place=self._place, kind=f"{kind:#04x}")
            if kind not in (entries.BITMAP, entries.UPCASE, entries.LABEL):
                if not kind & entries.BENIGN:
                    raise BadInput("cards.entry_unknown", place=self._place, kind=f"{kind:#04x}")
                continue
            found[kind] = item[1]
        for kind in (entries.BITMAP, entries.UPCASE):
            if kind not in found:
                raise BadInput("cards.entry_missing", place=self._place, kind=f"{kind:#04x}")
        return found

    def _read_bitmap(self, entry: bytes) -> tuple[Extent, ...]:
        """Read the allocation bitmap (section 7.1) and check that it covers the heap and itself."""
        count = self._geometry.cluster_count
        length = int.from_bytes(entry[24:32], "little")
        if length < -(-count // 8) or entry[1] & 1:
            raise BadInput("cards.bitmap_short", place=self._place, length=length, needed=-(-count // 8))
        runs = self._chains.follow(int.from_bytes(entry[20:24], "little"), "(allocation bitmap)")
        extents = self._on_device(runs)
        room = sum(extent.length_bytes for extent in extents)
        if room < length:
            raise BadInput("cards.bitmap_short", place=self._place, length=room, needed=length)
        data = b"".join(read_extents(self._device, extents, -(-count // 8)))
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little", count=count).view(np.bool_)
        self._chains.now_allocated(bits, "(root directory or allocation bitmap)")
        return extents

    def _read_upcase(self, entry: bytes) -> NDArray[np.uint16]:
        length = int.from_bytes(entry[24:32], "little")
        if not 0 < length <= MAX_UPCASE_BYTES:
            raise BadInput("cards.upcase", path=self._place)
        runs = self._chains.follow(int.from_bytes(entry[20:24], "little"), "(up-case table)")
        extents = self._on_device(runs)
        if sum(extent.length_bytes for extent in extents) < length:
            raise BadInput("cards.upcase", path=self._place)
        data = b"".join(read_extents(self._device, extents, length))
        return upcase_table(data, int.from_bytes(entry[4:8], "little"), self._place)

    def _walk(self, root: tuple[Extent, ...], table: NDArray[np.uint16]) -> None:
        waiting = deque([("", root)])
        while waiting:
            parent, extents = waiting.popleft()
            for item in entries.entry_sets(self._slots(extents, parent or "/"), self._place, parent or "/"):
                if not isinstance(item, entries.FileSet):
                    continue
                if entries.name_hash(upcase(item.name, table)) != item.name_hash:
                    raise BadInput("cards.name_hash", place=self._place, path=parent or "/", name=item.name)
                file = self._visible(item, self._book.join(parent, item.name))
                self._book.add(file)
                if file.is_directory:
                    waiting.append((file.path, file.extents))

    def _visible(self, item: entries.FileSet, path: str) -> VisibleFile:
        size, written = item.size_bytes, item.written_bytes
        cluster = self._geometry.cluster_bytes
        wrong = written > size or (
            item.is_directory and (written != size or size % cluster or size > max(MAX_DIRECTORY_BYTES, cluster))
        )
        if wrong:
            raise BadInput("cards.entry_sizes", place=self._place, path=path, size=size, written=written)
        extents = self._on_device(self._runs(item.flags, item.first_cluster, size, path))
        for flags, first, length in item.vendor_allocations:
            self._runs(flags, first, length, path)
        allocated = sum(extent.length_bytes for extent in extents)
        if size > allocated:
            raise BadInput("cards.chain_short", place=self._place, path=path, size=size, allocated=allocated)
        return VisibleFile(path, item.is_directory, size, extents, item.modified, written)

    def _runs(self, flags: int, first_cluster: int, size_bytes: int, path: str) -> list[Run]:
        clusters = -(-size_bytes // self._geometry.cluster_bytes)
        if not first_cluster:
            return []
        if flags & entries.NO_FAT_CHAIN:
            return self._chains.take(first_cluster, clusters, path) if clusters else []
        return self._chains.follow(first_cluster, path)

    def _on_device(self, runs: list[Run]) -> tuple[Extent, ...]:
        return on_device(runs, self._geometry.heap_offset_bytes, self._geometry.cluster_bytes)

    def _slots(self, extents: tuple[Extent, ...], path: str) -> Iterator[Slot]:
        return directory_slots(self._device, extents, path, self._place)


def directory_slots(device: Device, extents: tuple[Extent, ...], path: str, place: str) -> Iterator[Slot]:
    """Read a directory entry by entry with its offset on the device, to the end of its clusters or the limit."""
    done = 0
    for extent in extents:
        for start in range(0, extent.length_bytes, 1 << 16):
            at = extent.offset_bytes + start
            data = device.read(at, min(1 << 16, extent.length_bytes - start))
            for index in range(0, len(data), ENTRY_BYTES):
                yield at + index, data[index : index + ENTRY_BYTES]
            done += len(data)
            if done > MAX_DIRECTORY_BYTES:
                raise BadInput("cards.directory_long", place=place, path=path, limit=MAX_DIRECTORY_BYTES // ENTRY_BYTES)


def _label(entry: bytes) -> str:
    count = min(entry[1], 11) if entry else 0
    return entry[2 : 2 + 2 * count].decode("utf-16-le", "replace")
