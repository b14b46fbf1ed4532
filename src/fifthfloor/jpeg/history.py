"""Whether a photograph was quantised before it was quantised as it is, by the histograms of its coefficients.

A camera quantises once: each histogram falls from 0 to both sides. Where values were multiples of another step before,
some bins are (nearly) empty between full ones. A coarser second compression often shows nothing.
Source: Lukas, Fridrich, "Estimation of Primary Quantization Matrix in Double Compressed JPEG Images", DFRWS 2003.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_BLOCKS = 60_000  # spread over the picture; bounds the work, and more say no more
_LARGEST = 40  # sizes above are counted as one
_FEWEST = 60  # in a bin, so that chance makes no gap before it
_WIDEST = 6  # bins that an earlier step may leave empty in a row


def is_compressed_twice(luma: NDArray[np.int16]) -> bool:
    """Say whether at least two of the nine lowest frequencies show an earlier step.

    Args:
        luma: (blocks, 64), zigzag order.
    """
    rows = np.minimum(np.abs(luma[:: max(1, len(luma) // _MOST_BLOCKS), 1:10]), _LARGEST)
    return sum(_gaps(np.bincount(rows[:, k], minlength=_LARGEST + 1)) >= 2 for k in range(9)) >= 2


def _gaps(counts: NDArray[np.int64]) -> int:
    """Count bins that hold less than half of what one a little further out holds."""
    inner = counts[1 : _LARGEST - _WIDEST]
    outer = np.max([counts[1 + step : _LARGEST - _WIDEST + step] for step in range(1, _WIDEST + 1)], axis=0)
    return int(((outer > _FEWEST) & (inner < 0.5 * outer)).sum())
