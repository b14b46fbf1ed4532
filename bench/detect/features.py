"""What a detector counts in a tile of 512 x 512 pixels: DCTR, GFR, and coefficients among themselves, calibrated.

Sources: Holub, Fridrich, "Low-Complexity Features for JPEG Steganalysis Using Undecimated DCT", IEEE TIFS 10(2), 2015
(DCTR, whole: 64 modes, 25 places, 8,000 numbers); Song, Liu, Yang, Luo, Zhang, "Steganalysis of Adaptive JPEG
Steganography Using 2D Gabor Filters", IH&MMSec 2015 (GFR, here with 16 directions in place of 32); Kodovsky, Fridrich,
"Steganalysis of JPEG Images Using Rich Models", SPIE 2012 (JRM; here pairs of single modes, and calibration by four
pixels: not all of it). The steps of the first two follow the mean of the quantisation table, as they do with quality.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

TILE_BLOCKS = 64
_MOST = 4
_STRIP = 16  # rows of windows at a time: what they give stays in the cache
_TYPICAL_MEAN = 57.625  # of the luma table of T.81 annex K
BASIS = np.array(
    [[np.sqrt((1 if k == 0 else 2) / 8) * np.cos(np.pi * k * (2 * n + 1) / 16) for n in range(8)] for k in range(8)],
    np.float32,
)
ZIGZAG = sorted(range(64), key=lambda i: (i // 8 + i % 8, (i % 8, i // 8)[(i // 8 + i % 8) % 2 == 1]))
_DIRECTIONS = 16


def decoded(blocks: NDArray[np.int16], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the pixels of luma blocks (high, wide, 64 zigzag), not rounded."""
    rows = np.zeros((*blocks.shape[:2], 64), np.float32)
    rows[..., ZIGZAG] = blocks * steps
    square = rows.reshape(*blocks.shape[:2], 8, 8)
    pixels = np.einsum("ki,yxkl,lj->yixj", BASIS, square, BASIS, optimize=True)
    return np.ascontiguousarray(pixels.reshape(8 * blocks.shape[0], 8 * blocks.shape[1]))


def coded(pixels: NDArray[np.float32], steps: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return pixels as luma blocks; the counterpart of `decoded`."""
    high, wide = pixels.shape[0] // 8, pixels.shape[1] // 8
    square = pixels[: 8 * high, : 8 * wide].reshape(high, 8, wide, 8)
    rows = np.einsum("ki,yixj,lj->yxkl", BASIS, square, BASIS, optimize=True).reshape(high, wide, 64)
    found: NDArray[np.int16] = np.rint(rows[..., ZIGZAG] / steps).astype(np.int16)
    return found


def _gabor(sigma: float, direction: int, phase: float) -> NDArray[np.float64]:
    y, x = np.mgrid[0:8, 0:8] - 3.5
    theta = np.pi * direction / _DIRECTIONS
    along, across = x * np.cos(theta) + y * np.sin(theta), -x * np.sin(theta) + y * np.cos(theta)
    wave = np.exp(-(along**2 + 0.25 * across**2) / (2 * sigma**2)) * np.cos(2 * np.pi * along * 0.56 / sigma + phase)
    return np.asarray(wave - wave.mean())


def _filters() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64], int]:
    """Return all windows' weights, their relative steps, what counts where for each place of the grid, and how many."""
    a, b = np.divmod(np.arange(64), 8)
    folded = np.minimum(a, 8 - a) * 5 + np.minimum(b, 8 - b)
    turned = np.minimum(8 * a + b, 8 * (-a % 8) + (-b % 8))
    mirrored = np.minimum(8 * (-a % 8) + b, 8 * a + (-b % 8))
    weights, scale, places, counted = [], [], [], 0
    for k in range(64):
        weights.append(np.outer(BASIS[k // 8], BASIS[k % 8]))
        scale.append(8.0)
        places.append(counted + folded)
        counted += 25
    for number, sigma in enumerate((0.5, 0.75, 1.0, 1.25)):
        for phase in (0.0, np.pi / 2):
            first = counted
            for direction in range(_DIRECTIONS):
                half = min(direction, _DIRECTIONS - direction)
                weights.append(_gabor(sigma, direction, phase).astype(np.float32))
                scale.append(4.0 * (number + 1))
                # A mirror turns one direction into its other half, and the grid with it.
                places.append(first + 64 * half + (turned if direction == half else mirrored))
            counted += 64 * (_DIRECTIONS // 2 + 1)
    stacked = np.array(weights, np.float32).reshape(-1, 64)
    used, numbers = np.unique(np.array(places), return_inverse=True)
    return stacked, np.array(scale, np.float32), numbers.reshape(-1, 64), len(used)


_WEIGHTS, _SCALE, _PLACES, _COUNTED = _filters()


@njit(cache=True)
def _count(  # type: ignore[no-untyped-def]
    responses, inverse, places, first_row, wide, counts
):
    levels = np.zeros(wide, np.uint8)
    for number in range(responses.shape[0]):
        scale = inverse[number]
        for row in range(responses.shape[1] // wide):
            line = responses[number, row * wide : (row + 1) * wide]
            for x in range(wide):
                levels[x] = np.uint8(min(abs(line[x]) * scale + np.float32(0.5), np.float32(4.0)))
            grid = ((first_row + row) & 7) * 8
            for residue in range(min(8, wide)):
                mine = counts[places[number, grid + residue]]
                a = b = c = d = np.int64(0)
                for x in range(residue, wide, 8):  # without an index that depends on what was seen
                    level = levels[x]
                    a += level == 1
                    b += level == 2
                    c += level == 3
                    d += level == 4
                mine[0] += (wide - residue + 7) // 8 - a - b - c - d
                mine[1] += a
                mine[2] += b
                mine[3] += c
                mine[4] += d


def undecimated(pixels: NDArray[np.float32], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the histograms of DCTR and GFR, by place in the blocks' grid."""
    step = _SCALE * steps.mean(dtype=np.float32) / _TYPICAL_MEAN
    counts = np.zeros((_COUNTED, _MOST + 1), np.int64)
    inverse = (1 / np.maximum(step, 0.05)).astype(np.float32)
    for row in range(0, pixels.shape[0] - 7, _STRIP):
        windows = sliding_window_view(pixels[row : row + _STRIP + 7], (8, 8))
        wide = windows.shape[1]
        responses = _WEIGHTS @ windows.reshape(-1, 64).T
        _count(responses, inverse, _PLACES, row, wide, counts)
    return (counts.reshape(-1) / 4096).astype(np.float32)


_NEAR = ((0, 1), (1, 0), (1, 1), (1, -1))
_LOW = [k for k in range(1, 64) if ZIGZAG[k] // 8 + ZIGZAG[k] % 8 <= 6]


def among_themselves(blocks: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return histograms of low modes, and co-occurrences with neighbours in a block and between blocks."""
    natural = np.zeros_like(blocks)
    natural[..., ZIGZAG] = blocks
    clipped = np.clip(natural, -5, 5).astype(np.int64) + 5
    plane = np.clip(np.abs(natural), 0, 4).astype(np.int64)
    parts = []
    for k in (ZIGZAG[k] for k in _LOW):
        parts.append(np.bincount(clipped[..., k].reshape(-1), minlength=11))
        pairs = [plane[:, :-1, k] * 5 + plane[:, 1:, k], plane[:-1, :, k] * 5 + plane[1:, :, k]]
        for down, right in _NEAR:
            if k % 8 + right >= 0:
                pairs.append(plane[..., k] * 5 + plane[..., k + 8 * down + right])
        parts += [np.bincount(pair.reshape(-1), minlength=25) for pair in pairs]
    return np.concatenate(parts).astype(np.float32) / np.float32(TILE_BLOCKS)


def features(blocks: NDArray[np.int16], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return all that is counted in a tile: `undecimated`, and `among_themselves` with its calibrated twin."""
    pixels = decoded(blocks, steps)
    again = coded(pixels[4:-4, 4:-4], steps)
    here, there = among_themselves(blocks), among_themselves(again)
    return np.concatenate([undecimated(pixels, steps), here, here - there])
