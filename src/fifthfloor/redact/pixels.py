"""The pixels of a photograph as it is shown, strip by strip: the largest one takes its own size in memory once.

Rule 1: what is made in strips is, pixel for pixel, what would be made of the whole.
Rule 2: Pillow holds four bytes a pixel and copies where one would not think so; it never gets more than a strip.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fifthfloor.jpeg.canonical import CanonicalPicture
from fifthfloor.redact.boxes import as_shown

Pixels = NDArray[np.uint8]
# Left, top, right, bottom; it may reach beyond the photograph.
Part = tuple[float, float, float, float]

# Rows decoded at a time: 26 MB in Pillow where a photograph is 12,600 pixels wide.
STRIP_PX = 512
# Pillow takes in at most this many rows beyond a box of rows, where it makes a picture smaller by averages.
SPARE_PX = 2
# Farther than Pillow's bicubic kernel reaches, and one for rounding.
KERNEL_PX = 4


def shown_pixels(picture: CanonicalPicture) -> Pixels:
    """Decode a picture as a person sees it: uint8 (height, width, 3), red, green, blue, orientation applied."""
    width, height = as_shown(picture.header)
    shown = np.empty((height, width, 3), np.uint8)
    stored = _as_stored(shown, picture.header.orientation)
    for top, strip in strips(picture):
        stored[top : top + strip.height] = np.asarray(strip if strip.mode == "RGB" else strip.convert("RGB"))
    return shown


def strips(picture: CanonicalPicture) -> Iterator[tuple[int, Image.Image]]:
    """Decode a picture as it is stored, a few rows of MCUs at a time; yields the first row in pixels, and the strip.

    Restart intervals make it possible: each begins anew. A strip is decoded with the rows beside it, because decoders
    smooth colours across them.
    """
    header = picture.header
    mcu_px = 8 * max(v for _, v in header.sampling)
    rows = header.frame.mcus_high
    # Intervals may run over the end of a row: so many rows hold whole ones.
    unit = header.interval_mcus // math.gcd(header.interval_mcus, header.frame.mcus_wide)
    step = max(1, STRIP_PX // (unit * mcu_px)) * unit
    for row in range(0, rows, step):
        first, last = max(0, row - unit), min(rows, row + step + unit)
        with Image.open(io.BytesIO(_rows(picture, first, last).to_bytes()), formats=["JPEG"]) as opened:
            top = (row - first) * mcu_px
            yield row * mcu_px, opened.crop((0, top, header.width, min(top + step * mcu_px, opened.height)))


def _rows(picture: CanonicalPicture, first: int, last: int) -> CanonicalPicture:
    """Return some MCU rows of a picture as a picture; its restart markers are counted anew."""
    header = picture.header
    mcu_px = 8 * max(v for _, v in header.sampling)
    wide, tile = header.frame.mcus_wide, header.interval_mcus
    begin, end = first * wide // tile, min(header.intervals, -(-last * wide // tile))
    at = int(picture.starts[begin])
    data = np.frombuffer(picture.data, np.uint8)[at : int(picture.ends[end - 1])].copy()
    starts = picture.starts[begin:end] - at
    data[starts[1:] - 1] = 0xD0 + np.arange(end - begin - 1) % 8
    height = min(header.height, last * mcu_px) - first * mcu_px
    ends = picture.ends[begin:end] - at
    return replace(picture, header=replace(header, height=height), data=data.tobytes(), starts=starts, ends=ends)


def _as_stored(shown: Pixels, orientation: int) -> Pixels:
    """Return a view of the pixels shown that has them where the file stores them (EXIF 2.32, 4.6.4 Orientation)."""
    stored = shown.transpose(1, 0, 2) if orientation > 4 else shown
    upside_down, mirrored = orientation in (3, 4, 6, 7), orientation in (2, 3, 7, 8)
    return stored[:: -1 if upside_down else 1, :: -1 if mirrored else 1]


def made_smaller(pixels: Pixels, width_px: int, height_px: int, rows: range | None = None) -> Pixels:
    """Make pixels (or a view of some) smaller by averages, as Pillow's BOX does with the whole.

    Args:
        rows: of the smaller picture, those that are wanted; None for all.
    """
    high, wide = pixels.shape[:2]
    rows = rows or range(height_px)
    made = np.empty((len(rows), width_px, 3), np.uint8)
    scale = high / height_px
    step = max(1, int(STRIP_PX / scale))
    for first in range(rows.start, rows.stop, step):
        last = min(rows.stop, first + step)
        top, bottom = max(0, int(first * scale) - SPARE_PX), min(high, math.ceil(last * scale) + SPARE_PX)
        strip = Image.fromarray(np.ascontiguousarray(pixels[top:bottom]))
        inside = (0, first * scale - top, wide, min(last * scale - top, bottom - top))
        smaller = strip.resize((width_px, last - first), Image.Resampling.BOX, box=inside)
        made[first - rows.start : last - rows.start] = np.asarray(smaller)
    return made


def enlarged(pixels: Pixels, part_px: Part, side_px: int) -> Pixels:
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


def reduced(pixels: Pixels, part_px: Part, side_px: int) -> Pixels:
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
        room[:] = made_smaller(pixels[first_y:last_y, first_x:last_x], width_px, height_px)[
            : len(room), : room.shape[1]
        ]
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
