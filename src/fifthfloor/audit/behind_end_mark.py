"""What lies behind a picture's end mark and belongs to its file: another picture, a film, a maker's block.

Sources: Google's "Motion Photos" 1.0 and its forerunner MicroVideo (XMP says how long the film is, counted from the
end of the file, and what stands before it: a gain map, padding); Samsung's SEF block, which ends in `SEFT`; Insta360's
block, which ends in a number of its own (libraw, ExifTool's `QuickTimeStream.pl`); Huawei's three fields of 20 bytes;
what programs append: `appended`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fifthfloor.audit.appended import APPENDED_BEGINNINGS, LONGEST_MARK_BYTES, appended_ends, told_end
from fifthfloor.audit.carve_boxes import carve_boxes
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.metadata.brands import OPENERS

_MAX_MOTION_BYTES = 256 << 20  # three seconds of film are a fiftieth of that
MAX_BLOCK_BYTES = 32 << 20  # the gyroscope of an hour
INSTA360_END = b"8db42d694ccc418790edff439fe026bf"
_MOST_BEHIND_A_PICTURE = 8
_BLOCK_MARKS = (INSTA360_END, b"SEFT")
_FILM_BYTES = re.compile(rb"(?:MicroVideoOffset|Item:Length)\s*(?:=\s*[\"']|>\s*)(\d{1,12})")
_SAYS_FILM = re.compile(rb"MicroVideo|MotionPhoto")
_PADDING_BYTES = re.compile(rb"Item:Padding\s*(?:=\s*[\"']|>\s*)(\d{1,8})")
_HUAWEI = re.compile(rb"(?:v\d_f\d+ +)?[\d: ]*LIVE_\d+ *")
_HUAWEI_FIELD_BYTES, _HUAWEI_BYTES = 20, 60
Starts = Callable[[bytes], list[int]]
"""Finds the offsets of sectors that begin like a file (`carve.starts_in`)."""


def film_bytes_in(packet: bytes) -> tuple[int, int]:
    """Return how long the film behind a picture is, as its XMP says, and what stands before it; zeros: says nothing."""
    if not _SAYS_FILM.search(packet):
        return 0, 0
    told = [length for match in _FILM_BYTES.finditer(packet) if (length := int(match[1])) <= _MAX_MOTION_BYTES]
    padding = sum(int(match[1]) for match in _PADDING_BYTES.finditer(packet))
    film = max(told, default=0)
    return film, sum(told) - film + padding


def end_behind(space: FreeSpace, end: int, told_bytes: int, starts_in: Starts) -> tuple[int, bool]:
    """Follow what lies behind an end mark.

    Args:
        space: the free bytes.
        end: just behind the end mark.
        told_bytes: length of a film, by XMP; 0 where nothing is said.
        starts_in: of `carve`; where another file begins, nothing of this one is behind it.

    Returns:
        Where the file ends, and whether all that was told is there.
    """
    whole = True
    if film_begins(space, end):
        film = carve_boxes(space, end)
        length = max(told_bytes, film.length_bytes if film else 0)
        whole = film is not None and film.whole and end + length <= space.length_bytes
        end = min(end + length, space.length_bytes)
        end += _huawei_bytes(space, end)
    elif told_bytes:
        return end, False
    return _block_end(space, end, starts_in), whole


def film_begins(space: FreeSpace, at: int) -> bool:
    """Whether a film begins with its brands at a place."""
    return space.read(at, 8)[4:8] == b"ftyp"


def _huawei_bytes(space: FreeSpace, at: int) -> int:
    """Return how long the fields of a moving picture are: a version, a time, and how long the film is with them."""
    found = _HUAWEI.match(space.read(at, _HUAWEI_BYTES))
    return -(-found.end() // _HUAWEI_FIELD_BYTES) * _HUAWEI_FIELD_BYTES if found else 0


def _block_end(space: FreeSpace, end: int, starts_in: Starts) -> int:
    """Return the end of the blocks, of makers and of programs, that begin at `end`; `end` where there is none."""
    for _ in range(_MOST_BEHIND_A_PICTURE):
        head = space.read(end, 20)
        if not head.strip(b"\0"):  # nearly always
            break
        programs = head.startswith(APPENDED_BEGINNINGS)
        behind = told_end(space, end) if programs else end
        behind = behind if behind > end else _marked_end(space, end, starts_in, programs=programs)
        if behind <= end:
            break
        end = behind
    return end


def _marked_end(space: FreeSpace, end: int, starts_in: Starts, *, programs: bool) -> int:
    """Return the end of a block that ends in a mark, or (of programs) in its length."""
    before = b""
    limit = min(space.length_bytes, end + MAX_BLOCK_BYTES)
    for at, data in space.from_position(end):
        if at >= limit:
            break
        cut = -at % SECTOR_BYTES  # files begin on sectors, pieces of the sequence need not
        starts = starts_in(data[cut : cut + (len(data) - cut) // SECTOR_BYTES * SECTOR_BYTES])
        foreign = starts[0] + cut if starts else len(data)
        joined = before + data[:foreign]
        if programs:
            appended = next(appended_ends(space, end, at - len(before), joined), end)
            if appended > end:
                return appended
        for mark in _BLOCK_MARKS:
            found = joined.find(mark)
            if found >= 0:
                return at - len(before) + found + len(mark)
        if starts:
            break
        before = joined[-LONGEST_MARK_BYTES:]
    return end


def film_block_end(space: FreeSpace, end: int, starts_in: Starts) -> int:
    """Return the end of what a camera writes behind the boxes of a film; `end` where nothing is known of it."""
    return end if space.read(end, 8)[4:8] in OPENERS else _block_end(space, end, starts_in)
