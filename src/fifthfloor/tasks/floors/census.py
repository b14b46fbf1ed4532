"""Counting a floor that is to be kept: what these cards have of it, and what they have lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.collection import Collection, FloorFacts, Unlocked
from fifthfloor.errors import BadInput, NoRoom
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.slot import FINE_IN_SLOT, SLOT_BYTES
from fifthfloor.floor.symbol_numbers import listed_numbers

SPARE_SYMBOLS = 2  # K + 2 symbols bring a group back with odds of 1 - 2^-24


@dataclass(frozen=True, slots=True)
class Census:
    """Authenticated shards of one floor, each symbol counted once.

    Args:
        facts, unlocked: of the floor.
        slots: shape (shards, 4), by card and then offset: card, offset in bytes, group, symbol number; of a floor that
            is in rolls too, the number in its header, which stands for eighteen symbols.
        source: source symbols of each group, or as many slots as hold them.
        carrier_of: index of a card -> number of the carrier it is.
        places: of each card.
    """

    facts: FloorFacts
    unlocked: Unlocked
    slots: NDArray[np.int64]
    source: NDArray[np.int64]
    carrier_of: dict[int, int]
    places: tuple[int, ...]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Shards of group g on card c at [g, c]."""
        counts = np.zeros((len(self.source), len(self.places)), np.int64)
        np.add.at(counts, (self.slots[:, 2], self.slots[:, 0]), 1)
        return counts

    @property
    def spare(self) -> NDArray[np.int64]:
        """Of each group, the shards beyond those that surely bring it back; below zero nothing is to spare."""
        spare: NDArray[np.int64] = self.counts.sum(axis=1) - self.source - SPARE_SYMBOLS
        return spare

    def lost(self, group: int) -> list[tuple[int, int]]:
        """Return what these cards were dealt of a group and have no more: (card, symbol number) of each."""
        here = self.slots[self.slots[:, 2] == group]
        if self.facts.old is not None:
            return self._lost_of_old(here)
        lost: list[tuple[int, int]] = []
        terms = self.unlocked.terms.values()
        count = max(one.first + one.shards for one in terms)
        listed = listed_numbers(self.unlocked.content_key, group, next(iter(terms)).number_bits, count)
        # Two images of one carrier are one carrier, whose first card gets what both have lost.
        for carrier, card in sorted(
            {carrier: card for card, carrier in sorted(self.carrier_of.items(), reverse=True)}.items()
        ):
            its = self.unlocked.terms[carrier]
            dealt = listed[its.first : its.first + its.shards]
            lost += [(card, number) for number in np.setdiff1d(dealt, here[:, 3]).tolist()]
        return lost

    def _lost_of_old(self, here: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Version 1 does not say what a carrier was dealt, so its fullest tells; its numbers rise above all others."""
        level = int(self.counts.max())
        number = max(int(here[:, 3].max(initial=-1)) + 1, self.unlocked.carriers * level)
        lost = []
        for card in sorted(self.carrier_of):
            target = min(level, self.places[card] // self.unlocked.groups)
            for _ in range(target - int((here[:, 0] == card).sum())):
                lost.append((card, number))
                number += 1
        return lost

    def header(self, card: int, group: int, symbol: int) -> SlotHeader:
        """Return the header of a shard that is made anew on a card."""
        carrier = self.carrier_of[card]
        old = self.facts.old
        if old is not None:
            old = type(old)(old.carriers, old.threshold, old.groups, int(self.source[group]))
        terms = self.facts.sealed_terms.get(carrier, b"")
        share, facts = self.facts.shares[carrier], self.facts
        return SlotHeader(carrier, self.facts.floor_id, group, symbol, share, terms, old, facts.fine, facts.veiled)


def count(collection: Collection, facts: FloorFacts, places: tuple[int, ...]) -> Census:
    """Open and count every shard of a floor.

    Args:
        collection: of the cards that will be swept, in order.
        facts: of the floor.
        places: of each card.

    Raises:
        NoRoom: these cards alone do not bring it back.
    """
    unlocked = facts.unlock()
    if unlocked is None:
        here = len(facts.shares)
        # How many are needed nobody can know before they are here (version 1 says it); one more than are, at least.
        needed = facts.old.threshold if facts.old else here + 1
        raise NoRoom("keep.locked", here=here, size=collection.pieces(facts) * SLOT_BYTES, needed=needed)
    rows: list[tuple[int, int, int, int]] = []
    source = np.zeros(unlocked.groups, np.int64)
    carrier_of: dict[int, int] = {}
    in_slot = FINE_IN_SLOT if facts.fine else 1
    for group in range(unlocked.groups):
        found = 0
        for (card, offset), header in collection.placed(facts, group):
            if header.carrier not in facts.shares:
                continue
            carrier_of[card] = header.carrier
            row = (card, offset, group, header.symbol // in_slot)
            if rows[-1:] == [row]:
                continue  # the symbols of one slot come one after the other
            rows.append(row)
            source[group] = -(-(facts.source_symbols(header, unlocked) or 0) // in_slot)
            found += 1
        if source[group] == 0 or found < source[group]:
            raise _incomplete(found, max(int(source[group]), 1), group, unlocked)
    slots = np.array(rows, np.int64).reshape(-1, 4)
    slots = slots[np.lexsort((slots[:, 1], slots[:, 0]))]
    census = Census(facts, unlocked, slots, source, carrier_of, places)
    for group in np.flatnonzero(census.spare < 0).tolist():
        if not brings_back(collection, facts, unlocked, group):
            here = int(census.counts[group].sum())
            raise _incomplete(here, here + 1, group, unlocked)
    return census


def brings_back(collection: Collection, facts: FloorFacts, unlocked: Unlocked, group: int) -> bool:
    """Bring a group back to see whether it does: of K shards, or one more, numbers alone do not tell it."""
    try:
        return collection.group(facts, unlocked, group) is not None
    except BadInput:
        return False  # shards contradict each other, and there are too few to say which are wrong


def _incomplete(have: int, needed: int, group: int, unlocked: Unlocked) -> NoRoom:
    have, needed = have * SLOT_BYTES, needed * SLOT_BYTES
    return NoRoom("keep.incomplete", have=have, needed=needed, group=group + 1, groups=unlocked.groups)
