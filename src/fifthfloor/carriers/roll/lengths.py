"""Whether a file says elsewhere how long its scan is: a scan of another length would make that untrue.

A scan that carries something is longer or shorter by some bytes, and no other byte may change
(spec/roll-carrier.md, section 1); so what stands behind it moves, and a number in the head that says where is wrong
afterwards, for everybody to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.slot import SECTOR_BYTES
from fifthfloor.jpeg.segments import APP1, APP2, TRAILER, Piece
from fifthfloor.metadata.mpf import MPF_HEADER

_HEADS = ((APP1, b"Exif\0\0"), (APP2, MPF_HEADER))
_BEGIN = (0xD8, 0xFF)  # of a picture, from its second byte: Minolta writes another first one


def tells_distances(pieces: Sequence[Piece]) -> bool:
    """Say whether a number in Exif, a maker's note or MPF (CIPA DC-007) is where something behind EOI begins.

    Such numbers count from the start of the file, of Exif's or of MPF's header. Which tag holds one is each maker's own
    affair (Minolta, Samsung and others), so every four bytes are taken for a number, in both orders.
    """
    trailer = np.frombuffer(b"".join(piece.raw for piece in pieces if piece.marker == TRAILER), np.uint8)
    if len(trailer) < 3:
        return False
    end = sum(len(piece.raw) for piece in pieces) - len(trailer)
    if any(_is(piece, *_HEADS[1]) for piece in pieces):
        return True  # its first entry has the length of the first picture, scan and all
    heads = [(piece, name) for piece in pieces for marker, name in _HEADS if _is(piece, marker, name)]
    bases = [0, *(piece.offset_bytes + len(piece.raw) - len(piece.payload) + len(name) for piece, name in heads)]
    begins = (trailer[1:-1] == _BEGIN[0]) & (trailer[2:] == _BEGIN[1])
    begins[0] = True
    for numbers in (found for piece, _ in heads for found in _numbers(piece.payload)):
        for base in bases:
            told = numbers.astype(np.int64) + base - end
            if begins[told[(told >= 0) & (told < len(begins))]].any():
                return True
    return False


def _is(piece: Piece, marker: int, name: bytes) -> bool:
    return piece.marker == marker and piece.payload.startswith(name)


def _numbers(payload: bytes) -> Iterator[NDArray[np.uint32]]:
    """Yield every four bytes as a number."""
    for first in range(min(4, len(payload))):
        for order in (">u4", "<u4"):
            yield np.frombuffer(payload, order, (len(payload) - first) // 4, first)


def is_rounded(pieces: Sequence[Piece]) -> bool:
    """Say whether something behind EOI fills the file up to whole sectors, as some cameras do."""
    return pieces[-1].marker == TRAILER and sum(len(piece.raw) for piece in pieces) % SECTOR_BYTES == 0
