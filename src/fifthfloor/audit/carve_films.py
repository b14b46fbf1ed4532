"""Where films end that camcorders of tapes and discs, dashcams, recorders and telephones write beside boxes and RIFF.

MPEG program streams (ISO/IEC 13818-1, 2.5; MPG, MOD, VOB), Matroska and WebM (RFC 9559), ASF (Microsoft, "Advanced
Systems Format" 01.20.03; WMV), Flash video (Adobe, version 10.1, annex E) and REDCODE (ExifTool's `Red.pm`).

Rule: as in `carve_streams`: a walk makes no more steps than a sound file of the same length would.
"""

from __future__ import annotations

import numpy as np

from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace

PACK = b"\0\0\1\xba"
EBML = b"\x1a\x45\xdf\xa3"
ASF = bytes.fromhex("3026b2758e66cf11")
FLV = b"FLV\1"
RED_STARTS = (b"RED1", b"RED2")
_RED_ENDS = (b"REOB", b"REOF")
_DISC_PACK_BYTES, _PROGRAM_PIECE_BYTES = 2048, 1 << 20
_FREE_STEPS, _MEAN_STEP_BYTES = 4096, 64
_MAX_OTHER_FILM_BYTES = 64 << 30
_LEAST_FILM_BYTES = 2048


def most_steps(at: int, start: int) -> int:
    """Return how many steps a walk from `start` may have made that stands at `at`."""
    return _FREE_STEPS + (at - start) // _MEAN_STEP_BYTES


def carve_program(space: FreeSpace, start: int) -> Found | None:
    """Follow packs and packets of a program stream.

    Camcorders write no end code, and clusters are whole packs: whether packs are missing at the end, nothing tells.
    """
    at, steps, ended, clock = start, 0, False, b""
    while not ended and at - start < _MAX_OTHER_FILM_BYTES and steps < most_steps(at, start):
        head = space.read(at, 14)
        if head[:4] == PACK and len(head) == 14:
            if clock and (
                head[4:9] < clock or head[4] >> 6 != clock[0] >> 6
            ):  # another recording, written right behind this one
                break
            at = _over_disc_packs(space, at)
            clock = space.read(at + 4, 5)
            at += 14 + (space.read(at + 13, 1)[0] & 7) if head[4] >> 6 == 1 else 12
        elif head[:3] == b"\0\0\1" and len(head) > 6 and head[3] >= 0xBB:
            at += 6 + int.from_bytes(head[4:6], "big")
        elif head[:4] == b"\0\0\1\xb9":
            at += 4
            ended = space.read(at, 4) != PACK  # a film of several programs goes on
        else:
            break
        steps += 1
    if at - start < _LEAST_FILM_BYTES or steps < 2:
        return None
    if at > space.length_bytes:
        return Found(space.length_bytes - start, "mpg", False)
    return Found(at - start, "mpg", True)


def _over_disc_packs(space: FreeSpace, at: int) -> int:
    """Step over packs of 2,048 bytes, as discs and camcorders have them, and stand on the last one."""
    while True:
        data = space.read(at, _PROGRAM_PIECE_BYTES)
        marks = np.frombuffer(data, "<u4", len(data) // 4)[:: _DISC_PACK_BYTES // 4]
        clocks = np.frombuffer(data, ">u4", len(data) // 4)[1 :: _DISC_PACK_BYTES // 4][: len(marks)]
        good = marks[: len(clocks)] == int.from_bytes(PACK, "little")
        good[1:] &= (clocks[1:] >= clocks[:-1]) & (clocks[1:] >> 30 == clocks[:-1] >> 30)
        count = len(good) if good.all() else int(good.argmin())
        if count < 2:
            return at
        at += (count - 1) * _DISC_PACK_BYTES


_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
# Of a segment: its parts at level 1, and those of a cluster whose length nobody knew when it began.
_SEGMENT_PARTS = frozenset(
    [0x114D9B74, 0x1549A966, 0x1654AE6B, _CLUSTER, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367, 0xEC, 0xBF, 0xE7,
     0xA3, 0xA0, 0xAB, 0xA7, 0x5854]
)  # fmt: skip


def _element(space: FreeSpace, at: int) -> tuple[int, int, int] | None:
    """Read an element's number, where its contents begin, and their length; -1: unknown."""
    head = space.read(at, 12)
    if len(head) < 3 or not head[0] & 0xF0:
        return None
    wide = 9 - head[0].bit_length()
    if len(head) < wide + 1 or not head[wide]:
        return None
    long = 9 - head[wide].bit_length()
    length = int.from_bytes(head[wide : wide + long], "big") & ((1 << 7 * long) - 1)
    return int.from_bytes(head[:wide], "big"), at + wide + long, -1 if length == (1 << 7 * long) - 1 else length


def carve_matroska(space: FreeSpace, start: int) -> Found | None:
    """Follow the elements of a Matroska or WebM film."""
    head = _element(space, start)
    segment = _element(space, head[1] + head[2]) if head and 0 < head[2] < 4096 else None
    if head is None or segment is None or segment[0] != _SEGMENT:
        return None
    form = "webm" if b"webm" in space.read(head[1], head[2]) else "mkv"
    at = segment[1]
    end, steps, clusters = at + segment[2] if segment[2] >= 0 else space.length_bytes, 0, 0
    while at < end and at - start < _MAX_OTHER_FILM_BYTES and steps < most_steps(at, start):
        part = _element(space, at)
        if part is None or part[0] not in _SEGMENT_PARTS or (part[2] < 0 and part[0] != _CLUSTER):
            break
        clusters += part[0] == _CLUSTER
        at = part[1] + max(0, part[2])
        steps += 1
    if steps == 0:
        return None
    if at > space.length_bytes:
        return Found(space.length_bytes - start, form, False)
    return Found(at - start, form, clusters > 0 and (at == end or segment[2] < 0))


_ASF_DATA, _ASF_FILE = (
    bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c"),
    bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"),
)
_ASF_BEHIND = frozenset(map(bytes.fromhex, (
    "90080033b1e5cf1189f400a0c90349cb", "d329e2d6da35d111903400a0c90349be", "f803b1fead12644c840f2a1d2f7ad48c",
)))  # fmt: skip
_MAX_ASF_HEADER_BYTES, _ASF_DATA_HEAD_BYTES, _LEAST_PACKET_BYTES = 4 << 20, 50, 64


def carve_asf(space: FreeSpace, start: int) -> Found | None:
    """Follow the objects of an ASF film: its head, its data, its indexes."""
    length = int.from_bytes(space.read(start + 16, 8), "little")
    if space.read(start, len(ASF)) != ASF or not 30 <= length <= _MAX_ASF_HEADER_BYTES:
        return None
    head = space.read(start, length)
    at = start + length
    data = space.read(at, 24)
    if data[:16] != _ASF_DATA:
        return Found(len(head), "wmv", False) if _ASF_FILE in head else None
    size = int.from_bytes(data[16:24], "little")
    if size <= _ASF_DATA_HEAD_BYTES:  # written while it was recorded
        size = _ASF_DATA_HEAD_BYTES + _packets_bytes(space, at + _ASF_DATA_HEAD_BYTES, head)
    at += size
    while space.read(at, 16) in _ASF_BEHIND:
        at += max(24, int.from_bytes(space.read(at + 16, 8), "little"))
    if size <= _ASF_DATA_HEAD_BYTES or size > _MAX_OTHER_FILM_BYTES or at > space.length_bytes:
        return Found(min(at, space.length_bytes) - start, "wmv", False)
    return Found(at - start, "wmv", True)


def _packets_bytes(space: FreeSpace, at: int, head: bytes) -> int:
    """Count packets of the one length that the properties tell, each with its mark."""
    told = head.find(_ASF_FILE) + 92
    packet, first = int.from_bytes(head[told : told + 4], "little"), at
    while packet >= _LEAST_PACKET_BYTES and space.read(at, 3) == b"\x82\0\0":
        at += packet
    return min(at, space.length_bytes) - first


def carve_flash(space: FreeSpace, start: int) -> Found | None:
    """Follow the tags of a Flash film, each with the length of the one before it."""
    at, steps, before = start + int.from_bytes(space.read(start + 5, 4), "big"), 0, 0
    if at != start + 9:
        return None
    while steps < most_steps(at, start):
        head = space.read(at, 15)
        if len(head) < 4 or int.from_bytes(head[:4], "big") != before:
            return Found(min(at, space.length_bytes) - start, "flv", False) if steps else None
        if len(head) < 15 or head[4] not in (8, 9, 18) or head[12:15] != b"\0\0\0":
            break
        before = 11 + int.from_bytes(head[5:8], "big")
        at += 4 + before
        steps += 1
    return Found(at + 4 - start, "flv", True) if steps else None


def carve_redcode(space: FreeSpace, start: int) -> Found | None:
    """Follow the blocks of a REDCODE film."""
    at, steps, last = start, 0, b""
    while steps < most_steps(at, start):
        head = space.read(at, 8)
        length = int.from_bytes(head[:4], "big")
        if head[4:6] not in (b"RE", b"RD") or not 8 <= length <= _MAX_OTHER_FILM_BYTES:
            break
        at, last = at + length, head[4:]
        steps += 1
    if steps < 2:
        return None
    return Found(min(at, space.length_bytes) - start, "r3d", at <= space.length_bytes and last in _RED_ENDS)
