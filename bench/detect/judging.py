"""Trains on half of the photographs, looks at the others, and prints errors with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detect.ensemble import trained_scores

Rows = NDArray[np.float32]
_SPLITS, _BAG, _BAGS, _DRAWS = 10, 50, 400, 2_000


def _files(store: Path) -> list[Path]:
    return sorted(path for path in store.glob("*.npz") if not path.name.endswith(".part.npz"))


def _load(store: Path, camera: str, method: str) -> tuple[Rows, Rows, NDArray[np.int64], list[NDArray[np.float64]]]:
    """Return pairs of rows (cover, method), the photograph of each, and payload and changes of the photographs."""
    covers, others, groups, facts = [], [], [], []
    for number, path in enumerate(_files(store)):
        with np.load(path) as kept:
            if method not in kept or camera not in str(kept["camera"]):
                continue
            other = kept[method]
            covers.append(kept["cover"][: len(other)])
            others.append(other)
            groups += [number] * len(other)
            facts.append(kept["bits " + method])
    if not covers:
        return np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32), np.zeros(0, np.int64), []
    return np.concatenate(covers), np.concatenate(others), np.array(groups), facts


def judge(store: Path, camera: str) -> None:
    """Print a line a method: photographs, tiles, payload, error of one tile and of bags of 50, with intervals."""
    names = {name for path in _files(store) for name in np.load(path).files}
    for method in sorted(name for name in names if "bits " + name in names):
        cover, stego, groups, facts = _load(store, camera, method)
        if len(np.unique(groups)) < 8:
            continue
        payload, changed = np.mean(facts, axis=0)
        single, low, high, pooled = _errors(cover, stego, groups)
        middle, few, many = np.mean(pooled), *np.percentile(pooled, [5, 95])
        print(
            f"{method}: {len(facts)} photographs, {len(groups)} pairs of tiles, {payload:.4f} bits and {changed:.5f} "
            f"changes a non-zero AC; single {single:.3f} [{low:.3f}, {high:.3f}], "
            f"pooled over {_BAG} {middle:.3f} [{few:.3f}, {many:.3f}]",
            flush=True,
        )


def _errors(cover: Rows, stego: Rows, groups: NDArray[np.int64]) -> tuple[float, float, float, Sequence[float]]:
    """Return the error of one tile with its 95 % interval (photographs drawn anew), and the pooled error of each split.

    Half of what is seen at test is of each class. The threshold of a bag is the middle of both classes' means in the
    test half, which the detector cannot know: to its advantage.
    """
    photographs = np.unique(groups)
    wrong, seen, pooled = np.zeros(len(groups)), np.zeros(len(groups)), []
    for split in range(_SPLITS):
        chance = np.random.default_rng(split)
        train = np.isin(groups, chance.permutation(photographs)[: len(photographs) // 2])
        tested = np.concatenate([cover[~train], stego[~train]])
        plain, carrying = np.split(trained_scores(cover[train], stego[train], tested, split), 2)
        # Half of the votes is a tie of nothing: either answer is as good.
        missed = ((plain > 0.5) + 0.5 * (plain == 0.5) + (carrying < 0.5) + 0.5 * (carrying == 0.5)) / 2
        wrong[~train] += missed
        seen[~train] += 1
        bags = chance.integers(0, len(plain), (2, _BAGS, _BAG))
        middle = (plain.mean() + carrying.mean()) / 2
        alarms, misses = plain[bags[0]].mean(axis=1) > middle, carrying[bags[1]].mean(axis=1) <= middle
        pooled.append(float((alarms.mean() + misses.mean()) / 2))
    each = [(wrong[groups == one].sum(), seen[groups == one].sum()) for one in photographs]
    table = np.array([pair for pair in each if pair[1]])
    drawn = np.random.default_rng(0).integers(0, len(table), (_DRAWS, len(table)))
    sums = table[drawn].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(wrong.sum() / seen.sum()), float(low), float(high), pooled
