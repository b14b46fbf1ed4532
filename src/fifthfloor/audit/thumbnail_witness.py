"""A photograph's own thumbnail as a witness: its lower part must show what the picture's lower part shows.

The tail of another photograph of the same camera decodes with the same tables, and may have exactly the MCUs that are
missing. It is not in the thumbnail. Measured on 89 pictures of cameras, cut at every row (787 cuts): below the cut the
brightness of picture and thumbnail agrees at 0.85 at least; with the lower part of another picture of the same size
and make it is below `_SAME_THUMBNAIL` in 9 of 10 (what is left are frames of one scene).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.following import Scanned

# The part above must agree so well, or the thumbnail is of another picture (turned, edited) and no witness.
_SURE_AGREEMENT = 0.9
_SAME_THUMBNAIL = 0.75
_LEAST_CELLS = 12
_LEAST_ROWS = 2
_MOST_CELLS = 4096  # cameras' thumbnails have some hundred
_FLAT = 1.0  # a dark frame, or a sky, says nothing


def witness_of(thumbnail: bytes) -> Scanned | None:
    """Decode a thumbnail; None where it cannot be, or is too small to say anything."""
    try:
        witness = Scanned(thumbnail)
    except BadInput:
        return None
    if witness.mcus > _MOST_CELLS:
        return None
    step = witness.step(witness.beginning, thumbnail[witness.start_bytes :])
    rows = witness.mcus // witness.mcus_wide
    return witness if step.status == "done" and rows > 2 * _LEAST_ROWS else None


def contradicts(witness: Scanned, picture: Scanned) -> bool:
    """Whether a picture begins as its thumbnail does and goes on as another.

    Args:
        witness: of `witness_of`.
        picture: followed to its end (`lights`).
    """
    shown = _as_small(witness, picture)
    small = witness.lights.reshape(-1, witness.mcus_wide).astype(np.float64)
    for row in range(_LEAST_ROWS, len(small) - _LEAST_ROWS + 1):
        above, below = _agreement(shown[:row], small[:row]), _agreement(shown[row:], small[row:])
        if above is not None and below is not None and above >= _SURE_AGREEMENT and below < _SAME_THUMBNAIL:
            return True
    return False


def _agreement(shown: NDArray[np.float64], small: NDArray[np.float64]) -> float | None:
    """Return how well two brightnesses agree, -1 to 1; None where there is too little to compare."""
    there = ~np.isnan(shown)
    ours, theirs = shown[there], small[there]
    if ours.size < _LEAST_CELLS or ours.std() < _FLAT or theirs.std() < _FLAT:
        return None
    return float(np.corrcoef(ours, theirs)[0, 1])


def _as_small(witness: Scanned, picture: Scanned) -> NDArray[np.float64]:
    """Return the picture's brightness in the cells of its thumbnail; no number where that has black bars.

    A thumbnail of another shape than the picture's has bars at two of its sides. Of each MCU the first 8 x 8 samples
    are known (`lights`).
    """
    scale = min(witness.width / picture.width, witness.height / picture.height)
    lights = picture.lights.reshape(-1, picture.mcus_wide)
    down = _places(witness.height, witness.mcu_high, picture.height, picture.mcu_high, scale)
    across = _places(witness.width, witness.mcu_wide, picture.width, picture.mcu_wide, scale)
    return np.array(
        [[lights[ys, xs].mean() if ys and xs else np.nan for xs in across] for ys in down],
        np.float64,
    )


def _places(small: int, small_step: int, large: int, large_step: int, scale: float) -> list[slice | None]:
    """Say, for each MCU of a thumbnail along one axis, which MCUs of the picture its first 8 samples show."""
    bar = (small - large * scale) / 2
    places: list[slice | None] = []
    for at in range(0, small, small_step):
        low, high = (at - bar) / scale, (at + 8 - bar) / scale
        inside = low >= -1 and high <= large + 1
        first = max(0, int(low // large_step))
        places.append(slice(first, max(first + 1, int(-(-high // large_step)))) if inside else None)
    return places
