"""What is checked inside of pictures and films that are followed by lengths in their heads: sums, and lengths within.

Each chunk of a PNG ends in a sum of it (third edition, 5.5). Each sample of an AVC or HEVC film, and each picture in a
HEIF of that code, is units whose lengths stand before them (ISO/IEC 14496-15, 5.3.4.2) and make up the sample; in a
unit no three zeros follow each other (ITU-T H.264, 7.4.1: emulation prevention). What was written over breaks one or
the other, unless it lies in one long unit and is no zeros. WebP, JPEG XL and AVIF are coded so densely that they have
no long zeros either.

Rule: a writer is believed to write so when most of its samples agree; only then does one that does not say anything.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from fifthfloor.audit.carved import Carved, Found
from fifthfloor.audit.coded_ranges import coded_ranges
from fifthfloor.audit.free_bytes import FreeReader, FreeSpace
from fifthfloor.metadata.film_samples import sample_places, tracks
from fifthfloor.metadata.heif import coded_items
from fifthfloor.metadata.png import chunks
from fifthfloor.metadata.tiff import Read

_DENSE = frozenset(["webp", "jxl", "avif"])  # a black picture is a few bytes of these codes
INNER_FORMS = _DENSE | frozenset(["png", "heic", "mp4", "mov", "insv", "360", "cr3"])
_LENGTH_AT = {b"avc1": (b"avcC", 4), b"avc3": (b"avcC", 4), b"hvc1": (b"hvcC", 21), b"hev1": (b"hvcC", 21)}
_HEIF_LENGTH_BYTES = 4
_CHECKED_PIECE_BYTES = 1 << 20
_SUMMED_BYTES = 1 << 20
_LEAST_SAMPLE_BYTES = 64
_MOST_UNITS = 4096  # of one sample; a picture has some hundred slices at most
_ZERO_STEP_BYTES, _ZERO_BYTES = 4096, 64  # no cluster that was swept has fewer


def holds_together(space: FreeSpace, start: int, found: Found) -> bool | None:
    """Whether what is inside of a file agrees with its lengths and sums; None where there is nothing to check."""

    def read(offset: int, length: int) -> bytes:
        return space.read(start + offset, max(0, min(length, found.length_bytes - offset)))

    if found.form == "png":
        return all(_sum_is_right(read, at, length) for at, length in _chunks(read))
    if found.form in _DENSE:
        return not any(_has_zeros(read, *one) for one in coded_ranges(read, found.length_bytes))
    if found.form not in INNER_FORMS:
        return None
    told = [_most_agree(read, _pictures(read, found.length_bytes), _HEIF_LENGTH_BYTES)]
    for track in tracks(read, found.length_bytes):
        box, at = _LENGTH_AT.get(track.form, (b"", 0))
        described = track.tables.get(b"stsd", b"")
        place = described.find(box) if box else -1
        if place >= 0 and described[4:8] == b"\0\0\0\1" and place + 4 + at < len(described):
            told.append(_most_agree(read, sample_places(track), (described[place + 4 + at] & 3) + 1))
    return None if all(one is None for one in told) else False not in told


def checked(reader: FreeReader, item: Carved) -> Carved:
    """Call in part what was carved in one piece and does not hold together."""
    if not item.found.whole or item.found.form not in INNER_FORMS or len(item.runs) > 1:
        return item
    extents = [(run.offset_bytes, run.length_bytes) for run in item.runs]
    space = FreeSpace(reader, extents, piece_bytes=_CHECKED_PIECE_BYTES, kept_pieces=2)
    if holds_together(space, 0, item.found) is not False:
        return item
    return replace(item, found=replace(item.found, whole=False))


def _has_zeros(read: Read, start: int, end: int) -> bool:
    """Whether a stretch as long as the smallest cluster of a camera is nothing but zeros."""
    first = -(-start // _ZERO_STEP_BYTES) * _ZERO_STEP_BYTES
    return any(
        not any(read(at, _ZERO_BYTES)) and not any(read(at, _ZERO_STEP_BYTES))
        for at in range(first, end - _ZERO_STEP_BYTES, _ZERO_STEP_BYTES)
    )


def _chunks(read: Read) -> Iterator[tuple[int, int]]:
    """Yield each chunk of a PNG, from its kind to before its sum, up to IEND."""
    for chunk in chunks(read):
        yield chunk.offset_bytes - 4, chunk.length_bytes + 4
        if chunk.kind == b"IEND":
            return


def _sum_is_right(read: Read, at: int, length: int) -> bool:
    crc = 0
    for done in range(0, length, _SUMMED_BYTES):
        crc = zlib.crc32(read(at + done, min(_SUMMED_BYTES, length - done)), crc)
    return crc == int.from_bytes(read(at + length, 4), "big")


def _pictures(read: Read, size_bytes: int) -> Iterator[tuple[int, int]]:
    for extents in coded_items(read, size_bytes):
        if len(extents) == 1:
            yield extents[0]


def _most_agree(read: Read, places: Iterable[tuple[int, int]], wide: int) -> bool | None:
    """Whether all samples are made up of their units; None where most are not, or there are none."""
    agree = differ = 0
    for at, length in places:
        if length >= _LEAST_SAMPLE_BYTES:
            right = _is_of_units(read, at, length, wide)
            agree, differ = agree + right, differ + (not right)
    return None if agree <= differ else differ == 0


def _is_of_units(read: Read, at: int, length: int, wide: int) -> bool:
    end = at + length
    for _ in range(_MOST_UNITS):
        if at >= end:
            break
        unit = int.from_bytes(read(at, wide), "big")
        at += wide
        if at + unit > end:
            return False
        first = -(-at // _ZERO_STEP_BYTES) * _ZERO_STEP_BYTES
        for place in range(first, at + unit - _ZERO_BYTES, _ZERO_STEP_BYTES):
            if not any(read(place, _ZERO_BYTES)):
                return False
        at += unit
    return at == end
