"""Where a JPEG in free space ends, and whether it is whole (ITU-T T.81 annex B; CIPA DC-007 for pairs of pictures).

It walks the segments itself: `metadata.jpeg_head` reads a file that is there, this one must know at which byte what was
overwritten begins.
"""

from __future__ import annotations

import re

import numpy as np

from fifthfloor.audit.behind_end_mark import Starts, end_behind, film_begins, film_bytes_in
from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.metadata.jpeg_head import APP1, APP2, FRAMES, SOS
from fifthfloor.metadata.mpf import MPF_HEADER, SEVERAL_VIEWS, end_of_last, entries_of
from fifthfloor.metadata.tiff import Tiff, embedded_thumbnail, reader_of
from fifthfloor.metadata.xmp import JPEG_HEADER

MAX_JPEG_BYTES = 256 << 20  # five times the largest a camera has written; bounds a walk through foreign data
_MAX_CARVED_SEGMENTS = 4096  # extended XMP and ICC split over segments need hundreds at most
MAX_STRAY_BYTES = 4  # cameras have miscounted a segment by two
_MAX_CARVED_SCANS = 512  # progressive pictures have about ten
_MOST_BEFORE_A_SCAN = 16  # tables before the next scan: two or three at most have been seen
ZERO_RUN_BYTES = 64 << 10  # longer runs of zeros are blank card; a black sky in optimised tables has been seen at 3 KiB
MAX_TAIL_BYTES = 1 << 20  # of coded data between a long run of zeros and the end mark

# In coded data FF is followed by 00 or a restart marker, or more FF before a marker (B.1.1.2, B.1.1.5).
_IN_CODED = frozenset({0x00, 0xFF, *range(0xD0, 0xD8)})
_ENDS_CODED = np.array([value not in _IN_CODED for value in range(256)])
_CODED_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)  # quicker than numpy's calls on as many bytes
_FIRST_SCAN_BYTES, _SCAN_BYTES = 32 << 10, 256 << 10  # most files are short; the last fits the second cache
# Tables, intervals, comments and the next scan: what may stand between two scans (B.2.4, B.2.5).
_BETWEEN_SCANS = frozenset({0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)})
_SEGMENTS = frozenset(range(0xC0, 0xD0)) | frozenset(range(0xDA, 0xF0)) | {0xFE, 0xC4}


class _MarkerWalk:
    """One walk through the marker segments of a JPEG."""

    def __init__(self, space: FreeSpace, start: int) -> None:
        self.space = space
        self.start = start
        self.limit = min(space.length_bytes, start + MAX_JPEG_BYTES)
        self.at = start + 2
        self.form = "jpeg"
        self.frame_seen = False
        self.components = b""
        self.thumbnail: tuple[int, int] | None = None
        self.thumbnail_end = 0
        self.pair_end = 0
        self.told_behind = (0, 0)

    def segments(self) -> int | None:
        """Walk segments up to a start of scan or the end; return that marker, None where the chain breaks.

        A segment is believed once another follows it; where none does, `at` is on it again: it has been overwritten.
        """
        last = self.at
        for _ in range(_MAX_CARVED_SEGMENTS):
            head = self.space.read(self.at, 24)
            fill = 1
            if len(head) < 4 or head[0] != 0xFF or head[1] == 0xFF:  # hardly ever
                stray = head.find(b"\xff", 0, MAX_STRAY_BYTES + 1)
                head = head[max(0, stray) :]
                fill = len(head) - len(head.lstrip(b"\xff"))
                if stray < 0 or len(head) < fill + 3:
                    break
                self.at += stray
            marker = head[fill]
            if marker == 0xD9:
                self.at += fill + 1
                return marker
            length = int.from_bytes(head[fill + 1 : fill + 3], "big")
            body = self.at + fill + 1
            if marker not in _SEGMENTS or length < 2 or body + length > self.limit:
                break
            if marker == SOS and length != 6 + 2 * self.space.read(body + 2, 1)[0]:
                break
            if marker in FRAMES and not self.frame_seen:
                self.frame_seen = True
                self.components = self.space.read(body + 8, length - 8)[::3] if length > 8 else b""
            if marker in (APP1, APP2):
                self._remember(marker, body + 2, length - 2)
            last, self.at = self.at, body + length
            if marker == SOS:
                return marker
        self.at = last
        return None

    def _remember(self, marker: int, at: int, length: int) -> None:
        head = self.space.read(at, 6)
        if marker == APP1 and head == b"Exif\0\0":
            tiff = Tiff.open(reader_of(self.space.read(at + 6, length - 6)))
            place = embedded_thumbnail(tiff) if tiff else None
            if place and sum(place) <= length - 6:
                self.thumbnail = (at + 6 + place[0] - self.start, place[1])
                tail = self.space.read(at + 6 + place[0] + max(0, place[1] - 512), min(place[1], 512))
                # Its end mark is there (some cameras pad behind it), so it has not been overwritten.
                self.thumbnail_end = sum(self.thumbnail) if b"\xff\xd9" in tail else 0
        elif marker == APP1 and head == JPEG_HEADER[:6]:
            self.told_behind = max(self.told_behind, film_bytes_in(self.space.read(at, length)))
        elif marker == APP2 and head.startswith(MPF_HEADER):
            index = at + len(MPF_HEADER)
            entries = entries_of(reader_of(self.space.read(at, length), len(MPF_HEADER)))
            self.pair_end = end_of_last(entries, index)
            self.form = "mpo" if entries and entries[0].kind == SEVERAL_VIEWS else "jpeg"

    def _over_zeros(self, blank: int) -> int | None:
        """Step over a run of zeros if the picture goes on behind it: a lens-cap frame, or a night sky, is coded so.

        It goes on where the end mark follows, or, coded in several scans, what leads to its next scan. Where something
        else follows, the zeros are blank card and the picture broke off before them (`at` there).
        """
        self.at = position = blank
        for at, data in self.space.from_position(blank):
            zeros = _zeros_from(data, 0)
            position = at + zeros
            if zeros < len(data) or position >= self.limit:
                break
        if position >= self.limit:
            return None
        tail = self.space.read(position, MAX_TAIL_BYTES + 2)
        mark = _next_marker(tail, 0)
        on_sector = position % SECTOR_BYTES == 0
        # Behind blank card another file begins, on a sector; a scan of zeros ends inside of one.
        if mark is None or (on_sector and tail[0] == 0xFF):
            return None
        if tail[mark + 1] != 0xD9 and (on_sector or not self._scan_follows(position + mark)):
            return None
        self.at = position + mark
        return tail[mark + 1]

    def _scan_follows(self, at: int) -> bool:
        """Whether what stands at a marker leads to another scan of this frame (B.2.3); a few segments at most."""
        for _ in range(_MOST_BEFORE_A_SCAN):
            head = self.space.read(at, 16)
            if len(head) < 16 or head[0] != 0xFF or head[1] not in _BETWEEN_SCANS:
                return False
            length = int.from_bytes(head[2:4], "big")
            if head[1] == SOS:
                count = head[4]
                if not 1 <= count <= 4 or length != 6 + 2 * count:
                    return False
                spectral = head[5 + 2 * count : 7 + 2 * count]
                named = head[5 : 5 + 2 * count : 2]
                return set(named) <= set(self.components) and spectral[0] <= spectral[1] <= 63
            at += 2 + max(2, length)
        return False

    def coded(self) -> int | None:
        """Walk coded data; return the marker that ends it (`at` on its FF), None where it breaks off (`at` there)."""
        straddling = False  # the last byte of the piece before was FF
        while self.at < self.limit:
            piece = self.space.pieces[index := self.space.piece_at(self.at)]
            data = self.space.bytes_of(index)
            inside = self.at - piece.start
            if straddling and data[inside] not in _IN_CODED:
                self.at -= 1
                return data[inside]
            mark = _next_marker(data, inside)
            blank = _blank_from(data, inside, len(data) if mark is None else mark)
            if blank is not None:
                return self._over_zeros(piece.start + blank)
            if mark is not None:
                self.at = piece.start + mark
                return data[mark + 1]
            straddling = data.endswith(b"\xff")
            self.at = piece.start + piece.length_bytes
        self.at = self.limit
        return None


def begins_as_photograph(space: FreeSpace, start: int) -> bool:
    """Whether the segments of a JPEG lead from a place to its first scan."""
    walk = _MarkerWalk(space, start)
    return walk.segments() == SOS and walk.frame_seen


def _zeros_from(data: bytes, start: int) -> int:
    """Count the zeros from `start` on."""
    differ = np.frombuffer(data, np.uint8)[start:] != 0
    first = int(differ.argmax()) if differ.size else 0
    return first if differ.size and differ[first] else differ.size


def carve_jpeg(space: FreeSpace, start: int, starts_in: Starts | None = lambda _data: []) -> Found | None:
    """Follow the JPEG that begins at `start`.

    Args:
        space: the free bytes.
        start: position of its first byte.
        starts_in: of `carve`, for what may lie behind its end mark; None to stop at the mark.

    Returns: its length and whether it is whole; partial wherever a frame header (or an Exif thumbnail) was seen and
        the rest is missing; None where it is no JPEG.
    """
    walk = _MarkerWalk(space, start)
    coded_end = 0
    for _ in range(_MAX_CARVED_SCANS):
        marker = walk.segments()
        if marker == 0xD9 and walk.frame_seen:
            return _whole(walk, starts_in)
        if marker != 0xDA or not walk.frame_seen:
            # What looked like a marker behind coded data leads nowhere: it was the first foreign one.
            walk.at = coded_end or walk.at
            break
        marker = walk.coded()
        if marker == 0xD9:
            walk.at += 2
            return _whole(walk, starts_in)
        coded_end = walk.at
        if marker is None or marker not in _BETWEEN_SCANS:
            break
    if not walk.frame_seen and walk.thumbnail is None:
        return None
    # Where coded data breaks off, the last sector is the first foreign one: clusters are whole sectors.
    sectors = (walk.at - start) // SECTOR_BYTES * SECTOR_BYTES
    length = min(max(sectors, walk.thumbnail_end, SECTOR_BYTES), walk.limit - start)
    return Found(length, walk.form, False, walk.thumbnail)


def _whole(walk: _MarkerWalk, starts_in: Starts | None) -> Found:
    end = walk.at
    if end < walk.pair_end <= walk.limit and walk.space.read(walk.pair_end - 2, 2) == b"\xff\xd9":
        end = walk.pair_end
    whole = True
    if starts_in is not None:
        film_bytes, before = walk.told_behind
        told = before and film_begins(walk.space, end + before)
        end = end + before if told else _behind_pictures(walk.space, end)
        end, whole = end_behind(walk.space, end, film_bytes, starts_in)
    return Found(end - walk.start, walk.form, whole, walk.thumbnail)


def _behind_pictures(space: FreeSpace, end: int) -> int:
    """Go on behind pictures that begin at an end mark inside a sector, where no file does: other views, gain maps.

    An index (MPF) says where they are; some cameras and programs write none.
    """
    while end % SECTOR_BYTES and space.read(end, 3) == b"\xff\xd8\xff":
        found = carve_jpeg(space, end, None)
        if found is None or not found.whole:
            break
        end += found.length_bytes
    return end


def _next_marker(data: bytes, start: int) -> int | None:
    """Return the offset of the FF of the next marker that ends coded data, None where `data` holds none."""
    near = _CODED_END.search(data, start, start + _FIRST_SCAN_BYTES)
    if near:
        return near.start()
    view = np.frombuffer(data, dtype=np.uint8)
    low, step = start + _FIRST_SCAN_BYTES - 1, _FIRST_SCAN_BYTES
    while low < len(view) - 1:
        high = min(low + step, len(view) - 1)
        marks = np.flatnonzero(view[low:high] == 0xFF)
        ends = np.flatnonzero(_ENDS_CODED[view[low + 1 : high + 1][marks]])
        if len(ends):
            return low + int(marks[ends[0]])
        low, step = high, min(2 * step, _SCAN_BYTES)
    return None


def _blank_from(data: bytes, start: int, end: int) -> int | None:
    """Return where between two offsets a run of ZERO_RUN_BYTES zeros begins, None where there is none."""
    if end - start < ZERO_RUN_BYTES:
        return None
    firsts = np.frombuffer(data, dtype=np.uint8)[start:end:SECTOR_BYTES]
    if np.count_nonzero(firsts == 0) < ZERO_RUN_BYTES // SECTOR_BYTES:
        return None
    place = data.find(bytes(ZERO_RUN_BYTES), start, end)
    return place if place >= 0 else None
