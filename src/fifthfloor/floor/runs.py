"""How many runs of 1 MiB go where, so that the promised damage loses nothing (spec/floor.md, section 7.1).

A run lives or dies almost as a whole, so the sums of section 7 do not hold for it. What holds whatever the damage looks
like is Hoeffding's first theorem: it costs a fifth more room than single slots, and that is the price of `--quick`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.noise import Random, random_keys
from fifthfloor.floor.odds import PROMISED_ODDS, code_failure
from fifthfloor.floor.plan import Plan, Room, TooLittle, cut_groups, places_hit
from fifthfloor.floor.slot import SLOT_BYTES

RUN_SLOTS = 64
QUICK_RUN_BYTES = RUN_SLOTS * SLOT_BYTES
SPARE_IN_A_GROUP = 8  # K + 8 symbols fail with odds of 100^-9, which is 2^-59


def cut_run_groups(symbols: int) -> tuple[int, ...]:
    """Cut source symbols into groups whose number divides a run, or is a multiple of a run's slots."""
    fewest = len(cut_groups(symbols))
    count = 1 << (fewest - 1).bit_length() if fewest <= RUN_SLOTS else -(-fewest // RUN_SLOTS) * RUN_SLOTS
    return cut_groups(symbols, count)


def cell_runs(groups: int) -> int:
    """Return c: how many neighbouring runs hold every group equally often."""
    return max(1, groups // RUN_SLOTS)


def tail(cells: int, mean: float, share: float) -> float:
    """Bound the odds that the sum of `cells` independent numbers from 0 to 1 reaches `share * cells`.

    Args:
        cells: how many, at least 1.
        mean: of their means, 0 to 1.
        share: up to 1; at or below the mean nothing is promised.

    Source: Hoeffding 1963, theorem 1, inequality (2.1).
    """
    if share <= mean:
        return 1.0
    if mean <= 0:
        return 0.0
    exponent = share * math.log(mean / share)
    if share < 1:
        exponent += (1 - share) * math.log((1 - mean) / (1 - share))
    return math.exp(max(-700.0, cells * exponent))


def make_run_plan(rooms: Sequence[Room], symbols: int, lose: int, overwrite: float) -> Plan | TooLittle:
    """Find the fewest runs that survive the promised damage with odds of failure of at most 2^-40.

    Args:
        rooms: one for each carrier, in order.
        symbols: source symbols of the archive, at least 1.
        lose: carriers that may be lost, less than len(rooms).
        overwrite: fraction of each other carrier's free bytes that may be overwritten, 0 to below 1.

    Counterpart: `floor.plan.make_plan`, for single slots.
    """
    groups = cut_run_groups(symbols)
    found = _fewest(rooms, groups, lose, overwrite)
    if found is None:
        return _too_little(rooms, groups, lose, overwrite)
    runs, odds = found
    return Plan(groups, tuple(n * RUN_SLOTS // len(groups) for n in runs), len(rooms) - lose, odds)


def largest_run_overwrite(rooms: Sequence[Room], symbols: int, lose: int) -> int | None:
    """Return the largest whole percentage of overwriting for which there is a plan, or None if not even 0 fits."""
    groups = cut_run_groups(symbols)
    return next((p for p in range(95, -1, -1) if _fewest(rooms, groups, lose, p / 100) is not None), None)


def deal_runs(plan: Plan, carrier: int, random: Random) -> NDArray[np.int64]:
    """Draw which group stands at each slot of one carrier's runs, in order of the slots.

    Args:
        plan: from `make_run_plan`.
        carrier: index of the carrier in the plan, from 0.
        random: source of chance.

    Returns:
        shape (slots,): within every cell each group equally often, in uniformly random order.
    """
    groups = len(plan.groups)
    width = cell_runs(groups) * RUN_SLOTS
    cells = plan.slots[carrier] // width
    cell = np.repeat(np.arange(groups, dtype=np.int64), width // groups)
    keys = random_keys(cells * width, random).reshape(cells, width)
    return cell[np.argsort(keys, axis=1, kind="stable")].reshape(-1)


def _fewest(
    rooms: Sequence[Room], groups: Sequence[int], lose: int, overwrite: float
) -> tuple[tuple[int, ...], float] | None:
    """Try one cell more on every carrier until the odds are met; more runs make narrower strata, so no bisection."""
    width = cell_runs(len(groups))
    most = [room.places // RUN_SLOTS // width * width for room in rooms]
    if min(most) == 0:
        return None
    kept = len(rooms) - lose
    level = max(1, math.floor(max(groups) * len(groups) / RUN_SLOTS / kept / width)) * width
    while level <= max(most):
        runs = tuple(min(level, m) for m in most)
        odds = run_odds(rooms, runs, groups, lose, overwrite)
        if odds <= PROMISED_ODDS:
            return runs, odds
        level += width
    return None


def run_odds(rooms: Sequence[Room], runs: Sequence[int], groups: Sequence[int], lose: int, overwrite: float) -> float:
    """Bound the odds that anything is lost at the promised damage.

    Args:
        rooms, lose, overwrite: as for `make_run_plan`.
        runs: of each carrier, a multiple of `cell_runs`.
        groups: source symbols of each.
    """
    width, kept = cell_runs(len(groups)), len(rooms) - lose
    each = RUN_SLOTS * width // len(groups)
    hits = [_runs_hit(room, n, overwrite) for room, n in zip(rooms, runs, strict=True)]
    # The worst of the carriers left: the fewest cells, and the most that may be hit; not always the same carriers.
    cells = sum(sorted(runs)[:kept]) // width
    hit = min(float(cells), sum(sorted(hits)[-kept:]) / width)
    shards = cells * each
    surplus = shards - max(groups) - SPARE_IN_A_GROUP
    if surplus < 0:
        return 1.0
    lost = tail(cells, hit / cells, (surplus + 1) / shards) + code_failure(SPARE_IN_A_GROUP)
    shares = math.fsum(sorted(tail(n // width, q / n, 1.0) for n, q in zip(runs, hits, strict=True))[-kept:])
    return min(1.0, len(groups) * lost + shares)


def damage_borne(held: Sequence[NDArray[np.int64]], source: Sequence[int], carriers: Sequence[int], edge: float) -> int:
    """Return the largest percentage of each carrier that may still be hit when shards stand in runs.

    Args:
        held: for each group, how many of its shards each run holds, shape (runs,).
        source: source symbols of each group.
        carriers: runs of each carrier, those that have any.
        edge: how much likelier than its share of the places a run is hit, at least 1 (`Q` of section 7.1).
    """
    for percent in range(95, 0, -1):
        odds = min(1.0, percent / 100 * edge)
        lost = sum(_group_lost(shards, needed, odds) for shards, needed in zip(held, source, strict=True))
        if lost + sum(tail(runs, odds, 1.0) for runs in carriers) <= PROMISED_ODDS:
            return percent
    return 0


def _group_lost(held: NDArray[np.int64], source: int, odds: float) -> float:
    """The sum of section 7.1 for one group; runs that have fewer shards than the fullest are numbers below 1."""
    cells, fullest, shards = int(np.count_nonzero(held)), int(held.max(initial=0)), int(held.sum())
    surplus = shards - source - SPARE_IN_A_GROUP
    if surplus < 0:
        return 1.0
    whole = cells * fullest
    return tail(cells, odds * shards / whole, (surplus + 1) / whole) + code_failure(SPARE_IN_A_GROUP)


def _runs_hit(room: Room, runs: int, overwrite: float) -> float:
    """Return Q: what the promised damage can expect to hit, in runs, wherever it falls."""
    stratum = room.places // runs
    return min(float(runs), places_hit(room, overwrite) / max(RUN_SLOTS, stratum - RUN_SLOTS + 1))


def _too_little(rooms: Sequence[Room], groups: Sequence[int], lose: int, overwrite: float) -> TooLittle:
    kept = len(rooms) - lose
    room = sum(sorted(room.places for room in rooms)[:kept]) * SLOT_BYTES
    # The same number of equal carriers, larger by a fiftieth each time, until there is a plan.
    places = max(RUN_SLOTS, max(groups) * len(groups) // kept, room // kept // SLOT_BYTES)
    while _fewest([Room(places, places * SLOT_BYTES)] * len(rooms), groups, lose, overwrite) is None:
        places += max(1, places // 50)
    return TooLittle(room, max(kept * places * SLOT_BYTES, room + QUICK_RUN_BYTES))
