"""The arithmetic of survival against exact fractions and scipy (spec/floor.md, section 7)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom
from tools.vectors.build import chance

from fifthfloor.floor.odds import (
    PROMISED_ODDS,
    Spread,
    added,
    all_lost,
    code_failure,
    group_failure,
    survivors,
)
from fifthfloor.floor.plan import (
    Plan,
    Room,
    TooLittle,
    cut_groups,
    deal,
    largest_overwrite,
    make_plan,
    places_hit,
)

SLOT, RUN = 16_384, 4 << 20


def exact(places: int, hit: int, shards: int) -> dict[int, Fraction]:
    """Survivors of `shards` random places when `hit` of `places` are lost, by counting."""
    whole = math.comb(places, shards)
    return {
        x: Fraction(math.comb(places - hit, x) * math.comb(hit, shards - x), whole)
        for x in range(max(0, shards - hit), min(shards, places - hit) + 1)
    }


CARD = st.integers(1, 60).flatmap(lambda m: st.tuples(st.just(m), st.integers(0, m + 3), st.integers(0, m)))


@given(CARD)
def test_survivors_are_hypergeometric(card: tuple[int, int, int]) -> None:
    places, hit, shards = card
    spread = survivors(places, hit, shards)
    expected = exact(places, min(hit, places), shards)
    for i, weight in enumerate(spread.weight):
        assert weight == pytest.approx(float(expected[spread.first + i]), rel=1e-9)
    assert set(range(spread.first, spread.first + len(spread.weight))) == set(expected)
    assert all_lost(places, hit, shards) == pytest.approx(float(expected.get(0, Fraction(0))), rel=1e-9)


@pytest.mark.parametrize(("places", "hit", "shards"), [(65_000, 13_255, 1800), (2_000_000, 400_500, 3500), (900, 1, 1)])
def test_large_cards_agree_with_scipy(places: int, hit: int, shards: int) -> None:
    spread = survivors(places, hit, shards)
    x = spread.first + np.arange(len(spread.weight))
    assert np.allclose(spread.weight, hypergeom.pmf(x, places, places - hit, shards), rtol=1e-6, atol=0)
    assert math.fsum(spread.weight) == pytest.approx(1, abs=1e-8)
    # What was dropped is far below the promise, and the sides reach where exactness matters.
    assert hypergeom.pmf(spread.first - 1, places, places - hit, shards) < 1e-39


def test_weights_far_in_the_tail_are_exact() -> None:
    places, hit, shards = 5000, 1000, 700
    spread = survivors(places, hit, shards)
    expected = exact(places, hit, shards)
    for x in (spread.first, spread.first + 1, spread.first + len(spread.weight) - 1):
        assert spread.weight[x - spread.first] == pytest.approx(float(expected[x]), rel=1e-8)
        assert spread.weight[x - spread.first] > 1e-40
    assert float(expected[spread.first - 1]) <= 1e-40


@given(CARD, CARD)
def test_sums_of_two_cards(left: tuple[int, int, int], right: tuple[int, int, int]) -> None:
    total = added(survivors(*left), survivors(*right))
    expected: dict[int, Fraction] = {}
    for a, p in exact(left[0], min(left[1], left[0]), left[2]).items():
        for b, q in exact(right[0], min(right[1], right[0]), right[2]).items():
            expected[a + b] = expected.get(a + b, Fraction(0)) + p * q
    assert total.first == min(expected)
    for i, weight in enumerate(total.weight):
        assert weight == pytest.approx(float(expected[total.first + i]), rel=1e-9)


def section_7(e: int) -> Fraction:
    return Fraction(1) if e < 0 else Fraction(1, 100 ** (e + 1))


@given(st.integers(1, 60), st.lists(CARD, min_size=1, max_size=3))
def test_a_group_is_lost_as_often_as_section_7_says(sources: int, cards: list[tuple[int, int, int]]) -> None:
    total = {0: Fraction(1)}
    for places, hit, shards in cards:
        after: dict[int, Fraction] = {}
        for a, p in total.items():
            for b, q in exact(places, min(hit, places), shards).items():
                after[a + b] = after.get(a + b, Fraction(0)) + p * q
        total = after
    expected = sum((p * section_7(x - sources) for x, p in total.items()), Fraction(0))
    assert group_failure(sources, [survivors(*card) for card in cards]) == pytest.approx(float(expected), rel=1e-8)


def test_the_odds_of_the_code() -> None:
    assert [code_failure(e) for e in (-5, -1, 0, 1, 2)] == [1.0, 1.0, 0.01, pytest.approx(1e-4), pytest.approx(1e-6)]
    assert 0 < code_failure(100) <= code_failure(99)
    assert code_failure(10**6) == code_failure(101) > 0
    assert PROMISED_ODDS == 2**-40
    assert group_failure(3, [Spread(5, np.array([1.0]))]) == pytest.approx(1e-6)


@given(st.integers(1, 3_200 * 40))
def test_groups_are_nearly_equal_and_hold_everything(symbols: int) -> None:
    groups = cut_groups(symbols)
    assert sum(groups) == symbols
    fewest = -(-symbols // 3200)
    lawful = sorted({2**n for n in range(9)} | {3 * 2**n for n in range(8)})
    assert len(groups) == min(count for count in lawful if count >= fewest), "spec/floor.md, section 4"
    assert list(groups) == sorted(groups, reverse=True)
    assert max(groups) - min(groups) <= 1
    assert groups.count(max(groups)) == (symbols % len(groups) or len(groups))


def test_the_worked_example_of_section_7() -> None:
    assert cut_groups(16_530) == (2755,) * 6


@pytest.mark.parametrize("symbols", [0, -1, 3200 * 2**20 + 1])
def test_no_groups_of_nothing_or_of_too_much(symbols: int) -> None:
    with pytest.raises(ValueError, match="at least one symbol"):
        cut_groups(symbols)


@given(st.integers(0, 1 << 40), st.sampled_from([0, 1, 5, 20, 50, 95]))
def test_places_hit_is_section_7(free: int, percent: int) -> None:
    room = Room(free // SLOT, free)
    damaged = Fraction(percent, 100) * free
    d = -(-damaged // SLOT) + -(-damaged // RUN) + 1
    expected = 0 if percent == 0 else min(room.places, d)
    # Double precision may round `p F` across a boundary by one, to the safe side or by less than a slot in 10^12.
    assert abs(places_hit(room, percent / 100) - expected) <= (0 if free < 1 << 30 else 1)


ROOMS = [Room(n, n * SLOT) for n in (400, 400, 400)]


def lost(rooms: list[Room], plan: Plan, lose: int, percent: int) -> float:
    """Section 7 by hand, with scipy's distributions."""
    order = sorted(range(len(rooms)), key=lambda c: plan.shards[c])[: len(rooms) - lose]
    total = np.ones(1)
    share = 0.0
    for c in order:
        hit = places_hit(rooms[c], percent / 100)
        x = np.arange(plan.shards[c] + 1)
        total = np.convolve(total, hypergeom.pmf(x, rooms[c].places, rooms[c].places - hit, plan.shards[c]))
        share += float(hypergeom.pmf(0, rooms[c].places, rooms[c].places - hit, plan.slots[c]))
    failing = np.array([float(section_7(int(x) - max(plan.groups))) for x in range(len(total))])
    return len(plan.groups) * float(np.dot(total, failing)) + share


@pytest.mark.parametrize(
    ("rooms", "symbols", "lose", "percent"),
    [
        (ROOMS, 100, 1, 20),
        (ROOMS, 1, 1, 0),
        (ROOMS, 250, 0, 10),
        (ROOMS, 40, 2, 30),
        ([Room(90, 90 * SLOT), Room(500, 500 * SLOT), Room(3000, 3000 * SLOT)], 120, 1, 20),
        ([Room(60_000, 60_000 * SLOT)] * 3, 16_530, 1, 20),
        ([Room(9000, 9000 * SLOT)], 4000, 0, 20),
    ],
)
def test_plans_are_the_smallest_that_keep_the_promise(rooms: list[Room], symbols: int, lose: int, percent: int) -> None:
    plan = make_plan(rooms, symbols, lose, percent / 100)
    assert isinstance(plan, Plan)
    assert plan.threshold == len(rooms) - lose
    assert plan.groups == cut_groups(symbols)
    assert plan.odds <= PROMISED_ODDS
    assert lost(rooms, plan, lose, percent) == pytest.approx(plan.odds, rel=1e-6)
    level = max(plan.shards)
    assert plan.shards == tuple(min(level, room.places // len(plan.groups)) for room in rooms)
    fewer = Plan(plan.groups, tuple(min(level - 1, n) for n in plan.shards), plan.threshold, 0.0)
    assert min(fewer.shards) == 0 or lost(rooms, fewer, lose, percent) > PROMISED_ODDS
    assert plan.slots == tuple(n * len(plan.groups) for n in plan.shards)


@settings(max_examples=25)
@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=4),
    st.integers(1, 400),
    st.integers(0, 3),
    st.sampled_from([0, 20, 50]),
)
def test_a_plan_keeps_the_promise_or_says_how_much_is_missing(
    places: list[int], symbols: int, lose: int, percent: int
) -> None:
    rooms = [Room(n, n * SLOT) for n in places]
    lose = min(lose, len(rooms) - 1)
    plan = make_plan(rooms, symbols, lose, percent / 100)
    if isinstance(plan, Plan):
        assert lost(rooms, plan, lose, percent) <= PROMISED_ODDS * 1.000001
        assert all(slots <= room.places for slots, room in zip(plan.slots, rooms, strict=True))
        assert (largest_overwrite(rooms, symbols, lose) or 0) >= percent
    else:
        assert isinstance(plan, TooLittle)
        assert plan.needed_bytes > plan.room_bytes == sum(sorted(places)[: len(places) - lose]) * SLOT
        fits = largest_overwrite(rooms, symbols, lose)
        assert fits is None or fits < percent


def test_the_largest_overwriting_that_fits() -> None:
    fits = largest_overwrite(ROOMS, 200, 1)
    assert fits is not None
    assert isinstance(make_plan(ROOMS, 200, 1, fits / 100), Plan)
    assert isinstance(make_plan(ROOMS, 200, 1, (fits + 1) / 100), TooLittle)
    assert largest_overwrite([Room(3, 3 * SLOT)], 4, 0) is None
    assert largest_overwrite([Room(0, 100)], 4, 0) is None
    # Even a card with room for everything is not promised more than 95 %.
    assert largest_overwrite([Room(10**6, 10**6 * SLOT)], 1, 0) == 95


def test_needed_bytes_would_do() -> None:
    too_little = make_plan(ROOMS, 700, 1, 0.2)
    assert isinstance(too_little, TooLittle)
    assert too_little.room_bytes == 800 * SLOT
    each = -(-too_little.needed_bytes // SLOT // 2)
    assert 1.0 < too_little.needed_bytes / (700 / 0.8 * SLOT) < 1.4
    assert isinstance(make_plan([Room(each + 30, (each + 30) * SLOT)] * 3, 700, 1, 0.2), Plan)


@pytest.mark.parametrize(("symbols", "overwrite"), [(7_000, 0.2), (700, 0.9)])
def test_needed_bytes_of_several_groups_and_of_heavy_damage(symbols: int, overwrite: float) -> None:
    too_little = make_plan(ROOMS, symbols, 1, overwrite)
    assert isinstance(too_little, TooLittle)
    each = too_little.needed_bytes // SLOT // 2
    assert 1.0 < too_little.needed_bytes / (symbols / (1 - overwrite) * SLOT) < 1.4
    rooms = [Room(each * 11 // 10, each * 11 // 10 * SLOT)] * 3
    plan = make_plan(rooms, symbols, 1, overwrite)
    assert isinstance(plan, Plan)
    assert all(slots <= room.places for slots, room in zip(plan.slots, rooms, strict=True))
    # Not told too much either: the fewer places a card has, the less chance there is in what is hit.
    assert isinstance(make_plan([Room(each * 7 // 10, each * 7 // 10 * SLOT)] * 3, symbols, 1, overwrite), TooLittle)


def test_a_small_carrier_is_dealt_whole_rows_of_groups_and_no_more() -> None:
    rooms = [Room(100_000, 100_000 * SLOT), Room(100_000, 100_000 * SLOT), Room(1_000, 1_000 * SLOT)]
    plan = make_plan(rooms, 7_000, 1, 0.2)
    assert isinstance(plan, Plan)
    assert plan.shards[2] == 1_000 // 3
    assert plan.shards[0] == plan.shards[1] > plan.shards[2]


def test_dealing_draws_groups_uniformly() -> None:
    plan = Plan((5, 5, 4), (7, 3), 1, 0.0)
    source = chance("deal")
    seen = np.zeros((3, 21))
    for _ in range(2000):
        groups = deal(plan, 0, source)
        assert np.bincount(groups).tolist() == [7, 7, 7]
        seen[groups, np.arange(21)] += 1
    # 2,000 / 3 of every group at every slot, with a deviation of 21; six of them are 126.
    assert np.abs(seen - 2000 / 3).max() < 126
    assert np.bincount(deal(plan, 1, source)).tolist() == [3, 3, 3]
