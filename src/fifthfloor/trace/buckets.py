"""An index of points: which photographs have a point with such signs, without looking at all of them.

A point goes into one bucket of each table, by 20 of its signs. Whoever looks knows how sure each of his signs is, and
also looks where the least sure ones are otherwise. Four bytes a point and table; made anew at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def votes(tables: Iterable[Table], points: Points, photographs: int) -> NDArray[np.float32]:
    """Weigh for each photograph how often a point of it may be one of these.

    A bucket counts by how few are in it: in what all photographs have (clouds, walls, grain) many stand by chance.
    """
    found = np.zeros(photographs, np.float32)
    for number, table in enumerate(tables):
        # One of each kind, and then one of each again for what was added since.
        begin, length = _looked_up(table, points, number % len(POINT_TABLES), photographs)
        weigh(begin, length, table.entries, max(1.0, len(table.entries) / BUCKETS), found)
    return found


def _looked_up(
    table: Table, points: Points, number: int, photographs: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the buckets to be looked at begin in a table, and how long they are."""
    values = points.values[:, POINT_TABLES[number]]
    unsure = np.argsort(np.abs(values), axis=1)[:, :_UNSURE]
    flips = (np.arange(1 << _UNSURE)[:, None] >> np.arange(_UNSURE)) & 1
    others = (_WEIGHTS[unsure][:, None, :] * flips).sum(2)
    looked = np.unique(buckets_of(points.values > 0, number)[:, None] ^ others)
    begin = table.starts[looked].astype(np.int64)
    length = table.starts[looked + 1].astype(np.int64) - begin
    usual = max(4.0, len(table.entries) / BUCKETS)
    # In a small archive no bucket is crowded by chance.
    kept = (length > 0) & ((length <= _CROWDED * usual) | (photographs < 1000))
    return begin[kept], length[kept]
