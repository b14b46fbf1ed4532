"""How many shards go where, so that the promised damage loses nothing (spec/floor.md, sections 4 and 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.header import MAX_NUMBER, MAX_SOURCE_SYMBOLS
from fifthfloor.floor.noise import Random, shuffled
from fifthfloor.floor.odds import PROMISED_ODDS, Spread, all_lost, group_failure, survivors
from fifthfloor.floor.slot import SLOT_BYTES

OVERWRITTEN_RUN_BYTES = 4 << 20  # shortest run of overwriting that the promise covers at full rate


@dataclass(frozen=True, slots=True)
class Room:
    """What a carrier offers.

    Args:
        places: whole free slots.
        free_bytes: free bytes in all, at sweep time.
    """

    places: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How a floor is dealt.

    Args:
        groups: source symbols of each group, K.
        shards: for each carrier, shards of each group on it.
        threshold: carriers needed to open.
        odds: upper bound of losing anything at the promised damage.
    """

    groups: tuple[int, ...]
    shards: tuple[int, ...]
    threshold: int
    odds: float

    @property
    def slots(self) -> tuple[int, ...]:
        """Slots written on each carrier."""
        return tuple(n * len(self.groups) for n in self.shards)


@dataclass(frozen=True, slots=True)
class TooLittle:
    """Why there is no plan: what the smallest sufficient set of carriers offers, and what it would have to."""

    room_bytes: int
    needed_bytes: int


def cut_groups(symbols: int, count: int | None = None) -> tuple[int, ...]:
    """Cut a number of source symbols into groups of nearly equal size, at most 3,200 (section 4).

    Args:
        symbols: in all.
        count: how many groups; where it is not given, the fewest that are 1, 2, 3, 4, 6, 8, 12 and so on. Their number
            is all that one card tells of a floor's size, so it is told to a third or a half.
    """
    if symbols < 1:
        raise ValueError("an archive has at least one symbol and at most 2^20 groups")
    count = bucket(-(-symbols // MAX_SOURCE_SYMBOLS)) if count is None else count
    if not 1 <= count <= MAX_NUMBER:
        raise ValueError("an archive has at least one symbol and at most 2^20 groups")
    return tuple(symbols // count + (1 if g < symbols % count else 0) for g in range(count))


def bucket(fewest: int) -> int:
    """Return the least of 1, 2, 3, 4, 6, 8, 12, 16, 24, ... that is not less than `fewest`."""
    power = 1 << max(0, fewest - 1).bit_length()
    return power * 3 // 4 if power >= 4 and fewest <= power * 3 // 4 else power


def places_hit(room: Room, overwrite: float) -> int:
    """Return d, the places that the promised overwriting may hit (section 7).

    Args:
        room: of the carrier.
        overwrite: fraction of its free bytes, 0 to below 1.
    """
    if overwrite == 0:
        return 0
    damaged = overwrite * room.free_bytes
    return min(room.places, int(-(-damaged // SLOT_BYTES)) + int(-(-damaged // OVERWRITTEN_RUN_BYTES)) + 1)


def make_plan(rooms: Sequence[Room], symbols: int, lose: int, overwrite: float) -> Plan | TooLittle:
    """Find the fewest shards that survive the promised damage with odds of failure of at most 2^-40.

    Args:
        rooms: one for each carrier, in order.
        symbols: source symbols of the archive, at least 1.
        lose: carriers that may be lost, less than len(rooms).
        overwrite: fraction of each other carrier's free bytes that may be overwritten, 0 to below 1.
    """
    groups = cut_groups(symbols)
    most = max(room.places for room in rooms) // len(groups)
    if most == 0 or _odds(rooms, groups, most, lose, overwrite) > PROMISED_ODDS:
        return _too_little(rooms, groups, lose, overwrite)
    level = _smallest(rooms, groups, 1, most, lose, overwrite)
    shards = _dealt(rooms, len(groups), level)
    return Plan(groups, shards, len(rooms) - lose, _odds(rooms, groups, level, lose, overwrite))


def largest_overwrite(rooms: Sequence[Room], symbols: int, lose: int) -> int | None:
    """Return the largest whole percentage of overwriting for which there is a plan, or None if not even 0 fits."""
    for percent in range(95, -1, -1):
        most = max(room.places for room in rooms) // len(cut_groups(symbols))
        if most and _odds(rooms, cut_groups(symbols), most, lose, percent / 100) <= PROMISED_ODDS:
            return percent
    return None


def deal(plan: Plan, carrier: int, random: Random) -> NDArray[np.int64]:
    """Draw which group stands at each of one carrier's places (card-carrier.md, section 3).

    Args:
        plan: of the floor.
        carrier: index of the carrier in the plan, from 0.
        random: source of chance.

    Returns:
        group of each slot, shape (slots,), in uniformly random order.
    """
    return shuffled(np.repeat(np.arange(len(plan.groups), dtype=np.int64), plan.shards[carrier]), random)


def _dealt(rooms: Sequence[Room], groups: int, level: int) -> tuple[int, ...]:
    return tuple(min(level, room.places // groups) for room in rooms)


def _odds(rooms: Sequence[Room], groups: Sequence[int], level: int, lose: int, overwrite: float) -> float:
    shards = _dealt(rooms, len(groups), level)
    # The worst loss takes the carriers with most shards; of equals it does not matter which.
    left = sorted(range(len(rooms)), key=lambda c: shards[c])[: len(rooms) - lose]
    spreads: list[Spread] = []
    share_lost = 0.0
    for c in left:
        hit = places_hit(rooms[c], overwrite)
        if shards[c] == 0:
            return 1.0  # a carrier without a shard holds no share of the content key
        spreads.append(survivors(rooms[c].places, hit, shards[c]))
        share_lost += all_lost(rooms[c].places, hit, shards[c] * len(groups))
    return min(1.0, len(groups) * group_failure(max(groups), spreads) + share_lost)


def _smallest(rooms: Sequence[Room], groups: Sequence[int], low: int, high: int, lose: int, overwrite: float) -> int:
    while low < high:
        middle = (low + high) // 2
        if _odds(rooms, groups, middle, lose, overwrite) <= PROMISED_ODDS:
            high = middle
        else:
            low = middle + 1
    return low


def _too_little(rooms: Sequence[Room], groups: Sequence[int], lose: int, overwrite: float) -> TooLittle:
    kept = sorted(room.places for room in rooms)[: len(rooms) - lose]
    # The same carriers with endless room: the damage stays in proportion, only the count of shards grows.
    endless = max(64, 4 * max(groups) * len(groups))
    while True:
        wide = [Room(endless, endless * SLOT_BYTES)] * len(rooms)
        most = endless // len(groups)
        if _odds(wide, groups, most, lose, overwrite) <= PROMISED_ODDS:
            break
        endless *= 2
    level = _smallest(wide, groups, 1, most, lose, overwrite)
    room = sum(kept) * SLOT_BYTES
    return TooLittle(room, max(level * len(groups) * len(kept) * SLOT_BYTES, room + SLOT_BYTES))
