"""What both file systems look like from above: a volume with free extents and visible files.

Offsets and lengths are bytes on the device (not in the partition), so that layers above never translate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

FileSystem = Literal["fat32", "exfat"]


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of bytes on the device.

    Args:
        offset_bytes: from the start of the device.
        length_bytes: more than 0.
    """

    offset_bytes: int
    length_bytes: int


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


class Volume(Protocol):
    """A FAT32 or exFAT volume whose structures have been checked; `fat32.py` and `exfat.py` each make one."""

    @property
    def file_system(self) -> FileSystem: ...
    @property
    def offset_bytes(self) -> int:
        """Start of the volume on the device."""

    @property
    def length_bytes(self) -> int:
        """Length by its own boot sector."""

    @property
    def sector_bytes(self) -> int: ...
    @property
    def cluster_bytes(self) -> int: ...
    @property
    def cluster_count(self) -> int: ...
    @property
    def heap_offset_bytes(self) -> int:
        """Start of cluster 2 on the device."""

    @property
    def label(self) -> str: ...
    @property
    def free(self) -> NDArray[np.int64]:
        """Free extents, shape (n, 2): offset_bytes and length_bytes on the device, rising, not touching."""

    @property
    def lost_clusters(self) -> int:
        """Clusters that the boot sector counts and that have no room."""

    @property
    def lost(self) -> NDArray[np.int64]:
        """The same of clusters that are taken and belong to no file: a deletion was stopped, or a camera lost power."""

    @property
    def facts(self) -> VolumeFacts: ...
    @property
    def root_extents(self) -> tuple[Extent, ...]:
        """Clusters of the root directory, in order."""

    def files(self) -> Iterator[VisibleFile]:
        """Walk every visible file and directory, directories before what they hold."""

    def read_file(self, file: VisibleFile) -> Iterator[bytes]:
        """Read a visible file's contents, `size_bytes` in all, in pieces of at most 1 MiB. Raises OSError (EIO)."""
