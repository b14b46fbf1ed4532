"""Numba kernels for progressive scans (T.81 G.1.2, G.2; figures G.1 to G.7).

Arguments as in `sequential.decode`: words and ends of the stream; MCUs a restart interval, in all and in a row; the
plan of an MCU's blocks (for AC scans its only row); `out` (n, 64) int16 is changed in place. `low` is the bit position.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.jpeg.bits import CACHED
from fifthfloor.jpeg.sequential import LEFT_OVER, NO_CODE, RAN_OUT, RANGE, TOO_MANY, decode_dc, top_bits


@njit(cache=CACHED, nogil=True, inline="always")
def bits_at(words, bit, count):
    """Return `count` (1 to 16) bits."""
    return np.int64(top_bits(words, bit) >> np.uint64(64 - count))


@njit(cache=CACHED, nogil=True, inline="always")
def interval_status(bit, limit, is_last):
    """Say whether an interval ended where its data ends."""
    if bit > limit:
        return np.int64(RAN_OUT)
    return np.int64(LEFT_OVER) if limit - bit >= 8 and not is_last else np.int64(0)


@njit(cache=CACHED, nogil=True)
def first_dc(words, ends, restart, mcus, mcus_wide, plan, lookups, low, out):
    """Decode the high bits of DC coefficients; returns 0 or a reason."""
    prediction = np.zeros(4, dtype=np.int64)
    begin = np.int64(0)
    for interval in range(ends.size):
        bit, limit = begin * 8, ends[interval] * 8
        prediction[:] = 0
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            row = mcu // mcus_wide
            for b in range(plan.shape[0]):
                bit, difference = decode_dc(words, bit, lookups[plan[b, 0]])
                if bit < 0:
                    return bit
                if bit > limit:
                    return np.int64(RAN_OUT)
                prediction[plan[b, 1]] += difference
                value = prediction[plan[b, 1]] * (1 << low)
                if value > 32767 or value < -32768:
                    return np.int64(RANGE)
                out[plan[b, 2] + row * plan[b, 4] + (mcu - row * mcus_wide) * plan[b, 3], 0] = value
        status = interval_status(bit, limit, interval + 1 == ends.size)
        if status < 0:
            return status
        begin = ends[interval]
    return np.int64(0)


@njit(cache=CACHED, nogil=True)
def refine_dc(words, ends, restart, mcus, mcus_wide, plan, low, out):
    """Add one bit to DC coefficients; returns 0 or a reason."""
    begin = np.int64(0)
    for interval in range(ends.size):
        bit, limit = begin * 8, ends[interval] * 8
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            row = mcu // mcus_wide
            for b in range(plan.shape[0]):
                if bit >= limit:
                    return np.int64(RAN_OUT)
                block = plan[b, 2] + row * plan[b, 4] + (mcu - row * mcus_wide) * plan[b, 3]
                out[block, 0] |= bits_at(words, bit, 1) << low
                bit += 1
        status = interval_status(bit, limit, interval + 1 == ends.size)
        if status < 0:
            return status
        begin = ends[interval]
    return np.int64(0)


@njit(cache=CACHED, nogil=True)
def first_ac_block(words, bit, lookup, first, last, low, target):
    """Decode one block; returns (bit or a reason, blocks that end here, this one included)."""
    k = first
    while k <= last:
        top = top_bits(words, bit)
        entry = np.int64(lookup[top >> np.uint64(48)])
        if entry == 0:
            return np.int64(NO_CODE), np.int64(0)
        bit += entry >> 8
        run, size = (entry >> 4) & 15, entry & 15
        if size == 0 and run < 15:
            more = bits_at(words, bit, run) if run else np.int64(0)
            return bit + run, (np.int64(1) << run) + more
        k += run
        if size == 0:
            k += 1
            continue
        if k > last:
            return np.int64(TOO_MANY), np.int64(0)
        value = bits_at(words, bit, size)
        bit += size
        if value < (1 << (size - 1)):
            value -= (1 << size) - 1
        value *= 1 << low
        if value > 32767 or value < -32768:
            return np.int64(RANGE), np.int64(0)
        target[k] = value
        k += 1
    return bit, np.int64(0)


@njit(cache=CACHED, nogil=True)
def first_ac(words, ends, restart, mcus, mcus_wide, plan, lookup, first, last, low, out):
    """Decode the high bits of a band of AC coefficients; returns 0 or a reason."""
    begin = np.int64(0)
    for interval in range(ends.size):
        bit, limit = begin * 8, ends[interval] * 8
        ended = np.int64(0)
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            if ended == 0:
                row = mcu // mcus_wide
                block = plan[2] + row * plan[4] + (mcu - row * mcus_wide) * plan[3]
                bit, ended = first_ac_block(words, bit, lookup, first, last, low, out[block])
                if bit < 0:
                    return bit
                if bit > limit:
                    return np.int64(RAN_OUT)
            if ended:
                ended -= 1
        status = interval_status(bit, limit, interval + 1 == ends.size)
        if status < 0:
            return status
        begin = ends[interval]
    return np.int64(0)


@njit(cache=CACHED, nogil=True, inline="always")
def correct(words, bit, target, k, low):
    """Give the coefficient at `k`, which is not zero, its next bit (figure G.7); returns the bit behind it."""
    plus = np.int64(1) << low
    value = np.int64(target[k])
    if bits_at(words, bit, 1) and value & plus == 0:
        target[k] = value + plus if value > 0 else value - plus
    return bit + 1


@njit(cache=CACHED, nogil=True)
def refine_ac_block(words, bit, lookup, first, last, low, ended, target):
    """Refine one block; returns (bit or a reason, blocks that end here, this one included)."""
    k = first
    while ended == 0 and k <= last:
        entry = np.int64(lookup[top_bits(words, bit) >> np.uint64(48)])
        run, size = (entry >> 4) & 15, entry & 15
        if entry == 0 or size > 1:
            return np.int64(NO_CODE), np.int64(0)
        bit += entry >> 8
        value = np.int64(0)
        if size:
            value = (np.int64(1) << low) if bits_at(words, bit, 1) else -(np.int64(1) << low)
            bit += 1
        elif run < 15:
            ended = (np.int64(1) << run) + (bits_at(words, bit, run) if run else np.int64(0))
            bit += run
            break
        while k <= last:
            if target[k] != 0:
                bit = correct(words, bit, target, k, low)
            else:
                run -= 1
                if run < 0:
                    break
            k += 1
        if value != 0:
            if k > last:
                return np.int64(TOO_MANY), np.int64(0)
            target[k] = value
        k += 1
    while ended and k <= last:
        if target[k] != 0:
            bit = correct(words, bit, target, k, low)
        k += 1
    return bit, ended


@njit(cache=CACHED, nogil=True)
def refine_ac(words, ends, restart, mcus, mcus_wide, plan, lookup, first, last, low, out):
    """Add one bit to a band of AC coefficients; returns 0 or a reason."""
    begin = np.int64(0)
    for interval in range(ends.size):
        bit, limit = begin * 8, ends[interval] * 8
        ended = np.int64(0)
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            row = mcu // mcus_wide
            block = plan[2] + row * plan[4] + (mcu - row * mcus_wide) * plan[3]
            bit, ended = refine_ac_block(words, bit, lookup, first, last, low, ended, out[block])
            if bit < 0:
                return bit
            if bit > limit:
                return np.int64(RAN_OUT)
            if ended:
                ended -= 1
        status = interval_status(bit, limit, interval + 1 == ends.size)
        if status < 0:
            return status
        begin = ends[interval]
    return np.int64(0)
