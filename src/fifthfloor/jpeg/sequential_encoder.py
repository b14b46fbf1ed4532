"""Numba kernels that write sequential Huffman scans; the counterpart of the decoder in `sequential.py`.

Rule 1: bits first, stuffing after: an MCU's bits go into a small buffer without a look at them, which needs no branch
        that cannot be foreseen; whole words of the buffer are then copied, and bytes FF looked for, eight at a time.
Rule 2: `held` has `count` (0 to 7) bits that are not in the buffer yet, in its low end; what is above them is old.
Statuses below 0 are reasons, named in `stream.REASONS`. Numbers are uint64, as in `bits.py`, unless they are signed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.jpeg.bits import CACHED, leading_zeros, load, non_zero_places, store, trailing_zeros

RANGE = -3
# Half a first-level cache; an MCU of 10 blocks takes at most 2,480 bytes more.
BUFFER_BYTES, FULL_BYTES = 16384, 12288


@njit(cache=CACHED, nogil=True, inline="always")
def put(buffer, at, held, count, length, bits):
    """Append `length` (1 to 31) bits; returns (at, held, count)."""
    held = (held << length) | bits
    count += length
    store(buffer, at, held << (np.uint64(64) - count))
    return at + (count >> np.uint64(3)), held, count & np.uint64(7)


@njit(cache=CACHED, nogil=True, inline="always")
def put_value(buffer, at, held, count, entry, size, value):
    """Append a code (length << 16 | code) and the `size` bits of a value (T.81 F.1.2.1); returns (at, held, count)."""
    # Without a branch: a sign cannot be foreseen.
    bits = np.uint64(value + (value >> np.int64(63))) & ((np.uint64(1) << size) - np.uint64(1))
    code = (entry & np.uint64(0xFFFF)) << size
    return put(buffer, at, held, count, (entry >> np.uint64(16)) + size, code | bits)


@njit(cache=CACHED, nogil=True, inline="always")
def size_of(value):
    """Return the bits of a magnitude (T.81 table F.1)."""
    return np.uint64(64) - leading_zeros(np.uint64(abs(value)))


@njit(cache=CACHED, nogil=True)
def encode_block(buffer, at, held, count, coefficients, block, places, difference, dc_emit, ac_emit):
    """Encode one block.

    Args:
        coefficients: (n, 64) int16; `places` says which of this block's are not zero (bit k).
        difference: int64, of its DC coefficient.
        dc_emit, ac_emit: (256,) uint64, length << 16 | code, 0 for a symbol without one.

    Returns:
        (at, held, count, something else than 0 if the tables have no code for it).
    """
    size = size_of(difference)
    entry = dc_emit[size]
    wrong = np.uint64(entry == 0) | size >> np.uint64(4)
    at, held, count = put_value(buffer, at, held, count, entry, size, difference)
    before = np.uint64(0)
    left = places & ~np.uint64(1)
    while left != 0:
        k = trailing_zeros(left)
        left &= left - np.uint64(1)
        run = k - before - np.uint64(1)
        before = k
        while run > 15:
            entry = ac_emit[0xF0]
            wrong |= np.uint64(entry == 0)
            at, held, count = put(buffer, at, held, count, entry >> np.uint64(16), entry & np.uint64(0xFFFF))
            run -= np.uint64(16)
        value = np.int64(coefficients[block, k])
        size = size_of(value)
        entry = ac_emit[(run << np.uint64(4) | size) & np.uint64(255)]
        wrong |= np.uint64(entry == 0) | size >> np.uint64(4)
        at, held, count = put_value(buffer, at, held, count, entry, size, value)
    if before != 63:
        entry = ac_emit[0]
        wrong |= np.uint64(entry == 0)
        at, held, count = put(buffer, at, held, count, entry >> np.uint64(16), entry & np.uint64(0xFFFF))
    return at, held, count, wrong


@njit(cache=CACHED, nogil=True)
def encode_mcu(buffer, at, held, count, row, column, planes, blocks, limits, tables, prediction):
    """Encode one MCU; arguments as in `encode`; returns as `encode_block`."""
    coefficients, quads = planes
    dc_emit, ac_emit = tables
    wrong = np.uint64(0)
    for b in range(blocks.shape[0]):
        table, component = blocks[b, 0], blocks[b, 1]
        block = np.uint64(blocks[b, 2] + row * blocks[b, 4] + column * blocks[b, 3])
        places = np.uint64(0)
        difference = np.int64(0)
        inside = limits[b, 0] + column * limits[b, 4] < limits[b, 2]
        if inside and limits[b, 1] + row * limits[b, 5] < limits[b, 3]:
            places = non_zero_places(quads, block)
            difference = np.int64(coefficients[block, 0]) - prediction[component]
            prediction[component] = coefficients[block, 0]
        at, held, count, bad = encode_block(
            buffer, at, held, count, coefficients, block, places, difference, dc_emit[table], ac_emit[table]
        )
        wrong |= bad
    return at, held, count, wrong


@njit(cache=CACHED, nogil=True)
def stuff(buffer, used, out, at):
    """Copy `used` bytes of the buffer, a zero behind each FF; returns the place behind them."""
    i = np.uint64(0)
    while i + np.uint64(8) <= used:
        word = load(buffer, i)
        if word & np.uint64(0x8080808080808080) & ~(word + np.uint64(0x0101010101010101)):
            # Probably an FF (a carry can make an FE look like one).
            for place in range(8):
                byte = buffer[i + np.uint64(place)]
                out[at] = byte
                at += np.uint64(1)
                if byte == 0xFF:
                    out[at] = 0
                    at += np.uint64(1)
        else:
            store(out, at, word)
            at += np.uint64(8)
        i += np.uint64(8)
    while i < used:
        byte = buffer[i]
        out[at] = byte
        at += np.uint64(1)
        if byte == 0xFF:
            out[at] = 0
            at += np.uint64(1)
        i += np.uint64(1)
    return at


@njit(cache=CACHED, nogil=True)
def put_end(buffer, at, held, count, pad):
    """Fill up the last byte (with the bits of `pad`, count << 8 | bits, where the count fits, else with ones)."""
    if count == 0:
        return at
    spare = np.int64(8) - np.int64(count)
    filling = (pad & 255) if (pad >> 8) == spare else (1 << spare) - 1
    buffer[at] = np.uint8((held << np.uint64(spare)) | np.uint64(filling))
    return at + np.uint64(1)


@njit(cache=CACHED, nogil=True)
def encode(span, restart, mcus, mcus_wide, planes, blocks, limits, tables, pads, out, starts, ends):
    """Encode some intervals of a sequential scan, with an RST marker behind each but the last of all.

    Args:
        span: the first interval, and the one behind the last.
        restart, mcus, mcus_wide, blocks: as in `sequential.decode`.
        planes: coefficients (n, 64) int16, and the same memory as (n, 16) uint64.
        limits: (b, 6) int64, for each block of an MCU: column and row in its component in MCU 0, the component's width
            and height, blocks an MCU across and down. Blocks beyond are coded as difference 0 without AC (jctrans.c).
        tables: dc_emit and ac_emit (t, 256) uint64 (`huffman.HuffmanTable.emit`).
        pads: (k,) int64 as `decode` gives, -1 for ones.
        out: (m,) uint8; starts, ends: (k,) int64; filled.

    Returns:
        (next interval, bytes used or a reason); fewer than the span: again from there with another `out`.
    """
    prediction = np.zeros(4, dtype=np.int64)
    buffer = np.empty(BUFFER_BYTES, dtype=np.uint8)
    total = np.uint64(0)
    # 64 codes of at most 31 bits, every byte stuffed.
    worst = restart * blocks.shape[0] * 496 + 64
    for interval in range(span[0], span[1]):
        if out.size - np.int64(total) < worst:
            return interval, np.int64(total)
        starts[interval] = total
        prediction[:] = 0
        held, count, at = np.uint64(0), np.uint64(0), np.uint64(0)
        for mcu in range(interval * restart, min((interval + 1) * restart, mcus)):
            row = mcu // mcus_wide
            column = mcu - row * mcus_wide
            at, held, count, wrong = encode_mcu(
                buffer, at, held, count, row, column, planes, blocks, limits, tables, prediction
            )
            if wrong != 0:
                return interval, np.int64(RANGE)
            if at > FULL_BYTES:
                total = stuff(buffer, at, out, total)
                at = np.uint64(0)
        at = put_end(buffer, at, held, count, pads[interval])
        total = stuff(buffer, at, out, total)
        ends[interval] = total
        if interval + 1 < starts.size:
            out[total] = 0xFF
            out[total + np.uint64(1)] = np.uint8(0xD0 + (interval & 7))
            total += np.uint64(2)
    return span[1], np.int64(total)
