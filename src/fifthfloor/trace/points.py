"""Points of a photograph that are found again in a part of it, smaller, darker or saved anew (`spec/likeness.md`).

Rule 1: a point has a place, a size and 128 signs, and no direction: whoever looks tries eight ways to lay a picture.
Rule 2: no point stands on the finest or the coarsest level: there, what is finer or coarser could not object.
Rule 3: numpy alone: workers that look at one photograph and are killed would spend their lives on importing numba.
Whoever finds them by the specification finds nearly the same ones, not bit for bit, and nothing needs more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.grey import LEVELS_AN_OCTAVE, Grey, levels

Floats = NDArray[np.floating[Any]]
Wholes = NDArray[np.int64]

SIGNS = 128
PATCH_SAMPLES = 16
SAMPLE_PX = 2
# A patch and half a pixel lie within the level.
MARGIN_PX = PATCH_SAMPLES * SAMPLE_PX // 2
# What blurs and compression leave of a level area is below; below it is noise.
LEAST_ANSWER = 1.0
# No part of the picture takes all places: a crop must keep some.
CELLS_ACROSS = 6
_CELL_SHARE = 25
_WINDOW = 0.6
LAYINGS = 8


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one picture.

    Args:
        width, height: of the picture they were found in, in pixels; places are in these.
        x, y: places, float32 (n,).
        size: of a pixel of the point's level, float32 (n,).
        values: 128 weights of its patch, float32 (n, 128); their signs describe it, their size says how surely.
    """

    width: int
    height: int
    x: Floats
    y: Floats
    size: Floats
    values: Floats

    @property
    def words(self) -> NDArray[np.uint64]:
        """The signs as bits, (n, 2); the first sign is the highest bit of the first byte."""
        return np.ascontiguousarray(np.packbits(self.values > 0, axis=1)).view(np.uint64)

    def laid(self, way: int) -> Points:
        """Return the points as if the picture were laid in another way: bit 0 mirrored, then bits 1 and 2 quarters."""
        here = self
        if way & 1:
            here = replace(here, x=here.width - here.x, values=here.values * np.where(_ACROSS % 2, -1, 1))
        for _ in range(way >> 1):
            # A quarter turn clockwise: what was left is up.
            turned = here.values[:, _SWAPPED] * np.where(_ACROSS % 2, -1, 1)
            here = replace(here, width=here.height, height=here.width, x=here.height - here.y, y=here.x, values=turned)
        return replace(here, values=here.values.astype(np.float32))


def frequencies() -> list[tuple[int, int]]:
    """Return the (across, down) of each sign: short sums first, within a sum rising across; the mean is not one.

    A set that stays the same when across and down change places, so that a turned picture has the same signs.
    """
    whole = [(across, total - across) for total in range(1, 15) for across in range(total + 1)]
    return [*whole, *((across, 15 - across) for across in range(4, 12)), (8, 8)]


def _basis() -> Floats:
    """Return what a patch is multiplied with, (256, 128): windowed cosines without the mean (section 2)."""
    places = (np.arange(PATCH_SAMPLES) + 0.5) / PATCH_SAMPLES
    edge = np.exp(-((2 * places - 1) ** 2) / (2 * _WINDOW**2))
    window = np.outer(edge, edge)
    waves = []
    for across, down in frequencies():
        wave = np.outer(np.cos(np.pi * down * places), np.cos(np.pi * across * places)) * window
        wave -= window * (wave.sum() / window.sum())
        waves.append(wave.ravel() / np.sqrt((wave**2).sum()))
    return np.array(waves, np.float32).T


_BASIS = _basis()
_ACROSS = np.array([across for across, _ in frequencies()])
_SWAPPED = np.array([frequencies().index((down, across)) for across, down in frequencies()])
_OFFSETS = ((np.arange(PATCH_SAMPLES) - (PATCH_SAMPLES - 1) / 2) * SAMPLE_PX).astype(np.float32)


def find_points(image: Image.Image, count: int) -> Points:
    """Find the strongest points, spread over the picture.

    Args:
        image: in grey, of the size that `grey.scaled` gives.
        count: at most so many.
    """
    steps = levels(image)
    answers = [_answer(level) for level in steps]
    found = [_on_level(answers, number) for number in range(1, len(steps) - 1)]
    level = np.concatenate([np.full(len(x), at + 1) for at, (x, _, _) in enumerate(found)] or [np.zeros(0, int)])
    x, y, strength = (np.concatenate([one[i] for one in found] or [np.zeros(0)]) for i in range(3))
    chosen = _spread(level, x, y, strength, [step.shape for step in steps], count)
    parts = [_described(steps, answers, at, x[chosen], y[chosen], level[chosen]) for at in np.unique(level[chosen])]
    if not parts:
        empty = np.zeros(0, np.float32)
        return Points(image.width, image.height, empty, empty, empty, np.zeros((0, SIGNS), np.float32))
    x, y, size, values = (np.concatenate([part[i] for part in parts]).astype(np.float32) for i in range(4))
    return Points(image.width, image.height, x, y, size, values)


def _answer(level: Grey) -> Grey:
    """Return the determinant of the second derivatives: high on spots, low along edges."""
    middle = level[2:-2, 2:-2] * np.float32(2)
    across = level[2:-2, 4:] + level[2:-2, :-4]
    across -= middle
    down = level[4:, 2:-2] + level[:-4, 2:-2]
    down -= middle
    across *= down
    both = np.add(level[4:, 4:], level[:-4, :-4], out=down)
    both -= level[4:, :-4]
    both -= level[:-4, 4:]
    both *= both
    both *= np.float32(1 / 16)
    found: Grey = np.zeros_like(level)
    np.subtract(across, both, out=found[2:-2, 2:-2])
    return found


def _on_level(answers: Sequence[Grey], number: int) -> tuple[Wholes, Wholes, Floats]:
    """Return places on a level that answer more than their neighbours, there and on the levels beside it."""
    here, m = answers[number], MARGIN_PX
    height, width = here.shape
    if min(height, width) <= 2 * m:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    middle = here[m : height - m, m : width - m]
    highest = middle > LEAST_ANSWER
    for dy, dx in ((0, -1), (-1, 0), (-1, -1), (-1, 1)):
        highest &= middle > here[m + dy : height - m + dy, m + dx : width - m + dx]
        highest &= middle >= here[m - dy : height - m - dy, m - dx : width - m - dx]
    down, across = np.nonzero(highest)
    x, y = across + m, down + m
    strength = here[y, x]
    for beside in (answers[number - 1], answers[number + 1]):
        kept = strength >= _highest_near(beside, here.shape, x, y)
        x, y, strength = x[kept], y[kept], strength[kept]
    return x, y, strength


def _highest_near(beside: Grey, shape: tuple[int, ...], x: Wholes | Floats, y: Wholes | Floats) -> Floats:
    """Return the highest of nine answers of another level around a place of this one."""
    height, width = beside.shape
    down = np.clip(((y + 0.5) * height / shape[0]).astype(np.int64), 1, height - 2)
    across = np.clip(((x + 0.5) * width / shape[1]).astype(np.int64), 1, width - 2)
    found: Floats = np.max([beside[down + dy, across + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0)
    return found


def _spread(
    level: Wholes, x: Wholes, y: Wholes, strength: Floats, shapes: Sequence[tuple[int, ...]], count: int
) -> Wholes:
    """Choose the strongest, but of each cell of the picture only its share, while others have some."""
    order = np.lexsort((x, y, level, -strength))
    if len(order) <= count:
        return order
    share, taken = max(2, math.ceil(count / _CELL_SHARE)), np.zeros((CELLS_ACROSS, CELLS_ACROSS), int)
    first: list[int] = []
    rest: list[int] = []
    for at in order.tolist():
        height, width = shapes[level[at]]
        cell = int(y[at]) * CELLS_ACROSS // height, int(x[at]) * CELLS_ACROSS // width
        (first if taken[cell] < share else rest).append(at)
        taken[cell] += 1
    return np.array((first + rest)[:count], np.int64)


def _described(
    steps: Sequence[Grey], answers: Sequence[Grey], at: int, x: Wholes, y: Wholes, level: Wholes
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return exact places and sizes of the points of one level, in pixels of the picture, and their values."""
    here, answer = steps[at], answers[at]
    height, width = here.shape
    x, y = x[level == at].astype(np.int64), y[level == at].astype(np.int64)
    middle = answer[y, x]
    across = x + _vertex(answer[y, x - 1], middle, answer[y, x + 1])
    down = y + _vertex(answer[y - 1, x], middle, answer[y + 1, x])
    beside = [_highest_near(answers[at + step], here.shape, across, down) for step in (-1, 1)]
    stretch = 2 ** (_vertex(beside[0], middle, beside[1]) / LEVELS_AN_OCTAVE)
    places = (across.astype(np.float32), down.astype(np.float32))
    patches = _sampled(here, *places, stretch.astype(np.float32))
    pixel_px = steps[0].shape[1] / width, steps[0].shape[0] / height
    return (across + 0.5) * pixel_px[0], (down + 0.5) * pixel_px[1], stretch * pixel_px[0], patches @ _BASIS


def _sampled(level: Grey, x: Floats, y: Floats, stretch: Floats) -> Floats:
    """Return patches of a level, bilinear, (n, 256) float32; `stretch` is what the offsets are multiplied with."""
    height, width = level.shape
    row, low = _between(y, stretch, height)
    column, right = _between(x, stretch, width)
    flat, at = level.ravel(), (row * width)[:, :, None] + column[:, None, :]
    low, right = low[:, :, None], right[:, None, :]
    high, left = 1 - low.astype(np.float64), 1 - right.astype(np.float64)
    upper = flat[at] * left + flat[at + 1] * right
    lower = flat[at + width] * left + flat[at + width + 1] * right
    found: Floats = (upper * high + lower * low).astype(np.float32).reshape(len(x), PATCH_SAMPLES**2)
    return found


def _between(middle: Floats, stretch: Floats, length: int) -> tuple[Wholes, Floats]:
    """Return the pixel before each sample of a row or column of patches, and how far behind it the sample lies."""
    last = np.float32(length - 1.001)
    at = np.clip(middle[:, None] + _OFFSETS * stretch[:, None], np.float32(0), last)
    before = at.astype(np.int64)
    return before, at - before.astype(np.float32)


def _vertex(before: Floats, here: Floats, after: Floats) -> Floats:
    """Return where a parabola through three answers is highest, -0.5 to 0.5 from the middle one."""
    bend = np.minimum(before + after - 2 * here, -1e-6)
    found: Floats = np.clip((before - after) / (2 * bend), -0.5, 0.5)
    return found
