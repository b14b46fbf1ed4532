"""`hide --keep`: floors that are carried over while everything around them is swept.

The sweep writes what it always writes. A kept slot is read shortly before the piece it stands in is written, opened,
and sealed again under fresh chance; a slot off the grid moves to a free place of the same piece. So at any moment at
most the piece in flight is lost, and a floor is only kept if it could spare that.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.collection import Collection, FloorFacts, Index, scan
from fifthfloor.carriers.free_space import STRETCH_BYTES, Layout
from fifthfloor.errors import NoRoom, NothingFound
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shards import encode
from fifthfloor.floor.slot import RANDOM_BYTES, SLOT_BYTES, Header, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.sweep import OpenedCard, Progress

SPARE_SYMBOLS = 2  # K + 2 symbols bring a group back with odds of 1 - 2^-24
# Lost shards made anew in one run, all floors together: 130 MB. They wait in memory from before the first write,
# because the groups they are made of cannot be read any more while their slots move; the next run makes the next ones.
MOST_RENEWED = 8_000


@dataclass(frozen=True, slots=True)
class KeptSlot:
    """A slot that will be sealed again.

    Args:
        old, new: device offsets, in bytes; the same for a slot on the grid.
        floor: index of its keys.
    """

    old: int
    new: int
    floor: int


@dataclass(slots=True)
class KeptCard:
    """What one card carries over.

    Args:
        slots: to be sealed again.
        renewed: new symbols for lost shards, with their headers and the index of their keys.
        taken: places of `slots`, device offsets.
    """

    slots: list[KeptSlot] = field(default_factory=list)
    renewed: list[tuple[Header, bytes, int]] = field(default_factory=list)

    @property
    def reserved(self) -> int:
        return len(self.slots) + len(self.renewed)


@dataclass(frozen=True, slots=True)
class KeptHealth:
    """Shards of one kept floor, all groups together.

    Args:
        before: on these cards now.
        after: on these cards when the sweep is done.
        needed: to bring it back, if they are evenly spread.
        lost: how many these cards once held and do not any more.
    """

    before: int
    after: int
    needed: int
    lost: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """All floors to be kept.

    Args:
        ciphers: one for each passphrase.
        cards: one for each card, in order.
        health: of every floor id that was found.
    """

    ciphers: tuple[SlotCipher, ...]
    cards: tuple[KeptCard, ...]
    health: tuple[KeptHealth, ...]

    @property
    def floors(self) -> int:
        return len(self.health)

    @property
    def lost(self) -> int:
        return sum(one.lost for one in self.health)

    @property
    def renewed(self) -> int:
        return sum(one.after - one.before for one in self.health)


def nothing_kept(cards: int) -> Keeping:
    """Return what `hide` without `--keep` carries over."""
    return Keeping((), tuple(KeptCard() for _ in range(cards)), ())


def prepare(cards: Sequence[OpenedCard], keys: Sequence[FloorKeys], progress: Progress) -> Keeping:
    """Find the floors of some passphrases on the cards, and decide what becomes of every slot; nothing is written.

    Args:
        cards: opened.
        keys: of the floors to be kept.
        progress: shown for each reading.

    Raises:
        NothingFound: a passphrase finds nothing.
        NoRoom: these cards alone do not bring a floor back, or it could not spare a piece.
    """
    devices = [opened.card.device for opened in cards]
    kept = tuple(KeptCard() for _ in cards)
    distinct = {(one.recogniser, one.seal): one for one in keys}  # a floor named twice is one floor
    ciphers = tuple(SlotCipher(one) for one in distinct.values())
    free_places = [set(opened.layout.places.tolist()) for opened in cards]
    health: list[KeptHealth] = []
    budget = MOST_RENEWED
    for number, cipher in enumerate(ciphers):
        with progress("work.find", sum(d.size_bytes for d in devices)) as advance:
            index = scan(devices, cipher, advance)
        collection = Collection(devices, cipher, index)
        found = collection.floors() if len(index) else []
        if not found:
            raise NothingFound("open.nothing")
        doomed = _keep_slots(index, cards, kept, free_places, number)
        for facts in found:
            census = _count(collection, facts, cards, doomed)
            made = _renew(collection, facts, census, kept, number, budget)
            have = int(census.counts.sum())
            health.append(KeptHealth(have, have + made, int(census.source.sum()), census.missing))
            budget -= made
    return Keeping(ciphers, kept, tuple(health))


@dataclass(frozen=True, slots=True)
class _Census:
    """Authenticated shards of a floor that the sweep does not destroy.

    Args:
        counts: of group g on card c at [g, c].
        source: source symbols of each group.
        carrier_of: index of a card -> its carrier number.
        highest: symbol number of each group.
        target: card -> shards of each group it was dealt, as far as can be told.
    """

    counts: NDArray[np.int64]
    source: NDArray[np.int64]
    carrier_of: dict[int, int]
    highest: NDArray[np.int64]
    target: dict[int, int]

    @property
    def missing_of_group(self) -> NDArray[np.int64]:
        lost = [np.maximum(self.target[card] - self.counts[:, card], 0) for card in self.carrier_of]
        summed: NDArray[np.int64] = np.sum(lost, axis=0, dtype=np.int64)
        return summed

    @property
    def missing(self) -> int:
        return int(self.missing_of_group.sum())


def _count(
    collection: Collection, facts: FloorFacts, cards: Sequence[OpenedCard], doomed: Set[tuple[int, int]]
) -> _Census:
    counts = np.zeros((facts.groups, len(cards)), np.int64)
    source = np.zeros(facts.groups, np.int64)
    highest = np.zeros(facts.groups, np.int64)
    carrier_of: dict[int, int] = {}
    for group in range(facts.groups):
        in_piece: dict[tuple[int, int], int] = {}
        for where, header in collection.placed(facts, group):
            card, offset = where
            if where in doomed:
                continue
            counts[group, card] += 1
            source[group] = header.source_symbols
            highest[group] = max(int(highest[group]), header.symbol)
            carrier_of[card] = header.carrier
            piece = (card, offset // STRETCH_BYTES)
            in_piece[piece] = in_piece.get(piece, 0) + 1
        # A piece never spans three of these stretches, wherever the heap begins.
        worst = 2 * max(in_piece.values(), default=0)
        needed = int(source[group]) + SPARE_SYMBOLS
        have = int(counts[group].sum())
        if not facts.can_unlock or source[group] == 0 or have < needed:
            raise NoRoom("keep.incomplete", have=have, needed=max(needed, 1), group=group + 1, groups=facts.groups)
        if have - worst < needed:
            raise NoRoom("keep.no_spare", spare=have - needed, worst=worst)
    # Every carrier was dealt the same number of shards of each group, but for one too small for that (`floor.plan`).
    level = int(counts.max())
    target = {card: min(level, len(cards[card].layout.places) // facts.groups) for card in carrier_of}
    return _Census(counts, source, carrier_of, highest, target)


def _keep_slots(
    index: Index, cards: Sequence[OpenedCard], kept: Sequence[KeptCard], free: list[set[int]], number: int
) -> set[tuple[int, int]]:
    """Give every recognised slot that lies in free space its place after the sweep.

    Returns:
        (card, offset) of those that the sweep destroys all the same: partly in free space, or without a place. Those
        wholly outside free space, in the slack of files, stay as they are.
    """
    doomed: set[tuple[int, int]] = set()
    for card, opened in enumerate(cards):
        offsets = np.sort(index.offset[index.source == card])
        inside = offsets[_wholly_free(offsets, opened.card.free)]
        touched = offsets[_partly_free(offsets, opened.card.free)]
        doomed |= {(card, offset) for offset in np.setdiff1d(touched, inside).tolist()}
        on_grid = [int(offset) for offset in inside if int(offset) in free[card]]
        for offset in on_grid:
            free[card].discard(offset)
            kept[card].slots.append(KeptSlot(offset, offset, number))
        for offset in sorted(set(inside.tolist()) - set(on_grid)):
            place = _place_near(offset, opened.layout, free[card])
            if place is None:
                doomed.add((card, offset))
                continue
            free[card].discard(place)
            kept[card].slots.append(KeptSlot(offset, place, number))
    return doomed


def _place_near(offset: int, layout: Layout, free: set[int]) -> int | None:
    """Return an unused place of the piece in which a slot off the grid begins."""
    write = int(np.searchsorted(layout.writes[:, 0], offset, side="right")) - 1
    piece = int(np.searchsorted(layout.piece_ends, write, side="right"))
    first = int(layout.piece_ends[piece - 1]) if piece else 0
    rows = layout.writes[first : int(layout.piece_ends[piece])]
    low, high = int(rows[0, 0]), int(rows[-1].sum())
    begin = int(np.searchsorted(layout.places, low))
    end = int(np.searchsorted(layout.places, high - SLOT_BYTES, side="right"))
    return next((place for place in layout.places[begin:end].tolist() if place in free), None)


def _wholly_free(offsets: NDArray[np.int64], free: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(free):
        return np.zeros(len(offsets), np.bool_)
    extent = np.maximum(np.searchsorted(free[:, 0], offsets, side="right") - 1, 0)
    inside: NDArray[np.bool_] = (offsets >= free[extent, 0]) & (offsets + SLOT_BYTES <= free[extent].sum(axis=1))
    return inside


def _partly_free(offsets: NDArray[np.int64], free: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of which slots the sweep writes at least one byte."""
    if not len(free):
        return np.zeros(len(offsets), np.bool_)
    extent = np.searchsorted(free.sum(axis=1), offsets, side="right")  # the first extent that ends behind its start
    last = len(free) - 1
    touched: NDArray[np.bool_] = (extent <= last) & (free[np.minimum(extent, last), 0] < offsets + SLOT_BYTES)
    return touched


def _renew(
    collection: Collection, facts: FloorFacts, census: _Census, kept: Sequence[KeptCard], number: int, budget: int
) -> int:
    """Make new symbols for lost shards, up to a budget, the poorest groups first; returns how many."""
    made = 0
    allowed = share_budget(census.counts.sum(axis=1) - census.source, census.missing_of_group, budget)
    for group in range(facts.groups):
        wanted = {card: max(0, census.target[card] - int(census.counts[group, card])) for card in census.carrier_of}
        count = int(allowed[group])
        whole = collection.group(facts, group) if count > 0 else None
        if whole is None:
            continue
        # Beyond every number that a carrier which is not here may hold.
        first = max(int(census.highest[group]) + 1, facts.carriers * int(census.counts.max()))
        symbols = iter(enumerate(encode(whole, range(first, first + count)), start=first))
        for card, need in wanted.items():
            for _, (symbol, data) in zip(range(need), symbols, strict=False):
                header = Header(
                    facts.carriers,
                    facts.threshold,
                    census.carrier_of[card],
                    facts.floor_id,
                    facts.groups,
                    group,
                    int(census.source[group]),
                    symbol,
                    facts.shares[census.carrier_of[card]],
                )
                kept[card].renewed.append((header, data.tobytes(), number))
        made += count
    return made


def share_budget(spare: NDArray[np.int64], missing: NDArray[np.int64], budget: int) -> NDArray[np.int64]:
    """Say how many shards of each group are made anew: the poorest are raised to one level, as high as it goes.

    Args:
        spare: of each group now, beyond what it needs.
        missing: of each group, at most so many.
        budget: of all groups together.
    """
    if int(missing.sum()) <= budget:
        return missing
    low, high = int(spare.min()), int((spare + missing).max())
    while low < high:
        level = (low + high + 1) // 2
        if int(np.clip(level - spare, 0, missing).sum()) <= budget:
            low = level
        else:
            high = level - 1
    given = np.clip(low - spare, 0, missing)
    # What is left over raises some groups by one more.
    further = np.flatnonzero((given < missing) & (spare + given == low))[: budget - int(given.sum())]
    given[further] += 1
    return given


def sealed_again(cipher: SlotCipher, slot: bytes) -> bytes:
    """Open a slot and seal it under fresh chance; noise where it does not open."""
    opened = cipher.open(slot)
    if opened is None:
        return secret.RANDOM(SLOT_BYTES)
    return cipher.seal(opened[0], opened[1], secret.RANDOM(RANDOM_BYTES))
