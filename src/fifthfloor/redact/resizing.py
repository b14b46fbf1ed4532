"""Parts of a photograph made larger or smaller, without more of it in memory than a strip."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from fifthfloor.redact.pixels import STRIP_PX, Pixels, ShownPixels, by_columns, let_go

# Left, top, right, bottom; it may reach beyond the photograph.
PartBox = tuple[float, float, float, float]
# The same in whole pixels, and all within.
PixelArea = tuple[int, int, int, int]

# Pillow takes in at most this many rows beyond a box of rows, where it makes a picture smaller by averages.
SPARE_PX = 2
# Farther than Pillow's bicubic kernel reaches, and one for rounding.
KERNEL_PX = 4


def made_smaller(pixels: ShownPixels, width_px: int, height_px: int, area: PixelArea | None = None) -> Pixels:
    """Make pixels smaller by averages, as Pillow's BOX does with the whole.

    Args:
        area: left, top, right, bottom of the part that is wanted, all within; None for all of it.
    """
    left, top, right, bottom = area or (0, 0, pixels.shape[1], pixels.shape[0])
    wide, high = right - left, bottom - top
    made = np.empty((height_px, width_px, 3), np.uint8)
    if by_columns(pixels):
        for band in _bands(wide, width_px):
            strip = pixels[top:bottom, left + band.begin : left + band.end]
            inside = (band.inside[0], 0.0, band.inside[1], float(high))
            made[:, band.first : band.last] = _averaged(strip, (band.last - band.first, height_px), inside)
        return made
    for band in _bands(high, height_px):
        strip = pixels[top + band.begin : top + band.end, left:right]
        inside = (0.0, band.inside[0], float(wide), band.inside[1])
        made[band.first : band.last] = _averaged(strip, (width_px, band.last - band.first), inside)
    return made


def scaled(pixels: ShownPixels, scale: float) -> Pixels:
    """Make a whole photograph smaller by averages; of a large one nothing else stays in memory."""
    height, width = pixels.shape[:2]
    smaller = made_smaller(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    let_go(pixels)
    return smaller


@dataclass(frozen=True, slots=True)
class _Slab:
    """Rows (or columns) from `first` to `last` of a smaller picture; `begin` to `end` of the large one; what of it."""

    first: int
    last: int
    begin: int
    end: int
    inside: tuple[float, float]


def _bands(length_px: int, small_px: int) -> Iterator[_Slab]:
    scale = length_px / small_px
    step = max(1, int(STRIP_PX / scale))
    for first in range(0, small_px, step):
        last = min(small_px, first + step)
        begin, end = max(0, int(first * scale) - SPARE_PX), min(length_px, math.ceil(last * scale) + SPARE_PX)
        yield _Slab(first, last, begin, end, (first * scale - begin, min(last * scale - begin, end - begin)))


def _averaged(strip: Pixels, size: tuple[int, int], inside: tuple[float, float, float, float]) -> Pixels:
    return np.asarray(Image.fromarray(np.ascontiguousarray(strip)).resize(size, Image.Resampling.BOX, box=inside))


def enlarged(pixels: ShownPixels, part_px: PartBox, side_px: int) -> Pixels:
    """Make a part of a photograph `side_px` wide and high that is smaller; what lies outside of it is black."""
    left, top, right, bottom = part_px
    high, wide = pixels.shape[:2]
    x, y = max(0, int(left) - KERNEL_PX), max(0, int(top) - KERNEL_PX)
    part = pixels[y : max(y, min(high, int(bottom) + KERNEL_PX)), x : max(x, min(wide, int(right) + KERNEL_PX))]
    if part.size == 0:
        return np.zeros((side_px, side_px, 3), np.uint8)
    around = (left - x, top - y, right - x, bottom - y)
    crop = Image.fromarray(np.ascontiguousarray(part)).transform(
        (side_px, side_px), Image.Transform.EXTENT, around, Image.Resampling.BICUBIC, fillcolor=0
    )
    return np.asarray(crop)


def reduced(pixels: ShownPixels, part_px: PartBox, side_px: int) -> Pixels:
    """Make a larger part of a photograph `side_px` wide and high; nothing outside of it is ever laid out in memory.

    What looks like a face may be said to be larger than any photograph: its surroundings would take gigabytes.
    """
    high, wide = pixels.shape[:2]
    x, y, end_x, end_y = (round(edge) for edge in part_px)
    across, down = side_px / (end_x - x), side_px / (end_y - y)
    first_x, first_y, last_x, last_y = max(0, x), max(0, y), min(wide, end_x), min(high, end_y)
    crop = np.zeros((side_px, side_px, 3), np.uint8)
    width_px, height_px = round((last_x - first_x) * across), round((last_y - first_y) * down)
    if min(width_px, height_px) > 0:
        at_x, at_y = round((first_x - x) * across), round((first_y - y) * down)
        room = crop[at_y : at_y + height_px, at_x : at_x + width_px]
        smaller = made_smaller(pixels, width_px, height_px, (first_x, first_y, last_x, last_y))
        room[:] = smaller[: len(room), : room.shape[1]]
    return crop


def small(jpeg: bytes, most_px: int) -> bytes:
    """Return a small JPEG of one, orientation applied; `most_px` is the longer side."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as opened:
        opened.draft("RGB", (most_px, most_px))
        shown = ImageOps.exif_transpose(opened)
        shown.thumbnail((most_px, most_px))
        shown.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
