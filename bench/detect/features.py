"""What a detector counts in a tile of 512 x 512 pixels: DCTR of low modes, and coefficients among themselves.

Sources: Holub, Fridrich, "Low-Complexity Features for JPEG Steganalysis Using Undecimated DCT", IEEE TIFS 10(2), 2015
(DCTR; here the 36 modes with k + l <= 7, in float32); Pevny, Fridrich, "Merging Markov and DCT Features for Multi-Class
JPEG Steganalysis", SPIE 2007 (histograms and co-occurrences; neither GFR nor all of JRM).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d

TILE_BLOCKS = 64
_MOST = 4
_BASIS = np.array(
    [[np.sqrt((1 if k == 0 else 2) / 8) * np.cos(np.pi * k * (2 * n + 1) / 16) for n in range(8)] for k in range(8)],
    np.float32,
)
_ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, (i % 8, i // 8)[(i // 8 + i % 8) % 2 == 1]))


def decoded(blocks: NDArray[np.int16], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the pixels of luma blocks (64, 64, 64 zigzag), not rounded."""
    rows = np.zeros((*blocks.shape[:2], 64), np.float32)
    rows[..., _ZIGZAG] = blocks * steps
    square = rows.reshape(*blocks.shape[:2], 8, 8)
    pixels = np.einsum("ki,yxkl,lj->yixj", _BASIS, square, _BASIS, optimize=True)
    return np.ascontiguousarray(pixels.reshape(8 * blocks.shape[0], 8 * blocks.shape[1]))


def dctr(blocks: NDArray[np.int16], steps: NDArray[np.float32], quality_step: float) -> NDArray[np.float32]:
    """Return histograms of undecimated modes, by place in the block's grid folded to 25."""
    pixels = decoded(blocks, steps)
    fold = np.minimum(np.arange(8), 8 - np.arange(8))
    place = (fold[:, None] * 5 + fold[None, :])[np.ix_(np.arange(504) % 8, np.arange(504) % 8)].reshape(-1) * (
        _MOST + 1
    )
    parts = []
    for k in range(8):
        rows = correlate1d(pixels, _BASIS[k], axis=0, origin=-4)[:504]
        for column in range(8 - k):
            response = np.abs(correlate1d(rows, _BASIS[column], axis=1, origin=-4)[:, :504]) / quality_step
            level = np.minimum(np.rint(response), _MOST).astype(np.int64).reshape(-1)
            parts.append(np.bincount(place + level, minlength=25 * (_MOST + 1)))
    return np.concatenate(parts).astype(np.float32) / np.float32(504)


def among_themselves(blocks: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return histograms of 20 modes, and co-occurrences of neighbours in a block and between blocks."""
    clipped = np.clip(blocks, -5, 5).astype(np.int64) + 5
    parts = [np.bincount(clipped[..., k].reshape(-1), minlength=11) for k in range(1, 21)]
    plane = np.clip(np.abs(blocks), 0, 4).astype(np.int64)
    for k in range(1, 15):
        pairs = [plane[..., k] * 5 + plane[..., k + 1]]
        pairs += [plane[:, :-1, k] * 5 + plane[:, 1:, k], plane[:-1, :, k] * 5 + plane[1:, :, k]]
        parts += [np.bincount(pair.reshape(-1), minlength=25) for pair in pairs]
    return np.concatenate(parts).astype(np.float32) / np.float32(TILE_BLOCKS)
