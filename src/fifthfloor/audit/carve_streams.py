"""Where films end that are a stream of pieces: MPEG transport streams (ISO/IEC 13818-1) and MXF (SMPTE ST 377-1).

Rule: a walk makes no more steps than a sound file of the same length would, so that a card full of hostile bytes
costs what a card full of films costs.
"""

from __future__ import annotations

from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace

SYNC = 0x47
_MARK = bytes([SYNC])
TS_BYTES, MTS_BYTES = 188, 192  # with four bytes of a time before each packet: AVCHD and Blu-ray
_FIRST_LOOK_BYTES, _LOOK_BYTES = 32 << 10, 1 << 20  # twice as much each time: most files are short
MIN_PACKETS = 40  # 7.5 KB: shorter ones are chance or nothing to look at
_MAX_STREAM_BYTES = 64 << 30

MXF_KEY = bytes.fromhex("060e2b34")
_MXF_HEADER = bytes.fromhex("060e2b34020501010d0102010102")
_FOOTER = bytes.fromhex("060e2b34020501010d0102010104")
_FREE_KEYS = 4096  # a header's sets are short
_MEAN_KEY_BYTES = 256  # behind them; frames and sounds of films are longer


def packet_bytes(head: bytes) -> int:
    """Return 188 or 192 where at least 400 bytes begin like a transport stream, else 0."""
    for length, first in ((TS_BYTES, 0), (MTS_BYTES, 4)):
        marks = head[first : first + 3 * length : length]
        if len(marks) == 3 and marks.count(SYNC) == 3:
            return length
    return 0


def carve_transport(space: FreeSpace, start: int) -> Found | None:
    """Follow a transport stream for as long as each packet begins with its mark."""
    length = packet_bytes(space.read(start, 2 * MTS_BYTES + 8))
    if not length:
        return None
    first = 4 if length == MTS_BYTES else 0
    end, step = start, _FIRST_LOOK_BYTES // length * length
    while end - start < _MAX_STREAM_BYTES:
        data = space.read(end, step)
        marks = data[first : len(data) // length * length : length]
        good = len(marks) - len(marks.lstrip(_MARK))
        end += good * length
        if good * length < step:
            break
        step = min(2 * step, _LOOK_BYTES // length * length)
    if end - start < MIN_PACKETS * length:
        return None
    # AVCHD writes in units of 32 packets; whether packets are missing at the end, no stream says.
    return Found(end - start, "mts" if first else "ts", _begins(space.read(start, 8 * length), length, first))


def _begins(head: bytes, length: int, first: int) -> bool:
    """Whether a table of programmes (packet 0) is near: recorders write it before anything that needs it."""
    return any(head[at + 1] & 0x1F == 0 and head[at + 2] == 0 for at in range(first, len(head) - 3, length))


def carve_mxf(space: FreeSpace, start: int) -> Found | None:
    """Follow the keys and lengths of an MXF from its header partition to what stands behind its footer."""
    if space.read(start, len(_MXF_HEADER)) != _MXF_HEADER:
        return None
    at, steps, footer, read = start, 0, False, space.read
    while steps < _FREE_KEYS + (at - start) // _MEAN_KEY_BYTES:
        head = read(at, 25)
        if head[:4] != MXF_KEY or len(head) < 17:
            break
        length, skip = head[16], 17
        if length & 0x80:
            wide = length & 0x7F
            length, skip = int.from_bytes(head[17 : 17 + wide], "big"), 17 + wide
            if not 0 < wide <= 8 or length > _MAX_STREAM_BYTES:
                break
        footer = footer or head.startswith(_FOOTER)
        at += skip + length
        steps += 1
        if at > space.length_bytes:
            return Found(space.length_bytes - start, "mxf", False)
    return Found(at - start, "mxf", footer) if at - start >= 512 else None
