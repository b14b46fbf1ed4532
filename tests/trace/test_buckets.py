"""The index of points: what few photographs have weighs more than what many have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.trace.buckets import BUCKETS, POINT_TABLES, Table, buckets_of, votes
from fifthfloor.trace.points import Points

COMMON, RARE = 0, 1  # of the two points


def points(values: NDArray[np.float32]) -> Points:
    ones = np.ones(len(values), np.float32)
    return Points(640, 480, ones, ones, ones, values)


def table(kind: int, values: NDArray[np.float32], holders: dict[int, list[int]]) -> Table:
    """A table in which the buckets of some points hold the photographs named."""
    counts = np.zeros(BUCKETS, np.int64)
    buckets = buckets_of(values > 0, kind)
    for point, photographs in holders.items():
        counts[buckets[point]] = len(photographs)
    ordered = sorted(holders, key=lambda point: int(buckets[point]))
    entries = [number for point in ordered for number in holders[point]]
    return Table(np.concatenate([[0], counts.cumsum()]).astype(np.uint32), np.array(entries, np.uint32))


def test_a_bucket_of_many_tells_less_than_one_of_few() -> None:
    values = np.random.default_rng(3).choice([-9, 9], (2, 128)).astype(np.float32)
    holders = {COMMON: [5, *range(20, 39)], RARE: [7]}
    found = votes([table(kind, values, holders) for kind in range(len(POINT_TABLES))], points(values), 40)
    assert found[7] == len(POINT_TABLES)
    assert np.allclose(found[5], found[7] / 20)
    assert found[:5].sum() == 0
