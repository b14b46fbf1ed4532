"""The parts of a JPEG file that metadata lives in, and what stands after its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from fifthfloor.audit.carve_jpeg import carve_jpeg
from fifthfloor.audit.free_space import FreeSpace
from fifthfloor.audit.tiff import Read

HEAD_BYTES = 128 << 10  # holds all metadata of nearly every photograph in one read
TAIL_BYTES = 64 << 10
MAX_SEGMENTS = 2048
MAX_SEGMENT_TOTAL = 64 << 20  # extended XMP may hold a depth map; more than this is not metadata


class Source(Protocol):
    """A file, wherever it is: on a card, a disk, in an archive or in memory."""

    @property
    def size_bytes(self) -> int: ...
    def read(self, offset_bytes: int, length_bytes: int) -> bytes: ...


class BytesSource:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        return self._data[offset_bytes : offset_bytes + length_bytes] if offset_bytes >= 0 else b""


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker segment before the picture.

    Args:
        marker: its second byte.
        offset_bytes: of its contents in the file.
        data: its contents.
    """

    marker: int
    offset_bytes: int
    data: bytes


def head_reader(source: Source) -> Read:
    """Return a Read that answers from one read of the head where it can."""
    head = source.read(0, min(HEAD_BYTES, source.size_bytes))

    def read(offset: int, length: int) -> bytes:
        if offset < 0 or length <= 0:
            return b""
        if offset + length <= len(head) or len(head) == source.size_bytes:
            return head[offset : offset + length]
        return source.read(offset, min(length, max(0, source.size_bytes - offset)))

    return read


def segments(read: Read) -> Iterator[Segment]:
    """Yield the segments from SOI to the first start of scan; ends where the chain breaks."""
    at, total = 2, 0
    for _ in range(MAX_SEGMENTS):
        head = read(at, 8)
        stray = head.find(b"\xff")
        if stray < 0:
            return
        at += stray
        head = read(at, 20)
        fill = len(head) - len(head.lstrip(b"\xff"))
        if len(head) < fill + 3:
            return
        marker, length = head[fill], int.from_bytes(head[fill + 1 : fill + 3], "big")
        if marker in (0xD8, 0xD9, 0x00) or length < 2:
            return
        at += fill + 3
        total += length
        data = read(at, length - 2)
        if len(data) < length - 2 or total > MAX_SEGMENT_TOTAL:
            return
        yield Segment(marker, at, data)
        if marker == 0xDA:
            return
        at += length - 2


TrailerKind = Literal["none", "padding", "film", "photograph", "samsung", "unknown"]


@dataclass(frozen=True, slots=True)
class Trailer:
    """What stands after the end of the (last) picture.

    Args:
        kind: "none" where nothing, "padding" where one byte value only.
        length_bytes: of it, as far as it was looked for.
    """

    kind: TrailerKind
    length_bytes: int


NO_TRAILER = Trailer("none", 0)


def trailer(source: Source, pictures_end: int) -> Trailer:
    """Look at the end of a JPEG file without reading its picture.

    Only the last 64 KiB are searched for the end mark: a second picture behind the first ends like the first.
    Counterpart: `exact_trailer`, which reads the whole file.

    Args:
        source: the file.
        pictures_end: where the last picture of a multi-picture file ends, 0 where it says nothing.
    """
    size = source.size_bytes
    start = max(0, size - TAIL_BYTES)
    tail = source.read(start, size - start)
    if tail.endswith(b"\xff\xd9"):
        return NO_TRAILER
    mark = tail.rfind(b"\xff\xd9")
    if mark < 0 and not tail.endswith(b"SEFT"):
        # Far more than a header's worth after the picture: say what it looks like.
        return Trailer("film" if _holds_film(tail) else "unknown", size - start)
    end = start + max(0, mark + 2)
    if 0 < pictures_end <= size:
        end = max(end, pictures_end)
    return _trailer_of(tail[max(0, end - start) :], size - end)


def exact_trailer(source: Source) -> Trailer:
    """Follow the picture to its end mark and say what stands behind it; pictures told by the file's index belong to it.

    Counterpart: `trailer`, which looks at the end alone.
    """
    space = FreeSpace(source, [(0, source.size_bytes)])
    found = carve_jpeg(space, 0)
    if found is None or not found.whole or found.length_bytes >= source.size_bytes:
        return NO_TRAILER
    length = source.size_bytes - found.length_bytes
    ends = source.read(max(found.length_bytes, source.size_bytes - 4), 4)
    return _trailer_of(source.read(found.length_bytes, min(length, TAIL_BYTES)) + ends, length)


def _trailer_of(rest: bytes, length_bytes: int) -> Trailer:
    if len(set(rest)) <= 1:
        return Trailer("padding", length_bytes) if rest else NO_TRAILER
    if rest.endswith(b"SEFT"):
        return Trailer("samsung", length_bytes)
    if _holds_film(rest):
        return Trailer("film", length_bytes)
    return Trailer("photograph" if b"\xff\xd8\xff" in rest else "unknown", length_bytes)


def _holds_film(data: bytes) -> bool:
    return any(kind in data for kind in (b"ftypmp4", b"ftypisom", b"moov\0\0\0", b"mvhd\0\0\0\0"))
