"""Which photographs of an archive may be in a picture: by hashes of the whole, and by buckets of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.buckets import Table, votes
from fifthfloor.trace.grey import REFERENCE_PX, SEARCHED_PX, opened, scaled
from fifthfloor.trace.hashes import difference_hash, pdq
from fifthfloor.trace.points import Points, find_points

SEARCHED_POINTS = 800
# ThreatExchange calls 31 a match; of 44,850 pairs of other photographs none was nearer than 90.
PDQ_MATCH, PDQ_CANDIDATE = 31, 60
# Each costs some milliseconds to look at.
MOST_CANDIDATES = 40
_LEAST_VOTES = 4
_BLOCK = 1 << 14
# Laid as they are, and mirrored; turned ones are looked for where these find nothing.
FIRST_WAYS, TURNED_WAYS = (0, 1), (2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Searched:
    """A picture that is looked for: in grey, its points, PDQ in eight ways, and the difference hash."""

    image: Image.Image
    points: Points
    pdq: tuple[bytes, ...]
    difference: bytes


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
    return Searched(grey, find_points(grey, SEARCHED_POINTS), pdq(small), difference_hash(small))


def candidates(
    picture: Searched, hashes: NDArray[np.uint64], tables: Sequence[Table], ways: tuple[int, ...]
) -> list[Candidate]:
    """Choose what to look at more closely, the likeliest first.

    Args:
        hashes: (n, 8): PDQ and difference hash of every photograph.
        ways: in which the picture is laid.
    """
    found: dict[int, set[int]] = {}
    nearest = np.full(len(hashes), 256, np.uint16)
    for way in ways:
        distance = _distances(hashes[:, :4], picture.pdq[way])
        nearest = np.minimum(nearest, distance)
        for number in np.flatnonzero(distance <= PDQ_CANDIDATE)[:MOST_CANDIDATES]:
            found.setdefault(int(number), set()).add(way)
    ranked: list[tuple[int, int, int]] = []
    for way in ways:
        counted = votes(tables, picture.points.laid(way), len(hashes))
        best = np.argsort(-counted, kind="stable")[:MOST_CANDIDATES]
        ranked.extend((int(counted[number]), int(number), way) for number in best if counted[number] >= _LEAST_VOTES)
    for _, number, way in sorted(ranked, reverse=True)[:MOST_CANDIDATES]:
        found.setdefault(number, set()).add(way)
    return [Candidate(number, tuple(sorted(laid)), int(nearest[number])) for number, laid in found.items()]


def _distances(hashes: NDArray[np.uint64], wanted: bytes) -> NDArray[np.uint16]:
    """Return how many of 256 bits differ from each hash: a block at a time, so that it stays in the cache."""
    sought, found = np.frombuffer(wanted, np.uint64), np.empty(len(hashes), np.uint16)
    for first in range(0, len(hashes), _BLOCK):
        # Four counts of at most 64 in one word: numpy sums so short rows slowly.
        counts = np.bitwise_count(hashes[first : first + _BLOCK] ^ sought).view(np.uint32)[:, 0]
        pairs = (counts & 0xFF00FF) + (counts >> 8 & 0xFF00FF)
        found[first : first + _BLOCK] = (pairs & 0xFFFF) + (pairs >> 16)
    return found
