"""Thumbnails that show something else than their picture: an edit that forgot them shows what was cut away.

Needs Pillow (extra `home`); without it the report says that thumbnails were not compared.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SIDE = 24  # pixels of the comparison: shows composition, not noise
LIKE = 0.55  # correlation; of 91 camera files 88 reached 0.62 or more, three that had been edited at most 0.17
_MAX_PREVIEW_PIXELS = 200_000_000
BAR_LEVEL = 12  # thumbnails of 3:2 pictures stand between black bars in 4:3


def available() -> bool:
    """Say whether pictures can be decoded here."""
    try:
        import PIL.Image  # noqa: F401 - only whether it is there
    except ImportError:
        return False
    return True


def likeness(picture: bytes, thumbnail: bytes) -> float | None:
    """Compare a picture with its thumbnail.

    Returns:
        Correlation of their grey values, -1 to 1; None where one cannot be decoded or is of one colour.
    """
    large, small = _grey(picture), _grey(thumbnail)
    if large is None or small is None:
        return None
    small = _without_bars(small)
    best = -1.0
    # A thumbnail is written before the picture is turned, and the other way round.
    for turns in range(4):
        a = _squeezed(np.rot90(large, turns))
        b = _squeezed(small)
        if a.std() < 2 or b.std() < 2:
            return None
        best = max(best, float(np.corrcoef(a.ravel(), b.ravel())[0, 1]))
    return best


def _grey(data: bytes) -> NDArray[np.float64] | None:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
                if picture.width * picture.height > _MAX_PREVIEW_PIXELS or min(picture.size) < 8:
                    return None
                picture.draft("L", (256, 256))
                reduced = picture.convert("L")
                reduced.thumbnail((256, 256))
                return np.asarray(reduced, dtype=np.float64)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _without_bars(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.flatnonzero(grey.max(axis=1) > BAR_LEVEL)
    columns = np.flatnonzero(grey.max(axis=0) > BAR_LEVEL)
    if len(rows) < 8 or len(columns) < 8:
        return grey
    cut: NDArray[np.float64] = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return cut


def _squeezed(grey: NDArray[Any]) -> NDArray[np.float64]:
    """Average to SIDE x SIDE, whatever the shape."""
    rows = np.array_split(np.arange(grey.shape[0]), _SIDE)
    columns = np.array_split(np.arange(grey.shape[1]), _SIDE)
    narrow = np.stack([grey[part].mean(axis=0) if len(part) else grey[-1] for part in rows])
    result: NDArray[np.float64] = np.stack(
        [narrow[:, part].mean(axis=1) if len(part) else narrow[:, -1] for part in columns], axis=1
    )
    return result


def small_picture(data: bytes, side: int = 160) -> bytes | None:
    """Make a JPEG of at most `side` pixels of a picture, whole or partial; None where it cannot be decoded."""
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
                if picture.width * picture.height > _MAX_PREVIEW_PIXELS:
                    return None
                picture.draft("RGB", (side * 2, side * 2))
                reduced = picture.convert("RGB")
                reduced.thumbnail((side, side))
                out = io.BytesIO()
                reduced.save(out, "JPEG", quality=70)
                return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
