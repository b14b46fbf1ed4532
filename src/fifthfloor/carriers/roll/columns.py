"""Published columns of syndrome-trellis codes (spec/roll-carrier.md, section 4).

The first twenty of each height are those of the authors' own program (Filler, Judas, Fridrich: "Minimizing Additive
Distortion in Steganography Using Syndrome-Trellis Codes", IEEE TIFS 6(3), 2011), as HStego (MIT) carries them; the
ninety others were drawn: at the low rates of a roll twenty lose two points in a hundred more. Bit 0 is the first row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRELLIS_HEIGHT = 12  # what rolls are written with
# Section 4.1: rolls of before have ten. 8 is measured beside them (bench/roll_coding.py).
READ_HEIGHTS = (TRELLIS_HEIGHT, 10)
TRELLIS_COLUMNS: dict[int, tuple[int, ...]] = {
    8: (235, 179, 219, 253, 241, 131, 213, 231, 247, 223, 201, 193, 191, 249, 145, 237, 155, 165, 141, 173),
    10: (1009, 1003, 901, 715, 643, 803, 805, 975, 667, 619, 569, 769, 685, 767, 853, 671, 881, 907, 955, 523),
    12: (
        2939, 2775, 3663, 2413, 2573, 2205, 3821, 3513, 2699, 3379, 2479, 2663, 2367, 2517, 3027, 3201,
        3177, 3281, 4069, 2069, 3431, 3119, 2495, 3271, 3743, 3335, 3897, 2425, 3419, 2459, 3331, 2985,
        4067, 2817, 3605, 2273, 2287, 3175, 2873, 2693, 3301, 2303, 3113, 3069, 2781, 2741, 3871, 3779,
        2949, 2593, 3829, 3963, 3555, 2797, 3653, 2211, 2815, 3411, 3465, 2375, 2093, 2837, 3651, 3593,
        4001, 3351, 3717, 3785, 2965, 3977, 2333, 2841, 2869, 2487, 2477, 3923, 2875, 3887, 3623, 2139,
        2785, 4093, 3479, 2433, 2639, 3907, 3713, 2431, 2115, 3215, 3981, 3531, 2921, 3843, 4039, 3655,
        3851, 2513, 2361, 3397, 3869, 4089, 2445, 3437, 3151, 2141, 2281, 2933, 3107, 2461,
    ),
}  # fmt: skip


def columns_of(height: int = TRELLIS_HEIGHT) -> NDArray[np.int64]:
    """Return the columns of a height, 8, 10 or 12."""
    return np.array(TRELLIS_COLUMNS[height], np.int64)
