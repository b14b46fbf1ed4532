"""What stands at which place of a card; everything is drawn together (spec/card-carrier.md, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.free_space import Layout
from fifthfloor.errors import NoRoom
from fifthfloor.floor.noise import choose, shuffled
from fifthfloor.floor.plan import Plan, deal
from fifthfloor.floor.slot import SLOT_BYTES
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.kept import Keeping, KeptFloor

NEW = 0  # owner of a place: the floor that is being hidden, or 1, 2, ... for the kept ones
CAPSULE = -1  # or a capsule of the floor that is being hidden
_OF_NOBODY = -2
# Slots of one floor whose old place is written over before their new one: 130 MB of memory.
MOST_WAITING = 8_000
# One draw in some hundreds would let a stop lose more of a poor floor than it can spare, and the next one not. Whoever
# sits beside sees a refusal, and that something is kept.
DRAWS = 8


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything of one card goes.

    Args:
        offsets: device offsets of all places that hold slots, rising.
        owner: of each, `NEW`, `CAPSULE`, or the number of a kept floor from 1.
        groups: of the new floor's shards alone, in order of their places.
        source: of each place of a kept floor, where its slot is read, or -1 - i for the i-th renewed shard.
        dies: of each place, the piece whose writing destroys what is read there; at most the number of pieces.
    """

    offsets: NDArray[np.int64]
    owner: NDArray[np.int64]
    groups: NDArray[np.int64]
    source: NDArray[np.int64]
    dies: NDArray[np.int64]


def place_all(
    plan: Plan | None, layouts: Sequence[Layout], keeping: Keeping, names: Sequence[str], capsules: Sequence[int] = ()
) -> tuple[Placed, ...]:
    """Draw the places of every card.

    Args:
        plan: of the new floor; None for `wipe --keep`.
        layouts: of the cards.
        names: of the cards, for a refusal.
        keeping: what is carried over.
        capsules: how many on each card; none for a floor with a passphrase.

    Raises:
        NoRoom: a card has not enough places for all of it, or a stop in the sweep could lose a kept floor.
    """
    many = [*capsules] or [0] * len(layouts)
    for left in reversed(range(DRAWS)):
        placed = tuple(place(plan, at, layout, keeping, names[at], many[at]) for at, layout in enumerate(layouts))
        try:
            _check_all_stops(placed, layouts, keeping)
            break
        except NoRoom:
            if not left:
                raise
    return placed


def _check_all_stops(placed: Sequence[Placed], layouts: Sequence[Layout], keeping: Keeping) -> None:
    for number, floor in enumerate(keeping.floors, 1):
        for card, layout in enumerate(layouts):
            check_stops(floor, card, number, placed[card], layout)


def place(plan: Plan | None, card: int, layout: Layout, keeping: Keeping, name: str, capsules: int = 0) -> Placed:
    """Draw the places of one card: each floor's are a uniformly random subset of all, whatever the others are.

    Raises:
        NoRoom: there are not enough.
    """
    new = plan.slots[card] if plan else 0
    counts = [new, *(floor.cards[card].slots for floor in keeping.floors)]
    if sum(counts) + capsules > len(layout.places):
        _no_room(name, counts, capsules, layout)
    offsets, owner = _sealed_places(name, counts, capsules, layout) if capsules else _places(counts, layout)
    source = np.zeros(len(offsets), np.int64)
    dies = np.zeros(len(offsets), np.int64)
    for number, floor in enumerate(keeping.floors, 1):
        mine, own = np.flatnonzero(owner == number), floor.cards[card]
        # In order of their old places, so that hardly a slot is written over long before its new place comes.
        from_old = np.ones(len(mine), np.bool_)
        from_old[choose(len(own.renewed), len(mine), secret.RANDOM)] = False
        source[mine[from_old]] = own.old
        source[mine[~from_old]] = -1 - shuffled(np.arange(len(own.renewed), dtype=np.int64), secret.RANDOM)
        dies[mine[from_old]] = pieces_touched(own.old, layout)
    groups = deal(plan, card, secret.RANDOM) if plan else np.zeros(0, np.int64)
    return Placed(offsets, owner, groups, source, dies)


def _places(counts: Sequence[int], layout: Layout) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    offsets = layout.places[choose(sum(counts), len(layout.places), secret.RANDOM)]
    return offsets, shuffled(np.repeat(np.arange(len(counts), dtype=np.int64), counts), secret.RANDOM)


def _sealed_places(
    name: str, counts: Sequence[int], capsules: int, layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw places beside capsules, which stand on the grid alone, so that no floor's share of the grid tells of others.

    How many of a floor's slots lie on the grid is drawn for each by itself: of a kept floor as if there were no
    capsules, of the new one as if nothing were kept. Then both parts of the card are dealt out blindly.
    """
    grid, places = int(layout.on_grid.sum()), len(layout.places)
    on = [_on_grid(counts[0], grid - capsules, places - capsules)]
    on += [_on_grid(count, grid, places) for count in counts[1:]]
    off = [count - here for count, here in zip(counts, on, strict=True)]
    if sum(on) + capsules > grid or sum(off) > places - grid:
        _no_room(name, counts, capsules, layout)
    owner = np.full(places, _OF_NOBODY, np.int64)
    for stands, dealt in ((layout.on_grid, [capsules, *on]), (~layout.on_grid, [0, *off])):
        there = np.flatnonzero(stands)
        labels = np.repeat(np.arange(CAPSULE, len(counts), dtype=np.int64), dealt)
        owner[there[choose(len(labels), len(there), secret.RANDOM)]] = shuffled(labels, secret.RANDOM)
    taken = owner != _OF_NOBODY
    return layout.places[taken], owner[taken]


def _on_grid(count: int, grid: int, places: int) -> int:
    """Draw how many of so many uniformly random places lie on the grid."""
    return int((choose(count, places, secret.RANDOM) < grid).sum())


def _no_room(name: str, counts: Sequence[int], capsules: int, layout: Layout) -> NoReturn:
    kept, new, room = (many * SLOT_BYTES for many in (sum(counts[1:]), counts[0] + capsules, len(layout.places)))
    raise NoRoom("keep.no_room", card=name, room=room, kept=kept, new=new)


def check_stops(floor: KeptFloor, card: int, number: int, placed: Placed, layout: Layout) -> None:
    """Refuse unless a kept floor comes back from these cards after a stop in any piece of the sweep of one.

    While piece j is written, a slot is gone whose old place is in a piece up to j and whose new one in j or later. The
    other cards have theirs whole, old or new.

    Raises:
        NoRoom: a group could lose more than it can spare, or too much would wait in memory.
    """
    moved = (placed.owner == number) & (placed.source >= 0)
    gone, back = placed.dies[moved], piece_of(placed.offsets[moved], layout) + 1
    early = gone < back
    missing = np.zeros((len(floor.spare), len(layout.piece_ends) + 2), np.int64)
    groups = floor.cards[card].groups[early]
    np.add.at(missing, (groups, gone[early]), 1)
    np.add.at(missing, (groups, back[early]), -1)
    missing = np.cumsum(missing, axis=1)
    worst = missing.max(axis=1, initial=0)
    poorest = int(np.argmin(floor.spare - worst))
    if floor.spare[poorest] < worst[poorest] or missing.sum(axis=0).max(initial=0) > MOST_WAITING:
        spare, at_stake = (int(slots[poorest]) * SLOT_BYTES for slots in (floor.spare, worst))
        raise NoRoom("keep.no_spare", spare=spare, worst=at_stake)


def piece_of(offsets: NDArray[np.int64], layout: Layout) -> NDArray[np.int64]:
    """Return the piece in which each of some places is written."""
    write = np.searchsorted(layout.writes[:, 0], offsets, side="right") - 1
    pieces: NDArray[np.int64] = np.searchsorted(layout.piece_ends, write, side="right")
    return pieces


def pieces_touched(offsets: NDArray[np.int64], layout: Layout) -> NDArray[np.int64]:
    """Return the first piece that writes over any byte of each of some slots; the number of pieces where none does."""
    ends = layout.writes.sum(axis=1)
    write = np.searchsorted(ends, offsets, side="right")
    last = len(ends) - 1
    if last < 0:
        return np.zeros(len(offsets), np.int64)
    touched = (write <= last) & (layout.writes[np.minimum(write, last), 0] < offsets + SLOT_BYTES)
    pieces: NDArray[np.int64] = np.searchsorted(layout.piece_ends, write, side="right")
    return np.where(touched, pieces, len(layout.piece_ends))
