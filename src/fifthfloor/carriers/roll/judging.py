"""Why a photograph is no cover, or holds less; each reason has a name (spec/roll-carrier.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.roll.covers import Cover
from fifthfloor.carriers.roll.lengths import is_rounded, tells_distances
from fifthfloor.jpeg.coefficients import write
from fifthfloor.jpeg.history import is_compressed_twice
from fifthfloor.jpeg.segments import APP0, APP1, APP14, COM, Piece
from fifthfloor.metadata.editors import names_an_editor
from fifthfloor.metadata.exif import EXIF_IFD, taken_of
from fifthfloor.metadata.jpeg_head import APP13, exif_in
from fifthfloor.metadata.tiff import Tiff
from fifthfloor.metadata.xmp import JPEG_EXTENDED, JPEG_HEADER, read_xmp

# Non-zero coefficients a pixel: less than half of the smoothest photographs of the set that was looked at.
_FLAT_SHARE = 0.05
_BLOWN_SHARE = 0.30
_SOFTWARE, _PROCESSING = 0x0131, 0x000B
_XMP_SOFTWARE = ("xmp:CreatorTool", "stEvt:softwareAgent", "tiff:Software")
# What a converter of raws was told to do; no camera writes it.
_RAW_SETTINGS = b"http://ns.adobe.com/camera-raw-settings/"


def reason_against(data: bytes, cover: Cover, counts: NDArray[np.uint8]) -> str:
    """Return the key of the reason why nothing is hidden in a photograph; empty where nothing speaks against it.

    Args:
        data: the file.
        cover: of it.
        counts: from `embedding.richness`.
    """
    checks = (
        ("roll.why.round_trip", lambda: write(cover.picture) != data),
        ("roll.why.colour", lambda: cover.picture.header.colour not in ("grey", "ycbcr")),
        ("roll.why.distances", lambda: tells_distances(cover.picture.pieces)),
        ("roll.why.rounded", lambda: is_rounded(cover.picture.pieces)),
        ("roll.why.edited", lambda: is_edited(cover)),
        ("roll.why.no_camera", lambda: not taken_of(exif_in(cover.picture.pieces)).camera),
        ("roll.why.blown", lambda: _blown_share(cover, counts) > _BLOWN_SHARE),
        ("roll.why.flat", lambda: counts.sum(dtype=np.int64) < _FLAT_SHARE * 64 * len(counts)),
        ("roll.why.double", lambda: is_compressed_twice(cover.picture.coefficients[cover.rows])),
    )
    return next((key for key, is_so in checks if is_so()), "")


def is_edited(cover: Cover) -> bool:
    """Say whether the file names a program that edits pictures, or bears the marks of one."""
    pieces = cover.picture.pieces
    if any(piece.marker == APP14 and piece.payload.startswith(b"Adobe") for piece in pieces):
        return True
    if any(piece.marker == APP13 and piece.payload.startswith(b"Photoshop") for piece in pieces):
        return True
    if any(names_an_editor(text) for text in (*_said_in_xmp(pieces), *_comments(pieces))):
        return True
    if any(_RAW_SETTINGS in piece.payload for piece in pieces if piece.marker == APP1):
        return True
    tiff = Tiff.open(exif_in(pieces))
    if tiff is None:
        return any(piece.marker == APP0 and piece.payload.startswith(b"JFIF\0") for piece in pieces) and any(
            piece.marker == COM for piece in pieces
        )
    main = tiff.directory(tiff.first_offset).entries
    detail = tiff.directory(tiff.number(main.get(EXIF_IFD)) or 0).entries
    said = [tiff.text(main.get(_SOFTWARE)), tiff.text(main.get(_PROCESSING)), tiff.text(detail.get(_SOFTWARE))]
    return any(names_an_editor(text) for text in said)


def _said_in_xmp(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        if piece.marker == APP1 and piece.payload.startswith((JPEG_HEADER, JPEG_EXTENDED)):
            for value in read_xmp(piece.payload, _XMP_SOFTWARE):
                yield value.text


def _comments(pieces: Sequence[Piece]) -> Iterator[str]:
    return (piece.payload.decode("latin-1") for piece in pieces if piece.marker == COM)


def _blown_share(cover: Cover, counts: NDArray[np.uint8]) -> float:
    """Return the share of blocks that are white or black all over: next to nothing happens there but changes."""
    luma = cover.picture.frame.components[0]
    step = int(cover.picture.header.quantisers[luma.quantiser][0])
    level = cover.picture.coefficients[cover.rows, 0].astype(np.int32) * step / 8
    return float(np.mean(((level > 122) | (level < -124)) & (counts == 0)))
