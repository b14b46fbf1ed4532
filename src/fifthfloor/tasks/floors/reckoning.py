"""What a plan would cost, while a person still moves the sliders: no key, no lock that is kept, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.cards.image import open_card
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.floor.plan import Room, TooLittle, largest_overwrite, make_plan
from fifthfloor.floor.runs import largest_run_overwrite, make_run_plan
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES
from fifthfloor.floor.tar_stream import archive_bytes
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.pace import Pace, cpu_rate, whole_time
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.steps import steps_of
from fifthfloor.tasks.floors.sweep import read_rate

_ANY_DAY = "2026-01-01"  # all dates are equally long in an archive


@dataclass(frozen=True, slots=True)
class CardRoom:
    """What a card offered when it was looked at.

    Args:
        path: of the card.
        room: its places and free bytes.
        rate: bytes a second, read just then.
    """

    path: Path
    room: Room
    rate: float


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What would come of it.

    Args:
        fits: whether there is a plan.
        threshold: cards that would be needed to open.
        room_bytes, needed_bytes: of the smallest cards that must do; where it fits, what is free and what is written.
        largest_percent: of overwriting for which there is a plan; None where not even 0 fits.
        seconds: of the sweep: at least, at most; (0, 0) where it does not fit.
    """

    fits: bool
    threshold: int
    room_bytes: int
    needed_bytes: int
    largest_percent: int | None
    seconds: tuple[float, float]


def room_of(path: Path) -> CardRoom:
    """Look at what a card offers. Raises like `open_card`."""
    with open_card(path) as card:
        layout = lay_out(card.volumes)
        return CardRoom(path, layout.room, max(1.0, read_rate(card, layout)))


def reckon(cards: Sequence[CardRoom], sources: Sources, lose: int, overwrite: float, *, quick: bool) -> Reckoned:
    """Say what hiding these files on these cards would cost; nothing is kept beside them.

    Args:
        cards: one at least.
        sources: what is to be hidden.
        lose: less than the number of cards.
        overwrite: 0 to below 1.
        quick: whether runs are written instead of everything.
    """
    symbols = archive_bytes(sources.entries, _ANY_DAY) // SYMBOL_BYTES
    rooms = [card.room for card in cards]
    plan = (make_run_plan if quick else make_plan)(rooms, symbols, lose, overwrite)
    largest = (largest_run_overwrite if quick else largest_overwrite)(rooms, symbols, lose)
    threshold = len(cards) - lose
    if isinstance(plan, TooLittle):
        return Reckoned(False, threshold, plan.room_bytes, plan.needed_bytes, largest, (0.0, 0.0))
    written = [slots * SLOT_BYTES for slots in plan.slots]
    swept = written if quick else [room.free_bytes for room in rooms]
    pace = Pace([card.rate for card in cards], cpu_rate(secret.RANDOM))
    seconds = whole_time(pace, steps_of(swept, sources.size_bytes))
    return Reckoned(True, threshold, sum(room.free_bytes for room in rooms), sum(written), largest, seconds)
