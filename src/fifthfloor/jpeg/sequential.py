"""Numba kernels for sequential Huffman scans: coded bytes to coefficients and back, one thread.

Imported only by functions that need it: the base install has no numba.
Coefficients are in zigzag order (`frame.Component` says where each block lies).
Statuses below 0 are reasons, named in `stream.REASONS`.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numba import njit

# Compiled code is kept beside the source, and never in the person's home directory (numba's second choice).
CACHED = os.access(Path(__file__).parent, os.W_OK)

RAN_OUT, NO_CODE, RANGE, TOO_MANY, RST_ORDER, LEFT_OVER, RESTARTS = -1, -2, -3, -4, -5, -6, -7
# Bytes after the coded data that a kernel may look at before it notices the end.
SLACK_BYTES = 512


@njit(cache=CACHED, nogil=True)
def unstuff(coded, out, ends):
    """Copy coded bytes without stuffed zeros and RST markers.

    Args:
        coded: (n,) uint8, a scan's data.
        out: (n + SLACK_BYTES,) uint8, zeros; filled.
        ends: (k,) int64, filled with the end of each interval in `out`.

    Returns:
        Number of intervals, or RST_ORDER, or RESTARTS if there are more than k.
    """
    at = 0
    intervals = 0
    i = 0
    n = coded.size
    while i < n:
        byte = coded[i]
        if byte != 0xFF:
            out[at] = byte
            at += 1
            i += 1
            continue
        after = coded[i + 1] if i + 1 < n else 0
        if after == 0:
            out[at] = 0xFF
            at += 1
            i += 2
        elif after == 0xFF:
            i += 1
        else:
            if after != 0xD0 + (intervals & 7):
                return RST_ORDER
            if intervals + 1 >= ends.size:
                return RESTARTS
            ends[intervals] = at
            intervals += 1
            i += 2
    ends[intervals] = at
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
def decode_ac(words, bit, fast, lookup, target):
    """Decode coefficients 1 to 63 of a block into `target`; returns the bit behind them or a reason."""
    k = 1
    while k < 64:
        top = top_bits(words, bit)
        entry = np.int64(fast[top >> np.uint64(54)])
        if entry == 0:
            entry = np.int64(lookup[top >> np.uint64(48)])
            if entry == 0:
                return np.int64(NO_CODE)
        length = entry >> 8
        size = entry & 15
        run = (entry >> 4) & 15
        bit += length + size
        if size == 0:
            if run == 0:
                break
            if run != 15:
                return np.int64(NO_CODE)
            k += 16
            if k > 63:
                return np.int64(TOO_MANY)
            continue
        k += run
        if k > 63:
            return np.int64(TOO_MANY)
        target[k] = extend(top, length, size)
        k += 1
    return bit


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


@njit(cache=CACHED, nogil=True)
def decode(words, ends, restart, mcus, mcus_wide, blocks, dc_lookup, ac_fast, ac_lookup, out, pads):
    """Decode a sequential scan.

    Args:
        words: (w,) uint32, the unstuffed stream, most significant bit first.
        ends: (k,) int64, end of each interval in bytes of the stream.
        restart: MCUs an interval; `mcus` in all, `mcus_wide` in a row.
        blocks: (b, 6) int64, for each block of an MCU: table, component, its place in MCU 0, step to the next MCU,
            step to the next row of MCUs, 0.
        dc_lookup, ac_lookup: (t, 65536) uint16; ac_fast: (t, 1 << FAST_BITS) uint16 (`huffman.HuffmanTable`).
        out: (n, 64) int16, zeros; filled.
        pads: (k,) int64, filled with the bits left in the last byte of each interval: count << 8 | bits.

    Returns:
        Whole bytes left over behind the last interval, or a reason. `encode` is the counterpart.
    """
    prediction = np.zeros(4, dtype=np.int64)
    begin = np.int64(0)
    mcu = np.int64(0)
    over = np.int64(0)
    for interval in range(ends.size):
        bit = begin * 8
        limit = ends[interval] * 8
        prediction[:] = 0
        last = min(mcu + restart, mcus)
        while mcu < last:
            row = mcu // mcus_wide
            for b in range(blocks.shape[0]):
                table, component = blocks[b, 0], blocks[b, 1]
                block = blocks[b, 2] + row * blocks[b, 4] + (mcu - row * mcus_wide) * blocks[b, 3]
                bit, difference = decode_dc(words, bit, dc_lookup[table])
                if bit < 0:
                    return bit
                prediction[component] += difference
                if prediction[component] > 32767 or prediction[component] < -32768:
                    return np.int64(RANGE)
                out[block, 0] = prediction[component]
                bit = decode_ac(words, bit, ac_fast[table], ac_lookup[table], out[block])
                if bit < 0:
                    return bit
                if bit > limit:
                    return np.int64(RAN_OUT)
            mcu += 1
        over = (limit - bit) >> 3
        if over and interval + 1 < ends.size:
            return np.int64(LEFT_OVER)
        left = (limit - bit) & 7
        bits = np.int64(top_bits(words, bit) >> np.uint64(64 - left)) if left else np.int64(0)
        pads[interval] = (left << 8) | bits
        begin = ends[interval]
    return over if mcu == mcus else np.int64(RAN_OUT)


@njit(cache=CACHED, nogil=True, inline="always")
def put_word(out, at, word):
    """Write 32 bits at `at` with byte stuffing; returns the place behind them."""
    if word & np.uint64(0x80808080) & ~(word + np.uint64(0x01010101)):
        for shift in (24, 16, 8, 0):
            byte = (word >> np.uint64(shift)) & np.uint64(255)
            out[at] = byte
            at += 1
            if byte == 255:
                out[at] = 0
                at += 1
        return at
    out[at] = word >> np.uint64(24)
    out[at + 1] = (word >> np.uint64(16)) & np.uint64(255)
    out[at + 2] = (word >> np.uint64(8)) & np.uint64(255)
    out[at + 3] = word & np.uint64(255)
    return at + 4


@njit(cache=CACHED, nogil=True, inline="always")
def put(out, at, held, count, length, bits):
    """Append `length` (at most 31) bits to the `count` (below 32) held ones; returns (at, held, count)."""
    held = (held << np.uint64(length)) | np.uint64(bits)
    count += length
    if count >= 32:
        count -= 32
        at = put_word(out, at, (held >> np.uint64(count)) & np.uint64(0xFFFFFFFF))
    return at, held, count


@njit(cache=CACHED, nogil=True, inline="always")
def put_value(out, at, held, count, entry, size, value):
    """Append a code (length << 16 | code) and the `size` bits of a value (T.81 F.1.2.1); returns (at, held, count)."""
    # Without a branch: a sign cannot be foreseen.
    bits = (value + (value >> 63)) & ((1 << size) - 1)
    return put(out, at, held, count, (entry >> 16) + size, ((entry & 0xFFFF) << size) | bits)


@njit(cache=CACHED, nogil=True, inline="always")
def last_set(source, quads):
    """Return the place of the last coefficient that is not zero, or 0; `quads` is the block as 16 int64."""
    for quad in range(15, -1, -1):
        if quads[quad] != 0:
            last = quad * 4 + 3
            while last > 0 and source[last] == 0:
                last -= 1
            return last
    return 0


@njit(cache=CACHED, nogil=True)
def encode_ac(out, at, held, count, source, last, emit, sizes, places):
    """Encode coefficients 1 to 63, of which those behind `last` are zero; returns (at or a reason, held, count).

    `places` is (65,) int64 to work in: where coefficients are not zero, found without a branch that cannot be foreseen.
    """
    found = 0
    for k in range(1, last + 1):
        places[found] = k
        found += source[k] != 0
    before = np.int64(0)
    for place in range(found):
        k = places[place]
        run = k - before - 1
        before = k
        while run > 15:
            entry = np.int64(emit[0xF0])
            if entry == 0:
                return np.int64(RANGE), held, count
            at, held, count = put(out, at, held, count, entry >> 16, entry & 0xFFFF)
            run -= 16
        value = np.int64(source[k])
        size = np.int64(sizes[abs(value)])
        entry = np.int64(emit[(run << 4 | size) & 255])
        if entry == 0 or size > 15:
            return np.int64(RANGE), held, count
        at, held, count = put_value(out, at, held, count, entry, size, value)
    if last < 63:
        entry = np.int64(emit[0])
        if entry == 0:
            return np.int64(RANGE), held, count
        at, held, count = put(out, at, held, count, entry >> 16, entry & 0xFFFF)
    return at, held, count


@njit(cache=CACHED, nogil=True)
def put_end(out, at, held, count, pad):
    """Fill up the last byte (with the bits of `pad`, count << 8 | bits, where the count fits, else with ones)."""
    spare = -count & 7
    filling = (pad & 255) if (pad >> 8) == spare else (1 << spare) - 1
    held = (held << np.uint64(spare)) | np.uint64(filling)
    count += spare
    while count > 0:
        count -= 8
        byte = (held >> np.uint64(count)) & np.uint64(255)
        out[at] = byte
        at += 1
        if byte == 255:
            out[at] = 0
            at += 1
    return at


@njit(cache=CACHED, nogil=True)
def encode_mcu(out, at, held, count, row, column, planes, blocks, limits, tables, prediction, places):
    """Encode one MCU; arguments as in `encode`; returns (at or a reason, held, count)."""
    coefficients, quads = planes
    dc_emit, ac_emit, sizes = tables
    for b in range(blocks.shape[0]):
        table, component = blocks[b, 0], blocks[b, 1]
        block = blocks[b, 2] + row * blocks[b, 4] + column * blocks[b, 3]
        last = 0
        difference = np.int64(0)
        inside = limits[b, 0] + column * limits[b, 4] < limits[b, 2]
        if inside and limits[b, 1] + row * limits[b, 5] < limits[b, 3]:
            last = last_set(coefficients[block], quads[block])
            difference = np.int64(coefficients[block, 0]) - prediction[component]
            prediction[component] = coefficients[block, 0]
        size = np.int64(sizes[abs(difference) & 0xFFFF])
        entry = np.int64(dc_emit[table, size])
        if entry == 0 or size > 15:
            return np.int64(RANGE), held, count
        at, held, count = put_value(out, at, held, count, entry, size, difference)
        at, held, count = encode_ac(out, at, held, count, coefficients[block], last, ac_emit[table], sizes, places)
        if at < 0:
            return at, held, count
    return at, held, count


@njit(cache=CACHED, nogil=True)
def encode(start, restart, mcus, mcus_wide, planes, blocks, limits, tables, pads, out, starts, ends):
    """Encode a sequential scan from interval `start` on, with RST markers between intervals.

    Args:
        restart, mcus, mcus_wide, blocks: as in `decode`.
        planes: coefficients (n, 64) int16, and the same memory as (n, 16) int64.
        limits: (b, 6) int64, for each block of an MCU: column and row in its component in MCU 0, the component's width
            and height, blocks an MCU across and down. Blocks beyond are coded as difference 0 without AC (jctrans.c).
        tables: dc_emit and ac_emit (t, 256) uint32, length << 16 | code; sizes (65536,) uint8, bits of a magnitude.
        pads: (k,) int64 as `decode` gives, -1 for ones.
        out: (m,) uint8; starts, ends: (k,) int64; filled.

    Returns:
        (next interval, bytes used or a reason); fewer intervals than k: again from there with another `out`.
    """
    prediction = np.zeros(4, dtype=np.int64)
    places = np.zeros(65, dtype=np.int64)
    at = np.int64(0)
    # 64 codes of at most 31 bits, every byte stuffed.
    worst = restart * blocks.shape[0] * 496 + 64
    for interval in range(start, starts.size):
        if out.size - at < worst:
            return interval, at
        starts[interval] = at
        prediction[:] = 0
        held = np.uint64(0)
        count = np.int64(0)
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            row = mcu // mcus_wide
            column = mcu - row * mcus_wide
            at, held, count = encode_mcu(
                out, at, held, count, row, column, planes, blocks, limits, tables, prediction, places
            )
            if at < 0:
                return interval, at
        at = put_end(out, at, held, count, pads[interval])
        ends[interval] = at
        if interval + 1 < starts.size:
            out[at] = 0xFF
            out[at + 1] = 0xD0 + (interval & 7)
            at += 2
    return starts.size, at
