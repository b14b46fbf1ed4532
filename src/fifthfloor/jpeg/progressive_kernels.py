"""Numba kernels for progressive scans (T.81 G.1.2, G.2; figures G.1 to G.7).

A scan brings either the high bits of a band of coefficients, or the next lower bit of one that was brought before
("refines" it). A band is DC alone (of every component of the scan) or some of AC (of one component). One walk is for
both kinds of DC scan and one for both of AC; what differs is how one block is read. `low` is the position of the lowest
bit that the scan brings. A kernel for a block returns the bit behind it, or a reason, which is less than 0.
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
    """Say whether an interval ended where its data ends; bytes behind the last one are borne."""
    if bit > limit:
        return np.int64(RAN_OUT)
    return np.int64(LEFT_OVER) if limit - bit >= 8 and not is_last else np.int64(0)


# Each scan has a walk of its own in machine code: that it refines is known there, and tested for no block.
@njit(cache=CACHED, nogil=True)
def first_dc_scan(words, ends, shape, plan, lookups, low, out):
    """Decode the high bits of DC; arguments and result as of `walk_dc`."""
    return walk_dc(words, ends, shape, plan, lookups, low, False, out)


@njit(cache=CACHED, nogil=True)
def refine_dc_scan(words, ends, shape, plan, lookups, low, out):
    """Add one bit to DC; arguments and result as of `walk_dc`."""
    return walk_dc(words, ends, shape, plan, lookups, low, True, out)


@njit(cache=CACHED, nogil=True)
def first_ac_scan(words, ends, shape, place, lookup, band, out):
    """Decode the high bits of a band of AC; arguments and result as of `walk_ac`."""
    return walk_ac(words, ends, shape, place, lookup, band, False, out)


@njit(cache=CACHED, nogil=True)
def refine_ac_scan(words, ends, shape, place, lookup, band, out):
    """Add one bit to a band of AC; arguments and result as of `walk_ac`."""
    return walk_ac(words, ends, shape, place, lookup, band, True, out)


@njit(cache=CACHED, nogil=True, inline="always")
def walk_dc(words, ends, shape, plan, lookups, low, refines, out):
    """Decode a scan of DC.

    Args:
        words, ends: of the stream, as in `sequential.decode`.
        shape: MCUs a restart interval, in all, and in a row.
        plan: of an MCU's blocks.
        lookups: of the tables that the plan numbers; a scan that refines needs none.
        out: (blocks, 64) int16, changed in place.

    Returns:
        0 or a reason. What came before the reason is in `out`: a file that was cut is shown as far as it goes.
    """
    restart, mcus, wide = shape
    prediction = np.zeros(4, dtype=np.int64)
    begin = np.int64(0)
    for interval in range(ends.size):
        bit, limit = begin * 8, ends[interval] * 8
        prediction[:] = 0
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            row = mcu // wide
            for b in range(plan.shape[0]):
                block = plan[b, 2] + row * plan[b, 4] + (mcu - row * wide) * plan[b, 3]
                if refines:
                    bit = refine_dc(words, bit, limit, low, out, block)
                else:
                    bit = first_dc(words, bit, limit, lookups[plan[b, 0]], prediction, plan[b, 1], low, out, block)
                if bit < 0:
                    return bit
        status = interval_status(bit, limit, interval + 1 == ends.size)
        if status < 0:
            return status
        begin = ends[interval]
    return np.int64(0)


@njit(cache=CACHED, nogil=True, inline="always")
def walk_ac(words, ends, shape, place, lookup, band, refines, out):
    """Decode a scan of AC, whose MCU is one block.

    Args:
        words, ends, shape, out: as for `walk_dc`.
        place: the plan of the one block.
        lookup: of the scan's table.
        band: first and last coefficient, and `low`.

    Returns:
        as `walk_dc`.
    """
    restart, mcus, wide = shape
    first, last, low = band
    begin = np.int64(0)
    for interval in range(ends.size):
        bit, limit = begin * 8, ends[interval] * 8
        # Blocks whose band has ended: an AC code may say so of many at once, but never beyond its interval.
        ended = np.int64(0)
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            # Where the band has ended nothing is new; a scan that refines has bits there of what is not zero.
            if refines or ended == 0:
                row = mcu // wide
                block = place[2] + row * place[4] + (mcu - row * wide) * place[3]
                if refines:
                    bit, ended = refine_ac(words, bit, lookup, first, last, low, ended, out[block])
                else:
                    bit, ended = first_ac(words, bit, lookup, first, last, low, out[block])
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
def first_dc(words, bit, limit, lookup, prediction, component, low, out, block):
    """Decode the high bits of DC: a difference to the block before, of the same component (G.1.2.1)."""
    bit, difference = decode_dc(words, bit, lookup)
    # A code that runs out is no value: nothing of it may be judged or kept.
    if bit < 0:
        return bit
    if bit > limit:
        return np.int64(RAN_OUT)
    prediction[component] += difference
    value = prediction[component] * (1 << low)
    if value > 32767 or value < -32768:
        return np.int64(RANGE)
    out[block, 0] = value
    return bit


@njit(cache=CACHED, nogil=True, inline="always")
def refine_dc(words, bit, limit, low, out, block):
    """Add the next bit to DC, as it stands in two's complement (G.1.2.1)."""
    if bit >= limit:
        return np.int64(RAN_OUT)
    out[block, 0] |= bits_at(words, bit, 1) << low
    return bit + 1


@njit(cache=CACHED, nogil=True)
def first_ac(words, bit, lookup, first, last, low, target):
    """Decode the high bits of a band of AC (G.1.2.2, figure G.1); and how many blocks end here, with this one."""
    k = first
    while k <= last:
        top = top_bits(words, bit)
        entry = np.int64(lookup[top >> np.uint64(48)])
        if entry == 0:
            return np.int64(NO_CODE), np.int64(0)
        bit += entry >> 8
        run, size = (entry >> 4) & 15, entry & 15
        if size == 0 and run < 15:
            # EOBn: 2^n blocks end, and as many more as the n bits behind it say.
            more = bits_at(words, bit, run) if run else np.int64(0)
            return bit + run, (np.int64(1) << run) + more
        k += run
        if size == 0:
            k += 1  # ZRL: sixteen zeros
            continue
        if k > last:
            return np.int64(TOO_MANY), np.int64(0)
        value = bits_at(words, bit, size)
        bit += size
        # A leading 0 is a negative value: its bits are those of the value less 1 (T.81 F.1.2.1, EXTEND).
        if value < (1 << (size - 1)):
            value -= (1 << size) - 1
        value *= 1 << low
        if value > 32767 or value < -32768:
            return np.int64(RANGE), np.int64(0)
        target[k] = value
        k += 1
    return bit, np.int64(0)


@njit(cache=CACHED, nogil=True, inline="always")
def correct(words, bit, target, k, low):
    """Give the coefficient at `k`, which is not zero, its next bit (figure G.7); returns the bit behind it."""
    plus = np.int64(1) << low
    value = np.int64(target[k])
    # Encoders that went wrong repeat a scan: a bit that is set already is not added again, as in libjpeg.
    if bits_at(words, bit, 1) and value & plus == 0:
        target[k] = value + plus if value > 0 else value - plus
    return bit + 1


@njit(cache=CACHED, nogil=True)
def refine_ac(words, bit, lookup, first, last, low, ended, target):
    """Add the next bit to a band of AC (G.1.2.3, figures G.3 to G.7); `ended`, in and out, as `first_ac` returns it."""
    k = first
    while ended == 0 and k <= last:
        entry = np.int64(lookup[top_bits(words, bit) >> np.uint64(48)])
        run, size = (entry >> 4) & 15, entry & 15
        # What is new in this scan has one bit, or it would have been new in an earlier one.
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
        # The run counts coefficients that are still zero; the others it passes have their bits in between.
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
    # Behind the end of the band nothing is new, but what is not zero has its bit.
    while ended and k <= last:
        if target[k] != 0:
            bit = correct(words, bit, target, k, low)
        k += 1
    return bit, ended
