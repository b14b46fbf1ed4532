"""`hide --quick`: runs of 1 MiB instead of a sweep (spec/floor.md, section 7.1; spec/card-carrier.md, section 3.3).

Rule: noise is written over noise only. So nothing that could be recovered is destroyed, and one image of the card shows
no island of noise; two images, from before and after, show every run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

import numpy as np

from fifthfloor.carriers.quick_runs import draw_runs, lay_out_runs
from fifthfloor.errors import BadInput, NoRoom, reason_of
from fifthfloor.floor.plan import Plan, TooLittle
from fifthfloor.floor.runs import RUN_SLOTS, deal_runs, largest_run_overwrite, make_run_plan
from fifthfloor.floor.slot import SECTOR_BYTES, SLOT_BYTES, SYMBOL_BYTES
from fifthfloor.floor.tar_stream import archive_bytes
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.hide import Intent
from fifthfloor.tasks.floors.place import NEW, Placed
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.surroundings import MIB, no_noise_in
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class Drawn:
    """A quick floor, planned and placed; nothing is written yet.

    Args:
        intent: as for a sweep.
        cards: opened, their layout cut down to the runs.
        runs: of 1 MiB, on each card.
        free_bytes: of all cards together.
    """

    intent: Intent
    cards: tuple[OpenedCard, ...]
    runs: tuple[int, ...]
    free_bytes: int

    @property
    def written_share(self) -> float:
        """Share of the free space that is written, 0 to 1."""
        return self.intent.written_bytes / max(1, self.free_bytes)


def draw(sources: Sources, cards: Sequence[OpenedCard], lose: int, overwrite: float) -> Drawn:
    """Plan a quick floor and draw its runs.

    Args:
        sources: what to hide.
        cards: where.
        lose: less than the number of cards.
        overwrite: 0 to below 1.

    Raises:
        NoRoom: runs that far apart do not fit; a full sweep needs less.
    """
    hidden = date.today().isoformat()
    symbols = archive_bytes(sources.entries, hidden) // SYMBOL_BYTES
    rooms = [opened.layout.room for opened in cards]
    plan = make_run_plan(rooms, symbols, lose, overwrite)
    if isinstance(plan, TooLittle):
        _refuse(plan, largest_run_overwrite(rooms, symbols, lose), len(cards), lose)
    runs = tuple(slots // RUN_SLOTS for slots in plan.slots)
    made = [_draw_card(plan, c, opened, runs[c]) for c, opened in enumerate(cards)]
    free = sum(opened.layout.free_bytes for opened in cards)
    intent = Intent(sources, plan, hidden, lose, overwrite, tuple(placed for _, placed in made))
    return Drawn(intent, tuple(card for card, _ in made), runs, free)


def _refuse(little: TooLittle, fits: int | None, cards: int, lose: int) -> NoReturn:
    room, needed, left = little.room_bytes, little.needed_bytes, cards - lose
    where = "hide.what.on_left" if lose else "hide.what.on_all"
    if fits is None:
        less = "hide.what.lose_fewer" if lose else "hide.what.larger"
        raise NoRoom("quick.no_room_at_all", room=room, needed=needed, left=left, where=where, less=less)
    raise NoRoom("quick.no_room", room=room, needed=needed, left=left, where=where, fits=fits)


def _draw_card(plan: Plan, carrier: int, opened: OpenedCard, runs: int) -> tuple[OpenedCard, Placed]:
    chosen = draw_runs(opened.layout.places, runs, secret.RANDOM)
    offsets = chosen.reshape(-1)
    groups = deal_runs(plan, carrier, secret.RANDOM)
    nothing = np.zeros(len(offsets), np.int64)
    placed = Placed(offsets, np.full(len(offsets), NEW, np.int64), groups, nothing, nothing)
    return replace(opened, layout=lay_out_runs(chosen)), placed


def refuse_what_is_no_noise(card: OpenedCard, progress: Progress, see: Callable[[bytes], None]) -> None:
    """Read what will be written, and refuse unless all of it looks like noise.

    Args:
        card: from `draw`.
        progress: shown for the reading.
        see: shown all that a slot may begin in of which a part will be written over.

    Raises:
        BadInput: with how many of its MiB do not look like noise, and how many deleted photographs begin there.
    """
    with progress("work.look", card.layout.free_bytes) as advance:

        def look(data: bytes) -> None:
            see(data)
            advance(len(data))

        extents = [(int(offset), int(length)) for offset, length in card.layout.writes]
        try:
            for offset, _length in extents:
                begin = max(0, offset - SLOT_BYTES + SECTOR_BYTES)
                see(card.card.device.read(begin, offset - begin))  # slots off the grid, from before a formatting
            strange, found = no_noise_in(card.card.device, extents, look)
        except OSError as error:
            reason = reason_of(error)
            raise BadInput("cards.unreadable", path=str(card.path), reason=reason) from error
    if strange or found:
        of = -(-card.layout.free_bytes // MIB)
        raise BadInput("quick.not_noise", path=str(card.path), count=strange, of=of, photographs=found)
