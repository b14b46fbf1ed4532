"""What a change costs the first of two layers, so that both together come near to the best ternary code.

With both, a coefficient whose change costs c goes up, and goes down, with odds e / (1 + 2 e), e = exp(-sharpness c).
The first layer alone would give it e / (1 + e), and spend too much on cheap ones, which the second then lacks; the
second, among those left, is right as it is. Source: Filler, Judas, Fridrich, IEEE TIFS 6(3), 2011, sections II and VI.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]
_MOST_EXPONENT = 80.0  # times sharpness: never chosen, and no number becomes 0
_HALVINGS = 40


def for_first_layer(costs: Costs, sharpness: float) -> Costs:
    """Return the costs with which one layer alone changes as often as both together do.

    Args:
        costs: any shape; they keep their order.
        sharpness: from `sharpness_of`.
    """
    more = np.log1p(np.exp(-np.minimum(sharpness * costs, _MOST_EXPONENT))) / sharpness
    dearer: Costs = (costs + more).astype(np.float32)
    return dearer


def sharpness_of(costs: Costs, bits_a_place: float) -> float:
    """Return the factor of the costs at which the best ternary code says so many bits.

    Args:
        costs: of some places, (n,); 0 for what may not change.
        bits_a_place: of both layers, for all places.
    """
    used = costs[costs > 0].astype(np.float64)
    low, high = -40.0, 80.0  # logarithms
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        weight = np.exp(-np.minimum(np.exp(middle) * used, _MOST_EXPONENT))
        change = weight / (1 + 2 * weight)
        still = 1 - 2 * change
        entropy = -(2 * change * np.log2(change) + still * np.log2(still)).sum()
        low, high = (middle, high) if entropy > bits_a_place * len(costs) else (low, middle)
    return float(np.exp((low + high) / 2))
