"""Numba kernels: the cheapest changes that make a segment say what it must (section 5).

Columns have the highest bit of a state, so a flip always leads from one half of the states into the other. The upper
half is kept in the order in which a class met the lower one; a class then turns one half by exchanging neighbours, and
all the rest is the same step for every state, which processors do many at a time.

Source: Filler, Judas, Fridrich, IEEE TIFS 6(3), 2011, section IV; to leave out what is dear is ours.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.jpeg.bits import CACHED

# No path: the syndrome cannot be had without a change that is forbidden.
NO_PATH = -1.0
FORBIDDEN = np.float32(1e30)  # costs as much as no path does
_MOST_CLASSES = 16  # classes of a bit that are tried: as many as a word of decisions has bits
_FEWEST_CLASSES = 6  # tried however dear they are, so that there is a way


@njit(cache=CACHED, nogil=True)
def contenders(costs, dearest):
    """Return for each bit the classes that may be flipped, cheapest first, and how many.

    Args:
        costs: (m, L) float32.
        dearest: what costs more is left out, but for the few cheapest of a bit.

    Returns:
        ((m, 16) int64, (m,) int64).
    """
    bits, many = costs.shape
    kept = np.zeros((bits, _MOST_CLASSES), np.int64)
    counts = np.zeros(bits, np.int64)
    for j in range(bits):
        count = 0
        for k in range(many):
            cost = costs[j, k]
            if cost >= FORBIDDEN or (count == _MOST_CLASSES and cost >= costs[j, kept[j, _MOST_CLASSES - 1]]):
                continue
            at = min(count, _MOST_CLASSES - 1)
            while at > 0 and costs[j, kept[j, at - 1]] > cost:
                kept[j, at] = kept[j, at - 1]
                at -= 1
            kept[j, at] = k
            count = min(count + 1, _MOST_CLASSES)
        while count > _FEWEST_CLASSES and costs[j, kept[j, count - 1]] > dearest:
            count -= 1
        counts[j] = count
    return kept, counts


@njit(cache=CACHED, nogil=True, inline="always")
def _turn(states, shift, out):
    """Put states[t ^ shift] at out[t]; by whole eights, then by exchanges within them."""
    far = shift >> np.uint64(3)
    for block in range(np.uint64(out.size >> 3)):
        to, source = block << np.uint64(3), (block ^ far) << np.uint64(3)
        for lane in range(np.uint64(8)):
            out[to + lane] = states[source + lane]
    if shift & np.uint64(1):
        for i in range(out.size >> 1):
            out[2 * i], out[2 * i + 1] = out[2 * i + 1], out[2 * i]
    if shift & np.uint64(2):
        for i in range(out.size >> 2):
            out[4 * i], out[4 * i + 2] = out[4 * i + 2], out[4 * i]
            out[4 * i + 1], out[4 * i + 3] = out[4 * i + 3], out[4 * i + 1]
    if shift & np.uint64(4):
        for i in range(out.size >> 3):
            for lane in range(4):
                out[8 * i + lane], out[8 * i + 4 + lane] = out[8 * i + 4 + lane], out[8 * i + lane]


@njit(cache=CACHED, nogil=True, inline="always")
def _meet(low, high, cost, number, lower_ways, upper_ways, next_low, next_high):
    """Flip one class or not: low[t] and high[t] are the states that it joins."""
    bit = np.uint16(1 << number)
    for t in range(np.uint64(low.size)):
        a, b = low[t], high[t]
        to_low, to_high = b + cost, a + cost
        lower_ways[t] |= bit * np.uint16(to_low < a)
        upper_ways[t] |= bit * np.uint16(to_high < b)
        next_low[t] = min(a, to_low)
        next_high[t] = min(b, to_high)


@njit(cache=CACHED, nogil=True)
def choose(costs, columns, wrong, height, dearest):
    """Find the cheapest classes whose columns add up to the bits that are wrong (Viterbi).

    Args:
        costs: (m, L) float32; 1e30 for a class without any lawful change.
        columns: (L,) int64 below 2^height, with the highest bit of that set.
        wrong: (m,) uint8.
        height: h of at least 5, the bits that a column reaches.
        dearest: classes that cost more are left out (see `contenders`).

    Returns:
        (flips (m, L) uint8, total cost; NO_PATH where there are none).
    """
    bits, many = costs.shape
    half = 1 << (height - 1)
    kept, counts = contenders(costs, dearest)
    low = np.full(half, FORBIDDEN, np.float32)
    high = low.copy()
    next_low, next_high, turned = np.empty_like(low), np.empty_like(low), np.empty_like(low)
    low[0] = 0
    # Bit i of a word says whether the i-th class of this bit was flipped on the cheapest way to a state.
    taken = np.zeros((bits, 2, half), np.uint16)
    for j in range(bits):
        layout = np.uint64(0)  # the upper state `half + u` stands at `u ^ layout`
        for i in range(counts[j]):
            across = np.uint64(columns[kept[j, i]] & (half - 1))
            _turn(high, across ^ layout, turned)
            _meet(low, turned, costs[j, kept[j, i]], i, taken[j, 0], taken[j, 1], next_low, next_high)
            low, next_low, high, next_high, layout = next_low, low, next_high, high, across
        # The lowest bit is settled: only states that have it as it must be go on.
        for i in range(half >> 1):
            next_low[i] = low[2 * i + wrong[j]]
            next_low[(half >> 1) + i] = high[np.uint64(2 * i + wrong[j]) ^ layout]
        low, next_low = next_low, low
        high[:] = FORBIDDEN
    flips = np.zeros((bits, many), np.uint8)
    # What the columns reach behind the last bit says nothing: any state may be the end.
    state = np.uint64(np.argmin(low))
    price = low[state]
    if price >= FORBIDDEN:
        return flips, np.float32(NO_PATH)
    for j in range(bits - 1, -1, -1):
        state = (state << np.uint64(1)) | np.uint64(wrong[j])
        for i in range(counts[j] - 1, -1, -1):
            column = np.uint64(columns[kept[j, i]])
            upper = state >> np.uint64(height - 1)
            at = (state ^ (upper * column)) & np.uint64(half - 1)
            if (taken[j, upper, at] >> np.uint16(i)) & np.uint16(1):
                flips[j, kept[j, i]] = 1
                state ^= column
    return flips, price
