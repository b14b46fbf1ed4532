"""Numba kernels: what a change by one costs in each block, and which the file's own tables can write (section 5).

Source: Guo, Ni, Su, Tang, Shi, "Using Statistical Image Model for JPEG Steganography: Uniform Embedding Revisited",
IEEE TIFS 10(12), 2015: UERD.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.carriers.roll.trellis import DOWN, UP
from fifthfloor.jpeg.bits import CACHED
from fifthfloor.jpeg.sequential_encoder import size_of

_LARGEST_COEFFICIENT = 1023  # ten bits, the most that an AC coefficient has (T.81 table F.2)


@njit(cache=CACHED, nogil=True)
def weigh(coefficients, first, wide, high, stride, quantiser):
    """Return for each block 1 / (its energy + a quarter of its neighbours'), 0 where nothing may change.

    Args:
        coefficients: (n, 64) int16.
        first, wide, high, stride: where the luma blocks lie.
        quantiser: (64,) float32, zigzag order.

    Returns:
        (n,) float32, those of other blocks 0.
    """
    energy = np.zeros((high + 2, wide + 2), np.float32)
    for y in range(high):
        for x in range(wide):
            row, total = first + y * stride + x, np.float32(0)
            for k in range(1, 64):
                total += abs(np.float32(coefficients[row, k])) * quantiser[k]
            energy[y + 1, x + 1] = total
    weights = np.zeros(coefficients.shape[0], np.float32)
    for y in range(high):
        for x in range(wide):
            around = np.float32(0)
            for dy in range(3):
                for dx in range(3):
                    around += energy[y + dy, x + dx]
            here = energy[y + 1, x + 1]
            total = here + np.float32(0.25) * (around - here)
            if total > 0:
                weights[first + y * stride + x] = np.float32(1) / total
    return weights


@njit(cache=CACHED, nogil=True)
def allow(coefficients, rows, weights, has_code, whole):
    """Say which changes may be made.

    Args:
        coefficients: (n, 64) int16.
        rows: of the luma blocks that are seen.
        weights: from `weigh`.
        has_code: (256,) bool, the symbols (run << 4 | size) that the luma AC table can write.
        whole: the table has every symbol there is. Where it has not, no coefficient becomes zero or stops being it, so
            that runs stay as they are and each change can be judged alone.

    Returns:
        (n, 64) uint8 of UP and DOWN.
    """
    allowed = np.zeros(coefficients.shape, np.uint8)
    for row in rows:
        if weights[row] == 0:
            continue
        run = 0
        for k in range(1, 64):
            value = np.int64(coefficients[row, k])
            found = np.uint8(0)
            for step, bit in ((1, UP), (-1, DOWN)):
                new = value + step
                if abs(new) > _LARGEST_COEFFICIENT:
                    continue
                if whole or (value != 0 and new != 0 and has_code[np.uint64((run & 15) << 4) | size_of(new)]):
                    found |= np.uint8(bit)
            allowed[row, k] = found
            run = 0 if value else run + 1
    return allowed


@njit(cache=CACHED, nogil=True)
def non_zero(coefficients, rows):
    """Count the AC coefficients of some blocks that are not zero, for each block; (len(rows),) uint8."""
    counts = np.zeros(rows.size, np.uint8)
    for index in range(rows.size):
        for k in range(1, 64):
            counts[index] += coefficients[rows[index], k] != 0
    return counts
