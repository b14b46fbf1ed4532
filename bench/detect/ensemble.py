"""Fisher's linear discriminants on random parts of the features, and a vote among them.

Source: Kodovsky, Fridrich, Holub, "Ensemble Classifiers for Steganalysis of Digital Media", IEEE TIFS 7(2), 2012; its
search for the best size of a part is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
_LEARNERS, _PART = 41, 250


def trained_scores(cover: Rows, stego: Rows, seen: Rows, seed: int) -> NDArray[np.float64]:
    """Train on pairs and return the share of votes for "stego" of each row that is seen."""
    chance = np.random.default_rng(seed)
    spread = np.concatenate([cover, stego]).std(axis=0)
    used = np.flatnonzero(spread > 1e-9)
    votes = np.zeros(len(seen))
    for _ in range(_LEARNERS):
        part = used[chance.choice(len(used), min(_PART, len(used)), replace=False)]
        drawn = chance.integers(0, len(cover), len(cover))
        a, b = (rows[np.ix_(drawn, part)] / spread[part] for rows in (cover, stego))
        within = (np.cov(a, rowvar=False) + np.cov(b, rowvar=False)).astype(np.float64)
        # The ridge is a hundredth of the mean variance: pairs are few, but what differs within a pair is small.
        within += np.eye(len(part)) * 0.01 * np.trace(within) / len(part)
        direction = np.linalg.solve(within, (b.mean(axis=0) - a.mean(axis=0)).astype(np.float64))
        middle = (a.mean(axis=0) + b.mean(axis=0)) @ direction / 2
        votes += (seen[:, part] / spread[part]) @ direction > middle
    return votes / _LEARNERS
