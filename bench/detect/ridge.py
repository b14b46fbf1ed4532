"""One linear detector on all features at once, for pairs that are few: ridge regression in the space of the tiles.

The weight of the ridge is the one of five that errs least on the training half itself, each fifth of its photographs
judged by the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detect.ensemble import Columns

Matrix = NDArray[np.float64]
_RIDGES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)


def likenesses(cover: Columns, stego: Columns) -> Matrix:
    """Return the products of all tiles with all, covers first; every feature counts as much as any other."""
    both = np.concatenate([cover, stego], axis=1)
    spread = both.std(axis=1, keepdims=True)
    used = spread[:, 0] > 1e-9
    scaled = (both[used] - both[used].mean(axis=1, keepdims=True)) / spread[used]
    return np.asarray(scaled.T @ scaled, np.float64) / len(scaled)


def ridge_scores(products: Matrix, groups: NDArray[np.int64], train: NDArray[np.bool_]) -> Matrix:
    """Train on the pairs that `train` names; say how like "stego" all others are, 0.5 between, (cover, stego)."""
    folds = np.unique(groups[train], return_inverse=True)[1] % 5
    wrong = np.zeros(len(_RIDGES))
    inner = np.flatnonzero(train)
    for fold in range(5):
        for number, ridge in enumerate(_RIDGES):
            plain, carrying = _scores(products, inner[folds != fold], inner[folds == fold], ridge)
            wrong[number] += (plain > 0).sum() + (carrying <= 0).sum()
    best = _RIDGES[int(np.argmin(wrong))]
    return np.asarray(0.5 + np.tanh(_scores(products, inner, np.flatnonzero(~train), best)) / 2)


def _scores(products: Matrix, known: NDArray[np.int64], seen: NDArray[np.int64], ridge: float) -> Matrix:
    half = len(products) // 2
    rows, asked = np.concatenate([known, half + known]), np.concatenate([seen, half + seen])
    wanted = np.repeat([-1.0, 1.0], len(known))
    inside = products[np.ix_(rows, rows)]
    middle = inside.mean(axis=0)
    centred = inside - middle - middle[:, None] + middle.mean()
    weights = np.linalg.solve(centred + ridge * np.trace(centred) / len(rows) * np.eye(len(rows)), wanted)
    weights -= weights.mean()
    found = (products[np.ix_(asked, rows)] - middle) @ weights
    return np.asarray(found.reshape(2, len(seen)))
