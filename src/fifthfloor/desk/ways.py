"""Every address of the desk, page by page."""

from __future__ import annotations

from fifthfloor.desk import audit, cards, check, essay, hide, open, protect, recover, tidy, watching, wipe
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Way

WAYS: tuple[Way, ...] = (
    *watching.WAYS,
    *cards.WAYS,
    *hide.WAYS,
    *check.WAYS,
    *open.WAYS,
    *audit.WAYS,
    *recover.WAYS,
    *tidy.WAYS,
    *wipe.WAYS,
    *protect.WAYS,
    *essay.WAYS,
)


def home() -> str:
    """Return the address of the first page."""
    return ADDRESS["cards"]
