"""How many slots each photograph of some rolls gets, so that losing the fullest of them loses nothing.

The sums are those of section 7 of spec/floor.md; what is lost is told by spec/roll-carrier.md, section 6. Where cards
hold the floor too, photographs hold as little as lets the cards do the rest: what a card holds is seen by nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from fifthfloor.floor.odds import PROMISED_ODDS, Spread, all_lost, group_failure, survivors, times
from fifthfloor.floor.plan import Room, cut_groups, places_hit
from fifthfloor.floor.slot import FINE_IN_SLOT, SMALL_SLOT_BYTES

_SHARES = 256  # of the scale at which every photograph is filled


@dataclass(frozen=True, slots=True)
class Offer:
    """What a photograph may hold.

    Args:
        ladder: numbers of slots, rising.
        most: the largest of them that its rate allows; 0 for none.
    """

    ladder: tuple[int, ...]
    most: int

    def at_most(self, slots: float) -> int:
        """Return the largest step of the ladder that is not above `slots`, nor above what the rate allows."""
        return max((step for step in self.ladder if step <= min(slots, self.most)), default=0)


@dataclass(frozen=True, slots=True)
class RollPlan:
    """How a floor is dealt to rolls.

    Args:
        groups: source symbols of each group, K.
        slots: for each roll, slots of each of its photographs.
        threshold: carriers needed to open.
        odds: upper bound of losing anything at the promised damage.
        shards: for each card, slots of each group on it; eighteen symbols each.
    """

    groups: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]
    threshold: int
    odds: float
    shards: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TooFew:
    """Why there is no plan: slots that are left after the promised loss, and slots that are needed."""

    left: int
    needed: int


def most_symbols(offers: Sequence[Offer], share: float) -> int:
    """Return how many source symbols one roll alone can hold, as `make_roll_plan` promises it; 0 for none."""
    full = _steps(offers, share)[-1]

    def is_too_much(symbols: int) -> bool:
        return _odds([full], cut_groups(symbols), 0, share) > PROMISED_ODDS

    return _least(1, left_after(full, share) + 1, is_too_much) - 1


def _evened(offers: Sequence[Offer], counts: tuple[int, ...]) -> tuple[int, ...]:
    """Bound every photograph by twice the median of those that hold anything: none must stand out.

    Where the ladder has no step below, one holds less than the median, or nothing, and there is another median.
    """
    while True:
        limit = 2 * median([count for count in counts if count] or [0])
        fewer = tuple(offer.at_most(min(count, limit)) for offer, count in zip(offers, counts, strict=True))
        if fewer == counts:
            return counts
        counts = fewer


def make_roll_plan(
    rolls: Sequence[Sequence[Offer]], symbols: int, lose: int, lose_photographs: float
) -> RollPlan | TooFew:
    """Find the fewest slots that survive the promised loss with odds of failure of at most 2^-40.

    Args:
        rolls: what the photographs of each roll may hold.
        symbols: source symbols of the archive, at least 1.
        lose: rolls that may be lost, less than len(rolls).
        lose_photographs: share of the photographs of each other roll that may be lost, the fullest, 0 to below 1.
    """
    groups = cut_groups(symbols)
    steps = [_steps(offers, lose_photographs) for offers in rolls]
    levels = sorted({sum(counts) for roll in steps for counts in roll})

    def enough(level: int) -> bool:
        slots = [_level(roll, levels[level]) for roll in steps]
        return _odds(slots, groups, lose, lose_photographs) <= PROMISED_ODDS

    low = _least(0, len(levels), enough)
    if low == len(levels):
        return _too_few([roll[-1] for roll in steps], groups, lose, lose_photographs)
    slots = [_level(roll, levels[low]) for roll in steps]
    return RollPlan(groups, tuple(slots), len(rolls) - lose, _odds(slots, groups, lose, lose_photographs))


def left_after(slots: Sequence[int], share: float) -> int:
    """Return the slots that are left when a share of the photographs that hold any is lost, the fullest first."""
    used = sorted((count for count in slots if count), reverse=True)
    return sum(used[math.ceil(share * len(used)) :])


def _steps(offers: Sequence[Offer], share: float) -> list[tuple[int, ...]]:
    """Fill all photographs in proportion to what they can hold, from nothing to the most; each step leaves more."""
    most = _evened(offers, tuple(offer.most for offer in offers))
    found = [(0,) * len(offers)]
    for scale in range(1, _SHARES + 1):
        dealt = (offer.at_most(count * scale / _SHARES) for offer, count in zip(offers, most, strict=True))
        counts = _evened(offers, tuple(dealt))
        if left_after(counts, share) > left_after(found[-1], share):
            while sum(found[-1]) >= sum(counts):
                found.pop()  # more is left of less: bounding has made it even
            found.append(counts)
    return found


def _level(roll: Sequence[tuple[int, ...]], level: int) -> tuple[int, ...]:
    return next((counts for counts in roll if sum(counts) >= level), roll[-1])


def _odds(slots: Sequence[tuple[int, ...]], groups: Sequence[int], lose: int, share: float) -> float:
    kept = sorted(slots, key=sum)[: len(slots) - lose]
    spreads = [_survivors(counts, len(groups), share) for counts in kept]
    if any(left_after(counts, share) == 0 for counts in kept):
        return 1.0  # a roll without a slot holds no share of the content key
    return min(1.0, len(groups) * group_failure(max(groups), spreads))


def _survivors(counts: tuple[int, ...], groups: int, share: float) -> Spread:
    total, left = sum(counts), left_after(counts, share)
    if groups == 1:
        return Spread(left, np.ones(1))
    return survivors(total, total - left, total // groups)


def _too_few(most: Sequence[tuple[int, ...]], groups: Sequence[int], lose: int, share: float) -> TooFew:
    kept = sorted(most, key=sum)[: len(most) - lose]
    left = sum(left_after(counts, share) for counts in kept)
    return TooFew(left, max(left + 1, sum(groups) + 6 * len(groups)))


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards that hold the floor beside the rolls.

    Args:
        rooms: what they offer.
        overwrite: fraction of each one's free bytes that may be overwritten, 0 to below 1.
    """

    rooms: Sequence[Room]
    overwrite: float

    def shards(self, level: int, groups: int) -> tuple[int, ...]:
        """Deal so many slots of each group to every card, or as many as it has places for."""
        return tuple(min(level, room.places // groups) for room in self.rooms)


def make_mixed_plan(
    cards: Cards, rolls: Sequence[Sequence[Offer]], symbols: int, lose: int, lose_photographs: float
) -> RollPlan | TooFew:
    """Find the fewest slots in photographs, and then on cards, that survive the promised loss as `make_roll_plan` does.

    Args:
        cards: at least one.
        rolls: at least one; arguments as there.
        symbols: source symbols of 880 bytes.
        lose: carriers that may be lost, whichever: less than all together.
        lose_photographs: as there.
    """
    groups = cut_groups(symbols)
    steps = [_steps(offers, lose_photographs) for offers in rolls]
    levels = sorted({sum(counts) for roll in steps for counts in roll})
    most = max(room.places for room in cards.rooms) // len(groups)

    def odds(shards: int, level: int) -> float:
        slots = [_level(roll, levels[level]) for roll in steps]
        return _mixed_odds(cards, cards.shards(shards, len(groups)), slots, groups, lose, lose_photographs)

    in_photographs = _least(0, len(levels), lambda level: odds(most, level) <= PROMISED_ODDS)
    if in_photographs == len(levels):
        full = [roll[-1] for roll in steps]
        room = sum(cards.shards(most, len(groups))) * len(groups) * FINE_IN_SLOT
        left = room + sum(left_after(counts, lose_photographs) for counts in full)
        return TooFew(left, max(left + 1, sum(groups) + 6 * len(groups)))
    on_cards = _least(1, most, lambda shards: odds(shards, in_photographs) <= PROMISED_ODDS)
    slots = tuple(_level(roll, levels[in_photographs]) for roll in steps)
    shards = cards.shards(on_cards, len(groups))
    return RollPlan(groups, slots, len(shards) + len(slots) - lose, odds(on_cards, in_photographs), shards)


def _least(low: int, high: int, enough: Callable[[int], bool]) -> int:
    """Return the first number from `low` that is enough, as all after it are; `high` where none below it is."""
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _mixed_odds(
    cards: Cards,
    shards: tuple[int, ...],
    slots: Sequence[tuple[int, ...]],
    groups: Sequence[int],
    lose: int,
    share: float,
) -> float:
    """Bound the odds at the worst loss: the fullest rolls and the fullest cards, so many of each as makes it worst."""
    by_card = sorted(zip(shards, cards.rooms, strict=True), key=lambda one: one[0])
    by_roll = sorted(slots, key=sum)
    worst = 0.0
    for rolls_lost in range(max(0, lose - len(by_card)), min(lose, len(by_roll)) + 1):
        kept_cards, kept_rolls = by_card[: len(by_card) - lose + rolls_lost], by_roll[: len(by_roll) - rolls_lost]
        worst = max(worst, _kept_odds(kept_cards, cards.overwrite, kept_rolls, groups, share))
    return min(1.0, worst)


def _kept_odds(
    cards: Sequence[tuple[int, Room]],
    overwrite: float,
    rolls: Sequence[tuple[int, ...]],
    groups: Sequence[int],
    share: float,
) -> float:
    if any(shards == 0 for shards, _ in cards) or any(left_after(counts, share) == 0 for counts in rolls):
        return 1.0  # a carrier without a slot holds no share of the content key
    hits = [places_hit(room, overwrite) for _, room in cards]
    on_cards = [
        times(survivors(room.places, hit, shards), FINE_IN_SLOT)
        for (shards, room), hit in zip(cards, hits, strict=True)
    ]
    lost = sum(
        all_lost(room.places, hit, shards * len(groups)) for (shards, room), hit in zip(cards, hits, strict=True)
    )
    spreads = on_cards + [_survivors(counts, len(groups), share) for counts in rolls]
    return len(groups) * group_failure(max(groups), spreads) + lost


def bytes_of(slots: int) -> int:
    """Return how much room so many slots are."""
    return slots * SMALL_SLOT_BYTES
