"""`hide --in CARD --in FOLDER`: one floor on cards and in photographs (spec/roll-carrier.md, section 6)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fifthfloor.cards.opening import short_name
from fifthfloor.errors import NoRoom
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.plan import Plan
from fifthfloor.floor.roll_floor import Sealed, card_symbols, seal_rolls
from fifthfloor.floor.roll_plan import Cards, TooFew, bytes_of, make_mixed_plan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shards import Solved, solve
from fifthfloor.floor.slot import FINE_SYMBOL_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.card_slots import CardSlots, NewShards
from fifthfloor.tasks.floors.hide import Intent
from fifthfloor.tasks.floors.kept import NOTHING_KEPT, Keeping
from fifthfloor.tasks.floors.place import place_all
from fifthfloor.tasks.floors.roll_covers import Roll
from fifthfloor.tasks.floors.roll_hide import RollIntent, covers_of, packed, symbols_of, write_photographs
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard, sweep_card
from fifthfloor.tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class Loss:
    """What may be lost.

    Args:
        carriers: cards and rolls, whichever.
        overwrite: fraction of each other card's free bytes.
        photographs: share of the photographs of each other roll.
    """

    carriers: int
    overwrite: float
    photographs: float


@dataclass(frozen=True, slots=True)
class MixedIntent:
    """What `hide` will do to cards and to rolls, before it does anything; both are of one plan."""

    cards: Intent
    rolls: RollIntent


def intend_mixed(
    sources: Sources,
    cards: Sequence[OpenedCard],
    rolls: Sequence[Roll],
    hidden: str,
    loss: Loss,
    keeping: Keeping = NOTHING_KEPT,
) -> MixedIntent:
    """Plan a floor for both, and draw its places on the cards; nothing is written.

    Args:
        sources: what to hide.
        cards: opened.
        rolls: that were looked at.
        hidden: today, as it will stand in the manifest.
        loss: that must lose nothing.
        keeping: floors on the cards that are carried over.

    Raises:
        NoRoom: with what there is after the promised loss, and what is needed; or not all of it fits beside what is
            kept.
        BadInput: there is no photograph at all.
    """
    layouts, names = [opened.layout for opened in cards], [short_name(opened.path) for opened in cards]
    offered = Cards([one.room for one in layouts], loss.overwrite)
    symbols = symbols_of(sources, hidden)
    plan = make_mixed_plan(offered, [roll.offers for roll in rolls], symbols, loss.carriers, loss.photographs)
    if isinstance(plan, TooFew):
        covers = covers_of(rolls)
        room, needed = bytes_of(plan.left), bytes_of(plan.needed)
        raise NoRoom("mixed.no_room", room=room, needed=needed, cards=len(cards), covers=covers)
    on_cards = Plan(plan.groups, plan.shards, plan.threshold, plan.odds)
    placed = place_all(on_cards, layouts, keeping, names)
    return MixedIntent(
        Intent(sources, on_cards, hidden, loss.carriers, loss.overwrite, placed),
        RollIntent(sources, tuple(rolls), plan, hidden, loss.carriers, loss.photographs),
    )


@dataclass(frozen=True, slots=True)
class MixedHidden:
    """What was hidden: 16 bytes of floor id, and how many coefficients were changed."""

    floor_id: bytes
    changes: int


def hide_mixed(
    intent: MixedIntent,
    cards: Sequence[OpenedCard],
    keys: FloorKeys,
    progress: Progress,
    keeping: Keeping = NOTHING_KEPT,
) -> MixedHidden:
    """Make all photographs beside their places, sweep the cards, then put the photographs there.

    So a photograph that fails, or a sweep that is stopped, uses up no photograph.

    Args:
        intent: from `intend_mixed`, with the same cards and the same `keeping`.
        cards: opened.
        keys: of the floor.
        progress: shown for each pass.
        keeping: floors to carry over.

    Raises:
        BadInput: a source or a photograph changed meanwhile, a photograph cannot hold what it was to hold, or a card
            does not keep what is written.
    """
    labels = [one.groups for one in intent.cards.placed]
    sealed = seal_rolls(packed(intent.rolls, progress), intent.rolls.plan, keys, secret.RANDOM, labels)

    def sweep_cards() -> None:
        cipher, feed = SlotCipher(keys), _FineFeed(sealed, intent)
        for part, placed, opened, number in zip(
            sealed.cards, intent.cards.placed, cards, range(len(cards)), strict=True
        ):
            header = SlotHeader(part.carrier, sealed.floor_id, 0, 0, part.share, part.terms, fine=True, veiled=True)
            new = NewShards(header, part.numbers, cipher, feed)
            sweep_card(opened, CardSlots(new, number, placed, keeping, opened.layout, opened.card.device), progress)

    changes = write_photographs(intent.rolls, sealed, keys, progress, sweep_cards)
    return MixedHidden(sealed.floor_id, changes)


class _FineFeed:
    """Gives what the slots of cards hold, in order of writing; all of it is in memory, since it fits photographs."""

    def __init__(self, sealed: Sealed, intent: MixedIntent) -> None:
        labels = np.concatenate([one.groups for one in intent.cards.placed])
        numbers = np.concatenate([part.numbers for part in sealed.cards])
        self._groups, self._veil = sealed.groups, sealed.veil
        self._solved: dict[int, Solved] = {}
        self._numbers = [deque(numbers[labels == group].tolist()) for group in range(len(sealed.groups))]

    def take(self, groups: Sequence[int]) -> list[memoryview]:
        """Return what the next slots of these groups hold."""
        return [self._take(group) for group in groups]

    def _take(self, group: int) -> memoryview:
        if group not in self._solved:
            self._solved[group] = solve(self._groups[group], FINE_SYMBOL_BYTES)
        return card_symbols(self._solved[group], self._veil, group, self._numbers[group].popleft())

    def close(self) -> None:
        """Do nothing: there is no worker."""
