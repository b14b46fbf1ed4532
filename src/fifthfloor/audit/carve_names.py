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
from fifthfloor.metadata.brands import FILMS
from fifthfloor.metadata.iso_boxes import boxes

_MAKER_BOX_BYTES = 64 << 10
_MAX_NAMED_MOVIE_BYTES = 4 << 20
_BRAW = re.compile(rb"stsd.{12}(?:brxq|brst|brvn|brs2|brxh|brhq|brlt|br[0-9a-z]{2})", re.DOTALL)
_PICTURE_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)


def named_boxes(space: FreeSpace, start: int, found: Found | None) -> Found | None:
    """Name a file of boxes as its maker does: crm, braw, 360, insv; any other stays what its brand says."""
    if found is None:
        return None
    if found.form == "cr3":
        return replace(found, form="crm") if _is_canon_film(space, start, found) else found
    if found.form in FILMS:
        form = _film_name(space, start, found)
        return found if form == found.form else replace(found, form=form)
    return found


def _is_canon_film(space: FreeSpace, start: int, found: Found) -> bool:
    """Whether the description among the first bytes says so; what was filmed is passed over."""
    limit = min(_MAKER_BOX_BYTES, found.length_bytes)

    def read(offset: int, length: int) -> bytes:
        return space.read(start + offset, min(length, limit - offset)) if 0 <= offset < limit else b""

    return any(b"CanonCRM" in read(at, end - at) for kind, at, end in boxes(read, 0, limit) if kind != b"mdat")


def _film_name(space: FreeSpace, start: int, found: Found) -> str:
    if _ends_as_insta360(space, start, found):
        return "insv"

    def read(offset: int, length: int) -> bytes:
        return space.read(start + offset, min(length, found.length_bytes - offset)) if offset >= 0 else b""

    for kind, inside, end in boxes(read, 0, found.length_bytes):
        if kind == b"moov":
            movie = read(inside, min(_MAX_NAMED_MOVIE_BYTES, end - inside))
            if _BRAW.search(movie):
                return "braw"
            if b"GoPro" in movie and len(_PICTURE_TRACK.findall(movie)) > 1:
                return "360"
    return found.form


def named_jpeg(space: FreeSpace, start: int, found: Found | None) -> Found | None:
    """Name a JPEG as its maker does: insp of a panorama camera; mpo, of several views, its own index says."""
    return replace(found, form="insp") if found and _ends_as_insta360(space, start, found) else found


def _ends_as_insta360(space: FreeSpace, start: int, found: Found) -> bool:
    length = len(INSTA360_END)
    return space.read(start + found.length_bytes - length, length) == INSTA360_END
