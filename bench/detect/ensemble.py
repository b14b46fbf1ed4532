"""Fisher's linear discriminants on random parts of the features, and a vote among them.

Source: Kodovsky, Fridrich, Holub, "Ensemble Classifiers for Steganalysis of Digital Media", IEEE TIFS 7(2), 2012; its
search for the best size of a part is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.float32]  # a row a feature, a column a tile: what is taken of them stays together
_LEARNERS, _PART = 41, 250


def trained_scores(cover: Columns, stego: Columns, train: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    """Train on the pairs that `train` names; return the share of votes for "stego" of all others, (cover, stego)."""
    chance = np.random.default_rng(seed)
    pairs = np.flatnonzero(train)
    spread = np.concatenate([cover[:, pairs], stego[:, pairs]], axis=1).std(axis=1)
    used = np.flatnonzero(spread > 1e-9)
    votes = np.zeros((2, np.count_nonzero(~train)))
    for _ in range(_LEARNERS):
        part = used[chance.choice(len(used), min(_PART, len(used)), replace=False)]
        drawn = pairs[chance.integers(0, len(pairs), len(pairs))]
        both = [rows[part] / spread[part, None] for rows in (cover, stego)]
        a, b = both[0][:, drawn], both[1][:, drawn]
        within = (np.cov(a) + np.cov(b)).astype(np.float64)
        # The ridge is a hundredth of the mean variance: pairs are few, but what differs within a pair is small.
        within += np.eye(len(part)) * 0.01 * np.trace(within) / len(part)
        direction = np.linalg.solve(within, (b.mean(axis=1) - a.mean(axis=1)).astype(np.float64))
        middle = direction @ (a.mean(axis=1) + b.mean(axis=1)) / 2
        votes += [direction @ rows[:, ~train] > middle for rows in both]
    return votes / _LEARNERS
