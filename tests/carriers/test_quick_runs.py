"""Runs: one in each stratum, anywhere in it, and only their bytes are written."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from tests.tasks.cards_at_hand import KINDS, layout_of

from fifthfloor.carriers.quick_runs import draw_runs, lay_out_runs
from fifthfloor.floor.runs import QUICK_RUN_BYTES

SLOT = 16_384


@pytest.mark.parametrize(("places", "runs"), [(640, 10), (641, 10), (5_000, 7), (64, 1), (130, 2), (500, 0)])
def test_one_run_lies_in_every_stratum(places: int, runs: int) -> None:
    ordered = np.arange(places, dtype=np.int64) * 3 * SLOT
    for seed in range(20):
        chosen = draw_runs(ordered, runs, random.Random(seed).randbytes) // (3 * SLOT)
        assert chosen.shape == (runs, 64)
        for number, run in enumerate(chosen):
            assert run.tolist() == list(range(run[0], run[0] + 64))
            assert number * places // runs <= run[0]
            assert run[-1] < (number + 1) * places // runs


def test_every_place_of_a_stratum_is_as_likely_to_begin_the_run() -> None:
    source = random.Random(1).randbytes
    seen = np.zeros((3, 20), np.int64)
    for _ in range(4_000):
        chosen = draw_runs(np.arange(3 * 83, dtype=np.int64), 3, source)
        seen[np.arange(3), chosen[:, 0] - 83 * np.arange(3)] += 1
    # 200 of each, with a deviation of 14; five of them are 70.
    assert np.abs(seen - 200).max() < 70


def test_more_runs_than_places_are_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="shorter than a run"):
        draw_runs(np.arange(127, dtype=np.int64), 2, random.Random(1).randbytes)


@pytest.mark.parametrize("kind", KINDS)
def test_only_bytes_of_the_runs_are_written_each_once_and_flushed_every_four(kind: str, tmp_path: Path) -> None:
    layout = layout_of(KINDS[kind](tmp_path / "card.img", 3))
    for runs in (1, 4, 9, 30):
        chosen = draw_runs(layout.places, runs, random.Random(runs).randbytes)
        made = lay_out_runs(chosen)
        written = np.concatenate([np.arange(o, o + n, SLOT) for o, n in made.writes.tolist()])
        assert written.tolist() == chosen.reshape(-1).tolist() == made.places.tolist()
        assert made.free_bytes == runs * QUICK_RUN_BYTES
        assert int(made.piece_ends[-1]) == len(made.writes)
        sizes = [int(part[:, 1].sum()) for part in np.split(made.writes, made.piece_ends[:-1])]
        assert sizes == [4 * QUICK_RUN_BYTES] * (runs // 4) + ([runs % 4 * QUICK_RUN_BYTES] if runs % 4 else [])
        # Places that touch are one write.
        assert not np.isin(made.writes[:-1].sum(axis=1), made.writes[1:, 0])[
            ~np.isin(np.arange(1, len(made.writes)), made.piece_ends)
        ].any()
