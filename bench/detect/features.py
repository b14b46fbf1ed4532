"""What a detector counts in a tile of 512 x 512 pixels: DCTR, GFR, and coefficients among themselves, calibrated.

Sources: Holub, Fridrich, "Low-Complexity Features for JPEG Steganalysis Using Undecimated DCT", IEEE TIFS 10(2), 2015
(DCTR, whole: 64 modes, 25 places, 8,000 numbers); Song, Liu, Yang, Luo, Zhang, "Steganalysis of Adaptive JPEG
Steganography Using 2D Gabor Filters", IH&MMSec 2015 (GFR, here with 16 directions in place of 32); Kodovsky, Fridrich,
"Steganalysis of JPEG Images Using Rich Models", SPIE 2012 (JRM; here pairs of single modes, and calibration by four
pixels: not all of it). The steps of the first two follow the mean of the quantisation table, as they do with quality.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
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


@dataclass(frozen=True)
class _Filters:
    """All windows' weights, by their parity under the two mirrors: a quarter of a window says the whole of it."""

    quarters: list[NDArray[np.float32]]  # (even, even), (even, odd), (odd, even), (odd, odd) down and across
    made_of: NDArray[np.int64]  # the one or two rows of the quarters' results that a response is the sum of
    signs: NDArray[np.float32]  # of the second
    scale: NDArray[np.float32]  # relative steps
    places: NDArray[np.int64]  # what counts where, for each place of the grid
    counted: int


def _filters() -> _Filters:
    a, b = np.divmod(np.arange(64), 8)
    folded = np.minimum(a, 8 - a) * 5 + np.minimum(b, 8 - b)
    turned = np.minimum(8 * a + b, 8 * (-a % 8) + (-b % 8))
    mirrored = np.minimum(8 * (-a % 8) + b, 8 * a + (-b % 8))
    quarters: list[list[NDArray[np.float64]]] = [[], [], [], []]
    made, signs, scale, places, counted = [], [], [], [], 0

    def held(weight: NDArray[np.float64], parity: int) -> tuple[int, int] | None:
        if np.abs(weight).max() < 1e-9:
            return None
        quarters[parity].append(weight[4:, 4:])
        return parity, len(quarters[parity]) - 1

    for k in range(64):
        made.append([held(np.outer(BASIS[k // 8], BASIS[k % 8]), 2 * (k // 8 % 2) + k % 2)])
        signs.append(1)
        scale.append(8.0)
        places.append(counted + folded)
        counted += 25
    for number, sigma in enumerate((0.5, 0.75, 1.0, 1.25)):
        for phase, parities in ((0.0, (0, 3)), (np.pi / 2, (2, 1))):
            for half in range(_DIRECTIONS // 2 + 1):
                weight = _gabor(sigma, half, phase)
                sides = weight + weight[:, ::-1], weight - weight[:, ::-1]
                parts = [held(side / 2, parity) for side, parity in zip(sides, parities, strict=True)]
                # A mirror turns one direction into its other half, and the grid with it.
                for sign, place in ((1, turned), (-1, mirrored))[: 2 if 0 < half < _DIRECTIONS // 2 else 1]:
                    made.append(parts)
                    signs.append(sign)
                    scale.append(4.0 * (number + 1))
                    places.append(counted + place)
                counted += 64
    first = np.cumsum([0] + [len(quarter) for quarter in quarters])
    rows = [[first[part[0]] + part[1] for part in parts if part] for parts in made]
    used, numbers = np.unique(np.array(places), return_inverse=True)
    return _Filters(
        [np.array(quarter, np.float32).reshape(-1, 16) for quarter in quarters],
        np.array([(row[0], row[1] if len(row) > 1 else -1) for row in rows], np.int64),
        np.array(signs, np.float32),
        np.array(scale, np.float32),
        numbers.reshape(-1, 64),
        len(used),
    )


_FILTERS = _filters()


@njit(cache=True)
def _count(  # type: ignore[no-untyped-def]
    results, made_of, signs, inverse, places, first_row, wide, counts
):
    room = 16
    while room < wide:
        room *= 2
    said = np.zeros(room, np.int32)  # of each window: a one in the six bits of its level
    six, half, most = np.int32(6), np.float32(0.5), np.float32(4)
    for number in range(len(made_of)):
        scale, sign = inverse[number], signs[number]
        first, second = made_of[number]
        for row in range(results.shape[1] // wide):
            one = results[first, row * wide : (row + 1) * wide]
            if second < 0:
                for x in range(wide):
                    said[x] = np.int32(1) << (np.int32(min(abs(one[x]) * scale + half, most)) * six)
            else:
                other = results[second, row * wide : (row + 1) * wide]
                for x in range(wide):
                    seen = np.int32(min(abs(one[x] + sign * other[x]) * scale + half, most))
                    said[x] = np.int32(1) << (seen * six)
            size = room // 2
            while size >= 16:  # halves upon each other: at most 32 in six bits, of a strip no wider than 519 pixels
                for x in range(size):
                    said[x] += said[x + size]
                size //= 2
            grid = ((first_row + row) & 7) * 8
            for residue in range(min(8, wide)):
                mine = counts[places[number, grid + residue]]
                for level in range(5):
                    bits = six * level
                    mine[level] += ((said[residue] >> bits) & 63) + ((said[residue + 8] >> bits) & 63)


def _quarters(strip: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each window's quarters, as they are when it is folded along both middles; (parity, 16, windows)."""
    high, wide = strip.shape[0] - 7, strip.shape[1] - 7
    across = np.empty((2, 4, strip.shape[0], wide), np.float32)
    for i in range(4):
        right, left = strip[:, 4 + i : 4 + i + wide], strip[:, 3 - i : 3 - i + wide]
        across[0, i], across[1, i] = right + left, right - left
    both = np.empty((2, 2, 4, 4, high, wide), np.float32)
    for j in range(4):
        below, above = across[:, :, 4 + j : 4 + j + high], across[:, :, 3 - j : 3 - j + high]
        np.add(below, above, out=both[0, :, j])
        np.subtract(below, above, out=both[1, :, j])
    return both.reshape(4, 16, high * wide)


def undecimated(pixels: NDArray[np.float32], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the histograms of DCTR and GFR, by place in the blocks' grid."""
    step = _FILTERS.scale * steps.mean(dtype=np.float32) / _TYPICAL_MEAN
    counts = np.zeros((_FILTERS.counted, _MOST + 1), np.int64)
    inverse = (1 / np.maximum(step, 0.05)).astype(np.float32)
    firsts = np.cumsum([0] + [len(quarter) for quarter in _FILTERS.quarters])[:4]
    here = np.empty((sum(map(len, _FILTERS.quarters)), _STRIP * (pixels.shape[1] - 7)), np.float32)
    made_of, signs, places = _FILTERS.made_of, _FILTERS.signs, _FILTERS.places
    for row in range(0, pixels.shape[0] - 7, _STRIP):
        strip = pixels[row : row + _STRIP + 7]
        results = here[:, : (len(strip) - 7) * (strip.shape[1] - 7)]
        for weights, first, quarters in zip(_FILTERS.quarters, firsts, _quarters(strip), strict=True):
            np.matmul(weights, quarters, out=results[first : first + len(weights)])
        _count(results, made_of, signs, inverse, places, row, strip.shape[1] - 7, counts)
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
