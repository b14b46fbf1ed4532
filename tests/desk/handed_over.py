"""What is true of a card that a helper with rights hands to the desk, whatever way its system has between the two."""

from __future__ import annotations

from pathlib import Path

import pytest

from fifthfloor.cards.device import OpenFile
from fifthfloor.cards.image import open_card
from fifthfloor.desk.asks import Asks
from fifthfloor.errors import BadInput, DeviceRefused


def hands_over_locked(asks: Asks, card: Path, refused: str) -> None:
    """Have a card opened: it can be written, nobody else has it meanwhile, and no other file is opened.

    Args:
        asks: with a helper behind it.
        card: the only one in a reader.
        refused: key of the error of whatever is none.
    """
    descriptor, past_cache = asks.open(card, True)
    with OpenFile(descriptor, str(card), 512, past_cache) as device:
        device.write(0, device.read(0, 512))
        with pytest.raises(DeviceRefused, match=r"cards\.in_use"):
            open_card(card, writable=True)
        with pytest.raises(DeviceRefused, match=r"cards\.in_use"):
            asks.open(card, False)
    with open_card(card, writable=True):
        pass
    with pytest.raises(BadInput) as other:
        asks.open(card.with_name("other.img"), False)
    assert other.value.key == refused
