"""Numba kernel that decodes a sequential scan piece by piece: it stops where the bytes end and goes on with others.

Imported only by functions that need it: the base install has no numba. For putting together what lies in pieces
(`audit/rejoin.py`): nothing of the picture is kept but one brightness for each MCU.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from fifthfloor.jpeg.bits import CACHED
from fifthfloor.jpeg.sequential import NO_WAY, SLACK_BYTES, decode_block

# What a call ends with: the bytes end before the picture does; all MCUs came out; the bytes are not of this picture.
MORE, DONE, FOREIGN = 0, 1, 2
# A code and its value have at most 31 bits; a failure that near the end may only mean that bits are missing.
_LONGEST_BITS = 32
# Behind the last MCU cameras leave a few bytes before the end mark, or one more restart marker.
_MAX_LEFT_BYTES = 16


@njit(cache=CACHED, nogil=True)
def _unstuff(coded, out, source, ends, turns):
    """Copy coded bytes without stuffed zeros and restart markers, up to any other marker or the end.

    Args:
        coded: (n,) uint8.
        out, source: (n + SLACK_BYTES,) uint8 and (n + 1,) int64, filled: the bytes, and where each one stood.
        ends, turns: (m,) int64, filled: for each restart marker the length of `out` before it, and its number.

    Returns:
        (bytes in `out`, restart markers, the marker that ended it or 0, where it stands or where the bytes end).
    """
    at = 0
    length = 0
    markers = 0
    while at < coded.size:
        value = coded[at]
        if value != 0xFF:
            out[length] = value
            source[length] = at
            length += 1
            at += 1
            continue
        if at + 1 >= coded.size:
            break
        after = coded[at + 1]
        if after == 0:
            out[length] = 0xFF
            source[length] = at
            length += 1
            at += 2
        elif after == 0xFF:
            at += 1
        elif 0xD0 <= after <= 0xD7:
            ends[markers] = length
            turns[markers] = after - 0xD0
            markers += 1
            at += 2
        else:
            source[length] = at
            return length, markers, np.int64(after), at
    source[length] = at
    return length, markers, np.int64(0), at


@njit(cache=CACHED, nogil=True)
def _within(out, position):
    """Return the reader's (next byte, bits, how many) in the middle of a byte: its first bits are of the MCU before."""
    at, held, count = np.uint64(position >> 3), np.uint64(0), np.uint64(0)
    skip = np.uint64(position & 7)
    if skip:
        held = np.uint64(out[at]) << (np.uint64(56) + skip)
        count = np.uint64(8) - skip
        at += np.uint64(1)
    return at, held, count


@njit(cache=CACHED, nogil=True, inline="always")  # nine arrays a call: pieces took 1.07 of before, so 1.04
def _decode_mcu(out, at, held, count, prediction, blocks, tables, scratch, limit):
    """Decode one MCU; the arrays are those of `resume`, `limit` is the first bit that is not its interval's.

    Returns:
        (at, held, count, first bit behind it, its first DC coefficient, or NO_WAY where it cannot be decoded).
    """
    light = np.int64(0)
    position = np.int64(at) * 8 - np.int64(count)
    for b in range(blocks.shape[0]):
        at, held, count, difference = decode_block(out, at, held, count, tables, blocks[b, 0], scratch, 0)
        position = np.int64(at) * 8 - np.int64(count)
        if difference > NO_WAY - 100:
            return at, held, count, position, np.int64(NO_WAY)
        prediction[blocks[b, 1]] += difference
        if prediction[blocks[b, 1]] > 32767 or prediction[blocks[b, 1]] < -32768 or position > limit:
            return at, held, count, position, np.int64(NO_WAY)
        if b == 0:
            light = prediction[blocks[b, 1]]
    return at, held, count, position, light


@njit(cache=CACHED, nogil=True)
def resume(coded, bit, mcu, mcus, restart, prediction, blocks, tables, lights):
    """Decode MCUs from a place in a scan on, as far as the bytes go.

    Args:
        coded: (n,) uint8, the scan's bytes from the one with `bit` on, stuffed and with restart markers.
        bit: the first bit of `mcu` in the first byte, 0 to 7.
        mcu, mcus: the next MCU, and how many there are.
        restart: MCUs an interval.
        prediction: (4,) int64, of each component before `mcu`; of the next MCU afterwards.
        blocks, tables: as of `sequential.decode`; only tables and components of `blocks` are used.
        lights: (mcus,) int32, filled with the first DC coefficient of each MCU that came out.

    Returns:
        (status, next MCU, byte of `coded` where it begins, bit in it, byte behind the end mark or 0). For MORE and
        FOREIGN, `mcu` is the last one that began before the end of the bytes, or that could not be decoded.
    """
    out = np.zeros(coded.size + SLACK_BYTES, np.uint8)
    source = np.zeros(coded.size + 1, np.int64)
    most = np.count_nonzero(coded == 0xFF) + 1
    ends, turns = np.zeros(most, np.int64), np.zeros(most, np.int64)
    length, markers, stopper, stop_at = _unstuff(coded, out, source, ends, turns)
    scratch = np.zeros((1, 64), np.int16)
    before = prediction.copy()
    interval = 0
    position = np.int64(bit)
    at, held, count = np.uint64(0), np.uint64(0), np.uint64(0)
    fresh = True
    while mcu < mcus:
        is_open = interval >= markers and stopper == 0
        limit = (ends[interval] if interval < markers else length) * 8
        if fresh:
            at, held, count = _within(out, position)
            fresh = False
        before[:] = prediction
        start = position
        at, held, count, position, light = _decode_mcu(out, at, held, count, prediction, blocks, tables, scratch, limit)
        if light == NO_WAY:
            prediction[:] = before
            near = position + _LONGEST_BITS > limit
            status = MORE if is_open and near else FOREIGN
            return status, mcu, source[start >> 3], start & 7, np.int64(0)
        lights[mcu] = light
        mcu += 1
        if mcu == mcus or mcu % restart:
            continue
        if interval >= markers:
            if stopper == 0 and position + 8 > limit:
                prediction[:] = before
                return MORE, mcu - 1, source[start >> 3], start & 7, np.int64(0)
            return FOREIGN, mcu, source[min(start >> 3, length)], start & 7, np.int64(0)
        if limit - position >= 8 or turns[interval] != (mcu // restart - 1) & 7:
            return FOREIGN, mcu, source[min(start >> 3, length)], start & 7, np.int64(0)
        position = ends[interval] * 8
        interval += 1
        prediction[:] = 0
        fresh = True
    left = length - ((position + 7) >> 3)
    if stopper == 0 and left <= _MAX_LEFT_BYTES:
        prediction[:] = before
        return MORE, mcu - 1, source[start >> 3], start & 7, np.int64(0)
    is_end = stopper == 0xD9 and left <= _MAX_LEFT_BYTES
    return DONE, mcu, source[min(position >> 3, length)], position & 7, stop_at + 2 if is_end else np.int64(0)
