"""Every address of the desk, page by page."""

from __future__ import annotations

from fifthfloor.desk import (
    audit,
    cards,
    check,
    essay,
    hide,
    open,
    pairing,
    protect,
    recover,
    tidy,
    trace,
    watching,
    wipe,
)
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
    *pairing.WAYS,  # before the pictures of the essay, whose addresses are as long
    *essay.WAYS,
    *trace.WAYS,
)


def home() -> str:
    """Return the address of the first page."""
    return ADDRESS["cards"]
