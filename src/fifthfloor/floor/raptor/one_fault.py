"""Many wrong symbols with one and the same fault: a bit of a bad cell of memory that they all went through.

Their columns are not told one by one, for the checks come to one column, the sum of theirs. But each is in it once or
not at all, so what is sought is a word over two elements, and a check over the octets says eight things where it said
one (the ten HDPC rows: eighty). It is the lightest word of a binary code with a given syndrome, found by information
sets (Prange 1962) with up to two ones beside them (Lee and Brickell 1988).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.raptor.octets import Octets, inverse, times

_Binary = NDArray[np.uint8]  # an element a byte

_SETS_TRIED = 100
_BITS_LEFT = 32  # odds of two to the power of so many against a set that explains the checks and is not the wrong one


def symbols_of_one_fault(parity: Octets, said: Octets) -> list[int]:
    """Find the set of symbols whose columns, each taken once, come to what the checks came to.

    Args:
        parity: shape (checks, symbols).
        said: shape (checks,), what the checks came to at one byte, not all zero.

    Returns:
        numbers of the symbols, ascending; none where no set is far likelier than all others.

    Source: Lee, Brickell, "An observation on the security of McEliece's public-key cryptosystem", 1988.
    """
    faults = np.unique(said[(parity <= 1).all(axis=1)])
    if np.count_nonzero(faults) != 1:  # a check that takes each symbol once comes to the fault or to nothing
        return []
    checks = _bits(np.column_stack([parity, times(said, inverse(faults[-1]))]))
    symbols = np.arange(parity.shape[1])
    rank = len(_eliminate(checks, symbols))
    if checks[rank:, -1].any():
        return []
    for attempt in range(_SETS_TRIED):
        found = _lightest(checks[:rank], order_like_a_drawn_one(len(symbols), attempt))
        if math.log2(math.comb(len(symbols), len(found))) + _BITS_LEFT <= rank:
            return found
    return []


def order_like_a_drawn_one(count: int, attempt: int) -> NDArray[np.int64]:
    """Give 0 to count - 1 in an order that looks drawn and is the same each time, another one for each attempt.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64's mixing).
    """
    mixed = np.arange(attempt * count + 1, (attempt + 1) * count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ mixed >> np.uint64(shift)) * np.uint64(factor)
    return np.argsort(mixed, kind="stable")


def _bits(octets: Octets) -> _Binary:
    return np.unpackbits(octets[:, :, None], axis=2).transpose(0, 2, 1).reshape(-1, octets.shape[1])


def _eliminate(checks: _Binary, order: NDArray[np.int64]) -> list[int]:
    """Bring rows into reduced echelon form where they stand, and return the pivots: the first independent columns."""
    pivots: list[int] = []
    for column in order.tolist():
        below = np.flatnonzero(checks[len(pivots) :, column])
        if not len(below):
            continue
        checks[[len(pivots), len(pivots) + below[0]]] = checks[[len(pivots) + below[0], len(pivots)]]
        others = np.flatnonzero(checks[:, column])
        checks[others[others != len(pivots)]] ^= checks[len(pivots)]
        pivots.append(column)
        if len(pivots) == len(checks):
            break
    return pivots


def _lightest(checks: _Binary, order: NDArray[np.int64]) -> list[int]:
    """Find the lightest set with at most two symbols outside the first independent columns of an order."""
    pivots = np.array(_eliminate(checks, order))
    outside = np.setdiff1d(order, pivots)
    # A column of nothing stands for "no symbol"; as signs, what two columns and the last one add to is a product.
    signs = 1 - 2.0 * np.column_stack([checks[:, outside], np.zeros(len(checks))]).astype(np.float32)
    last = signs * (1 - 2.0 * checks[:, -1:])
    weights = (len(checks) - signs.T @ last) / 2
    chosen = np.arange(len(outside) + 1) < len(outside)
    weights += chosen[:, None] + chosen  # a symbol with itself is none at all, and costs two
    pair = np.unravel_index(weights.argmin(), weights.shape)
    beside = [outside[one] for one in pair if one < len(outside)]
    inside = pivots[np.bitwise_xor.reduce(checks[:, [*beside, -1]], axis=1) > 0]
    return sorted([*inside.tolist(), *(int(one) for one in beside)])
