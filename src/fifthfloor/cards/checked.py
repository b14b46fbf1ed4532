"""What the volumes of both file systems are made of; each adds its own tables and the way to read its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import read_extents, runs_of
from fifthfloor.cards.volume import Extent, VisibleFile, VolumeFacts


class Placed(Protocol):
    """What the two geometries (`fat_boot.Geometry`, `exfat_boot.Geometry`) have in common."""

    @property
    def offset_bytes(self) -> int: ...
    @property
    def length_bytes(self) -> int: ...
    @property
    def sector_bytes(self) -> int: ...
    @property
    def cluster_bytes(self) -> int: ...
    @property
    def cluster_count(self) -> int: ...
    @property
    def heap_offset_bytes(self) -> int: ...
    @property
    def lost_clusters(self) -> int: ...


G = TypeVar("G", bound=Placed)


@dataclass(frozen=True, slots=True, eq=False)
class CheckedVolume(Generic[G]):
    """A volume whose structures have been checked: all of `volume.Volume` but the name of its file system.

    Args:
        device: stays the caller's to close.
        geometry: by its boot sector.
        chains: its allocation table, every cluster claimed by whom it belongs to.
        free, label, facts, root_extents: as in `volume.Volume`.
        visible: its files and directories, directories before what they hold.
        bearing: what was borne while it was read.
    """

    device: Device
    geometry: G
    chains: Chains
    free: NDArray[np.int64]
    label: str
    facts: VolumeFacts
    root_extents: tuple[Extent, ...]
    visible: tuple[VisibleFile, ...]
    bearing: Bearing

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

    @property
    def lost_clusters(self) -> int:
        return self.geometry.lost_clusters

    @property
    def lost(self) -> NDArray[np.int64]:
        extents = runs_of(self.chains.lost()) * self.cluster_bytes
        extents[:, 0] += self.heap_offset_bytes
        return extents

    def files(self) -> Iterator[VisibleFile]:
        return iter(self.visible)

    def read_file(self, file: VisibleFile) -> Iterator[bytes]:
        return read_extents(self.device, file.extents, file.size_bytes)
