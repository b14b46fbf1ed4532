"""Numba kernels for sequential Huffman scans: coded bytes to coefficients and back, one thread.

Imported only by functions that need it: the base install has no numba.
Coefficients are in zigzag order (`frame.Component` says where each block lies).
Statuses below 0 are reasons, named in `stream.REASONS`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.jpeg.bits import CACHED, load
from fifthfloor.jpeg.huffman import FAST_BITS
from fifthfloor.jpeg.sequential_encoder import RANGE as RANGE
from fifthfloor.jpeg.sequential_encoder import encode as encode

RAN_OUT, NO_CODE, TOO_MANY, RST_ORDER, LEFT_OVER, RESTARTS = -1, -2, -4, -5, -6, -7
# Bytes after the coded data that a kernel may look at before it notices the end.
SLACK_BYTES = 512
FAST_SHIFT = np.uint64(64 - FAST_BITS)
# No DC difference comes near it; a reason is a little below.
NO_WAY = 1 << 40


@njit(cache=CACHED, nogil=True)
def unstuff(coded, marks, out, ends):
    """Copy coded bytes without stuffed zeros and RST markers.

    Args:
        coded: (n,) uint8, a scan's data.
        marks: (m,) int64, the places of its bytes FF.
        out: (n + SLACK_BYTES,) uint8, zeros; filled.
        ends: (k,) int64, filled with the end of each interval in `out`.

    Returns:
        Number of intervals, or RST_ORDER, or RESTARTS if there are more than k.
    """
    at = np.int64(0)
    intervals = np.int64(0)
    done = np.int64(0)
    for mark in marks:
        length = mark - done
        out[at : at + length] = coded[done:mark]
        at += length
        done = mark + 1
        after = coded[done] if done < coded.size else np.uint8(0)
        if after == 0:
            out[at] = 0xFF
            at += 1
            done += 1
        elif after != 0xFF:
            if after != 0xD0 + (intervals & 7):
                return np.int64(RST_ORDER)
            if intervals + 1 >= ends.size:
                return np.int64(RESTARTS)
            ends[intervals] = at
            intervals += 1
            done += 1
    length = max(np.int64(0), coded.size - done)
    out[at : at + length] = coded[coded.size - length :]
    ends[intervals] = at + length
    return intervals + 1


@njit(cache=CACHED, nogil=True, inline="always")
def top_bits(words, bit):
    """Return 64 bits that begin at `bit`; at least the first 33 are of the stream."""
    word = np.uint64(bit) >> np.uint64(5)
    both = (np.uint64(words[word]) << np.uint64(32)) | np.uint64(words[word + np.uint64(1)])
    return both << (np.uint64(bit) & np.uint64(31))


@njit(cache=CACHED, nogil=True, inline="always")
def extend(top, length, size):
    """Return the signed value of `size` (1 to 15) bits that follow a code of `length` bits (T.81 F.2.2.1 EXTEND)."""
    value = np.int64((top << np.uint64(length)) >> np.uint64(64 - size))
    missing = (value >> (size - 1)) - 1
    return value + (missing & (1 - (1 << size)))


@njit(cache=CACHED, nogil=True)
def decode_dc(words, bit, lookup):
    """Decode a DC difference; returns the bit behind it or a reason, and the difference."""
    top = top_bits(words, bit)
    entry = np.int64(lookup[top >> np.uint64(48)])
    size = entry & 255
    if entry == 0:
        return np.int64(NO_CODE), np.int64(0)
    if size > 15:
        return np.int64(RANGE), np.int64(0)
    difference = extend(top, entry >> 8, size) if size else np.int64(0)
    return bit + (entry >> 8) + size, difference


@njit(cache=CACHED, nogil=True, inline="always")
def refill(raw, at, held, count):
    """Have at least 56 bits in `held`, whose `count` highest are of the stream; returns (at, held, count)."""
    held |= load(raw, at) >> count
    return at + ((np.uint64(63) - count) >> np.uint64(3)), held, count | np.uint64(56)


@njit(cache=CACHED, nogil=True)
def decode_block(raw, at, held, count, tables, table, out, block):
    """Decode one block.

    Args:
        raw, at, held, count: the stream; `held` has its next `count` bits on top, the others follow at `at`.
        tables: as in `decode`; `table` says which.
        out: (n, 64) int16; coefficients 1 to 63 of `block` are filled.

    Returns:
        (at, held, count, DC difference or, above it all, NO_WAY + a reason).
    """
    dc_fast, dc_lookup, ac_fast, ac_lookup = tables
    at, held, count = refill(raw, at, held, count)
    entry = np.int64(dc_fast[table, held >> FAST_SHIFT])
    difference = entry >> 16
    length = np.uint64(entry & 255)
    if entry == 0:
        entry = np.int64(dc_lookup[table, held >> np.uint64(48)])
        size = entry & 255
        if entry == 0:
            return at, held, count, np.int64(NO_WAY + NO_CODE)
        if size > 15:
            return at, held, count, np.int64(NO_WAY + RANGE)
        difference = extend(held, entry >> 8, size) if size else np.int64(0)
        length = np.uint64((entry >> 8) + size)
    held <<= length
    count -= length
    k = np.uint64(1)
    while k < 64:
        if count < 32:
            at, held, count = refill(raw, at, held, count)
        entry = np.int64(ac_fast[table, held >> FAST_SHIFT])
        value = entry >> 16
        if value != 0:
            length = np.uint64(entry & 255)
            k += np.uint64((entry >> 8) & 255)
            if k > 63:
                return at, held, count, np.int64(NO_WAY + TOO_MANY)
            out[block, k] = value
            k += np.uint64(1)
        elif entry != 0:
            # The end of the block is the only short code without a value.
            length = np.uint64(entry)
            k = np.uint64(64)
        else:
            entry = np.int64(ac_lookup[table, held >> np.uint64(48)])
            size, run = entry & 15, (entry >> 4) & 15
            length = np.uint64((entry >> 8) + size)
            if entry == 0 or (size == 0 and run != 0 and run != 15):
                return at, held, count, np.int64(NO_WAY + NO_CODE)
            if size == 0 and run == 0:
                k = np.uint64(64)
            else:
                k += np.uint64(run)
                if k > 63 or (size == 0 and k > 62):
                    return at, held, count, np.int64(NO_WAY + TOO_MANY)
                if size:
                    out[block, k] = extend(held, entry >> 8, size)
                k += np.uint64(1)
        held <<= length
        count -= length
    return at, held, count, difference


@njit(cache=CACHED, nogil=True)
def decode(raw, ends, restart, mcus, mcus_wide, blocks, tables, out, pads, state, until):
    """Decode a sequential scan, or the next of its MCUs.

    Args:
        raw: (w,) uint8, the unstuffed stream, with SLACK_BYTES zeros behind it.
        ends: (k,) int64, end of each interval in bytes of the stream.
        restart: MCUs an interval; `mcus` in all, `mcus_wide` in a row.
        blocks: (b, 6) int64, for each block of an MCU: table, component, its place in MCU 0, step to the next MCU,
            step to the next row of MCUs, 0.
        tables: for DC and AC, each: (t, 1 << FAST_BITS) int32 and (t, 65536) uint16 (`huffman.HuffmanTable`).
        out: (n, 64) int16, zeros; filled.
        pads: (k,) int64, filled with the bits left in the last byte of each interval: count << 8 | bits. Where decoding
            stops, the first one is the number of MCUs that came out whole.
        state: (7,) int64, zeros at first: the next MCU, its interval, its first bit, and what predicts each component.
        until: the MCU before which to stop and to leave in `state` where to go on; `mcus` for the whole scan.

    Returns:
        Whole bytes left over behind the last interval, or a reason. `encode` is the counterpart.
    """
    prediction = state[3:]
    mcu = state[0]
    over = np.int64(0)
    for interval in range(state[1], ends.size):
        bit = state[2]
        limit = ends[interval] * 8
        at, held, count = np.uint64(bit >> 3), np.uint64(0), np.uint64(0)
        if bit & 7:
            # Begin in the middle of a byte: its first bits belong to the MCU before.
            held = np.uint64(raw[at]) << np.uint64(56 + (bit & 7))
            count = np.uint64(8 - (bit & 7))
            at += np.uint64(1)
        last = min((interval + 1) * restart, mcus)
        while mcu < last:
            if mcu == until:
                state[0], state[1], state[2] = mcu, interval, bit
                return np.int64(0)
            row = mcu // mcus_wide
            for b in range(blocks.shape[0]):
                component = blocks[b, 1]
                block = np.uint64(blocks[b, 2] + row * blocks[b, 4] + (mcu - row * mcus_wide) * blocks[b, 3])
                at, held, count, difference = decode_block(raw, at, held, count, tables, blocks[b, 0], out, block)
                if difference > NO_WAY - 100:
                    pads[0] = mcu
                    return difference - NO_WAY
                prediction[component] += difference
                if prediction[component] > 32767 or prediction[component] < -32768:
                    return np.int64(RANGE)
                out[block, 0] = prediction[component]
                bit = np.int64(at) * 8 - np.int64(count)
                if bit > limit:
                    pads[0] = mcu
                    return np.int64(RAN_OUT)
            mcu += 1
        over = (limit - bit) >> 3
        if over and interval + 1 < ends.size:
            return np.int64(LEFT_OVER)
        left = (limit - bit) & 7
        pads[interval] = (left << 8) | np.int64(raw[ends[interval] - 1 - over] & ((1 << left) - 1)) if left else 0
        state[2] = ends[interval] * 8
        prediction[:] = 0
    if mcu < mcus:
        pads[0] = mcu
        return np.int64(RAN_OUT)
    return over
