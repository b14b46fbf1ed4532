"""Which photographs of an archive may be in a picture: by hashes of the whole, and by buckets of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.buckets import Table, votes
from fifthfloor.trace.grey import REFERENCE_PX, SEARCHED_PX, opened, scaled
from fifthfloor.trace.hashes import pdq
from fifthfloor.trace.kernels import within
from fifthfloor.trace.points import Points, find_points

SEARCHED_POINTS = 800
# ThreatExchange calls 31 a match; of 44,850 pairs of other photographs none was nearer than 90.
PDQ_MATCH, PDQ_CANDIDATE = 31, 60
# Each costs some milliseconds to look at.
MOST_CANDIDATES = 40
# Where nothing was found among these.
MANY_CANDIDATES = 200
# Where nothing was found among those either, some are looked at with so many points of the thumbnail in place of the 70
# recorded ones: the likeliest by votes, and of all those by so many points or more that lie alike.
CLOSER_POINTS = 300
CLOSER_BY_VOTES, CLOSER_BY_POINTS, LEAST_CLOSER = 6, 6, 4
_LEAST_VOTES = 1.5
# Rows looked through at once: what is found of them is held.
_LOOKED_UP_AT_ONCE = 1 << 16
# Laid as they are, and mirrored; turned ones are looked for where these find nothing.
FIRST_WAYS, TURNED_WAYS = (0, 1), (2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Searched:
    """A picture that is looked for: in grey, its points, and PDQ in eight ways."""

    image: Image.Image
    points: Points
    pdq: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photograph that may be in the picture, laid in some ways; `pdq` is the nearest distance of the eight."""

    number: int
    ways: tuple[int, ...]
    pdq: int


def searched(data: bytes) -> Searched:
    """Look at a picture that is looked for. Raises BadInput if it is none."""
    grey = scaled(opened(data, SEARCHED_PX), SEARCHED_PX)
    small = scaled(grey, REFERENCE_PX)
    return Searched(grey, find_points(grey, SEARCHED_POINTS), pdq(small))


def candidates(
    picture: Searched,
    hashes: NDArray[np.uint64],
    tables: Sequence[Table],
    ways: tuple[int, ...],
    most: int = MOST_CANDIDATES,
) -> list[Candidate]:
    """Choose what to look at more closely, the likeliest first.

    Args:
        hashes: (n, 4): PDQ of every photograph.
        ways: in which the picture is laid.
        most: by hashes, and again by points.
    """
    found: dict[int, set[int]] = {}
    for _, number, way in near(hashes, [picture.pdq[way] for way in ways], PDQ_CANDIDATE, most):
        found.setdefault(number, set()).add(ways[way])
    ranked: list[tuple[float, int, int]] = []
    for way in ways:
        weights = votes(tables, picture.points.laid(way), len(hashes))
        ranked.extend((float(weights[number]), int(number), way) for number in _most(weights, most))
    for _, number, way in sorted(ranked, reverse=True)[:most]:
        found.setdefault(number, set()).add(way)
    return [
        Candidate(number, tuple(sorted(laid)), distance)
        for (number, laid), distance in zip(
            found.items(), _apart(hashes[np.array(list(found), np.int64)], picture.pdq), strict=True
        )
    ]


def near(hashes: NDArray[np.uint64], sought: Sequence[bytes], most_bits: int, most: int) -> list[tuple[int, int, int]]:
    """Return the nearest hashes within `most_bits` of some: at most `most` of (bits, number, which of `sought`).

    All are looked through: with so many bits an index would have to look at a sixth of them sixteen times.

    Args:
        hashes: (n, 4), mapped or in memory.
    """
    words = np.frombuffer(b"".join(sought), np.uint64).reshape(len(sought), 4)
    found: list[tuple[int, int, int]] = []
    rows, whose, bits = (np.empty(_LOOKED_UP_AT_ONCE * len(sought), np.int64) for _ in range(3))
    for first in range(0, len(hashes), _LOOKED_UP_AT_ONCE):
        count = within(hashes[first : first + _LOOKED_UP_AT_ONCE], words, np.uint64(most_bits), rows, whose, bits)
        if count:
            found.extend(
                zip(bits[:count].tolist(), (rows[:count] + first).tolist(), whose[:count].tolist(), strict=True)
            )
            found = sorted(found)[:most]
            if len(found) == most:
                most_bits = found[-1][0]
    return found


def _apart(hashes: NDArray[np.uint64], sought: Sequence[bytes]) -> list[int]:
    """Return how many bits each hash differs from the nearest of some."""
    words = np.frombuffer(b"".join(sought), np.uint64).reshape(len(sought), 1, 4)
    found: list[int] = np.bitwise_count(hashes ^ words).sum(2, dtype=np.int64).min(0).tolist()
    return found


def _most(weights: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Return the photographs with most votes, at most so many, the most first."""
    few = np.flatnonzero(weights >= _LEAST_VOTES)
    if len(few) > most:
        least = np.partition(weights[few], -most)[-most]
        few = few[weights[few] >= least]
    return few[np.argsort(-weights[few], kind="stable")][:most]
