"""The smaller picture for the web, made of the picture with its hidden parts grey (spec section 4, "rendition").

Rule 1: nothing of what is hidden goes into it: what is resampled is what the full size shows, and nothing else.
Rule 2: a block of it that is grey for the most part is hidden, and said to be; at the edge of a hidden part there may
        be less than half a block of grey that was not declared, and nothing under it.

Pillow does the resampling; it is in the extra `home` and imported when first needed.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture, canonicalise
from fifthfloor.redact.areas import strips_of
from fifthfloor.statement.hidden_runs import HiddenRuns, from_marks
from fifthfloor.statement.sign import fill

LONG_EDGE_PIXELS = 2048
# Sharp enough to print small; 2048 x 1365 pixels take about 0.6 MB.
_RENDITION_QUALITY = 88
# It is encoded anew, so each MCU may be an interval of its own: a face is hidden to 16 pixels.
TILE_MCUS = 1
# From this share on a block is hidden whole: rounding outwards, small faces would cost twice their area.
MOSTLY = 0.5
_SHOWN_AS = {"grey": "L", "ycbcr": "RGB", "rgb": "RGB"}


def rendition(
    picture: CanonicalPicture, hidden: HiddenRuns = (), *, long_edge_pixels: int = LONG_EDGE_PIXELS
) -> CanonicalPicture | None:
    """Make the picture smaller.

    Args:
        picture: with nothing hidden; a picture for print (CMYK) has no rendition.
        hidden: of it; this is grey before anything is resampled.
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
    for top, strip in strips(fill(picture, hidden)):
        shown = strip if strip.mode == mode else strip.convert(mode)
        narrow.paste(shown.resize((size[0], shown.height), Image.Resampling.LANCZOS), (0, top))
    small = narrow.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_RENDITION_QUALITY, subsampling="4:2:0")
    return canonicalise(out.getvalue(), TILE_MCUS).with_header(orientation=header.orientation, profile=header.profile)


def hidden_in_rendition(hidden: HiddenRuns, full: CanonicalHeader, small: CanonicalHeader) -> HiddenRuns:
    """Return what is hidden in a rendition: blocks that are grey for the most part, and one at least of each part.

    Args:
        hidden: of the full size.
        full, small: headers of both.
    """
    marks = np.zeros((small.frame.mcus_high, small.frame.mcus_wide), np.bool_)
    grey = np.zeros(marks.shape)
    places = []
    across, down = _mcu_pixels(full)
    for row, first, end, _ in strips_of(full, hidden):
        rows = _shares(row * down, min((row + 1) * down, full.height), full.height, small.height, _mcu_pixels(small)[1])
        columns = _shares(first * across, min(end * across, full.width), full.width, small.width, _mcu_pixels(small)[0])
        grey[rows.start : rows.stop, columns.start : columns.stop] += np.outer(rows.shares, columns.shares)
        places.append((rows, columns))
    marks |= grey >= MOSTLY
    for rows, columns in places:
        top, left = max(0, rows.start - 1), max(0, columns.start - 1)
        if not marks[top : rows.stop + 1, left : columns.stop + 1].any():
            inside = grey[rows.start : rows.stop, columns.start : columns.stop]
            y, x = np.unravel_index(int(inside.argmax()), inside.shape)
            marks[rows.start + y, columns.start + x] = True
    return from_marks(_by_interval(marks, small))


def _mcu_pixels(header: CanonicalHeader) -> tuple[int, int]:
    return 8 * max(h for h, _ in header.sampling), 8 * max(v for _, v in header.sampling)


@dataclass(frozen=True, slots=True)
class _Shares:
    """Which MCUs of the rendition a stretch of the full size reaches along one edge, and what share of each it is."""

    start: int
    stop: int
    shares: NDArray[np.float64]


def _shares(start_px: int, end_px: int, length_px: int, small_px: int, mcu_px: int) -> _Shares:
    scale = small_px / length_px
    start, end = start_px * scale, end_px * scale
    first, last = int(start) // mcu_px, -(-math.ceil(end) // mcu_px)
    edges = np.minimum(np.arange(first, last + 1) * mcu_px, small_px)
    covered = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
    return _Shares(first, last, np.maximum(covered, 0) / np.diff(edges))


def _by_interval(marks: NDArray[np.bool_], header: CanonicalHeader) -> NDArray[np.bool_]:
    padded = np.zeros(header.intervals * header.interval_mcus, np.bool_)
    padded[: header.mcus] = marks.reshape(-1)
    found = np.zeros(header.intervals, np.bool_)
    for column in padded.reshape(header.intervals, header.interval_mcus).T:
        found |= column
    return found
