"""Where films end that tapes, older telephones and the web have: Ogg (RFC 3533), RealMedia and raw DV (IEC 61834).

Rule: as in `carve_films`.
"""

from __future__ import annotations

from fifthfloor.audit.carve_films import most_steps
from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace

OGG = b"OggS"
REAL = b".RMF"
DV_STARTS = (b"\x1f\x07\0\x3f", b"\x1f\x07\0\xbf")  # the first block of a frame: 525 lines, or 625
_OGG_VIDEO = (b"\x80theora", b"BBCD\0", b"\x4fVP80", b"\1video\0\0\0")
_OGG_HEAD_BYTES, _OGG_LAST = 27, 4
_REAL_CHUNKS = frozenset([b"PROP", b"MDPR", b"CONT", b"DATA", b"INDX", b"RMMD", b"RMJE", b"RJMD"])
_DV_SEQUENCE_BYTES, _LEAST_DV_SEQUENCES = 150 * 80, 10


def carve_ogg(space: FreeSpace, start: int) -> Found | None:
    """Follow the pages of an Ogg film until each of its streams has ended; sound alone is none."""
    at, steps, open_streams, shown = start, 0, set[bytes](), False
    while steps < most_steps(at, start):
        head = space.read(at, _OGG_HEAD_BYTES)
        if len(head) < _OGG_HEAD_BYTES or head[:5] != OGG + b"\0":
            break
        sizes = space.read(at + _OGG_HEAD_BYTES, head[26])
        if head[5] & 2:
            open_streams.add(head[14:18])
            shown = shown or space.read(at + _OGG_HEAD_BYTES + head[26], 9).startswith(_OGG_VIDEO)
        if head[5] & _OGG_LAST:
            open_streams.discard(head[14:18])
        at += _OGG_HEAD_BYTES + head[26] + sum(sizes)
        steps += 1
        if not open_streams:
            break
    if not shown:
        return None
    whole = not open_streams and at <= space.length_bytes
    return Found(min(at, space.length_bytes) - start, "ogv", whole)


def carve_real(space: FreeSpace, start: int) -> Found | None:
    """Follow the chunks of a RealMedia film; its data may be of several parts."""
    length, steps, seen = int.from_bytes(space.read(start + 4, 4), "big"), 0, set[bytes]()
    if not 16 <= length <= 64:
        return None
    at = start + length
    while steps < most_steps(at, start):
        head = space.read(at, 8)
        length = int.from_bytes(head[4:8], "big")
        if head[:4] not in _REAL_CHUNKS or length < 10:
            break
        seen.add(head[:4])
        at += length
        steps += 1
    if not seen:
        return None
    return Found(min(at, space.length_bytes) - start, "rm", b"DATA" in seen and at <= space.length_bytes)


def carve_dv(space: FreeSpace, start: int) -> Found | None:
    """Follow the sequences of raw DV, ten or twelve a frame; it says nothing of its end."""
    mark, at = space.read(start, 4)[3:], start
    while at < space.length_bytes:
        head = space.read(at, 4)
        if head[0] != 0x1F or head[2] != 0 or head[3:] != mark:
            break
        at += _DV_SEQUENCE_BYTES
    sequences = (at - start) // _DV_SEQUENCE_BYTES
    frame = 12 if mark == b"\xbf" else 10
    if sequences < _LEAST_DV_SEQUENCES:
        return None
    whole = at <= space.length_bytes and sequences % frame == 0
    return Found(min(at, space.length_bytes) - start, "dv", whole)
