"""The walk over every directory of a volume, and what is free afterwards: what FAT32 and exFAT share.

A file system says which names a directory holds and where a name's clusters are; the order, and what becomes of names
behind an end mark, is said here once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import ByteRun, Extent, on_device, runs_of
from fifthfloor.cards.paths import PathBook
from fifthfloor.cards.volume import Geometry, VisibleFile


class DirectoryName(Protocol):
    """One name in a directory, as either file system writes it; nothing of it is believed yet."""

    @property
    def name(self) -> str: ...
    @property
    def first_cluster(self) -> int: ...
    @property
    def offsets_bytes(self) -> tuple[int, ...]: ...


E = TypeVar("E", bound=DirectoryName)
G = TypeVar("G", bound=Geometry)


class Walk(ABC, Generic[G, E]):
    """Visits every directory once, claiming every cluster.

    Args:
        device, geometry, chains, place, bearing: of the volume.
    """

    def __init__(self, device: Device, geometry: G, chains: Chains, place: str, bearing: Bearing) -> None:
        self._device = device
        self._geometry = geometry
        self._chains = chains
        self._place = place
        self._bearing = bearing
        self._waiting: deque[tuple[str, tuple[Extent, ...]]] = deque()
        self.book = PathBook(place, bearing)

    @abstractmethod
    def _names(self, parent: str, extents: tuple[Extent, ...]) -> Iterator[E]:
        """Read the names of a directory, to its end mark."""

    @abstractmethod
    def _behind(self, extents: tuple[Extent, ...]) -> Iterator[E]:
        """Read what stands behind a directory's end mark and is marked neither as deleted nor as empty."""

    @abstractmethod
    def _visible(self, entry: E, path: str) -> VisibleFile:
        """Claim the clusters of a name, and say what it shows."""

    def every_directory(self, root: tuple[Extent, ...]) -> None:
        """Walk from the root; then what stands behind an end mark, once every other name has its clusters."""
        self._waiting.append(("", root))
        behind: deque[tuple[str, E]] = deque()
        while self._waiting or behind:
            while self._waiting:
                parent, extents = self._waiting.popleft()
                for entry in self._names(parent, extents):
                    self._list(parent, entry)
                behind += ((parent, entry) for entry in self._behind(extents))
            if behind:
                parent, entry = behind.popleft()
                # What was deleted long ago, or was never a name, points to clusters that are free or another file's.
                if self._chains.is_lost(entry.first_cluster):
                    self._live_behind_the_end(parent, entry)

    def _list(self, parent: str, entry: E) -> None:
        path = self.book.join(parent, entry.name)
        if path is None:
            return
        file = self._visible(entry, path)
        if self.book.add(file) and file.is_directory:
            self._waiting.append((file.path, file.extents))

    def _live_behind_the_end(self, parent: str, entry: E) -> None:
        """List what Linux, fsck.fat and Sleuth Kit list and Windows does not: it owns clusters."""
        path = f"{parent}/{entry.name}" if parent else entry.name
        self._bearing.fault("cards.behind_end", place=self._place, path=path)
        self._bearing.behind_end.update(entry.offsets_bytes)
        self._list(parent, entry)


def on_heap(geometry: Geometry, runs: list[ByteRun]) -> tuple[Extent, ...]:
    """Turn runs of clusters into extents on the device."""
    return on_device(runs, geometry.heap_offset_bytes, geometry.cluster_bytes)


def free_extents(geometry: Geometry, is_free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Turn one truth value a cluster into `Volume.free`: bytes on the device, rising, not touching, read-only."""
    free = runs_of(is_free)
    free *= geometry.cluster_bytes
    free[:, 0] += geometry.heap_offset_bytes
    free.flags.writeable = False
    return free
