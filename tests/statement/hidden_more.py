"""What anybody can do with a signed picture: hide more of it, without the key. No command does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fifthfloor.statement.hidden_runs import HiddenRuns, from_marks, to_marks
from fifthfloor.statement.sign import RedactedBytes, fill
from fifthfloor.statement.tree import narrow
from fifthfloor.statement.verify import verify


def hide_more(given: RedactedBytes, hidden: HiddenRuns) -> RedactedBytes:
    """Hide more of a verified picture under the signature it has; needs no key.

    Args:
        hidden: runs to hide, beside those hidden already.

    Raises:
        BadInput, NothingFound: the picture does not verify.
    """
    verified = verify(given.picture, given.statement)
    marks = to_marks(hidden, verified.intervals) | to_marks(verified.hidden, verified.intervals)
    union = from_marks(np.asarray(marks))
    proof = narrow(verified.statement.proof, verified.intervals, verified.picture.interval, union)
    # What the picture looked like tells of what is hidden now: this copy does not show it any more.
    statement = replace(verified.statement, proof=proof, likeness=None)
    return RedactedBytes(fill(verified.picture, union).to_bytes(), statement.to_bytes())
