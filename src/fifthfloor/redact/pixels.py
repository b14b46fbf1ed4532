"""The pixels of a photograph as it is shown, strip by strip: a large one is never in memory whole.

Rule 1: what is made in strips is, pixel for pixel, what would be made of the whole.
Rule 2: Pillow holds four bytes a pixel and copies where one would not think so; it never gets more than a strip.
"""

from __future__ import annotations

import io
import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture
from fifthfloor.redact.boxes import as_shown

Pixels = NDArray[np.uint8]

# Rows decoded at a time: 26 MB in Pillow where a photograph is 12,600 pixels wide.
STRIP_PX = 512
# A photograph of more pixels than this is decoded where it is looked at, over and over: 192 MB are held otherwise.
WHOLE_PIXELS = 64_000_000
# What is decoded of it stays so long as this holds it: the tiles of a row are looked at one after the other.
STRIPS_BYTES = 80_000_000
# Orientations of which the file stores the last row, or the last column, first (EXIF 2.32, 4.6.4).
_UPSIDE_DOWN, _MIRRORED = (3, 4, 6, 7), (2, 3, 7, 8)
# What each becomes where what is shown is turned to the left.
_TURNED = {1: 8, 8: 3, 3: 6, 6: 1, 2: 5, 5: 4, 4: 7, 7: 2}


def shown_pixels(picture: CanonicalPicture) -> Pixels:
    """Decode a picture as a person sees it: uint8 (height, width, 3), red, green, blue, orientation applied."""
    width, height = as_shown(picture.header)
    shown = np.empty((height, width, 3), np.uint8)
    stored = _as_stored(shown, picture.header.orientation)
    for top, strip in strips(picture):
        stored[top : top + strip.height] = _rgb(strip)
    return shown


def seen(picture: CanonicalPicture) -> ShownPixels:
    """Return a picture's pixels as a person sees them: a large one's are decoded where they are looked at."""
    header = picture.header
    if header.width * header.height <= WHOLE_PIXELS:
        return shown_pixels(picture)
    return StripPixels(picture, header.orientation)


@dataclass(frozen=True, slots=True)
class StripPixels:
    """The pixels of a large photograph, as an array of `shown_pixels` would have them in a part that is asked for.

    Args:
        picture: as it is stored.
        orientation: EXIF's, as it is looked at (`turned` changes it).
        kept: what was decoded last, by its first row; the oldest first.
    """

    picture: CanonicalPicture
    orientation: int
    kept: OrderedDict[int, Pixels] = field(default_factory=OrderedDict)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and 3, as an array's."""
        size = (self.picture.header.height, self.picture.header.width)
        return (*(size[::-1] if self.orientation > 4 else size), 3)

    def __getitem__(self, part: tuple[slice, slice]) -> Pixels:
        """Decode a part: rows and columns."""
        (top, bottom, _), (left, right, _) = (
            edge.indices(length) for edge, length in zip(part, self.shape, strict=False)
        )
        shown = np.empty((max(0, bottom - top), max(0, right - left), 3), np.uint8)
        stored = _as_stored(shown, self.orientation)
        rows, columns = ((left, right), (top, bottom)) if self.orientation > 4 else ((top, bottom), (left, right))
        header = self.picture.header
        if self.orientation in _UPSIDE_DOWN:
            rows = header.height - rows[1], header.height - rows[0]
        if self.orientation in _MIRRORED:
            columns = header.width - columns[1], header.width - columns[0]
        step = _strip_px(header)
        for first in range(rows[0] // step * step, rows[1] if shown.size else 0, step):
            above, below = max(first, rows[0]), min(first + step, rows[1])
            strip = self._strip(first)[above - first : below - first, columns[0] : columns[1]]
            stored[above - rows[0] : below - rows[0]] = strip
        return shown

    def _strip(self, top: int) -> Pixels:
        if top not in self.kept:
            strip = _rgb(_strip(self.picture, top))
            while self.kept and sum(one.nbytes for one in self.kept.values()) + strip.nbytes > STRIPS_BYTES:
                self.kept.popitem(last=False)
            self.kept[top] = strip
        self.kept.move_to_end(top)
        return self.kept[top]


ShownPixels = Pixels | StripPixels


def turned(pixels: ShownPixels, turns: int) -> ShownPixels:
    """Return pixels turned to the left, a quarter so often; a view: a copy of a large photograph would take as much."""
    if not isinstance(pixels, StripPixels):
        return np.rot90(pixels, turns)
    orientation = pixels.orientation
    for _ in range(turns):
        orientation = _TURNED[orientation]
    return replace(pixels, orientation=orientation)


def by_columns(pixels: ShownPixels) -> bool:
    """Tell whether pixels are had more cheaply column by column: the file stores them so."""
    return isinstance(pixels, StripPixels) and pixels.orientation > 4


def let_go(pixels: ShownPixels) -> None:
    """Forget what was decoded of a large photograph: something else is looked at next."""
    if isinstance(pixels, StripPixels):
        pixels.kept.clear()


def _rgb(strip: Image.Image) -> Pixels:
    return np.asarray(strip if strip.mode == "RGB" else strip.convert("RGB"))


def strips(picture: CanonicalPicture) -> Iterator[tuple[int, Image.Image]]:
    """Decode a picture as it is stored, a few rows of MCUs at a time; yields the first row in pixels, and the strip."""
    step = _strip_px(picture.header)
    for top in range(0, picture.header.height, step):
        yield top, _strip(picture, top)


def _unit(header: CanonicalHeader) -> int:
    """Rows of MCUs that hold whole restart intervals, which may run over the end of a row."""
    return header.interval_mcus // math.gcd(header.interval_mcus, header.frame.mcus_wide)


def _strip_px(header: CanonicalHeader) -> int:
    """Rows of pixels in each strip but the last one."""
    mcu_px, unit = 8 * max(v for _, v in header.sampling), _unit(header)
    return max(1, STRIP_PX // (unit * mcu_px)) * unit * mcu_px


def _strip(picture: CanonicalPicture, top: int) -> Image.Image:
    """Decode the strip that begins at a row of pixels.

    Restart intervals make it possible: each begins anew. A strip is decoded with the rows beside it, because decoders
    smooth colours across them.
    """
    header = picture.header
    mcu_px, unit, high = 8 * max(v for _, v in header.sampling), _unit(header), _strip_px(header)
    row = top // mcu_px
    first, last = max(0, row - unit), min(header.frame.mcus_high, row + high // mcu_px + unit)
    with Image.open(io.BytesIO(_rows(picture, first, last).to_bytes()), formats=["JPEG"]) as opened:
        above = top - first * mcu_px
        return opened.crop((0, above, header.width, min(above + high, opened.height)))


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
    return stored[:: -1 if orientation in _UPSIDE_DOWN else 1, :: -1 if orientation in _MIRRORED else 1]
