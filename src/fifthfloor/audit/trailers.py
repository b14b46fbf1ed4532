"""What stands after the picture of a file: of a JPEG by its end mark, of others by their last chunk or box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fifthfloor.audit.carve_jpeg import carve_jpeg
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.brands import FILM_STARTS
from fifthfloor.metadata.source import Source

TAIL_BYTES = 64 << 10
_BRANDS = b"ftyp"  # what all of FILM_STARTS begin with
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


def trailer_behind(source: Source, end: int) -> Trailer:
    """Say what stands behind the last chunk of a picture that is no JPEG; the picture before a crop, mostly.

    Args:
        source: the file.
        end: where the last chunk ends.
    """
    length = source.size_bytes - end
    return _trailer_of(source.read(end, min(length, TAIL_BYTES)), length)


def exact_trailer(source: Source) -> Trailer:
    """Follow the picture to its end mark and say what stands behind it; pictures told by the file's index belong to it.

    Counterpart: `trailer`, which looks at the end alone.
    """
    space = FreeSpace(source, [(0, source.size_bytes)])
    found = carve_jpeg(space, 0, None)
    if found is None or not found.whole or found.length_bytes >= source.size_bytes:
        return NO_TRAILER
    length = source.size_bytes - found.length_bytes
    ends = source.read(max(found.length_bytes, source.size_bytes - 4), 4)
    return _trailer_of(source.read(found.length_bytes, min(length, TAIL_BYTES)) + ends, length)


def _trailer_of(rest: bytes, length_bytes: int) -> Trailer:
    if rest.count(rest[:1]) == len(rest) or not rest:
        return Trailer("padding", length_bytes) if rest else NO_TRAILER
    if rest.endswith(b"SEFT"):
        return Trailer("samsung", length_bytes)
    if _holds_film(rest):
        return Trailer("film", length_bytes)
    return Trailer("photograph" if b"\xff\xd8\xff" in rest else "unknown", length_bytes)


def _holds_film(data: bytes) -> bool:
    starts = FILM_STARTS if _BRANDS in data else ()
    return any(kind in data for kind in (*starts, b"moov\0\0\0", b"mvhd\0\0\0\0"))
