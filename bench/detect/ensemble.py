"""Fisher's linear discriminants on random parts of the features, and a vote among them.

Source: Kodovsky, Fridrich, Holub, "Ensemble Classifiers for Steganalysis of Digital Media", IEEE TIFS 7(2), 2012.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
_LEARNERS, _PART = 61, 250


def trained_scores(cover: Rows, stego: Rows, seen: Rows, seed: int) -> NDArray[np.float64]:
    """Train on pairs and return the share of votes for "stego" of each row that is seen."""
    chance = np.random.default_rng(seed)
    spread = np.concatenate([cover, stego]).std(axis=0)
    used = np.flatnonzero(spread > 1e-9)
    cover, stego, seen = (rows[:, used] / spread[used] for rows in (cover, stego, seen))
    votes = np.zeros(len(seen))
    for _ in range(_LEARNERS):
        part = chance.choice(len(used), min(_PART, len(used)), replace=False)
        drawn = chance.integers(0, len(cover), len(cover))
        a, b = cover[drawn][:, part].astype(np.float64), stego[drawn][:, part].astype(np.float64)
        within = np.cov(a, rowvar=False) + np.cov(b, rowvar=False)
        # The ridge is a tenth of the mean variance: fewer pairs than features.
        within += np.eye(len(part)) * 0.1 * np.trace(within) / len(part)
        direction = np.linalg.solve(within, b.mean(axis=0) - a.mean(axis=0))
        middle = (a.mean(axis=0) + b.mean(axis=0)) @ direction / 2
        votes += seen[:, part] @ direction > middle
    return votes / _LEARNERS


def error(cover: NDArray[np.float64], stego: NDArray[np.float64]) -> float:
    """Return the mean of false alarms and misses at half of the votes."""
    return float((np.mean(cover > 0.5) + np.mean(stego <= 0.5)) / 2)
