"""Trains on half of the photographs, looks at the others, and prints errors with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detect.ensemble import Columns, trained_scores
from detect.ridge import likenesses, ridge_scores

_SPLITS, _BAG, _BAGS, _DRAWS = 10, 50, 200, 200
# The features of each detector, from and to; the last has them all. Their sizes are those of `features`.
DETECTORS = {"DCTR": (0, 8_000), "GFR": (8_000, 20_240), "pairs": (20_240, None), "all": (0, None)}
_WITH_RIDGE = ("pairs", "all")
Votes = tuple[NDArray[np.bool_], NDArray[np.float64]]  # of a split: which pairs were trained on, the others' votes


def _files(store: Path) -> list[Path]:
    return sorted(path for path in store.glob("*.npz") if not path.name.endswith(".part.npz"))


def _load(
    store: Path, camera: str, method: str, tiles: int
) -> tuple[Columns, Columns, NDArray[np.int64], list[NDArray[np.float64]]]:
    """Return pairs (cover, method), the photograph of each pair, and payload and changes of the photographs."""
    covers, others, groups, facts = [], [], [], []
    for number, path in enumerate(_files(store)):
        with np.load(path) as kept:
            if method not in kept or camera not in str(kept["camera"]):
                continue
            other = kept[method][:tiles]
            covers.append(kept["cover"][: len(other)])
            others.append(other)
            groups += [number] * len(other)
            facts.append(kept["bits " + method])
    if not covers:
        return np.zeros((1, 0), np.float32), np.zeros((1, 0), np.float32), np.zeros(0, np.int64), []
    cover, other = (np.ascontiguousarray(np.concatenate(rows).T) for rows in (covers, others))
    return cover, other, np.array(groups), facts


def judge(store: Path, camera: str, tiles: int, wanted: str, detector: str) -> None:
    """Print a line a method and detector: photographs, tiles, errors of one tile and of bags of 50, with intervals."""
    names = {name for path in _files(store) for name in np.load(path).files}
    for method in sorted(name for name in names if "bits " + name in names and wanted in name):
        cover, stego, groups, facts = _load(store, camera, method, tiles)
        if len(np.unique(groups)) < 8:
            continue
        payload, changed = np.mean(facts, axis=0)
        print(
            f"{method}: {len(facts)} photographs, {len(groups)} pairs of tiles, {payload:.4f} bits and {changed:.5f} "
            "changes a non-zero AC",
            flush=True,
        )
        for name, votes in _votes(cover, stego, groups, detector):
            single, pooled = errors_of(votes, groups)
            print(
                f"  {name}: single {single[0]:.3f} [{single[1]:.3f}, {single[2]:.3f}], "
                f"pooled over {_BAG} {pooled[0]:.3f} [{pooled[1]:.3f}, {pooled[2]:.3f}]",
                flush=True,
            )


def _votes(
    cover: Columns, stego: Columns, groups: NDArray[np.int64], detector: str
) -> Iterator[tuple[str, list[Votes]]]:
    """Say what each detector says in each split: the ensemble of each set of features, the ridge of the two best."""
    photographs = np.unique(groups)
    halves = [np.random.default_rng(split).permutation(photographs) for split in range(_SPLITS)]
    trains = [np.isin(groups, half[: len(half) // 2]) for half in halves]
    for name, (first, end) in DETECTORS.items():
        a, b = cover[first:end], stego[first:end]
        if detector in name:
            yield name, [(train, trained_scores(a, b, train, split)) for split, train in enumerate(trains)]
        if name in _WITH_RIDGE and detector in name + ", ridge":
            products = likenesses(a, b)
            yield name + ", ridge", [(train, ridge_scores(products, groups, train)) for train in trains]


Interval = tuple[float, float, float]


def errors_of(votes: list[Votes], groups: NDArray[np.int64]) -> tuple[Interval, Interval]:
    """Return the error of one tile and that of a bag of fifty, each with its 95 % interval.

    Half of what is seen is of each class, and the intervals are of the photographs drawn anew (with the detectors as
    they were trained). The threshold of a bag is the middle of both classes' means in the test half, which a detector
    cannot know: to its advantage.
    """
    photographs, number = np.unique(groups, return_inverse=True)
    chance = np.random.default_rng(0)
    drawn = chance.integers(0, len(photographs), (_DRAWS, len(photographs)))
    counts = [np.bincount(one, minlength=len(photographs)) for one in (np.arange(len(photographs)), *drawn)]
    found = [_weighted(votes, count[number].astype(float), chance) for count in counts]
    single, pooled = np.array(found).T
    return tuple(  # type: ignore[return-value]
        (float(error[0]), *(float(x) for x in np.percentile(error[1:], [2.5, 97.5]))) for error in (single, pooled)
    )


def _weighted(votes: list[Votes], weight: NDArray[np.float64], chance: np.random.Generator) -> tuple[float, float]:
    """Return both errors, of pairs of tiles that count as often as their weight says."""
    wrong = seen = 0.0
    pooled = []
    for train, (plain, carrying) in votes:
        of = weight[~train]
        if not of.sum():
            continue
        # Half of the votes is a tie of nothing: either answer is as good.
        missed = ((plain > 0.5) + 0.5 * (plain == 0.5) + (carrying < 0.5) + 0.5 * (carrying == 0.5)) / 2
        wrong += float(missed @ of)
        seen += float(of.sum())
        there = np.repeat(np.arange(len(of)), of.astype(int))
        bags = there[chance.integers(0, len(there), (2, _BAGS, _BAG))]
        middle = float((plain @ of + carrying @ of) / of.sum() / 2)
        alarms, misses = plain[bags[0]].mean(axis=1) > middle, carrying[bags[1]].mean(axis=1) <= middle
        pooled.append(float(alarms.mean() + misses.mean()) / 2)
    return wrong / seen, float(np.mean(pooled))
