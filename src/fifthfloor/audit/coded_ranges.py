"""Where a file holds nothing but coded data: no other file begins in there, unless it was written over it.

Raws, films and pictures in boxes and chunks are followed by offsets and lengths in their heads, which do not show that
what they lead across is gone. Their own previews lie between coded data, or begin where a table says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from fifthfloor.audit.carve_boxes import carve_boxes
from fifthfloor.audit.carve_jpeg import begins_as_photograph
from fifthfloor.audit.carve_pictures import GIF, carve_gif
from fifthfloor.audit.carve_tiff import carve_tiff, pictures_of
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.brands import OPENERS
from fifthfloor.metadata.film_samples import sample_places, tracks
from fifthfloor.metadata.heif import coded_items
from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.jxl import CONTAINER
from fifthfloor.metadata.png import PNG_SIGNATURE, chunks
from fifthfloor.metadata.raf import RAF_SIGNATURE, read_header
from fifthfloor.metadata.tiff import MAGICS, Read

_JPEG_HEAD_BYTES = 64 << 10  # of a preview within a raw: its own thumbnail may stand there
_LEAST_RAW_BYTES = 4096
_MOST_WEBP_CHUNKS = 4096
_CODED_CHUNKS = frozenset([b"VP8 ", b"VP8L", b"ALPH", b"ANMF"])
_RIFFS = (b"WEBP", b"AVI ", b"WAVE")
_BEGINNINGS_WITHIN = (b"\xff\xd8\xff", *MAGICS, PNG_SIGNATURE[:4], b"RIFF", RAF_SIGNATURE[:4], GIF, CONTAINER[:4])


def may_begin(data: bytes, at: int) -> bool:
    """Whether a file that `another_begins` tells may begin in `data`: a look at eight bytes."""
    return data.startswith(_BEGINNINGS_WITHIN, at) or data.startswith(b"ftyp", at + 4)


def another_begins(space: FreeSpace, at: int) -> bool:
    """Whether a photograph or film begins at a place for sure; no more than its head is read."""
    head = space.read(at, 16)
    if head.startswith(b"\xff\xd8\xff"):
        return begins_as_photograph(space, at)
    if head[:4] in MAGICS:
        raw = carve_tiff(space, at)
        return raw is not None and raw.length_bytes >= _LEAST_RAW_BYTES
    if head[4:8] == b"ftyp":
        return carve_boxes(space, at) is not None
    if head.startswith(GIF):
        return carve_gif(space, at) is not None
    return (
        head == PNG_SIGNATURE + b"\0\0\0\x0dIHDR"
        or (head.startswith(b"RIFF") and head[8:12] in _RIFFS)
        or head.startswith((RAF_SIGNATURE, CONTAINER))
    )


class CodedRanges:
    """The coded data of one file; its tables are read once they are asked for.

    Args:
        space: the free bytes.
        start: where the file begins.
        length_bytes: of it.
    """

    def __init__(self, space: FreeSpace, start: int, length_bytes: int) -> None:
        self._space = space
        self._start = start
        self._length = length_bytes
        self._ranges: list[tuple[int, int]] | None = None

    def hold(self, at: int) -> bool:
        """Whether a position lies in coded data, and is no beginning of it."""
        if self._ranges is None:
            self._ranges = sorted(one for one in coded_ranges(self._read, self._length) if one[0] < one[1])
        inside = at - self._start
        index = bisect_left(self._ranges, (inside, 0)) - 1
        return index >= 0 and self._ranges[index][0] < inside < self._ranges[index][1]

    def _read(self, offset_bytes: int, length_bytes: int) -> bytes:
        return self._space.read(self._start + offset_bytes, max(0, min(length_bytes, self._length - offset_bytes)))


def coded_ranges(read: Read, size_bytes: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the coded data in a file, as far as its head says; they may lie outside of it."""
    head = read(0, 16)
    if head[:4] in MAGICS:
        for at, length in pictures_of(read):
            skip = _JPEG_HEAD_BYTES if read(at, 3) == b"\xff\xd8\xff" else 0
            yield at + skip, at + length
    elif head.startswith(RAF_SIGNATURE):
        raf = read_header(read)
        if raf is not None:
            yield raf.sensor_data[0], sum(raf.sensor_data)
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        yield from _of_webp(read, size_bytes)
    elif head.startswith(CONTAINER):
        yield from ((at, end) for kind, at, end in boxes(read, 0, size_bytes) if kind in (b"jxlc", b"jxlp"))
    elif head.startswith(PNG_SIGNATURE):
        yield from (
            (one.offset_bytes, one.offset_bytes + one.length_bytes) for one in chunks(read) if one.kind == b"IDAT"
        )
    elif head[4:8] in OPENERS:
        for track in tracks(read, size_bytes):
            yield from ((at, at + length) for at, length in sample_places(track))
        yield from ((at, at + length) for extents in coded_items(read, size_bytes) for at, length in extents)


def _of_webp(read: Read, size_bytes: int) -> Iterator[tuple[int, int]]:
    at = 12
    for _ in range(_MOST_WEBP_CHUNKS):
        head = read(at, 8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], "little")
        if head[:4] in _CODED_CHUNKS:
            yield at + 8, min(at + 8 + length, size_bytes)
        at += 8 + length + length % 2
