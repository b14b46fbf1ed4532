"""How many slots each photograph of some rolls gets, so that losing the fullest of them loses nothing.

The sums are those of section 7 of spec/floor.md; what is lost is told by spec/roll-carrier.md, section 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from fifthfloor.floor.odds import PROMISED_ODDS, Spread, group_failure, survivors
from fifthfloor.floor.plan import cut_groups
from fifthfloor.floor.slot import SMALL_SLOT_BYTES

_STEPS = 256  # of the scale at which every photograph is filled


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
        threshold: rolls needed to open.
        odds: upper bound of losing anything at the promised damage.
    """

    groups: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]
    threshold: int
    odds: float


@dataclass(frozen=True, slots=True)
class TooFew:
    """Why there is no plan: slots that are left after the promised loss, and slots that are needed."""

    left: int
    needed: int


def bounded(offers: Sequence[Offer]) -> list[Offer]:
    """Bound every photograph by twice the median of those that hold anything: one alone must not stand out."""
    middle = median([offer.most for offer in offers if offer.most] or [0])
    return [Offer(offer.ladder, offer.at_most(2 * middle)) for offer in offers]


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
    steps = [_steps(bounded(offers)) for offers in rolls]
    levels = sorted({sum(counts) for roll in steps for counts in roll})
    low, high = 0, len(levels)
    while low < high:
        middle = (low + high) // 2
        if _odds([_level(roll, levels[middle]) for roll in steps], groups, lose, lose_photographs) <= PROMISED_ODDS:
            high = middle
        else:
            low = middle + 1
    if low == len(levels):
        return _too_few([roll[-1] for roll in steps], groups, lose, lose_photographs)
    slots = [_level(roll, levels[low]) for roll in steps]
    return RollPlan(groups, tuple(slots), len(rolls) - lose, _odds(slots, groups, lose, lose_photographs))


def left_after(slots: Sequence[int], share: float) -> int:
    """Return the slots that are left when a share of the photographs that hold any is lost, the fullest first."""
    used = sorted((count for count in slots if count), reverse=True)
    return sum(used[math.ceil(share * len(used)) :])


def _steps(offers: Sequence[Offer]) -> list[tuple[int, ...]]:
    """Fill all photographs in proportion to what they can hold, from nothing to the most; rising."""
    found = {tuple(offer.at_most(offer.most * scale / _STEPS) for offer in offers): None for scale in range(_STEPS + 1)}
    return list(found)


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


def bytes_of(slots: int) -> int:
    """Return how much room so many slots are."""
    return slots * SMALL_SLOT_BYTES
