"""Every address of the desk, page by page."""

from __future__ import annotations

from fifthfloor.desk import cards, watching
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Way

WAYS: tuple[Way, ...] = (*watching.WAYS, *cards.WAYS)


def home() -> str:
    """Return the address of the first page."""
    return ADDRESS["cards"]
