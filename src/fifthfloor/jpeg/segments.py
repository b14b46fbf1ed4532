"""A JPEG file as the pieces it is made of, byte for byte.

Rule 1: the pieces in a row are the file, for whatever `split` accepts; nothing is dropped, mended or reordered.
Rule 2: nothing here looks into coded data; a length that lies is refused by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fifthfloor.errors import BadInput
from fifthfloor.metadata.jpeg_head import APP1 as APP1
from fifthfloor.metadata.jpeg_head import APP2 as APP2
from fifthfloor.metadata.jpeg_head import APP11 as APP11
from fifthfloor.metadata.jpeg_head import SOS as SOS

SOI, EOI, SOF0, DQT, DHT, DRI, DNL, COM = 0xD8, 0xD9, 0xC0, 0xDB, 0xC4, 0xDD, 0xDC, 0xFE
APP0, APP14 = 0xE0, 0xEE

CODED = 0  # a scan's entropy-coded data with its RST markers and stuffed bytes
STRAY = -1  # bytes between segments that belong to nothing; decoders skip them
TRAILER = -2  # whatever follows EOI

# The largest picture that is read whole: 160 million pixels at the best quality stay below. Whoever signs, protects,
# approves or publishes takes this one, so that what one of them lets through never stops at another.
MAX_PICTURE_BYTES = 512 << 20
# More segments than any camera writes; bounds the work on a file of empty segments.
MAX_PIECES = 10_000

PROFILE_NAME = b"ICC_PROFILE\0"
PROFILE_PIECE_BYTES = 65_519

_WITHOUT_LENGTH = frozenset([0x01, *range(0xD0, 0xD8), SOI, EOI])
# Where coded data ends: FF, then anything but a stuffed 00, an RST or another FF (fill).
_END_OF_CODED = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bytes of the file.

    Args:
        marker: second byte of the marker, or CODED, STRAY or TRAILER.
        offset_bytes: where it begins in the file.
        raw: its bytes with marker, fill bytes and length.
        payload: what stands behind the length; for pieces without a marker the same as `raw`.
    """

    marker: int
    offset_bytes: int
    raw: bytes
    payload: bytes


def split(data: bytes) -> tuple[Piece, ...]:
    """Cut a JPEG file into its pieces.

    Args:
        data: the whole file; data that ends without EOI is accepted, data that ends inside a segment only behind a
            scan.

    Returns:
        The pieces in order of the file; their `raw` joined is `data` (`join` is the counterpart).

    Raises:
        BadInput: not a JPEG, a segment that runs past the end, or too many segments.

    Source: T.81 B.1.1.
    """
    if data[:2] != b"\xff\xd8":
        raise BadInput("jpeg.not_jpeg", first=data[:4].hex() or "jpeg.what.nothing")
    pieces = [Piece(SOI, 0, data[:2], b"")]
    at = 2
    while at < len(data):
        if len(pieces) >= MAX_PIECES:
            raise BadInput("jpeg.too_many_segments", limit=MAX_PIECES)
        try:
            piece = _coded(data, at) if pieces[-1].marker == SOS else _next(data, at)
        except BadInput:
            if not any(before.marker == SOS for before in pieces):
                raise
            # The file was cut between two scans: what was read before is a picture.
            piece = _bare(STRAY, data, at, len(data))
        pieces.append(piece)
        at += len(piece.raw)
        if piece.marker == EOI and at < len(data):
            pieces.append(_bare(TRAILER, data, at, len(data)))
            break
    return tuple(pieces)


def segment(marker: int, payload: bytes) -> bytes:
    """Write a segment. Raises ValueError if the payload is longer than a segment can be."""
    if len(payload) > 65_533:
        raise ValueError(f"a payload of {len(payload)} bytes does not fit a segment")
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


def orientation_segments(orientation: int) -> list[bytes]:
    """Write the one EXIF entry that may stay (spec/statement.md section 1); none for upright, or for no orientation."""
    if not 2 <= orientation <= 8:
        return []
    entry = b"\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0"
    return [segment(APP1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01" + entry + bytes(4))]


def profile_segments(profile: bytes) -> list[bytes]:
    """Write a colour profile of at most 255 pieces (ICC.1 B.4); nothing for none."""
    pieces = [profile[at : at + PROFILE_PIECE_BYTES] for at in range(0, len(profile), PROFILE_PIECE_BYTES)]
    return [segment(APP2, PROFILE_NAME + bytes([n, len(pieces)]) + piece) for n, piece in enumerate(pieces, start=1)]


def _bare(marker: int, data: bytes, start: int, end: int) -> Piece:
    return Piece(marker, start, data[start:end], data[start:end])


def _coded(data: bytes, at: int) -> Piece:
    match = _END_OF_CODED.search(data, at)
    end = match.start() if match else len(data)
    # Fill bytes belong to the marker behind them (T.81 B.1.1.2).
    while match and end > at and data[end - 1] == 0xFF:
        end -= 1
    return _bare(CODED, data, at, end)


def _next(data: bytes, at: int) -> Piece:
    if data[at] != 0xFF:
        end = data.find(b"\xff", at)
        return _bare(STRAY, data, at, end if end >= 0 else len(data))
    name = at + 1
    while name < len(data) and data[name] == 0xFF:
        name += 1
    if name >= len(data):
        return _bare(STRAY, data, at, len(data))
    marker = data[name]
    if marker == 0:
        return _bare(STRAY, data, at, name + 1)
    if marker in _WITHOUT_LENGTH:
        return Piece(marker, at, data[at : name + 1], b"")
    if name + 3 > len(data):
        raise BadInput("jpeg.segment_cut", offset=at, length=2, left=len(data) - name - 1)
    length = int.from_bytes(data[name + 1 : name + 3], "big")
    end = name + 1 + length
    if length < 2 or end > len(data):
        raise BadInput("jpeg.segment_cut", offset=at, length=length, left=len(data) - name - 1)
    return Piece(marker, at, data[at:end], data[name + 3 : end])
