"""`wipe`: sweep cards; nothing new is hidden, and floors that are shown are carried over."""

from __future__ import annotations

from collections.abc import Sequence

from fifthfloor.cards.opening import short_name
from fifthfloor.tasks.floors.card_slots import CardSlots
from fifthfloor.tasks.floors.kept import NOTHING_KEPT, Keeping
from fifthfloor.tasks.floors.place import Placed, place_all
from fifthfloor.tasks.floors.sweep import OpenedCard, sweep_card
from fifthfloor.tasks.progress import Progress


def intend_wipe(cards: Sequence[OpenedCard], keeping: Keeping) -> tuple[Placed, ...]:
    """Draw the places of the floors that are carried over; raises NoRoom like `tasks.floors.hide.intend`."""
    return place_all(None, [opened.layout for opened in cards], keeping, [short_name(opened.path) for opened in cards])


def wipe(
    cards: Sequence[OpenedCard], progress: Progress, keeping: Keeping = NOTHING_KEPT, placed: Sequence[Placed] = ()
) -> None:
    """Sweep every card; the same writes, flushes and reads as `tasks.floors.hide.hide` makes on equal visible states.

    Args:
        cards: opened.
        progress: shown for each pass.
        keeping: floors to carry over.
        placed: from `intend_wipe`; not needed where nothing is kept.

    Raises:
        BadInput: a card does not keep what is written to it.
    """
    for c, opened in enumerate(cards):
        slots = None
        if keeping.floors:
            slots = CardSlots(None, c, placed[c], keeping, opened.layout, opened.card.device)
        sweep_card(opened, slots, progress)
