"""The smaller picture for the web, made from the original before anything is hidden (spec section 4, "rendition").

Pillow does the resampling; it is in the extra `home` and imported when first needed.
"""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture, canonicalise
from fifthfloor.redact.areas import strips_of
from fifthfloor.statement.hidden_runs import Runs, from_marks

LONG_EDGE_PIXELS = 2048
# Sharp enough to print small; 2048 x 1365 pixels take about 0.6 MB.
_QUALITY = 88
# It is encoded anew, so each MCU may be an interval of its own: a face is hidden to 16 pixels.
TILE_MCUS = 1
# Half the width of the Lanczos kernel in output pixels, and one for rounding (Pillow's Resample.c).
KERNEL_PIXELS = 4
_SHOWN_AS = {"grey": "L", "ycbcr": "RGB", "rgb": "RGB"}


def rendition(picture: CanonicalPicture, long_edge_pixels: int = LONG_EDGE_PIXELS) -> CanonicalPicture | None:
    """Make the picture smaller.

    Args:
        picture: with nothing hidden; a picture for print (CMYK) has no rendition.
        long_edge_pixels: width or height of the result, whichever is longer, at most.

    Returns:
        A canonical picture with the same orientation and colour profile, or None where it would not be smaller.
    """
    header = picture.header
    longest = max(header.width, header.height)
    mode = _SHOWN_AS.get(header.colour)
    if longest <= long_edge_pixels or mode is None:
        return None
    from PIL import Image

    from fifthfloor.redact.pixels import strips

    scale = long_edge_pixels / longest
    size = max(1, round(header.width * scale)), max(1, round(header.height * scale))
    # As Pillow does with the whole: first across, then down; and never more than a strip of the original at once.
    narrow = Image.new(mode, (size[0], header.height))
    for top, strip in strips(picture):
        shown = strip if strip.mode == mode else strip.convert(mode)
        narrow.paste(shown.resize((size[0], shown.height), Image.Resampling.LANCZOS), (0, top))
    small = narrow.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, subsampling="4:2:0")
    return canonicalise(out.getvalue(), TILE_MCUS).with_header(orientation=header.orientation, profile=header.profile)


def hidden_in_rendition(hidden: Runs, full: CanonicalHeader, small: CanonicalHeader) -> Runs:
    """Return what a rendition must hide so that no shown pixel of it was made from one that the full size hides.

    What is mapped is whole intervals of the full size, not the boxes that they were snapped to; larger by the
    resampling kernel, and by the chroma that a decoder smooths across in the original. In the rendition chroma stays
    within its MCU.

    Args:
        hidden: of the full size.
        full, small: headers of both.
    """
    scale_x, scale_y = small.width / full.width, small.height / full.height
    smoothed = max(factor for pair in full.sampling for factor in pair)
    spare = KERNEL_PIXELS + math.ceil(smoothed * max(scale_x, scale_y))
    across, down = _mcu_pixels(full)
    marks = np.zeros((small.frame.mcus_high, small.frame.mcus_wide), np.bool_)
    for row, first, end, _ in strips_of(full, hidden):
        rows = _mcus(row * down, (row + 1) * down, scale_y, spare, _mcu_pixels(small)[1])
        marks[rows, _mcus(first * across, end * across, scale_x, spare, _mcu_pixels(small)[0])] = True
    return from_marks(_by_interval(marks, small))


def _mcu_pixels(header: CanonicalHeader) -> tuple[int, int]:
    return 8 * max(h for h, _ in header.sampling), 8 * max(v for _, v in header.sampling)


def _mcus(start: int, end: int, scale: float, spare: int, pixels: int) -> slice:
    """Bring pixels of the full size to MCUs of the rendition along one edge."""
    return slice(max(0, math.floor(start * scale) - spare) // pixels, -(-(math.ceil(end * scale) + spare) // pixels))


def _by_interval(marks: NDArray[np.bool_], header: CanonicalHeader) -> NDArray[np.bool_]:
    padded = np.zeros(header.intervals * header.interval_mcus, np.bool_)
    padded[: header.mcus] = marks.reshape(-1)
    found = np.zeros(header.intervals, np.bool_)
    for column in padded.reshape(header.intervals, header.interval_mcus).T:
        found |= column
    return found
