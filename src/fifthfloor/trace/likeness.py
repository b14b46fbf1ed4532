"""What a picture looks like, in a few kilobytes that a statement carries (`spec/likeness.md` section 3).

Rule 1: it is made of the picture that is published, as it is published: of what is hidden it cannot know anything.
Rule 2: it is found again in a copy, a crop or a screenshot, and says "similar"; it proves nothing by itself.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.trace.grey import MOST_PIXELS, REFERENCE_PX, opened, scaled
from fifthfloor.trace.hashes import iscc_unit
from fifthfloor.trace.points import SIGNS, Points, find_points

LIKENESS_VERSION = 1
# 120 points and 48 x 48 tiles are below; a statement takes no more.
MAX_LIKENESS_BYTES = 8192
SIGNED_POINTS = 120
TILES_LONG = 48
# A place is written in 64ths of a pixel of the reference, a size in 16ths of an octave from half a pixel.
_A_PIXEL = 64
_AN_OCTAVE = 16
_HEAD = struct.Struct(">BHHBBH")
_POINT = np.dtype([("x", ">u2"), ("y", ">u2"), ("size", "u1"), ("signs", "u1", (SIGNS // 8,))])

Tiles = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a picture looks like.

    Args:
        tiles: mean grey of each tile of a grid over the picture, uint8 (rows, columns).
        points: of the picture at a long edge of REFERENCE_PX.
    """

    tiles: Tiles
    points: Points

    def to_bytes(self) -> bytes:
        """Write it; `read_likeness` is the counterpart."""
        points = self.points
        rows = np.zeros(len(points.x), _POINT)
        for name, places in (("x", points.x), ("y", points.y)):
            rows[name] = np.clip(np.round(places * _A_PIXEL), 0, 65_535)
        rows["size"] = np.clip(np.round((np.log2(points.size) + 1) * _AN_OCTAVE), 0, 255)
        rows["signs"] = np.packbits(points.values > 0, axis=1)
        high, wide = self.tiles.shape
        head = _HEAD.pack(LIKENESS_VERSION, points.width, points.height, wide, high, len(rows))
        return head + self.tiles.tobytes() + rows.tobytes()


def likeness_of(picture: bytes) -> bytes:
    """Return what a published picture looks like, as a statement carries it. Raises BadInput if it is no picture."""
    grey = scaled(opened(picture, REFERENCE_PX), REFERENCE_PX)
    longest = max(grey.size)
    wide, high = (max(1, round(TILES_LONG * edge / longest)) for edge in grey.size)
    return Likeness(mean_tiles(np.asarray(grey), wide, high), find_points(grey, SIGNED_POINTS)).to_bytes()


def soft_binding_of(picture: bytes) -> bytes:
    """Return what a published picture looks like as C2PA's soft binding takes it: an ISCC, of the whole frame.

    Raises BadInput if it is no picture.
    """
    return iscc_unit(opened(picture, MOST_PIXELS))


def mean_tiles(pixels: NDArray[np.uint8], wide: int, high: int) -> Tiles:
    """Return the mean of each tile of a grid; tiles begin and end at whole pixels, rounded down."""
    rows = np.arange(high + 1) * pixels.shape[0] // high
    columns = np.arange(wide + 1) * pixels.shape[1] // wide
    sums = np.zeros((pixels.shape[0] + 1, pixels.shape[1] + 1), np.int64)
    sums[1:, 1:] = pixels.astype(np.int64).cumsum(0).cumsum(1)
    corners = sums[np.ix_(rows, columns)]
    total = corners[1:, 1:] - corners[:-1, 1:] - corners[1:, :-1] + corners[:-1, :-1]
    area = np.maximum(1, np.outer(np.diff(rows), np.diff(columns)))
    return np.round(total / area).astype(np.uint8)


def read_likeness(data: bytes) -> Likeness:
    """Read what `Likeness.to_bytes` wrote.

    Raises:
        BadInput: of another version, of another length than it says, or with a place outside of the picture.
    """
    try:
        version, width, height, wide, high, count = _HEAD.unpack_from(data)
    except struct.error:
        raise BadInput("trace.likeness", what="trace.what.short") from None
    if version != LIKENESS_VERSION:
        raise BadInput("trace.likeness", what="trace.what.version")
    begin = _HEAD.size + wide * high
    lawful = 1 <= width <= REFERENCE_PX and 1 <= height <= REFERENCE_PX and wide >= 1 and high >= 1
    if not lawful or len(data) != begin + count * _POINT.itemsize or len(data) > MAX_LIKENESS_BYTES:
        raise BadInput("trace.likeness", what="trace.what.length")
    tiles = np.frombuffer(data, np.uint8, wide * high, _HEAD.size).reshape(high, wide)
    rows = np.frombuffer(data, _POINT, count, begin)
    x, y = (rows[name].astype(np.float32) / _A_PIXEL for name in ("x", "y"))
    if count and (x.max() > width or y.max() > height):
        raise BadInput("trace.likeness", what="trace.what.place")
    size = (2 ** (rows["size"].astype(np.float32) / _AN_OCTAVE - 1)).astype(np.float32)
    values = np.unpackbits(rows["signs"], axis=1).astype(np.float32) * 2 - 1
    return Likeness(tiles, Points(width, height, x, y, size, values))
