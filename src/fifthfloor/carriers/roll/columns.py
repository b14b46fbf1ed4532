"""Published columns of syndrome-trellis codes (spec/roll-carrier.md, section 4).

The numbers are those of the authors' own program (Filler, Judas, Fridrich: "Minimizing Additive Distortion in
Steganography Using Syndrome-Trellis Codes", IEEE TIFS 6(3), 2011), as HStego (MIT) carries them; bit 0 is the first
row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRELLIS_HEIGHT = 10  # what rolls are written with; 8 is measured beside it (bench/roll_coding.py)
TRELLIS_COLUMNS: dict[int, tuple[int, ...]] = {
    8: (235, 179, 219, 253, 241, 131, 213, 231, 247, 223, 201, 193, 191, 249, 145, 237, 155, 165, 141, 173),
    10: (1009, 1003, 901, 715, 643, 803, 805, 975, 667, 619, 569, 769, 685, 767, 853, 671, 881, 907, 955, 523),
}  # fmt: skip


def columns_of(height: int = TRELLIS_HEIGHT) -> NDArray[np.int64]:
    """Return the columns of a height, 8 or 10."""
    return np.array(TRELLIS_COLUMNS[height], np.int64)
