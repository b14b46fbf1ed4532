"""Runs of 1 MiB in a card's free space, and the writes they need (spec/card-carrier.md, section 3.3).

The only sweep whose writes depend on what is hidden: how many runs there are says how much it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.free_space import STRETCH_BYTES, Layout
from fifthfloor.floor.noise import Random, random_keys
from fifthfloor.floor.runs import RUN_BYTES, RUN_SLOTS
from fifthfloor.floor.slot import SLOT_BYTES


def draw_runs(places: NDArray[np.int64], runs: int, random: Random) -> NDArray[np.int64]:
    """Choose one run of 64 neighbouring places in each of `runs` equal strata of a card.

    Args:
        places: device offsets of all places, rising; neighbours in this order need not touch.
        runs: how many, at most a 64th of the places.
        random: source of chance.

    Returns:
        device offsets, shape (runs, 64), rising.
    """
    bounds = np.arange(runs + 1, dtype=np.int64) * len(places) // max(1, runs)
    choices = np.diff(bounds) - RUN_SLOTS + 1
    if runs and int(choices.min()) < 1:
        raise ValueError("a stratum is shorter than a run")
    # A 64-bit number modulo a count below 2^28 is uniform but for 2^-36.
    first = bounds[:-1] + (random_keys(runs, random) % choices.astype(np.uint64)).astype(np.int64)
    chosen: NDArray[np.int64] = places[first[:, None] + np.arange(RUN_SLOTS, dtype=np.int64)]
    return chosen


def lay_out_runs(runs: NDArray[np.int64]) -> Layout:
    """Work out the writes and flushes of some runs; places that touch are one write.

    Args:
        runs: from `draw_runs`.

    Counterpart: `carriers.free_space.lay_out`, for all free space.
    """
    at_once = STRETCH_BYTES // RUN_BYTES
    writes, ends = [np.zeros((0, 2), np.int64)], []
    count = 0
    for start in range(0, len(runs), at_once):
        places = runs[start : start + at_once].reshape(-1)
        first = np.flatnonzero(np.diff(places, prepend=places[0] - 2 * SLOT_BYTES) != SLOT_BYTES)
        lengths = np.diff(first, append=len(places)) * SLOT_BYTES
        writes.append(np.stack([places[first], lengths], axis=1))
        count += len(first)
        ends.append(count)
    return Layout(np.concatenate(writes), np.array(ends, np.int64), runs.reshape(-1))
