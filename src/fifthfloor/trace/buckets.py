"""An index of points: which photographs have a point with such signs, without looking at all of them.

A point goes into one bucket of each table, by 20 of its signs. Whoever looks knows how sure each of his signs is, and
also looks where the least sure ones are otherwise. Four bytes a point and table; made anew at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.trace.kernels import weigh
from fifthfloor.trace.points import Points

SIGNS_A_BUCKET = 20
BUCKETS = 1 << SIGNS_A_BUCKET
# The first signs are what is left at any quality; of these, spots have (0, 2) and (2, 0) alike, numbers 2 and 4.
_USED = np.array([0, 1, 3, *range(5, 42)])
POINT_TABLES = tuple(_USED[first::2] for first in range(2))
_UNSURE = 5
_WEIGHTS = 1 << np.arange(SIGNS_A_BUCKET)
# A bucket that so many times the usual number of photographs fill tells nothing (clouds, walls, grain).
_CROWDED = 30


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the photographs of bucket b are `entries[starts[b] : starts[b + 1]]`."""

    starts: NDArray[np.uint32]
    entries: NDArray[np.uint32]


def buckets_of(signs: NDArray[np.bool_], table: int) -> NDArray[np.int64]:
    """Return the bucket of each point: signs (n, 128) in, numbers below BUCKETS out."""
    return signs[:, POINT_TABLES[table]] @ _WEIGHTS


def votes(tables: Sequence[Table], points: Points, photographs: int) -> NDArray[np.float32]:
    """Weigh for each photograph how often a point of it may be one of these.

    A bucket counts by how few are in it: in what all photographs have (clouds, walls, grain) many stand by chance.

    Args:
        tables: of each part of an archive one of each kind, one after the other; cut into parts otherwise, they say
            the same.
    """
    found = np.zeros(photographs, np.float32)
    for kind in range(len(POINT_TABLES)):
        parts = tables[kind :: len(POINT_TABLES)]
        looked = _looked_up(points, kind)
        begins = [part.starts[looked].astype(np.int64) for part in parts]
        lengths = [part.starts[looked + 1] - begin for part, begin in zip(parts, begins, strict=True)]
        stand = np.zeros(len(looked), np.int64)
        for length in lengths:
            stand += length
        usual = sum(len(part.entries) for part in parts) / BUCKETS
        # In a small archive no bucket is crowded by chance.
        kept = (stand > 0) & ((stand <= _CROWDED * max(4.0, usual)) | (photographs < 1000))
        weights = (max(1.0, usual) / stand[kept]).astype(np.float32)
        for part, begin, length in zip(parts, begins, lengths, strict=True):
            weigh(begin[kept], length[kept], part.entries, weights, found)
    return found


def _looked_up(points: Points, kind: int) -> NDArray[np.int64]:
    """Return the buckets to be looked at, each once."""
    values = points.values[:, POINT_TABLES[kind]]
    unsure = np.argsort(np.abs(values), axis=1)[:, :_UNSURE]
    flips = (np.arange(1 << _UNSURE)[:, None] >> np.arange(_UNSURE)) & 1
    others = (_WEIGHTS[unsure][:, None, :] * flips).sum(2)
    return np.unique(buckets_of(points.values > 0, kind)[:, None] ^ others)
