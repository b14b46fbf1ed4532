"""Writes files to a FAT32 card through its file system, from the first free cluster on, as a camera does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import fat_entries
from fifthfloor.cards.extents import ByteRun, Extent, read_extents
from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput, NoRoom
from fifthfloor_theatre.cards.boot_packing import pack_fsinfo
from fifthfloor_theatre.cards.record_packing import pack_record, pack_short

MAX_FILE_BYTES = 0xFFFFFFFF  # the size field has 32 bits
_LAST = 0x0FFFFFFF
_ARCHIVE = 0x20  # the attribute of a file that was written since it was copied
_BLOCK = 1024  # table entries compared and written at once: 4 KiB


class _Drawer:
    """A directory while it is being written: its bytes, its clusters, and the short names in it."""

    def __init__(self, clusters: list[int], contents: bytes) -> None:
        self.clusters = clusters
        self.contents = bytearray(contents)
        slots = [contents[at : at + fat_entries.ENTRY_BYTES] for at in range(0, len(contents), fat_entries.ENTRY_BYTES)]
        ends = [index for index, slot in enumerate(slots) if slot[0] == fat_entries.END]
        self.used_bytes = (ends[0] if ends else len(slots)) * fat_entries.ENTRY_BYTES
        found = list(fat_entries.records(enumerate(slots)))
        self.short_names = {record.short[:11] for record in found}
        self.names = {record.name.upper() for record in found}
        self.changed = False


class FatWriter:
    """Writes files to the first volume of a FAT32 image; tables and directories are written by `close`.

    Args:
        path: an image made by `format_fat32` or by another formatter.

    Raises:
        BadInput: as `open_card`, or the first volume is not FAT32.
    """

    def __init__(self, path: Path) -> None:
        self._card = open_card(path, writable=True)
        volume = self._card.volumes[0]
        if not isinstance(volume, Fat32Volume):
            self._card.close()
            raise BadInput("cards.not_fat32", path=str(path))
        self._volume = volume
        self._device = self._card.device
        self._table: NDArray[np.uint32] = volume.chains.entries
        self._before = self._table.copy()
        self._directories = {"": self._load(volume.root_extents)}
        for file in volume.files():
            if file.is_directory:
                self._directories[file.path] = self._load(file.extents)
        self._lowest = 2

    @property
    def free_bytes(self) -> int:
        """What is free now, in whole clusters."""
        return int(np.count_nonzero(self._table[2:] == 0)) * self._volume.cluster_bytes

    def add_file(self, path_in_card: str, data: bytes, modified: datetime) -> None:
        """Write a new file, with the directories it is in.

        Args:
            path_in_card: "/" between names; must not exist.
            data: at most 4 GiB - 1.
            modified: the card's local time.

        Raises:
            BadInput: longer than FAT32 allows, or the name is there already.
            NoRoom: not enough free clusters.
        """
        if len(data) > MAX_FILE_BYTES:
            raise BadInput("cards.file_too_large", path=path_in_card, size=len(data), limit=MAX_FILE_BYTES)
        parent, _, name = path_in_card.rpartition("/")
        directory = self._ensure(parent, modified)
        if name.upper() in directory.names:
            raise BadInput("cards.exists", path=path_in_card)
        clusters = self._allocate(-(-len(data) // self._volume.cluster_bytes))
        done = 0
        for first, count in runs_from(clusters):
            piece = memoryview(data)[done : done + count * self._volume.cluster_bytes]
            self._device.write(self._place(first), piece)
            done += piece.nbytes
        first_cluster = clusters[0] if clusters else 0
        self._add_entry(directory, name, _ARCHIVE, first_cluster, len(data), modified)

    def add_directory(self, path_in_card: str, modified: datetime) -> None:
        """Make a directory, and those it is in, where they are not there yet."""
        self._ensure(path_in_card, modified)

    def close(self) -> None:
        """Write tables, FSInfo and directories, and close the image."""
        for directory in self._directories.values():
            if directory.changed:
                self._write_directory(directory)
        self._write_tables()
        if self._volume.geometry.fsinfo_offset_bytes is not None:
            free = np.flatnonzero(self._table[2:] == 0)
            following = int(free[0]) + 2 if free.size else 0xFFFFFFFF
            info = pack_fsinfo(int(free.size), following, self._volume.sector_bytes)
            self._device.write(self._volume.geometry.fsinfo_offset_bytes, info)
        self._device.flush()
        self._card.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _load(self, extents: tuple[Extent, ...]) -> _Drawer:
        length = sum(extent.length_bytes for extent in extents)
        contents = b"".join(read_extents(self._device, extents, length))
        clusters = [
            (extent.offset_bytes - self._volume.heap_offset_bytes + at) // self._volume.cluster_bytes + 2
            for extent in extents
            for at in range(0, extent.length_bytes, self._volume.cluster_bytes)
        ]
        return _Drawer(clusters, contents)

    def _ensure(self, path: str, moment: datetime) -> _Drawer:
        found = self._directories.get(path)
        if found is not None:
            return found
        above, _, name = path.rpartition("/")
        parent = self._ensure(above, moment)
        cluster = self._allocate(1)[0]
        up = parent.clusters[0] if above else 0  # ".." of a directory in the root says 0
        dots = b"".join(
            pack_record(dot, dot.encode().ljust(11), fat_entries.DIRECTORY, at, 0, moment)
            for dot, at in ((".", cluster), ("..", up))
        )
        made = _Drawer([cluster], dots.ljust(self._volume.cluster_bytes, b"\0"))
        made.changed = True
        self._directories[path] = made
        self._add_entry(parent, name, fat_entries.DIRECTORY, cluster, 0, moment)
        return made

    def _add_entry(
        self, directory: _Drawer, name: str, attributes: int, cluster: int, size: int, moment: datetime
    ) -> None:
        short = pack_short(name, directory.short_names)
        packed = pack_record(name, short, attributes, cluster, size, moment)
        if directory.used_bytes + len(packed) > len(directory.contents):
            more = self._allocate(1)
            self._table[directory.clusters[-1]] = more[0]
            directory.clusters += more
            directory.contents += bytes(self._volume.cluster_bytes)
        directory.contents[directory.used_bytes : directory.used_bytes + len(packed)] = packed
        directory.used_bytes += len(packed)
        directory.short_names.add(short)
        directory.names.add(name.upper())
        directory.changed = True

    def _allocate(self, count: int) -> list[int]:
        """Take the lowest free clusters and chain them."""
        free = np.flatnonzero(self._table[self._lowest :] == 0)[:count] + self._lowest
        if free.size < count:
            size = self._volume.cluster_bytes
            raise NoRoom("cards.card_full", free=int(free.size) * size, needed=count * size)
        clusters = [int(cluster) for cluster in free]
        for here, following in zip(clusters, [*clusters[1:], _LAST], strict=False):
            self._table[here] = following
        if clusters:
            self._lowest = clusters[-1] + 1
        return clusters

    def _place(self, cluster: int) -> int:
        return self._volume.heap_offset_bytes + (cluster - 2) * self._volume.cluster_bytes

    def _write_directory(self, directory: _Drawer) -> None:
        size = self._volume.cluster_bytes
        for index, cluster in enumerate(directory.clusters):
            self._device.write(self._place(cluster), directory.contents[index * size : (index + 1) * size])

    def _write_tables(self) -> None:
        geometry = self._volume.geometry
        changed = np.flatnonzero(self._table != self._before) // _BLOCK
        for block in np.unique(changed):
            start = int(block) * _BLOCK
            raw = self._table[start : start + _BLOCK].tobytes()
            for copy in range(geometry.fat_count):
                self._device.write(geometry.fat_offset_bytes + copy * geometry.fat_bytes + start * 4, raw)


def runs_from(clusters: Sequence[int]) -> list[ByteRun]:
    """Gather cluster numbers, in order of contents, into runs."""
    runs: list[ByteRun] = []
    for cluster in clusters:
        if runs and runs[-1][0] + runs[-1][1] == cluster:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((cluster, 1))
    return runs
