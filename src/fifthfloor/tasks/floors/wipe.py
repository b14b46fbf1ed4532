"""`wipe`: sweep cards, nothing hidden."""

from __future__ import annotations

from collections.abc import Sequence

from fifthfloor.tasks.floors.sweep import OpenedCard, Progress, sweep_card


def wipe(cards: Sequence[OpenedCard], progress: Progress) -> None:
    """Sweep every card; the same writes, flushes and reads as `tasks.floors.hide.hide` makes on equal visible states.

    Raises:
        BadInput: a card does not keep what is written to it.
    """
    for opened in cards:
        sweep_card(opened, None, progress)
