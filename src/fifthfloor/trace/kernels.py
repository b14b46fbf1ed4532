"""Numba kernels: what is looked through whole, as fast as memory gives it (`spec/archive.md`, `spec/likeness.md`).

Imported only where pictures are compared: the base install has no numba. Hashes and signs are words of 64 bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.jpeg.bits import CACHED, set_bits


@njit(cache=CACHED, nogil=True)
def within(hashes, sought, most_bits, rows, whose, distances):
    """Find every hash that differs from a sought one in at most so many bits.

    All sought ones in one pass: what costs is to bring the hashes from memory.

    Args:
        hashes: (n, 4) uint64.
        sought: (w, 4) uint64.
        most_bits: uint64.
        rows, whose, distances: (n * w,) int64, written: which hash, which of the sought ones, how far apart.

    Returns:
        How many were found.
    """
    found = 0
    for row in range(hashes.shape[0]):
        first, second, third, last = hashes[row, 0], hashes[row, 1], hashes[row, 2], hashes[row, 3]
        for one in range(sought.shape[0]):
            upper = set_bits(first ^ sought[one, 0]) + set_bits(second ^ sought[one, 1])
            apart = upper + set_bits(third ^ sought[one, 2]) + set_bits(last ^ sought[one, 3])
            if apart <= most_bits:
                rows[found], whose[found], distances[found] = row, one, apart
                found += 1
    return found


@njit(cache=CACHED, nogil=True)
def nearest(signs, others):
    """Return for each of (n, 2) uint64 which of (m, 2) differs least, the first of these, and in how many bits."""
    number, distance = np.zeros(signs.shape[0], np.int64), np.full(signs.shape[0], 129, np.int64)
    for one in range(signs.shape[0]):
        for other in range(others.shape[0]):
            apart = np.int64(set_bits(signs[one, 0] ^ others[other, 0]) + set_bits(signs[one, 1] ^ others[other, 1]))
            if apart < distance[one]:
                number[one], distance[one] = other, apart
    return number, distance


@njit(cache=CACHED, nogil=True)
def weigh(begin, length, entries, weights, found):
    """Add to `found` (float32, a photograph each) the weight of each bucket in which it stands.

    Args:
        begin, length: int64, where each bucket lies in `entries`.
        entries: uint32, numbers of photographs; one that is none is passed over.
        weights: float32, of each bucket.
    """
    for bucket in range(begin.shape[0]):
        weight = weights[bucket]
        for at in range(begin[bucket], begin[bucket] + length[bucket]):
            number = entries[at]
            if number < found.shape[0]:
                found[number] += weight
