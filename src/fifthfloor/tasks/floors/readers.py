"""`cards`: which of this machine's disks may be cards."""

from __future__ import annotations

import sys

from fifthfloor.cards.descriptor import Offered
from fifthfloor.cards.opening import offered
from fifthfloor.errors import DeviceRefused

__all__ = ["Offered", "cards_in_readers"]


def cards_in_readers() -> list[Offered]:
    """List the disks that may be cards; the system's own is never among them, and nothing is read or written.

    Raises:
        DeviceRefused: this system's disks are not listed.
    """
    found = offered()
    if found is None:
        raise DeviceRefused("cards.not_listed_here", system=sys.platform)
    return found
