"""Carving: photographs and films in free space, found by their first bytes and followed by their own structure.

A file begins on a cluster, a cluster on a sector; so one vectorised look at eight bytes of each sector finds every
start (measured 2.7-3.9 GB/s), and only starts are followed. What lies inside a found file is never carved again: a
raw's previews and a photograph's thumbnail are parts of it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fifthfloor.audit.appended import told_end
from fifthfloor.audit.behind_end_mark import film_block_end
from fifthfloor.audit.carve_boxes import carve_boxes, carve_raf, carve_riff, small_in_film
from fifthfloor.audit.carve_chunks import carve_jxl, carve_png, carve_webp
from fifthfloor.audit.carve_films import (
    ASF,
    EBML,
    FLV,
    PACK,
    RED_STARTS,
    carve_asf,
    carve_flash,
    carve_matroska,
    carve_program,
    carve_redcode,
)
from fifthfloor.audit.carve_jpeg import carve_jpeg
from fifthfloor.audit.carve_names import named_boxes, named_jpeg
from fifthfloor.audit.carve_old_films import DV_STARTS, OGG, REAL, carve_dv, carve_ogg, carve_real
from fifthfloor.audit.carve_pictures import (
    GIF,
    JP2,
    MRW,
    TILES,
    carve_bitmap,
    carve_codestream,
    carve_gif,
    carve_jp2,
    carve_minolta,
    is_bitmap,
)
from fifthfloor.audit.carve_streams import MXF_KEY, SYNC, carve_mxf, carve_transport, packet_bytes
from fifthfloor.audit.carve_tiff import carve_tiff
from fifthfloor.audit.carved import Carved, Found
from fifthfloor.audit.coded_ranges import CodedRanges, another_begins, may_begin
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.metadata.brands import OPENERS
from fifthfloor.metadata.jxl import CONTAINER
from fifthfloor.metadata.png import PNG_SIGNATURE
from fifthfloor.metadata.tiff import MAGICS

_MOST_REMEMBERED, _MOST_PIECES = 256, 16  # likely starts of a piece, or pieces: a hostile card has one in every sector
MIN_TIFF_BYTES = 4096  # anything smaller is a piece of metadata, not a raw


_OTHER_FILMS = (MXF_KEY, PACK, EBML, ASF[:4], FLV, OGG, REAL, *DV_STARTS)
_STARTS = frozenset((*MAGICS, b"FUJI", b"RIFF", PNG_SIGNATURE[:4], GIF, TILES, MRW, *_OTHER_FILMS))
_BOX_STARTS = frozenset((*OPENERS, CONTAINER[4:8], JP2[4:8], *RED_STARTS))  # behind a length of four bytes


def _likely(beginnings: Iterable[bytes]) -> NDArray[np.bool_]:
    """Make a table of two bytes: whether anything begins so, or like a packet of a stream."""
    table = np.zeros(1 << 16, np.bool_)
    table[SYNC::256] = True
    table[[int.from_bytes(begins[:2], "little") for begins in beginnings]] = True
    return table


# Blank card begins as a pack does, with two zeros: there the next two bytes are looked at.
_IN_PACK = int.from_bytes(PACK[2:4], "little")
_FIRST_HALF, _SECOND = _likely((*(_STARTS - {PACK}), b"\xff\xd8\xff", b"BM")), _likely(_BOX_STARTS)


def starts_in(data: bytes) -> list[int]:
    """Return the offsets of sectors that begin like a photograph or film; `data` starts on a sector."""
    return [at for at in _likely_in(data) if _begins(data[at : at + SECTOR_BYTES])]


def _likely_in(data: bytes) -> array[int]:
    """Return the offsets of sectors that may begin like one: two looks at two bytes leave one in a hundred of noise."""
    halves = np.frombuffer(data, dtype="<u2", count=len(data) // SECTOR_BYTES * (SECTOR_BYTES // 2))
    likely = _FIRST_HALF.take(halves[:: SECTOR_BYTES // 2])
    likely |= _SECOND.take(halves[2 :: SECTOR_BYTES // 2])
    likely |= halves[1 :: SECTOR_BYTES // 2] == _IN_PACK
    return array("I", (np.flatnonzero(likely) * SECTOR_BYTES).astype("I").tobytes())


def _begins(sector: bytes) -> bool:
    return (
        sector[:3] == b"\xff\xd8\xff"
        or sector[:4] in _STARTS
        or sector[4:8] in _BOX_STARTS
        or (SYNC in sector[:5:4] and packet_bytes(sector) > 0)
        or (sector.startswith(b"BM") and is_bitmap(sector))
    )


def follow(space: FreeSpace, start: int) -> Found | None:
    """Follow whatever begins at `start`; None where it is no photograph or film after all."""
    head = space.read(start, 12)
    if head.startswith(b"\xff\xd8\xff"):
        return named_jpeg(space, start, carve_jpeg(space, start, starts_in))
    if head[:4] in MAGICS:
        found = carve_tiff(space, start)
        if found is None or found.length_bytes < MIN_TIFF_BYTES:
            return None
        length = told_end(space, start + found.length_bytes) - start if found.whole else found.length_bytes
        return _cut(space, start, found if length == found.length_bytes else replace(found, length_bytes=length))
    if head.startswith(b"FUJI"):
        return _cut(space, start, carve_raf(space, start))
    if head.startswith(b"RIFF"):
        webp = carve_webp(space, start)
        return _cut(space, start, webp or carve_riff(space, start))
    carver = _BY_BEGINNING.get(head[:4]) or _BY_KIND.get(head[4:8]) or (carve_bitmap if head[:2] == b"BM" else None)
    if carver is not None:
        return _cut(space, start, carver(space, start))
    if SYNC in head[:5:4] and packet_bytes(space.read(start, SECTOR_BYTES)):
        return _before_another(space, start, carve_transport(space, start))
    film = carve_boxes(space, start)
    if film is not None and film.whole:
        length = film_block_end(space, start + film.length_bytes, starts_in) - start
        film = film if length == film.length_bytes else replace(film, length_bytes=length)
    return _cut(space, start, named_boxes(space, start, film))


_Carver = Callable[[FreeSpace, int], Found | None]
_BY_BEGINNING: dict[bytes, _Carver] = {
    PNG_SIGNATURE[:4]: carve_png,
    MXF_KEY: carve_mxf,
    PACK: carve_program,
    EBML: carve_matroska,
    ASF[:4]: carve_asf,
    FLV: carve_flash,
    OGG: carve_ogg,
    REAL: carve_real,
    **dict.fromkeys(DV_STARTS, carve_dv),
    GIF: carve_gif,
    TILES: carve_codestream,
    MRW: carve_minolta,
}
_BY_KIND: dict[bytes, _Carver] = {
    CONTAINER[4:8]: carve_jxl,
    JP2[4:8]: carve_jp2,
    **dict.fromkeys(RED_STARTS, carve_redcode),
}


def _before_another(space: FreeSpace, start: int, found: Found | None) -> Found | None:
    """End a stream where another file begins inside its last packet: the mark of that one was the last to survive."""
    if found is None:
        return None
    sector = (found.length_bytes - 1) // SECTOR_BYTES * SECTOR_BYTES
    last = space.read(start + sector, SECTOR_BYTES)
    if not _begins(last) or packet_bytes(last):
        return found
    return replace(found, length_bytes=sector, whole=False)


def carve(space: FreeSpace, progress: Callable[[int], None] = lambda _done: None) -> Iterator[Carved]:
    """Yield every photograph and film, rising by position; reads all of `space` once.

    Args:
        space: the free bytes.
        progress: called with the bytes just passed.
    """
    resume = 0
    for index, piece in enumerate(space.pieces):
        data = space.bytes_of(index)
        for inside in _likely_of(space, index):
            start = piece.start + inside
            if start < resume or not _begins(data[inside : inside + SECTOR_BYTES]):
                continue
            found = follow(space, start)
            if found is not None and found.length_bytes > 0:
                resume = start + found.length_bytes
                runs = space.runs(start, found.length_bytes)
                whole = found.whole and (len(runs) == 1 or found.is_followed)
                yield Carved(start, runs, found if whole == found.whole else replace(found, whole=whole))
        space.likely.pop(index, None)
        progress(piece.length_bytes)


def _likely_of(space: FreeSpace, index: int) -> array[int]:
    """Return `_likely_in` a piece; remembered, so that a film that was looked through is not read again behind it."""
    known = space.likely.get(index)
    if known is None:
        known = _likely_in(space.bytes_of(index))
        if len(known) <= _MOST_REMEMBERED or len(space.likely) < _MOST_PIECES:
            space.likely[index] = known
    return known


def _cut(space: FreeSpace, start: int, found: Found | None) -> Found | None:
    """End a file built on offsets where another camera file begins inside it: the rest has been overwritten.

    Offsets cannot show that their target is gone. A JPEG with Exif at the start of a sector is a photograph of its
    own unless the raw's own preview happens to lie there; previews carry no Exif but in RAF, whose place is known.
    Any other file that begins within coded data was written over it (`coded_ranges`).
    """
    if found is None:
        return None
    end = min(start + found.length_bytes, space.length_bytes)
    small, coded = found.thumbnail, CodedRanges(space, start, found.length_bytes)
    first = start + SECTOR_BYTES
    for index in range(space.piece_at(first), space.piece_at(end - 1) + 1) if first < end else ():
        begins = space.pieces[index].start
        likely = _likely_of(space, index)
        for inside in likely[bisect_left(likely, first - begins) : bisect_left(likely, end - begins)]:
            data, at = space.bytes_of(index), begins + inside
            if data.startswith(b"\xff\xd8\xff\xe1", inside) and data[inside + 6 : inside + 10] == b"Exif":
                small = small or small_in_film(space, start, found)
                own = start + small[0] if small else -1
                if at != own:
                    return Found(at - start, found.form, False, found.thumbnail if own < at else None)
            elif may_begin(data, inside) and coded.hold(at) and another_begins(space, at):
                own = found.thumbnail[0] if found.thumbnail else 0
                return Found(at - start, found.form, False, found.thumbnail if start + own < at else None)
    return found
