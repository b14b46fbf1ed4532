"""What a carved file of boxes, or a carved JPEG, is called: cameras give the same bytes different endings.

Sources: Canon's `CNCV` box (ExifTool's `Canon.pm`), Blackmagic RAW's codec names, Insta360's block behind its files,
GoPro's two pictures in one film, CIPA DC-007 for MPO.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fifthfloor.audit.behind_end_mark import INSTA360_END
from fifthfloor.audit.carved import Found
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.mpf import MPF_HEADER, SEVERAL_VIEWS, entries_of
from fifthfloor.metadata.tiff import reader_of

_HEAD_BYTES = 64 << 10
_MAX_MOVIE_BYTES = 4 << 20
_BRAW = re.compile(rb"stsd.{12}(?:brxq|brst|brvn|brs2|brxh|brhq|brlt|br[0-9a-z]{2})", re.DOTALL)
_PICTURE_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_BRANDS = {b"avif": "avif", b"avis": "avif", b"avio": "avif"}


def named_boxes(space: FreeSpace, start: int, found: Found | None) -> Found | None:
    """Name a file of boxes as its maker does: avif, crm, braw, 360, insv; any other stays what its brand says."""
    if found is None:
        return None
    head = space.read(start, min(_HEAD_BYTES, found.length_bytes))
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return replace(found, form=_BRANDS[head[8:12]])
    if found.form == "cr3":
        return replace(found, form="crm") if b"CanonCRM" in head else found
    if found.form in ("mov", "mp4"):
        return replace(found, form=_film_name(space, start, found))
    return found


def _film_name(space: FreeSpace, start: int, found: Found) -> str:
    if _ends_as_insta360(space, start, found):
        return "insv"

    def read(offset: int, length: int) -> bytes:
        return space.read(start + offset, min(length, found.length_bytes - offset)) if offset >= 0 else b""

    for kind, inside, end in boxes(read, 0, found.length_bytes):
        if kind == b"moov":
            movie = read(inside, min(_MAX_MOVIE_BYTES, end - inside))
            if _BRAW.search(movie):
                return "braw"
            if b"GoPro" in movie and len(_PICTURE_TRACK.findall(movie)) > 1:
                return "360"
    return found.form


def named_jpeg(space: FreeSpace, start: int, found: Found | None) -> Found | None:
    """Name a JPEG as its maker does: mpo where it holds several views, insp of a panorama camera."""
    if found is None:
        return None
    if _ends_as_insta360(space, start, found):
        return replace(found, form="insp")
    head = space.read(start, min(_HEAD_BYTES, found.length_bytes))
    at = head.find(MPF_HEADER)
    views = entries_of(reader_of(head, at + len(MPF_HEADER))) if at >= 0 else ()
    return replace(found, form="mpo") if views and views[0].kind == SEVERAL_VIEWS else found


def _ends_as_insta360(space: FreeSpace, start: int, found: Found) -> bool:
    length = len(INSTA360_END)
    return space.read(start + found.length_bytes - length, length) == INSTA360_END
