"""What differs between a picture and a copy that was found to lie so (`spec/likeness.md` section 4).

Rule 1: how bright, how contrasted and how noisy the copy is comes from the copy; only what stands out of that differs.
Rule 2: nothing is called unaltered: how many of the tiles could be compared is said, and how large a tile is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.grey import Reals
from fifthfloor.trace.matching import LEAST_SHARED, Placement, PointLayout, placed

# Of 255: a change of mean that no compression makes in a whole tile.
LEAST_DIFFERENCE = 14.0
# A tile on an edge of the picture may have been taken a little beside its place.
_NEIGHBOURS_SHARE = 0.4
_OF_NOISE = 4.0
_SURE_RATIO = 2.5
# Of the copy's long edge: by so much a layout is wrong, and a tile at the edge is within the copy even so.
_SPARE = 0.004
# Places each way at which it is asked what was kept: half a percent.
_RASTER = 200
_SAMPLES = 4
# Below so many tiles it cannot be told what is the copy's brightness and what is a change.
LEAST_TILES = 24
# A copy of one grey has no contrast to measure by.
_LEAST_CONTRAST = 4.0
# Within an area, what was there still shows through.
_SHOWS_THROUGH = 0.75
# The least of those tried with 0.98 of all copies below, on one half of the photographs; how many other views of their
# scenes are below too, on both halves: docs/performance/trace.md.
MOST_MISFIT = 0.14
# A layout of fewer points than LEAST_SHARED is believed where so much was compared, and no more of that differs.
_MOST_DIFFERING, _LEAST_COMPARED = 0.2, 0.2
# So many points are no chance. With fewer, two pictures that have nothing in common had a misfit of 0.7.
SURE_SHARED, _MOST_AMISS = 12, 0.5
# Points that share a layout; whether that is enough, the tiles say (`Differences.bears_out`).
FEW_SHARED = 6
# In the second look. Of 369 pictures beside 100 or 200 others each, wrong photographs shared six or seven points with a
# misfit of 0.57 at least, and five with 0.16 and 0.18 of what was compared differing.
FEWEST_SHARED, _AMISS_AGAIN, _LITTLE_DIFFERING = 5, 0.25, 0.05


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the reference that differs: left, top, right, bottom as shares of its width and height.

    `shows_through` where what was there is still seen: a mark laid over it, rather than something else.
    """

    left: float
    top: float
    right: float
    bottom: float
    shows_through: bool


@dataclass(frozen=True, slots=True)
class Differences:
    """What became of a picture in a copy.

    Args:
        kept: share of the picture's area that the copy has, 0 to 1.
        sides: shares cut from the left, the top, the right and the bottom; negative where something was added.
        added: share of the copy's area that is not of the picture.
        tiles, compared: of the picture, and those of them that lie within the copy and were compared.
        differing: share of the compared tiles that differ.
        areas: that differ, the largest first.
        misfit: mean difference of the compared tiles that do not stand out, in standard deviations of the copy: a
            twentieth where the frame is this one, a quarter where it is another of the same scene.
        is_mirrored: and by how many quarters it was turned.
    """

    kept: float
    sides: tuple[float, float, float, float]
    added: float
    tiles: int
    compared: int
    differing: float
    areas: tuple[Area, ...]
    misfit: float
    is_mirrored: bool
    quarters: int

    @property
    def is_this_frame(self) -> bool:
        """Whether the copy seems made of this very frame; otherwise it shows the same scene, or is much changed."""
        return self.misfit <= MOST_MISFIT

    def bears_out(self, shared: int, *, again: bool = False) -> bool:
        """Say whether the tiles leave standing what so many shared points say: that the picture lies so in the copy.

        Args:
            again: nothing else was found.
        """
        if shared >= SURE_SHARED:
            return True
        if shared >= LEAST_SHARED:
            return self.misfit <= _MOST_AMISS
        enough = self.compared >= _LEAST_COMPARED * self.tiles
        if again and shared >= FEW_SHARED:
            return enough and self.misfit <= _AMISS_AGAIN and self.differing <= _MOST_DIFFERING
        most = _LITTLE_DIFFERING if shared < FEW_SHARED else _MOST_DIFFERING
        return self.is_this_frame and enough and self.differing <= most


def laid_pixels(pixels: NDArray[np.uint8], way: int) -> NDArray[np.uint8]:
    """Lay a picture as `Points.laid` lays its points."""
    return np.rot90(pixels[:, ::-1] if way & 1 else pixels, -(way >> 1))


def differences(
    tiles: NDArray[np.uint8], frame: tuple[int, int], placement: Placement, searched: Image.Image
) -> Differences:
    """Compare a picture with a copy.

    Args:
        tiles: the picture's mean grey, rows and columns.
        frame: width and height of the reference that the layout speaks of.
        placement: where the picture lies in the copy.
        searched: the copy, in grey, at the size in which its points were found.
    """
    seen, inside, shape = seen_tiles(tiles.shape, frame, placement, searched)
    weights, noise = brightness(tiles.astype(np.float64), seen, inside)
    expected = as_copied(weights, tiles.astype(np.float64))
    off = np.abs(seen - expected)
    limit = max(LEAST_DIFFERENCE, _OF_NOISE * noise) + _NEIGHBOURS_SHARE * range_near(expected)
    enough = int(inside.sum()) >= LEAST_TILES
    stands_out = inside & (off > limit) & enough
    calm = inside & ~stands_out
    kept, sides, added = _extent(frame, shape, placement.layout)
    return Differences(
        kept,
        sides,
        added,
        tiles.size,
        int(inside.sum()) if enough else 0,
        float(stands_out.sum() / max(1, inside.sum())),
        _areas(stands_out, off / limit, seen, expected),
        float(off[calm].mean() / max(_LEAST_CONTRAST, seen[inside].std())) if calm.any() else 1.0,
        bool(placement.way & 1),
        placement.way >> 1,
    )


def seen_tiles(
    grid: tuple[int, ...], frame: tuple[int, int], placement: Placement, searched: Image.Image
) -> tuple[Reals, NDArray[np.bool_], tuple[int, ...]]:
    """Return the copy's mean in each tile's place, which tiles lie within the copy, and the copy's shape as laid.

    Args:
        grid: rows and columns of tiles.
        frame, placement, searched: as `differences` takes them.
    """
    pixels = laid_pixels(np.asarray(searched), placement.way)
    high, wide = grid
    step = np.sqrt(abs(np.linalg.det(placement.layout[:, :2]))) * frame[0] / wide
    halve = max(1, int(step / _SAMPLES))
    small = np.asarray(Image.fromarray(np.ascontiguousarray(pixels)).reduce(halve), np.float64)
    return *_seen(small, halve, pixels.shape, (wide, high), frame, placement.layout), pixels.shape


def _seen(
    small: Reals, halve: int, shape: tuple[int, ...], grid: tuple[int, int], frame: tuple[int, int], layout: PointLayout
) -> tuple[Reals, NDArray[np.bool_]]:
    """Return the copy's mean in each tile's place, and which tiles lie within the copy."""
    wide, high = grid
    corners = np.stack(np.meshgrid(np.arange(wide + 1) / wide, np.arange(high + 1) / high), -1).reshape(-1, 2)
    there = placed(layout, corners * frame)
    spare = _SPARE * max(shape)
    within = ((there >= -spare) & (there <= np.array([shape[1], shape[0]]) + spare)).all(1).reshape(high + 1, wide + 1)
    inside = within[:-1, :-1] & within[1:, :-1] & within[:-1, 1:] & within[1:, 1:]
    offsets = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    x = ((np.arange(wide)[:, None] + offsets) / wide * frame[0]).ravel()
    y = ((np.arange(high)[:, None] + offsets) / high * frame[1]).ravel()
    places = placed(layout, np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)) / halve
    column = np.clip(places[:, 0].astype(np.int64), 0, small.shape[1] - 1)
    row = np.clip(places[:, 1].astype(np.int64), 0, small.shape[0] - 1)
    samples = small[row, column].reshape(high, _SAMPLES, wide, _SAMPLES)
    return samples.mean((1, 3)), inside


def brightness(tiles: Reals, seen: Reals, inside: NDArray[np.bool_]) -> tuple[Reals, float]:
    """Return how bright a copy is (a parabola of grey, for `as_copied`), fitted where nothing was changed, and how far
    that scatters."""
    given, found = tiles[inside], seen[inside]
    if len(given) < LEAST_TILES:
        return np.array([0.0, 1.0, 0.0]), 255.0
    rows = np.stack([np.ones_like(given), given, given * given / 255], 1)
    used = np.ones(len(given), bool)
    weights: Reals = np.zeros(3)
    scatter = 0.0
    for _ in range(6):
        weights = np.linalg.lstsq(rows[used], found[used], rcond=None)[0].astype(np.float64)
        off = np.abs(found - rows @ weights)
        scatter = 1.4826 * float(np.median(off))
        used = off <= max(4.0, 2.5 * scatter)
        if used.sum() < LEAST_TILES // 2:
            break
    return weights, scatter


def as_copied(weights: Reals, tiles: Reals) -> Reals:
    """Return what the copy should show of some tiles, by the weights of `brightness`."""
    found: Reals = weights[0] + weights[1] * tiles + weights[2] * tiles * tiles / 255
    return found


def range_near(expected: Reals) -> Reals:
    """Return how much a tile and its eight neighbours differ."""
    wide = np.pad(expected, 1, mode="edge")
    high, across = expected.shape
    near = np.stack([wide[dy : dy + high, dx : dx + across] for dy in range(3) for dx in range(3)])
    found: Reals = near.max(0) - near.min(0)
    return found


def _areas(stands_out: NDArray[np.bool_], times: Reals, seen: Reals, expected: Reals) -> tuple[Area, ...]:
    """Join tiles that touch; one alone must stand out far more."""
    high, wide = stands_out.shape
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(stands_out), strict=True)}
    found: list[tuple[int, Area]] = []
    while left:
        waiting, joined = [left.pop()], []
        while waiting:
            y, x = waiting.pop()
            joined.append((y, x))
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            waiting.extend(near)
        rows, columns = np.array(joined).T
        if len(joined) < 3 and times[rows, columns].max() < _SURE_RATIO:
            continue
        through = _shows_through(seen[rows, columns], expected[rows, columns])
        left_edge, right_edge = float(columns.min() / wide), float((columns.max() + 1) / wide)
        area = Area(left_edge, float(rows.min() / high), right_edge, float((rows.max() + 1) / high), through)
        found.append((len(joined), area))
    return tuple(area for _, area in sorted(found, key=lambda one: -one[0]))


def _shows_through(seen: Reals, expected: Reals) -> bool:
    if len(seen) < 6 or seen.std() < 2 or expected.std() < 2:
        return False
    return bool(np.corrcoef(seen, expected)[0, 1] > _SHOWS_THROUGH)


def _extent(
    frame: tuple[int, int], shape: tuple[int, ...], layout: PointLayout
) -> tuple[float, tuple[float, float, float, float], float]:
    """Return the share of the picture that is kept, what was cut from each side, and the share that was added."""
    raster = np.stack(np.meshgrid(*((np.arange(_RASTER) + 0.5) / _RASTER for _ in "xy")), -1).reshape(-1, 2)
    size = np.array([shape[1], shape[0]], np.float64)
    there = placed(layout, raster * frame)
    kept = float(((there >= 0) & (there <= size)).all(1).mean())
    back = np.linalg.inv(np.vstack([layout, [0, 0, 1]]))[:2]
    here = placed(back, raster * size) / frame
    added = 1 - float(((here >= 0) & (here <= 1)).all(1).mean())
    corners = placed(back, np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * size) / frame
    left, right = float(corners[[0, 2], 0].mean()), float(corners[[1, 3], 0].mean())
    top, bottom = float(corners[[0, 1], 1].mean()), float(corners[[2, 3], 1].mean())
    return kept, (left, top, 1 - right, 1 - bottom), added
