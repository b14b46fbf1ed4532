"""Runs of clusters and bytes as numpy arrays of shape (n, 2): start and length, rising.

Both file systems come down to these few operations; layers above see only the result in bytes on the device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.device import Device

_EXTENT_PIECE_BYTES = 1 << 20  # what a reader holds at once; larger reads are no faster on any card reader

ByteRun = tuple[int, int]
"""First cluster and number of clusters."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of bytes on the device.

    Args:
        offset_bytes: from the start of the device.
        length_bytes: more than 0.
    """

    offset_bytes: int
    length_bytes: int


def runs_of(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Find the runs of True.

    Args:
        mask: one truth value a cluster, from cluster 2 on.

    Returns:
        Shape (n, 2): index of the first and number of clusters, rising, not touching.
    """
    edges = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    bounds = np.concatenate(([0], edges, [mask.size])).astype(np.int64)
    first = 0 if mask.size and mask[0] else 1
    starts = bounds[first:-1:2]
    return np.stack((starts, bounds[first + 1 :: 2][: starts.size] - starts), axis=1)


def merged(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Join sorted extents of several volumes into one rising, read-only array."""
    joined = np.concatenate([np.empty((0, 2), np.int64), *parts])
    joined = joined[np.argsort(joined[:, 0], kind="stable")]
    joined.flags.writeable = False
    return joined


def on_device(runs: Sequence[ByteRun], heap_offset_bytes: int, cluster_bytes: int) -> tuple[Extent, ...]:
    """Turn runs of clusters (numbered from 2) into extents on the device."""
    return tuple(
        Extent(heap_offset_bytes + (first - 2) * cluster_bytes, count * cluster_bytes) for first, count in runs
    )


def read_extents(device: Device, extents: Sequence[Extent], length_bytes: int) -> Iterator[bytes]:
    """Read the first `length_bytes` of the extents in order, in pieces of at most `_EXTENT_PIECE_BYTES`."""
    left = length_bytes
    for extent in extents:
        for start in range(0, min(extent.length_bytes, left), _EXTENT_PIECE_BYTES):
            piece = min(_EXTENT_PIECE_BYTES, extent.length_bytes - start, left - start)
            yield device.read(extent.offset_bytes + start, piece)
        left -= min(extent.length_bytes, left)
        if left == 0:
            return


def behind(extents: Sequence[Extent], length_bytes: int, grain_bytes: int = 512) -> list[Extent]:
    """Return what of some extents lies behind their first bytes, from the next whole sector on."""
    skip = -(-length_bytes // grain_bytes) * grain_bytes
    found = []
    for extent in extents:
        inside = min(skip, extent.length_bytes)
        skip -= inside
        if inside < extent.length_bytes:
            found.append(Extent(extent.offset_bytes + inside, extent.length_bytes - inside))
    return found


def outside_of(extent: Extent, taken: NDArray[np.int64]) -> list[Extent]:
    """Return what of an extent lies in none of some others, which rise and do not touch (shape (n, 2))."""
    at, end, found = extent.offset_bytes, extent.offset_bytes + extent.length_bytes, []
    first = max(0, int(np.searchsorted(taken[:, 0], at, "right")) - 1)
    for offset, length in taken[first : int(np.searchsorted(taken[:, 0], end))].tolist():
        if offset > at:
            found.append(Extent(at, offset - at))
        at = max(at, offset + length)
    return [*found, Extent(at, end - at)] if at < end else found


def touch(extents: Sequence[Extent], taken: NDArray[np.int64]) -> bool:
    """Whether any of some extents has a byte of others (as for `outside_of`)."""
    return any(outside_of(extent, taken) != [extent] for extent in extents)
