"""Which of too many symbols is the wrong one.

The checks of a plan are linear: each is the sum of certain multiples of the symbols, so the same plan replayed on unit
vectors gives those multiples (a parity-check matrix). What the checks come to on the data lies in the space spanned by
the columns of the wrong symbols, and with more checks than wrong symbols hardly another column lies in it.
"""

from __future__ import annotations

import numpy as np

from fifthfloor.floor.raptor.octets import Octets, product, reduced
from fifthfloor.floor.raptor.replay import intermediate_symbols
from fifthfloor.floor.raptor.solving import SolvePlan


def wrong_rows(plan: SolvePlan, checks: Octets) -> list[int]:
    """Name the symbols that explain what the checks of a plan came to.

    Args:
        plan: made with `every_check`.
        checks: what `replay.intermediate_symbols` returned, not all zero.

    Returns:
        numbers of the symbols given; none when the checks do not tell them from others.
    """
    found = reduced(checks)
    # One unit vector a symbol; the matrix is overwritten by nobody, and a row is as long as there are symbols.
    _, parity = intermediate_symbols(plan, list(np.eye(plan.given, dtype=np.uint8)))
    outside = product(found.annihilators, parity).any(axis=0)
    suspects = np.flatnonzero(parity.any(axis=0) & ~outside).tolist()
    return suspects if len(suspects) == len(found.pivots) else []
