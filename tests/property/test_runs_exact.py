"""The arithmetic of runs against exact distributions and simulated journeys (spec/floor.md, section 7.1)."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom, hypergeom
from tools.vectors.build import chance

from fifthfloor.carriers.quick_runs import draw_runs
from fifthfloor.floor import plan as planning
from fifthfloor.floor.odds import PROMISED_ODDS
from fifthfloor.floor.plan import Plan, Room, TooLittle, places_hit
from fifthfloor.floor.runs import (
    RUN_SLOTS,
    cell_runs,
    cut_run_groups,
    damage_borne,
    deal_runs,
    largest_run_overwrite,
    make_run_plan,
    run_odds,
    tail,
)

SLOT = 16_384
RUN = 4 << 20  # as places_hit counts bursts


def room(places: int) -> Room:
    return Room(places, places * SLOT)


@given(st.integers(1, 200), st.floats(0.001, 0.9), st.floats(0.01, 1.0))
def test_the_bound_is_above_the_binomial_tail(cells: int, mean: float, share: float) -> None:
    needed = math.ceil(share * cells)
    assert tail(cells, mean, share) >= binom.sf(needed - 1, cells, mean) * (1 - 1e-9)


@given(st.integers(1, 60), st.floats(0.05, 0.5))
def test_the_bound_is_not_far_above_it(cells: int, mean: float) -> None:
    # A Chernoff bound overshoots by a factor that grows like a root; 2^6 at these sizes.
    needed = min(cells, math.ceil(cells * (mean + 1) / 2))
    exact = float(binom.sf(needed - 1, cells, mean))
    assert tail(cells, mean, needed / cells) <= 64 * exact


def test_the_ends_of_the_bound() -> None:
    assert tail(10, 0.3, 0.3) == tail(10, 0.3, 0.1) == 1.0
    assert tail(10, 0.0, 0.1) == 0.0
    assert tail(10, 0.3, 1.0) == pytest.approx(0.3**10)


@given(st.lists(st.lists(st.fractions(0, 1, max_denominator=8), min_size=1, max_size=3), min_size=1, max_size=6))
def test_numbers_from_0_to_1_that_are_no_coins_obey_it(cells: list[list[Fraction]]) -> None:
    """Each cell takes one of its values with equal odds; all combinations are counted."""
    sums = [sum(choice) for choice in itertools.product(*cells)]
    mean = float(sum(sum(values) / len(values) for values in cells)) / len(cells)
    for reached in set(sums):
        odds = sum(other >= reached for other in sums) / len(sums)
        assert odds <= tail(len(cells), mean, float(reached) / len(cells)) * (1 + 1e-9)


def lost_exactly(places: int, runs: int, groups: int, hit: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The distribution of lost shards of one group when just these places are hit, by counting every start."""
    width = cell_runs(groups)
    each = RUN_SLOTS * width // groups
    whole = np.ones(1)
    cell = np.ones(1)
    for j in range(runs):
        low, high = j * places // runs, (j + 1) * places // runs
        starts = range(low, high - RUN_SLOTS + 1)
        lost = np.bincount([int(hit[at : at + RUN_SLOTS].sum()) for at in starts], minlength=RUN_SLOTS + 1) / len(
            starts
        )
        cell = np.convolve(cell, lost)
        if (j + 1) % width == 0:
            of_group = np.zeros(each + 1)
            for slots, odds in enumerate(cell):
                if odds:
                    of_group += odds * hypergeom.pmf(np.arange(each + 1), RUN_SLOTS * width, slots, each)
            whole, cell = np.convolve(whole, of_group), np.ones(1)
    return whole


def shapes(places: int, runs: int, hits: int, seed: int) -> dict[str, NDArray[np.bool_]]:
    """Damage of `hits` places, some of it made to meet the runs."""
    source = random.Random(seed)
    found = {name: np.zeros(places, np.bool_) for name in ("burst", "scattered", "middles", "blocks")}
    begin = source.randrange(places - hits + 1)
    found["burst"][begin : begin + hits] = True
    found["scattered"][source.sample(range(places), hits)] = True
    # Of every stratum the middle, where runs lie most often: as if somebody knew how many runs there are.
    middle = sorted(range(places), key=lambda at: abs((at * runs / places) % 1 - 0.5))
    found["middles"][middle[:hits]] = True
    for at in source.sample(range(0, places - 64, 64), -(-hits // 64)):
        found["blocks"][at : at + 64] |= np.arange(64) < hits - found["blocks"].sum()
    return found


@pytest.mark.parametrize(("places", "runs", "groups"), [
    (1_000, 10, 1), (700, 10, 4), (640, 10, 16), (2_000, 9, 64), (1_500, 12, 128), (3_000, 12, 192), (900, 7, 2),
])  # fmt: skip
def test_no_damage_of_any_shape_beats_the_bound(places: int, runs: int, groups: int) -> None:
    width = cell_runs(groups)
    shards = runs * RUN_SLOTS // groups
    seen = 0
    for percent in (5, 20, 60):
        hits = places * percent // 100
        most = min(runs, hits / max(64, places // runs - 63))
        for name, hit in shapes(places, runs, hits, percent).items():
            assert int(hit.sum()) <= hits
            exact = np.cumsum(lost_exactly(places, runs, groups, hit)[::-1])[::-1]
            for lost in range(1, shards + 1):
                bound = tail(runs // width, most / runs, lost / shards)
                assert exact[lost] <= bound * (1 + 1e-6) + 1e-12, (name, percent, lost)
                seen += 0 < exact[lost] < 1
    assert seen > 30


@given(st.integers(1, 3_200 * 300))
def test_groups_fit_into_runs(symbols: int) -> None:
    groups = cut_run_groups(symbols)
    count = len(groups)
    assert sum(groups) == symbols
    assert max(groups) <= 3200
    assert max(groups) - min(groups) <= 1
    assert 64 % count == 0 or count % 64 == 0
    assert count <= 2 * -(-symbols // 3200) + 63 * (count > 64)
    width = cell_runs(count)
    assert 64 * width % count == 0


def by_hand(rooms: Sequence[Room], runs: Sequence[int], groups: Sequence[int], lose: int, percent: int) -> float:
    """Section 7.1 with logarithms of fractions."""
    g, left = len(groups), len(rooms) - lose
    c = max(1, g // 64)
    m = 64 * c // g
    q_of = []
    for one, n in zip(rooms, runs, strict=True):
        d = min(one.places, places_hit(one, percent / 100))
        q_of.append(min(float(n), d / max(64, one.places // n - 63)))
    n = sum(sorted(runs)[:left]) // c
    q = min(1.0, sum(sorted(q_of)[-left:]) / c / n)
    x = (n * m - max(groups) - 7) / (n * m)

    def h(cells: int, mean: float, share: float) -> float:
        if share <= mean:
            return 1.0
        rest = (1 - mean) / (1 - share) if share < 1 else 1.0
        return float(((mean / share) ** share * rest ** (1 - share)) ** cells)

    shares = sorted(h(n_c // c, q_c / n_c, 1.0) for n_c, q_c in zip(runs, q_of, strict=True))[-left:]
    return g * (h(n, q, x) + 100.0**-9) + sum(shares)


@pytest.mark.parametrize(
    ("places", "symbols", "lose", "percent"),
    [
        ((1_953_125,), 12_321, 0, 20),
        ((200_000, 200_000, 200_000), 12_321, 1, 20),
        ((5_000, 5_000), 800, 0, 10),
        ((5_000, 40_000, 40_000), 800, 1, 30),
        ((3_000,), 300, 0, 0),
        ((4_000_000,), 260_000, 0, 20),
    ],
)
def test_plans_are_the_smallest_that_keep_the_promise(
    places: tuple[int, ...], symbols: int, lose: int, percent: int
) -> None:
    rooms = [room(n) for n in places]
    plan = make_run_plan(rooms, symbols, lose, percent / 100)
    assert isinstance(plan, Plan)
    width = cell_runs(len(plan.groups))
    runs = [slots // 64 for slots in plan.slots]
    assert all(n % width == 0 and n * 64 <= one.places for n, one in zip(runs, rooms, strict=True))
    assert plan.odds <= PROMISED_ODDS
    assert by_hand(rooms, runs, plan.groups, lose, percent) == pytest.approx(plan.odds, rel=1e-6)
    level = max(runs)
    fewer = [min(n, level - width) for n in runs]
    assert min(fewer) == 0 or run_odds(rooms, fewer, plan.groups, lose, percent / 100) > PROMISED_ODDS


def test_the_worked_example_of_section_7_1() -> None:
    plan = make_run_plan([room(1_953_125)], 12_321, 0, 0.2)
    assert isinstance(plan, Plan)
    assert (len(plan.groups), max(plan.groups), plan.slots[0] // 64) == (4, 3081, 317)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=3), st.integers(1, 3_000), st.sampled_from([0, 20, 50]))
def test_a_plan_keeps_the_promise_or_says_how_much_is_missing(places: list[int], symbols: int, percent: int) -> None:
    rooms, lose = [room(n) for n in places], int(len(places) == 3)
    plan = make_run_plan(rooms, symbols, lose, percent / 100)
    fits = largest_run_overwrite(rooms, symbols, lose)
    if isinstance(plan, Plan):
        assert plan.odds <= PROMISED_ODDS
        assert fits is not None
        assert fits >= percent
        return
    left = len(places) - lose
    assert plan.room_bytes == sum(sorted(places)[:left]) * SLOT
    assert plan.needed_bytes > plan.room_bytes
    enough = -(-plan.needed_bytes // left // SLOT)
    assert isinstance(make_run_plan([room(enough)] * len(places), symbols, lose, percent / 100), Plan) or (
        plan.needed_bytes == plan.room_bytes + 64 * SLOT  # unequal cards: the smallest is what is missing
    )
    assert isinstance(make_run_plan([room(100)], 99, 0, 0.2), TooLittle)


def test_dealing_puts_every_group_into_every_cell_equally_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MAX_SOURCE_SYMBOLS", 4)
    source = chance("deal runs")
    for symbols, groups in ((3, 1), (13, 4), (250, 64), (300, 128)):
        plan = make_run_plan([room(60_000)], symbols, 0, 0.2)
        assert isinstance(plan, Plan)
        assert len(plan.groups) == groups
        dealt = deal_runs(plan, 0, source).reshape(-1, 64 * cell_runs(groups))
        for cell in dealt:
            assert np.bincount(cell, minlength=groups).tolist() == [dealt.shape[1] // groups] * groups
        again = deal_runs(plan, 0, source)
        assert groups == 1 or (again != dealt.reshape(-1)).mean() > 0.4


def journey(plan: Plan, places: int, hit: NDArray[np.bool_], source: random.Random) -> bool:
    """Draw runs on a card, damage it, and say whether every group keeps K + 2 shards."""
    index = draw_runs(np.arange(places, dtype=np.int64), plan.slots[0] // 64, source.randbytes).reshape(-1)
    left = deal_runs(plan, 0, source.randbytes)[~hit[index]]
    alive = np.bincount(left, minlength=len(plan.groups))
    return bool((alive >= np.array(plan.groups) + 2).all())


def damaged(shape: str, places: int, hits: int, source: random.Random) -> NDArray[np.bool_]:
    mask = np.zeros(places, np.bool_)
    if shape == "one burst":
        at = source.randrange(places - hits)
        mask[at : at + hits] = True
    elif shape == "scattered places":
        mask[source.sample(range(places), hits)] = True
    else:
        size = RUN // SLOT  # the shortest files, wherever they fall: the worst of the promise
        gaps = sorted(source.randrange(places - hits) for _ in range(hits // size))
        for number, gap in enumerate(gaps):
            mask[gap + number * size : gap + (number + 1) * size] = True
    return mask


@pytest.mark.parametrize("shape", ["one burst", "camera files", "scattered places"])
def test_simulated_journeys_at_the_promised_damage(shape: str) -> None:
    places = 262_144  # 4 GiB
    plan = make_run_plan([room(places)], 12_321, 0, 0.2)
    assert isinstance(plan, Plan)
    source = random.Random(5)
    hits = places_hit(room(places), 0.2)
    assert all(journey(plan, places, damaged(shape, places, hits, source), source) for _ in range(100))
    far = int(hits * 2.2)
    assert not any(journey(plan, places, damaged(shape, places, far, source), source) for _ in range(10))


@pytest.mark.parametrize(("symbols", "gigabytes"), [(12_321, 32), (4_000, 4), (2_000, 64)])
def test_health_says_of_runs_that_are_all_there_what_was_planned(symbols: int, gigabytes: int) -> None:
    places = gigabytes * 10**9 // SLOT
    plan = make_run_plan([Room(places, places * SLOT)], symbols, 0, 0.2)
    assert isinstance(plan, Plan)
    runs = plan.slots[0] // 64
    held = np.full(runs, 64 // len(plan.groups))
    stratum = places / runs
    borne = damage_borne([held] * len(plan.groups), plan.groups, [runs], stratum / (stratum - 63))
    assert 19 <= borne <= 20
    held[: runs // 10] = 0
    assert damage_borne([held] * len(plan.groups), plan.groups, [runs], 1.0) < borne
