"""A copy in the place of each tile of a picture: what it shows there, and what it should show.

Rule: how bright, how contrasted and how noisy the copy is comes from the copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.grey import Reals
from fifthfloor.trace.matching import Placement, PointLayout, placed

# Of 255: a change of mean that no compression makes in a whole tile.
_LEAST_DIFFERENCE = 14.0
# A tile on an edge of the picture may have been taken a little beside its place.
_NEIGHBOURS_SHARE = 0.4
_OF_NOISE = 4.0
# Of the copy's long edge: by so much a layout is wrong, and a tile at the edge is within the copy even so.
_SPARE = 0.004
# Where a picture ends in the copy, it and what stands beside it are soft.
_SOFT_PX = 1.5
_SAMPLES = 4
# A copy's tone curve: greys at which it may bend, and how much it minds bending, for each tile that it is fitted to: at
# first so much that it leaves out what was altered, rather than follow it. Chosen on a half of the photographs
# (docs/performance/trace.md).
_TONES: Reals = np.linspace(0.0, 255.0, 9)
_STIFFNESS = (1.0, 0.1, 0.03, 0.01, 0.003, 0.001, 0.001)
_BENDS: Reals = np.diff(np.eye(9), 2, axis=0)
# Of tones that no tile has, so that all are something.
_LEAST_HELD = 1e-6
# Below so many tiles it cannot be told what is the copy's brightness and what is a change.
LEAST_TILES = 24


@dataclass(frozen=True, slots=True)
class CopyPart:
    """A part of a copy as laid, in its pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class SeenTiles:
    """A copy in each tile's place.

    Args:
        pixels: the copy as laid.
        given: the picture's mean grey, rows and columns.
        seen: the copy's mean there.
        corners: (rows + 1, columns + 1, 2): of the tiles, in the copy's pixels.
    """

    pixels: NDArray[np.uint8]
    given: Reals
    seen: Reals
    corners: Reals

    @property
    def whole(self) -> CopyPart:
        """All of the copy."""
        high, wide = self.pixels.shape
        return CopyPart(0.0, 0.0, wide, high)

    @property
    def middles(self) -> Reals:
        """Where the middle of each tile is."""
        found: Reals = (self.corners[:-1, :-1] + self.corners[1:, 1:]) / 2
        return found

    def within(self, box: CopyPart) -> NDArray[np.bool_]:
        """Say which tiles lie within a part of the copy that ends where the copy does, or where the picture does."""
        high, wide = self.pixels.shape
        spare = _SPARE * max(wide, high)
        least = np.array([edge + _SOFT_PX if edge > 0 else -spare for edge in (box.left, box.top)])
        ends = ((box.right, wide), (box.bottom, high))
        most = np.array([edge - _SOFT_PX if edge < end else end + spare for edge, end in ends])
        there: NDArray[np.bool_] = np.asarray(((self.corners >= least) & (self.corners <= most)).all(2))
        found: NDArray[np.bool_] = there[:-1, :-1] & there[1:, :-1] & there[:-1, 1:] & there[1:, 1:]
        return found


@dataclass(frozen=True, slots=True)
class Expected:
    """What a copy should show in each tile's place, and by how much it must be off to stand out."""

    grey: Reals
    limit: Reals


def seen_tiles(
    tiles: NDArray[np.uint8], frame: tuple[int, int], placement: Placement, searched: Image.Image
) -> SeenTiles:
    """Look at a copy in each tile's place; arguments as `differences` takes them."""
    laid = laid_pixels(np.asarray(searched), placement.way)
    high, wide = tiles.shape
    step = np.sqrt(abs(np.linalg.det(placement.layout[:, :2]))) * frame[0] / wide
    halve = max(1, int(step / _SAMPLES))
    small = np.asarray(Image.fromarray(np.ascontiguousarray(laid)).reduce(halve), np.float64)
    across = np.stack(np.meshgrid(np.arange(wide + 1) / wide, np.arange(high + 1) / high), -1).reshape(-1, 2)
    corners = placed(placement.layout, across * frame).reshape(high + 1, wide + 1, 2)
    seen = _seen(small, halve, (wide, high), frame, placement.layout)
    return SeenTiles(laid, tiles.astype(np.float64), seen, corners)


def laid_pixels(pixels: NDArray[np.uint8], way: int) -> NDArray[np.uint8]:
    """Lay a picture as `Points.laid` lays its points."""
    return np.rot90(pixels[:, ::-1] if way & 1 else pixels, -(way >> 1))


def expected_by(view: SeenTiles, own: NDArray[np.bool_]) -> Expected:
    """Return what a copy should show, if it is as bright as it is in some tiles."""
    curve, noise = brightness(view.given, view.seen, own)
    grey = as_copied(curve, view.given)
    near = range_near(grey)
    if own.any():
        # What is clipped in a part of a tile only shows less of its neighbours' range than its mean says.
        contrast = grey[own].std() / max(1.0, float(view.given[own].std()))
        near = np.maximum(near, contrast * range_near(view.given))
    return Expected(grey, max(_LEAST_DIFFERENCE, _OF_NOISE * noise) + _NEIGHBOURS_SHARE * near)


def steps_alike(view: SeenTiles, inside: NDArray[np.bool_]) -> float:
    """Return how much steps from tile to tile are those of the picture, as a correlation: across or down, the less.

    A horizon below a sky agrees with any other one down, and in nothing across.
    """
    return min(_correlation(view, inside, axis) for axis in (0, 1))


def _correlation(view: SeenTiles, inside: NDArray[np.bool_], axis: int) -> float:
    both = np.diff(inside.astype(np.int8), axis=axis) == 0
    both &= np.delete(inside, -1, axis)
    given, seen = (np.diff(grey, axis=axis)[both] for grey in (view.given, view.seen))
    if len(given) < LEAST_TILES or not given.std() or not seen.std():
        return 0.0
    return float(np.corrcoef(given, seen)[0, 1])


def _seen(small: Reals, halve: int, grid: tuple[int, int], frame: tuple[int, int], layout: PointLayout) -> Reals:
    """Return the copy's mean in each tile's place."""
    wide, high = grid
    offsets = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    x = ((np.arange(wide)[:, None] + offsets) / wide * frame[0]).ravel()
    y = ((np.arange(high)[:, None] + offsets) / high * frame[1]).ravel()
    places = placed(layout, np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)) / halve
    column = np.clip(places[:, 0].astype(np.int64), 0, small.shape[1] - 1)
    row = np.clip(places[:, 1].astype(np.int64), 0, small.shape[0] - 1)
    samples: Reals = small[row, column].reshape(high, _SAMPLES, wide, _SAMPLES).mean((1, 3))
    return samples


def brightness(tiles: Reals, seen: Reals, inside: NDArray[np.bool_]) -> tuple[Reals, float]:
    """Return how bright a copy is (a tone curve, for `as_copied`), fitted where nothing was changed, and how far that
    scatters."""
    given, found = tiles[inside], seen[inside]
    if len(given) < LEAST_TILES:
        return _TONES, 255.0
    rows = np.maximum(0.0, 1 - np.abs(given[:, None] - _TONES) / _TONES[1])
    bends, held = _BENDS.T @ _BENDS * len(given), np.eye(len(_TONES)) * _LEAST_HELD
    used = np.ones(len(given), bool)
    curve: Reals = _TONES
    scatter = 0.0
    for stiffness in _STIFFNESS:
        by = rows[used]
        curve = np.linalg.solve(by.T @ by + stiffness * bends + held, by.T @ found[used])
        off = np.abs(found - rows @ curve)
        scatter = 1.4826 * float(np.median(off))
        used = off <= max(4.0, 2.5 * scatter)
        if used.sum() < LEAST_TILES // 2:
            break
    curve = np.clip(_rising(curve, rows[used].sum(0)), 0, 255)
    return curve, 1.4826 * float(np.median(np.abs(found - rows @ curve)))


def _rising(curve: Reals, weights: Reals) -> Reals:
    """Return the nearest curve that never falls: neighbours that do are as one, by how many tiles speak for each."""
    steps: list[tuple[float, float, int]] = []
    for value, weight in zip(curve, weights + _LEAST_HELD, strict=True):
        step = float(value), float(weight), 1
        while steps and steps[-1][0] > step[0]:
            before = steps.pop()
            both = before[1] + step[1]
            step = (before[0] * before[1] + step[0] * step[1]) / both, both, before[2] + step[2]
        steps.append(step)
    return np.repeat([value for value, _, _ in steps], [count for _, _, count in steps])


def as_copied(curve: Reals, tiles: Reals) -> Reals:
    """Return what the copy should show of some tiles, by the curve of `brightness`."""
    return np.interp(tiles, _TONES, curve)


def range_near(expected: Reals) -> Reals:
    """Return how much a tile and its eight neighbours differ."""
    wide = np.pad(expected, 1, mode="edge")
    high, across = expected.shape
    near = np.stack([wide[dy : dy + high, dx : dx + across] for dy in range(3) for dx in range(3)])
    found: Reals = near.max(0) - near.min(0)
    return found
