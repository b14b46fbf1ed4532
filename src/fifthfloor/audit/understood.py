"""What is a picture or film by its first bytes alone: a head in front of noise must not pass for a photograph.

A film whose camera lost its power has no description, and whatever lies in it nobody has looked at.
"""

from __future__ import annotations

from typing import Literal

from fifthfloor.audit.photo_facts import Draft
from fifthfloor.metadata import jxl, webp
from fifthfloor.metadata.blocks import Container
from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.png import chunks
from fifthfloor.metadata.tiff import Read, Tiff

Bare = Literal["", "undescribed", "headless"]
MIN_PART_BYTES = 1 << 20  # of a film: a part that nothing describes; cameras leave gaps of some hundred kilobytes
_GLANCE_BYTES = 4096
# Size of the picture, maker, where its data or other directories begin, XMP; Panasonic's own (2, 3).
_TIFF_TAGS = frozenset([0x2, 0x3, 0x100, 0x101, 0x10F, 0x111, 0x144, 0x14A, 0x2BC, 0x8769])
_IN_MOVIE = frozenset([b"mvhd", b"trak", b"cmov", b"udta", b"meta", b"uuid", b"mvex"])
_DESCRIBES = frozenset([b"trak", b"cmov"])
# What stands at the top of a film, and is read, or is what the description speaks of.
_OF_A_FILM = frozenset([b"ftyp", b"styp", b"moov", b"moof", b"meta", b"mdat", b"sidx", b"mfra", b"pnot", b"PICT"])
_MAX_FIRST_CHUNKS = 64


def bare(container: Container, read: Read, size_bytes: int, draft: Draft) -> Bare:
    """Say whether nothing but the beginning of a file is understood.

    Args:
        container: by its first bytes.
        read: gives its bytes.
        size_bytes: of the file.
        draft: what its reader found.

    Returns:
        "undescribed" of a film without its description, or with a part of MIN_PART_BYTES and more that it does not
        speak of; "headless" of a picture; else "".
    """
    if container == "boxes":
        return "" if _is_described(read, size_bytes) else "undescribed"
    return "" if _has_head(container, read, size_bytes, draft) else "headless"


def _has_head(container: Container, read: Read, size_bytes: int, draft: Draft) -> bool:
    if container in ("jpeg", "raf"):
        return draft.pixels != (0, 0)
    if container == "png":
        first = [chunk.kind for chunk, _ in zip(chunks(read), range(_MAX_FIRST_CHUNKS), strict=False)]
        return draft.pixels != (0, 0) and len(first) > 1
    if container == "tiff":
        tiff = Tiff.open(read)
        return tiff is not None and not _TIFF_TAGS.isdisjoint(tiff.directory(tiff.first_offset).entries)
    if container == "webp":
        return read(12, 4) in webp.WEBP_PICTURES
    if container == "jxl":
        # Two bytes are no proof, and behind them only a decoder could tell a picture from noise.
        return read(0, 12) == jxl.CONTAINER and any(
            kind in jxl.JXL_PICTURES for kind, _, _ in boxes(read, 12, size_bytes)
        )
    if container == "flir":
        return bool(draft.model or draft.numbers or draft.gps)
    return any(
        below in (b"hdlr", b"iloc", b"iinf", *_IN_MOVIE)
        for kind, start, end in boxes(read, 0, size_bytes)
        if kind in (b"meta", b"moov")
        for below, _, _ in boxes(read, start + 4 * (kind == b"meta"), end)
    )


def _is_described(read: Read, size_bytes: int) -> bool:
    """Whether a description stands in a film, speaks of tracks where there are data, and of all large parts."""
    described, data_bytes, reached = set[bytes](), 0, 0
    for kind, start, end in boxes(read, 0, size_bytes):
        reached = end
        if kind == b"moov":
            described.update(below for below, _, _ in boxes(read, start, end))
        elif kind == b"mdat":
            data_bytes += end - start
        elif kind not in _OF_A_FILM and end - start >= MIN_PART_BYTES and not _is_blank(read, start, end):
            return False
    if size_bytes - reached >= MIN_PART_BYTES and not _is_blank(read, reached, size_bytes):
        return False
    return not described.isdisjoint(_IN_MOVIE if data_bytes < MIN_PART_BYTES else _DESCRIBES)


def _is_blank(read: Read, start: int, end: int) -> bool:
    """By what lies at its beginning, in the middle and at its end."""
    looks = (read(at, _GLANCE_BYTES) for at in (start, (start + end) // 2, max(start, end - _GLANCE_BYTES)))
    return all(len(set(look)) <= 1 for look in looks)
