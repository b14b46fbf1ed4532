"""What both file systems look like from above: a volume with free extents and visible files.

Offsets and lengths are bytes on the device (not in the partition), so that layers above never translate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.chains import Chains
from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import Extent, on_device, read_extents, runs_of

FileSystem = Literal["fat32", "exfat"]


@dataclass(frozen=True, slots=True)
class VisibleFile:
    """A file or directory the file system shows.

    Args:
        path: from the root, "/" between names, no leading "/".
        is_directory: whether its extents hold directory entries.
        size_bytes: of its contents; for a directory, of its clusters.
        extents: where its clusters are, whole clusters, in order of contents.
        modified: its last change in the card's local time, or None where the entry holds none or nonsense.
        written_bytes: how much of it was ever written (exFAT's ValidDataLength); the rest reads as zeros.
            None: all of it.
    """

    path: str
    is_directory: bool
    size_bytes: int
    extents: tuple[Extent, ...]
    modified: datetime | None
    written_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """What a volume tells about itself and nothing depends on; hints may lie.

    Args:
        serial: the volume's number, 32 bits, drawn by whoever formatted it.
        formatter: the OEM name in the boot sector ("mkfs.fat", "MSDOS5.0"); always "EXFAT" on exFAT.
        free_clusters_hint: FSInfo's count of free clusters, or None (exFAT has none).
        next_free_hint: FSInfo's next free cluster, or None.
        percent_used_hint: exFAT's PercentInUse, 0 to 100, or None.
    """

    serial: int
    formatter: str
    free_clusters_hint: int | None
    next_free_hint: int | None
    percent_used_hint: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Where things are, from a boot sector that has been checked; each file system adds its own. Offsets are bytes on
    the device.

    Args:
        offset_bytes, length_bytes: of the volume, by its own boot sector.
        heap_offset_bytes: start of cluster 2.
        fat_offset_bytes, fat_bytes: of the table that is read.
        lost_clusters: that the boot sector counts and that have no room, at the end of a volume that is cut, or no
            entry; `cluster_count` is without them.
    """

    offset_bytes: int
    length_bytes: int
    sector_bytes: int
    cluster_bytes: int
    cluster_count: int
    fat_offset_bytes: int
    fat_bytes: int
    heap_offset_bytes: int
    root_cluster: int
    serial: int
    formatter: str
    active_fat: int = 0
    lost_clusters: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """A FAT32 or exFAT volume whose structures have been checked; `fat32.load` and `exfat.load` each make one.

    Args:
        device: stays the caller's to close.
        geometry: by its boot sector.
        chains: its allocation table, every cluster claimed by whom it belongs to.
        free: extents, shape (n, 2): offset_bytes and length_bytes on the device, rising, not touching.
        label: as a person sees it.
        facts: hints.
        root_extents: clusters of the root directory, in order.
        visible: its files and directories, directories before what they hold.
        bearing: what was borne while it was read.
    """

    file_system: ClassVar[FileSystem]

    device: Device
    geometry: Geometry
    chains: Chains
    free: NDArray[np.int64]
    label: str
    facts: VolumeFacts
    root_extents: tuple[Extent, ...]
    visible: tuple[VisibleFile, ...]
    bearing: Bearing

    @property
    def offset_bytes(self) -> int:
        """Start of the volume on the device."""
        return self.geometry.offset_bytes

    @property
    def length_bytes(self) -> int:
        """Length by its own boot sector."""
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
        """Start of cluster 2 on the device."""
        return self.geometry.heap_offset_bytes

    @property
    def lost(self) -> NDArray[np.int64]:
        """As `free`, of clusters that are taken and of no file: a deletion was stopped, or a camera lost power."""
        return self._on_device(self.chains.lost())

    @property
    def bad(self) -> NDArray[np.int64]:
        """As `free`, of clusters that are marked as bad and of no file: no system writes there, and somebody may."""
        return self._on_device(self.chains.bad())

    @property
    def shared(self) -> NDArray[np.int64]:
        """As `free`, of clusters that two names claim; empty where the volume may be written."""
        return self._on_device(self.chains.shared)

    @property
    def said_free(self) -> NDArray[np.int64]:
        """As `shared`, of clusters that visible names claim and the file system calls free."""
        return self._on_device(self.chains.said_free)

    def _on_device(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        extents = runs_of(mask) * self.cluster_bytes
        extents[:, 0] += self.heap_offset_bytes
        return extents

    @property
    def lost_in_order(self) -> tuple[Extent, ...]:
        """The same, each chain in the order of its contents where the table has one."""
        if self.file_system == "fat32":
            return on_device(self.chains.lost_in_order(), self.heap_offset_bytes, self.cluster_bytes)
        # exFAT leaves old entries in its table, which say nothing of clusters whose files had none.
        return tuple(Extent(int(offset), int(length)) for offset, length in self.lost)

    @property
    def tails(self) -> tuple[Extent, ...]:
        """What lies behind structures of the file system itself, in clusters of their own."""
        return ()

    def files(self) -> Iterator[VisibleFile]:
        """Walk every visible file and directory, directories before what they hold."""
        return iter(self.visible)

    def read_file(self, file: VisibleFile) -> Iterator[bytes]:
        """Read a visible file's contents, `size_bytes` in all, in pieces of at most 1 MiB. Raises OSError (EIO)."""
        return read_extents(self.device, file.extents, file.size_bytes)
