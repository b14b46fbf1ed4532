"""The arithmetic of survival (spec/floor.md, section 7).

Everything is a sum of non-negative terms in double precision: nothing is subtracted, so that a probability of 2^-60 is
as exact as one of a half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PROMISED_ODDS = 2.0**-40
_NEGLIGIBLE = 1e-40  # terms below this are dropped; a thousand of them are far below 2^-40


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution over `first`, `first + 1`, ...: `weight[i]` is the probability of `first + i`."""

    first: int
    weight: NDArray[np.float64]


def survivors(places: int, hit: int, shards: int) -> Spread:
    """Return how many of the shards on one carrier survive.

    Args:
        places: M, places of the carrier.
        hit: d, places the damage hits, chosen without knowing where the shards are.
        shards: n, at uniformly random places.

    Source: hypergeometric distribution of the lost ones.
    """
    hit = min(hit, places)
    low, high = max(0, shards - hit), min(shards, places - hit)
    x = np.arange(low, high + 1)
    logarithm = _log_choose(places - hit, x) + _log_choose(hit, shards - x) - _log_choose(places, np.array([shards]))
    weight = np.exp(logarithm)
    kept = np.flatnonzero(weight > _NEGLIGIBLE)
    if not len(kept):
        return Spread(low, weight)
    return Spread(low + int(kept[0]), weight[kept[0] : kept[-1] + 1])


def added(left: Spread, right: Spread) -> Spread:
    """Return the distribution of the sum of two independent counts."""
    return Spread(left.first + right.first, np.convolve(left.weight, right.weight))


def times(spread: Spread, each: int) -> Spread:
    """Return the distribution of a count where everything counted stands for `each`."""
    weight = np.zeros((len(spread.weight) - 1) * each + 1)
    weight[::each] = spread.weight
    return Spread(spread.first * each, weight)


def code_failure(excess: int) -> float:
    """Bound the odds that K + excess symbols do not bring a group back: 1 below K, else 100^-(excess + 1).

    Source: what RFC 6330 demands of decoders (decision 0070); measured in bench/code_failure.py.
    """
    return 1.0 if excess < 0 else 100.0 ** -(min(excess, 100) + 1)


def group_failure(source_symbols: int, carriers: Sequence[Spread]) -> float:
    """Return the odds that a group is lost, given what survives on each carrier that is left."""
    total = carriers[0]
    for carrier in carriers[1:]:
        total = added(total, carrier)
    excess = total.first - source_symbols + np.arange(len(total.weight))
    return math.fsum(w * code_failure(int(e)) for w, e in zip(total.weight, excess, strict=True) if w > 0)


def all_lost(places: int, hit: int, shards: int) -> float:
    """Return the odds that not one of a carrier's shards survives, and so its share of the content key."""
    hit = min(hit, places)
    if shards > hit:
        return 0.0
    return math.exp(float(_log_choose(hit, np.array([shards]))[0] - _log_choose(places, np.array([shards]))[0]))


def _log_choose(among: int, count: NDArray[np.int64]) -> NDArray[np.float64]:
    return _log_factorial(np.array([among])) - _log_factorial(count) - _log_factorial(among - count)


def _log_factorial(n: NDArray[np.int64]) -> NDArray[np.float64]:
    small = n < len(_TABLE)
    x = np.where(small, len(_TABLE), n).astype(np.float64) + 1.0
    # Stirling's series for log gamma; beyond 1,024 three terms are exact to double precision.
    stirling = (x - 0.5) * np.log(x) - x + 0.5 * math.log(2 * math.pi) + 1 / (12 * x) - 1 / (360 * x**3)
    return np.where(small, _TABLE[np.where(small, n, 0)], stirling)


_TABLE = np.array([math.lgamma(n + 1) for n in range(1024)])
