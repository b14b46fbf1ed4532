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

# A set that does not explain the checks passes for one that does with odds of 256 to the power of those left.
_CHECKS_LEFT = 4
_ATTEMPTS = 100
_ORDERING_PRIME = 65_537
_MOST_SAID_BYTES = 64


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
    return suspects if len(suspects) == len(found.pivots) else _among_some(parity, checks)


def _among_some(parity: Octets, checks: Octets) -> list[int]:
    """Name wrong symbols whose faults lie at the same bytes, as one bad cell of memory makes them; none if not found.

    Their columns are not told one by one, for the checks come to fewer rows than there are of them. So some symbols are
    taken, nearly as many as there are checks, and asked whether they alone explain what the checks came to; where all
    wrong ones are among them they do, in one way.
    """
    rows, symbols = parity.shape
    if rows <= _CHECKS_LEFT:
        return []
    said = checks[:, checks.any(axis=0)][:, :_MOST_SAID_BYTES]
    for attempt in range(_ATTEMPTS):
        # The multiples of a step, modulo a prime, are an order like a drawn one.
        order = (np.arange(1, symbols + 1) * pow(3, attempt + 1, _ORDERING_PRIME)) % _ORDERING_PRIME
        some = np.argsort(order, kind="stable")[: rows - _CHECKS_LEFT]
        taken = reduced(parity[:, some])
        if product(taken.annihilators, said).any():
            continue
        multiples = product(taken.operations[: len(taken.pivots)], said)
        return sorted(int(some[taken.pivots[row]]) for row in np.flatnonzero(multiples.any(axis=1)))
    return []
