"""Which of too many symbols is the wrong one.

The checks of a plan are linear: each is the sum of certain multiples of the symbols, so the same plan replayed on unit
vectors gives those multiples (a parity-check matrix). What the checks come to on the data lies in the space spanned by
the columns of the wrong symbols, and with more checks than wrong symbols hardly another column lies in it.
"""

from __future__ import annotations

import numpy as np

from fifthfloor.floor.raptor.octets import Octets, eliminate, product, reduced
from fifthfloor.floor.raptor.one_fault import order_like_a_drawn_one, symbols_of_one_fault
from fifthfloor.floor.raptor.replay import intermediate_symbols
from fifthfloor.floor.raptor.solving import SolvePlan

# A set that does not explain the checks passes for one that does with odds of 256 to the power of those left.
_CHECKS_LEFT = 4
_ATTEMPTS = 100
_MOST_SAID_BYTES = 64
_MOST_BAD_CELLS = 4


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
    if len(suspects) == len(found.pivots):
        return suspects
    said = checks[:, checks.any(axis=0)][:, :_MOST_SAID_BYTES]
    return _of_bad_cells(parity, said) or _among_some(parity, said)


def _of_bad_cells(parity: Octets, said: Octets) -> list[int]:
    """Name the symbols that a few bad cells changed, each cell some of them; none if those of one are not found."""
    cells = np.unique(said, axis=1).T
    sets = [symbols_of_one_fault(parity, cell) for cell in cells[: _MOST_BAD_CELLS + 1]]
    return sorted(set().union(*sets)) if all(sets) and len(sets) <= _MOST_BAD_CELLS else []


def _among_some(parity: Octets, said: Octets) -> list[int]:
    """Name wrong symbols whose faults lie at the same bytes and are not the same; none if not found.

    Their columns are not told one by one, for the checks come to fewer rows than there are of them. So some symbols are
    taken, nearly as many as there are checks, and asked whether they alone explain what the checks came to; where all
    wrong ones are among them they do, in one way.
    """
    rows, symbols = parity.shape
    if rows <= _CHECKS_LEFT:
        return []
    for attempt in range(_ATTEMPTS):
        some = order_like_a_drawn_one(symbols, attempt)[: rows - _CHECKS_LEFT]
        work = np.concatenate([parity[:, some], said], axis=1)
        pivots = eliminate(work, len(some))
        multiples = np.flatnonzero(work[:, len(some) :].any(axis=1)).tolist()
        if all(row < len(pivots) for row in multiples):
            return sorted(int(some[pivots[row]]) for row in multiples)
    return []
