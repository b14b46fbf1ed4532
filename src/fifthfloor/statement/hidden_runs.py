"""Runs: which intervals are hidden, as `(first, count)` pairs that rise and do not touch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.canonical import CanonicalHeader

HiddenRuns = tuple[tuple[int, int], ...]


def lawful(runs: Sequence[Sequence[int]], intervals: int) -> bool:
    """Say whether runs rise, do not touch, are not empty and lie within that many intervals."""
    at = -1
    for first, count in runs:
        if first <= at or count < 1:
            return False
        at = first + count
    return at <= intervals


def from_marks(marks: NDArray[np.bool_]) -> HiddenRuns:
    """Return the runs of true places; `to_marks` is the counterpart."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marks, [False]))))
    return tuple((int(first), int(end - first)) for first, end in zip(edges[::2], edges[1::2], strict=True))


def to_marks(runs: HiddenRuns, intervals: int) -> NDArray[np.bool_]:
    """Return (intervals,) bool, true where a run is."""
    marks = np.zeros(intervals, dtype=np.bool_)
    for first, count in runs:
        marks[first : first + count] = True
    return marks


def rectangles(runs: HiddenRuns, header: CanonicalHeader) -> Iterator[tuple[int, int, int, int]]:
    """Yield what runs cover as rectangles of whole MCUs: left, top, right, bottom; equal strips of rows are one."""
    wide, tile = header.frame.mcus_wide, header.interval_mcus
    growing: dict[tuple[int, int], tuple[int, int]] = {}
    for first, count in runs:
        at, end = first * tile, min((first + count) * tile, header.mcus)
        while at < end:
            row, stop = at // wide, min(end, (at // wide + 1) * wide)
            sides = (at % wide, stop - row * wide)
            top, bottom = growing.pop(sides, (row, row))
            if bottom != row:
                yield (sides[0], top, sides[1], bottom)
                top = row
            growing[sides] = (top, row + 1)
            at = stop
    yield from ((left, top, right, bottom) for (left, right), (top, bottom) in growing.items())


def contains(outer: HiddenRuns, inner: HiddenRuns) -> bool:
    """Say whether every interval of `inner` is in `outer`."""
    lookup = Overlap(outer)
    return all(lookup.count(first, count) == count for first, count in inner)


class Overlap:
    """How many intervals of a range are in the runs, in logarithmic time."""

    def __init__(self, runs: HiddenRuns) -> None:
        self._firsts = [first for first, _ in runs]
        self._counts = [count for _, count in runs]
        self._before = [0]
        for count in self._counts:
            self._before.append(self._before[-1] + count)

    def count(self, start: int, length: int) -> int:
        """Return how many of `length` intervals from `start` on are in the runs."""
        return self._up_to(start + length) - self._up_to(start)

    def _up_to(self, end: int) -> int:
        place = bisect_right(self._firsts, end - 1)
        if place == 0:
            return 0
        return self._before[place - 1] + min(self._counts[place - 1], end - self._firsts[place - 1])
