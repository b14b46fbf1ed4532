"""Where files built of boxes end: HEIC, AVIF, CR3, MOV and MP4 (ISO/IEC 14496-12), AVI (RIFF) and Fujifilm's RAF."""

from __future__ import annotations

import re

from fifthfloor.audit.carve_chunks import blank_after
from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.metadata.brands import HEAD_BYTES, form_of
from fifthfloor.metadata.iso_boxes import header_of
from fifthfloor.metadata.own_length import leads_on, riff_end
from fifthfloor.metadata.raf import RAF_HEADER_BYTES, read_header

# A fragmented film of an hour has some ten thousand boxes, each of kilobytes; a chain of empty ones ends soon, since a
# card may begin one in every sector.
_FREE_BOXES = 64
_MEAN_BOX_BYTES = 256
_MAX_FILM_BYTES = 64 << 30
_LEAST_REST_BYTES = 16  # of zeros behind a box of no known kind; fewer may be chance
_THUMBED_BYTES = 256 << 10  # where a CR3 keeps its thumbnail
_WITH_A_SMALL = frozenset(["cr3", "crm", "mov", "braw", "avi"])

_TOP = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"pnot", b"PICT", b"udta", b"moof",
        b"mfra", b"sidx", b"styp", b"idat", b"thum", b"prrt", b"emsg", b"sefd",
        b"mpvd", b"jumb"}  # fmt: skip

_JPEG_START = re.compile(rb"\xff\xd8\xff")
_PADDING = {b"free", b"skip", b"wide"}  # may stand before a film's own beginning


def carve_boxes(space: FreeSpace, start: int) -> Found | None:
    """Follow the boxes that begin at `start`; whole once description and data are both there."""
    form = form_of(space.read(start, HEAD_BYTES))
    if form is None:
        return None
    at, seen, whole = start, set[bytes](), True
    steps = 0
    while steps < _FREE_BOXES + (at - start) // _MEAN_BOX_BYTES:
        steps += 1
        box = space.read(at, 16)
        kind, length, _ = header_of(box)
        if kind == b"mdat" and length == 0 and at > start:  # to the end of the file, which is not known here
            end = blank_after(space, at + 8)
            return Found(end - start, form, False, open_end=True)
        if kind not in _TOP and length >= 8 and seen and _leads_on(space, at + length, kind):
            at += length  # a maker's own
            continue
        if kind not in _TOP or (kind == b"ftyp" and not seen <= _PADDING) or not 8 <= length <= _MAX_FILM_BYTES:
            break
        if kind == b"moov" and not _is_film(space.read(at + 8, 8)):
            break
        seen.add(kind)
        at += length
        if at > space.length_bytes:
            at, whole = space.length_bytes, False
            break
    described = bool(seen & {b"moov", b"meta", b"moof"})
    if not (b"ftyp" in seen or (described and b"mdat" in seen)) or at - start < 64:
        return None
    if not (described or b"mdat" in seen):
        return None
    whole = whole and described and bool(seen & {b"mdat", b"idat"})
    return Found(at - start, form, whole)


def _leads_on(space: FreeSpace, following: int, kind: bytes) -> bool:
    """Say whether a box of no known kind is the file's: its name is letters, and a known one follows it, or nothing.

    Nothing are zeros to the end of a sector that it ends inside: what the writer put into the rest of it.
    """
    if not kind.isalnum() or following >= space.length_bytes:
        return False
    rest = -following % SECTOR_BYTES
    behind = space.read(following, max(rest, 16))
    return header_of(behind[:16])[0] in _TOP or (rest >= _LEAST_REST_BYTES and not any(behind[:rest]))


def _is_film(inside: bytes) -> bool:
    return inside[4:8] in (b"mvhd", b"uuid", b"cmov", b"rmra", b"udta", b"trak", b"iods", b"meta")


def small_in_film(space: FreeSpace, start: int, found: Found) -> tuple[int, int] | None:
    """Find the small picture of a film or CR3, as `Found.thumbnail` says; looked for only where it is wanted.

    A CR3 has it at its start, films of older cameras their first frame.
    """
    if found.form not in _WITH_A_SMALL:
        return None
    return _first_jpeg(space.read(start, min(_THUMBED_BYTES, found.length_bytes)))


def _first_jpeg(data: bytes) -> tuple[int, int] | None:
    begins = _JPEG_START.search(data)  # four times as quick on noise as `find` with these three bytes
    end = data.find(b"\xff\xd9", begins.start()) if begins else -1
    return (begins.start(), end + 2 - begins.start()) if begins and end > 0 else None


def carve_riff(space: FreeSpace, start: int) -> Found | None:
    """Follow an AVI film: RIFF lists of form `AVI `, then `AVIX` (OpenDML 1.02); whole where their chunks lead on."""
    at, leads = start, True
    for number in range(1024):
        head = space.read(at, 12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] != (b"AVIX" if number else b"AVI "):
            break
        leads = leads and (not leads_on(space.read, at) or riff_end(space.read, at) is not None)
        at += 8 + int.from_bytes(head[4:8], "little")
    if at <= start + 12:
        return None
    length = min(at, space.length_bytes) - start
    return Found(length, "avi", leads and at <= space.length_bytes)


def carve_raf(space: FreeSpace, start: int) -> Found | None:
    """Follow a Fujifilm raw by the three places in its header (offset and length each, big-endian, from byte 84)."""
    raf = read_header(lambda offset, length: space.read(start + offset, length))
    if raf is None:
        return None
    end = max(offset + length for offset, length in (raf.jpeg, raf.sensor_header, raf.sensor_data))
    if end <= RAF_HEADER_BYTES or space.read(start + raf.jpeg[0], 2) != b"\xff\xd8":
        return None
    whole = end <= space.length_bytes - start
    return Found(min(end, space.length_bytes - start), "raf", whole, raf.jpeg)
