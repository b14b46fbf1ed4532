"""Runs of 1 MiB in a card's free space, and the writes they need (spec/card-carrier.md, section 3.3).

The only sweep whose writes depend on what is hidden: how many runs there are says how much it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.free_space import STRETCH_BYTES, Layout
from fifthfloor.floor.noise import Random, random_keys
from fifthfloor.floor.runs import QUICK_RUN_BYTES, RUN_SLOTS
from fifthfloor.floor.slot import SLOT_BYTES

_MORE_NEIGHBOURS = 0.1  # a hundred single slots differ from their share by less, but for one card in some thousands


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
    at_once = STRETCH_BYTES // QUICK_RUN_BYTES
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


def stand_in_runs(device: NDArray[np.int64], offset: NDArray[np.int64]) -> bool:
    """Say whether slots stand in runs, as `draw_runs` puts them, or alone, as a sweep does.

    Args:
        device, offset: where each slot is, shape (n,), by device and then offset.

    Slots drawn one by one have a neighbour as often as places are filled; those of runs nearly always.
    """
    step = np.diff(offset)[np.diff(device) == 0]
    if not len(step):
        return False
    filled = len(step) * SLOT_BYTES / int(step.sum())
    return float(np.mean(step == SLOT_BYTES)) > filled + _MORE_NEIGHBOURS


def run_of_each(device: NDArray[np.int64], offset: NDArray[np.int64], *, touching: bool) -> NDArray[np.int64]:
    """Number the runs that slots belong to, as well as it can be told from where they are.

    Args:
        device, offset: as for `stand_in_runs`.
        touching: a run ends at every gap (right where some of its slots are gone), or only after 64 slots (right where
            visible files lie in it). Whoever promises anything takes the worse of the two.
    """
    gap = np.diff(device, prepend=-1) != 0
    if touching:
        gap |= np.diff(offset, prepend=0) != SLOT_BYTES
    begin = np.maximum.accumulate(np.where(gap, np.arange(len(offset)), 0))
    starts = gap | ((np.arange(len(offset)) - begin) % RUN_SLOTS == 0)
    numbers: NDArray[np.int64] = np.cumsum(starts) - 1
    return numbers
