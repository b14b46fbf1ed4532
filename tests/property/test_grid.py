"""How many capsules the promised damage leaves one of (spec/sealed.md, section 5), judged by scipy and by writing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from fifthfloor.floor.grid import LOST_ODDS, STRIDE_BYTES, Grid
from fifthfloor.floor.slot import SLOT_BYTES

GIB = 1 << 30


@pytest.mark.parametrize(
    ("free", "places", "overwrite", "needed"),
    [(64 * 10**9, 61_035, 0.2, 21), (GIB, 1_024, 0.2, 21), (64 * 10**9, 61_035, 0.5, 61), (GIB, 1_024, 0.0, 1)],
)
def test_the_worked_examples(free: int, places: int, overwrite: float, needed: int) -> None:
    assert Grid(places, free).needed(overwrite) == needed


@settings(max_examples=60, deadline=None)
@given(st.integers(8, 70_000), st.floats(0.01, 0.6))
def test_the_number_is_the_least_that_meets_the_odds(places: int, overwrite: float) -> None:
    grid = Grid(places, places * STRIDE_BYTES)
    needed, hit = grid.needed(overwrite), grid.hit(overwrite)
    if needed is None:
        assert hit == places
        return
    # Draw all n capsules out of the d hit places.
    assert hypergeom.sf(needed - 1, places, hit, needed) <= LOST_ODDS * 1.001
    assert needed == 1 or hypergeom.sf(needed - 2, places, hit, needed - 1) > LOST_ODDS * 0.999


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 0.9), st.integers(1, 40))
def test_no_burst_and_no_files_of_four_mib_touch_more_places(seed: int, overwrite: float, files: int) -> None:
    """Overwriting drawn as the promise names it, on a card without gaps, never reaches beyond d."""
    chance = random.Random(seed)
    size = 256 << 20
    grid = Grid(size // STRIDE_BYTES, size)
    budget = int(overwrite * size)
    count = max(1, min(files, budget // (4 << 20)))
    touched: set[int] = set()
    for number in range(count):
        length = budget // count + (budget % count if number == 0 else 0)
        start = chance.randrange(0, size - length + 1)
        first = -(-(start - SLOT_BYTES + 1) // STRIDE_BYTES)
        touched.update(range(max(0, first), (start + length - 1) // STRIDE_BYTES + 1))
    assert len(touched) <= grid.hit(overwrite)
