"""Numba kernels for syndrome-trellis codes over luma coefficients (spec/roll-carrier.md, sections 4 and 5), one thread.

Imported only by functions that need them: the base install has no numba. The coefficients of one window that share a
column are one class: flipping any one of them does the same, so the cheapest stands for all, and a bit costs at most as
many steps of the trellis (`viterbi`) as there are columns, however long its window is.

Source: Filler, Judas, Fridrich, "Minimizing Additive Distortion in Steganography Using Syndrome-Trellis Codes", IEEE
TIFS 6(3), 2011, section IV (the codes) and VI (several layers).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.carriers.roll.viterbi import FORBIDDEN
from fifthfloor.jpeg.bits import CACHED

UP, DOWN = 1, 2  # bits of `allowed`


@njit(cache=CACHED, nogil=True, inline="always")
def row_of(turn, frequency, rows, turns):
    """Return the block at place 63 turn + frequency of the order: each frequency walks from its own start."""
    at = turn + turns[frequency]
    if at >= rows.size:
        at -= rows.size
    return rows[at]


@njit(cache=CACHED, nogil=True, inline="always")
def step_on(turn, frequency):
    """Go to the next place; without a division, which would take longer than all the rest."""
    frequency += 1
    if frequency == 63:
        return turn + 1, np.int64(0)
    return turn, frequency


@njit(cache=CACHED, nogil=True)
def syndrome(coefficients, rows, turns, columns, span, layers, bits, of_bits):
    """Return the first bits that a segment says in each layer.

    Args:
        coefficients: (n, 64) int16.
        rows, turns: the order; (blocks,) and (63,) int64.
        columns: (L,) int64.
        span: first place of the segment, and the one behind its last.
        layers: 1 for the lowest bits of coefficients alone, 2 for the next ones too.
        bits: how many are wanted.
        of_bits: how many the segment says in a layer.

    Returns:
        (layers, bits) uint8.
    """
    length = span[1] - span[0]
    out = np.zeros((layers, bits), np.uint8)
    low_pending, high_pending = np.int64(0), np.int64(0)
    turn, frequency = span[0] // 63, span[0] % 63
    for j in range(bits):
        column = 0
        for _ in range((j + 1) * length // of_bits - j * length // of_bits):
            value = np.int64(coefficients[row_of(turn, frequency, rows, turns), 1 + frequency])
            # Without a branch: a bit cannot be foreseen.
            low_pending ^= columns[column] & -(value & 1)
            high_pending ^= columns[column] & -((value >> 1) & 1)
            column = column + 1 if column + 1 < columns.size else 0
            turn, frequency = step_on(turn, frequency)
        out[0, j] = low_pending & 1
        low_pending >>= 1
        if layers == 2:
            out[1, j] = high_pending & 1
            high_pending >>= 1
    return out


@njit(cache=CACHED, nogil=True, inline="always")
def step_of(value, layer):
    """Return the change by one that flips this layer's bit and, in the lowest layer, no other that is read."""
    odd = value & 1
    return 1 - 2 * odd if layer == 0 else 2 * odd - 1


@njit(cache=CACHED, nogil=True)
def cheapest(coefficients, allowed, weights, quantiser, order, columns, span, layer, message):
    """Find for each bit and column the cheapest coefficient, and what the segment says before anything is changed.

    Args:
        coefficients: (n, 64) int16.
        allowed: (n, 64) uint8 of UP and DOWN.
        weights: (n,) float32; a change in a block costs its weight times the step of its frequency.
        quantiser: (64,) float32, zigzag order.
        order: rows and turns.
        columns, span: as for `syndrome`.
        layer: 0 for the lowest bit of a coefficient, 1 for the next.
        message: (m,) uint8, bits.

    Returns:
        (costs (m, L) float32, places (m, L, 2) int32 of block and frequency, wrong (m,) uint8, bits to be flipped).
    """
    rows, turns = order
    length, many = span[1] - span[0], columns.size
    costs = np.full((message.size, many), FORBIDDEN, np.float32)
    places = np.zeros((message.size, many, 2), np.int32)
    wrong = np.zeros(message.size, np.uint8)
    pending = np.int64(0)
    turn, frequency = span[0] // 63, span[0] % 63
    for j in range(message.size):
        column = 0
        for _ in range((j + 1) * length // message.size - j * length // message.size):
            row, k = row_of(turn, frequency, rows, turns), 1 + frequency
            value = np.int64(coefficients[row, k])
            pending ^= columns[column] & -((value >> layer) & 1)
            cost = weights[row] * quantiser[k]
            if cost < costs[j, column]:
                needed = UP if step_of(value, layer) > 0 else DOWN
                if allowed[row, k] & needed:
                    costs[j, column] = cost
                    places[j, column, 0], places[j, column, 1] = row, k
            column = column + 1 if column + 1 < many else 0
            turn, frequency = step_on(turn, frequency)
        wrong[j] = (pending & 1) ^ message[j]
        pending >>= 1
    return costs, places, wrong


@njit(cache=CACHED, nogil=True)
def apply(coefficients, allowed, places, flips, layer):
    """Change the chosen coefficients by one, each once: what was changed may not be changed again. Returns how many."""
    done = 0
    for j in range(flips.shape[0]):
        for k in range(flips.shape[1]):
            if flips[j, k]:
                row, at = places[j, k, 0], places[j, k, 1]
                coefficients[row, at] += step_of(np.int64(coefficients[row, at]), layer)
                allowed[row, at] = 0
                done += 1
    return done
