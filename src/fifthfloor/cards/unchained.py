"""Visible files without all their clusters: power went while they were written, or the table is damaged.

Their entries say where they begin and how long they are; what an entry says is believed as that of a deleted file is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.deleted import DeletedEntry, where_of
from fifthfloor.cards.exfat import ExfatVolume
from fifthfloor.cards.extents import merged
from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.volume import Volume


def unchained_entries(volume: Volume) -> Iterator[DeletedEntry]:
    """Yield visible files whose clusters are not all in the table, as if they were deleted: power went in mid-write.

    Args:
        volume: read leniently; others have none.
    """
    if not isinstance(volume, Fat32Volume | ExfatVolume):
        raise TypeError(f"{type(volume).__name__} is neither FAT32 nor exFAT")
    for file in volume.bearing.unchained:
        if not file.is_directory:
            state, extents = where_of(volume, file.first_cluster, file.size_bytes)
            yield DeletedEntry(
                file.path,
                False,
                file.size_bytes,
                file.first_cluster,
                state,
                extents,
                file.modified,
                file.offsets_bytes,
                visible=True,
            )


def unchained_extents(volume: Volume) -> NDArray[np.int64]:
    """Return what files of `unchained_entries` still have of their clusters, as `Volume.free`: each begins there."""
    paths = {file.path for file in volume.bearing.unchained if not file.is_directory}
    found = [extent for file in volume.files() if file.path in paths for extent in file.extents]
    extents = np.array([(extent.offset_bytes, extent.length_bytes) for extent in found], np.int64).reshape(-1, 2)
    return merged([extents])


def unchained_left_out(volume: Volume) -> int:
    """Count the files that `unchained_entries` leaves out: a hostile card ends the list, not the memory."""
    return volume.bearing.more_unchained
