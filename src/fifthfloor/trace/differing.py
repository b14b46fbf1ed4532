"""What differs between a picture and a copy that was found to lie so (`spec/likeness.md` section 4).

Rule 1: only what stands out of how bright, how contrasted and how noisy the copy is differs.
Rule 2: nothing is called unaltered: how many of the tiles could be compared is said, and how large a tile is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.grey import Reals
from fifthfloor.trace.matching import LEAST_SHARED, Placement, PointLayout, placed
from fifthfloor.trace.seen import LEAST_TILES, CopyPart, Expected, SeenTiles, expected_by, seen_tiles, steps_alike
from fifthfloor.trace.within import shown_part

_SURE_RATIO = 2.5
# Places each way at which it is asked what was kept: half a percent.
_RASTER = 200
# A copy of one grey has no contrast to measure by.
_LEAST_CONTRAST = 4.0
# Within an area, what was there still shows through.
_SHOWS_THROUGH = 0.75
# The least of those tried with 0.98 of all copies below, on one half of the photographs; how many other views of their
# scenes are below too, on both halves: docs/performance/trace.md.
MOST_MISFIT = 0.14
# What is left is surely the picture where so much of it is compared, and hardly any of that differs.
_LEAST_SHOWN = 0.1
# A layout of fewer points than LEAST_SHARED is believed where so much was compared, and no more of that differs.
_MOST_DIFFERING, _LEAST_COMPARED = 0.2, 0.2
# So many points are no chance. With fewer, two pictures that have nothing in common had a misfit of 0.7.
SURE_SHARED, _MOST_AMISS = 12, 0.5
# Points that share a layout; whether that is enough, the tiles say (`Differences.bears_out`).
FEW_SHARED = 6
# In the second look. Of 369 pictures beside 100 or 200 others each, wrong photographs shared six or seven points with a
# misfit of 0.57 at least, and five with 0.16 and 0.18 of what was compared differing.
FEWEST_SHARED, _AMISS_AGAIN, _LITTLE_DIFFERING = 5, 0.25, 0.05
# With fewer points than LEAST_SHARED the steps between tiles must be the picture's both ways: those of drawn seas that
# are not in the archive had 0.02 across at most, those of right photographs 0.16 at least.
_LEAST_STEPS = 0.1
# In the closer look, with more points of the photograph: right ones had a misfit of 0.33 at most and steps of 0.55 at
# least; wrong ones a misfit of 0.39 at least, and steps of 0.32 at most.
_AMISS_CLOSER, _STEPS_CLOSER = 0.35, 0.4


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
        sides: shares that are not there of the left, the top, the right and the bottom; negative where something was
            added.
        added: share of the copy's area that is not of the picture.
        tiles, compared: of the picture, and those of them that lie within the copy and were compared.
        differing: share of the compared tiles that differ.
        areas: that differ, the largest first.
        misfit: mean difference of the compared tiles that do not stand out, in standard deviations of the copy: a
            twentieth where the frame is this one, a quarter where it is another of the same scene.
        is_mirrored: and by how many quarters it was turned.
        beside: how far from each side of the copy on something else stands, in shares of the picture.
        shown: the part of the copy as laid that shows the picture; None where that is the copy.
        steps: `seen.steps_alike`.
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
    beside: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    shown: CopyPart | None = None
    steps: float = 1.0

    @property
    def is_this_frame(self) -> bool:
        """Whether the copy seems made of this very frame; otherwise it shows the same scene, or is much changed."""
        return self.misfit <= MOST_MISFIT

    @property
    def covered(self) -> tuple[float, float, float, float]:
        """Of `sides`, what something else lies over, unless it was cut off before that was put there."""
        left, top, right, bottom = (
            max(0.0, min(side, beside)) for side, beside in zip(self.sides, self.beside, strict=True)
        )
        return left, top, right, bottom

    @property
    def cut(self) -> tuple[float, float, float, float]:
        """What lies outside of the copy, whatever lies beside the picture within it."""
        left, top, right, bottom = (side - beside for side, beside in zip(self.sides, self.beside, strict=True))
        return left, top, right, bottom

    def bears_out(self, shared: int, *, again: bool = False) -> bool:
        """Say whether the tiles leave standing what so many shared points say: that the picture lies so in the copy.

        Args:
            again: nothing else was found.
        """
        if shared >= SURE_SHARED:
            return True
        if shared >= LEAST_SHARED:
            return self.misfit <= _MOST_AMISS
        if self.steps < _LEAST_STEPS:
            return False
        enough = self.compared >= _LEAST_COMPARED * self.tiles
        if again and shared >= FEW_SHARED:
            return enough and self.misfit <= _AMISS_AGAIN and self.differing <= _MOST_DIFFERING
        most = _LITTLE_DIFFERING if shared < FEW_SHARED else _MOST_DIFFERING
        return self.is_this_frame and enough and self.differing <= most

    def bears_out_closer(self) -> bool:
        """Say the same of points of which the photograph has many: by the tiles alone, however many points agree."""
        enough = self.compared >= _LEAST_COMPARED * self.tiles and self.differing <= _MOST_DIFFERING
        return enough and self.misfit <= _AMISS_CLOSER and self.steps >= _STEPS_CLOSER


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
    view = seen_tiles(tiles, frame, placement, searched)
    expected = expected_by(view, view.within(view.whole))
    shown = shown_part(view, CopyPart(*placement.spread), expected)
    if shown is not None:
        found = _told(view, frame, placement, shown, expected_by(view, view.within(shown)))
        if found.is_this_frame and found.compared >= _LEAST_SHOWN * found.tiles and found.differing <= _MOST_DIFFERING:
            return found
    return _told(view, frame, placement, None, expected)


def _told(
    view: SeenTiles, frame: tuple[int, int], placement: Placement, shown: CopyPart | None, expected: Expected
) -> Differences:
    inside = view.within(shown or view.whole)
    off = np.abs(view.seen - expected.grey)
    enough = int(inside.sum()) >= LEAST_TILES
    stands_out = inside & (off > expected.limit) & enough
    calm = inside & ~stands_out
    ends = _ends(frame, view.whole, placement.layout)
    sides = ends if shown is None else _ends(frame, shown, placement.layout)
    kept, added = _extent(frame, view, placement.layout, shown or view.whole)
    left, top, right, bottom = (side - end for side, end in zip(sides, ends, strict=True))
    return Differences(
        kept,
        sides,
        added,
        view.given.size,
        int(inside.sum()) if enough else 0,
        float(stands_out.sum() / max(1, inside.sum())),
        _areas(stands_out, off / expected.limit, view.seen, expected.grey),
        float(off[calm].mean() / max(_LEAST_CONTRAST, view.seen[inside].std())) if calm.any() else 1.0,
        bool(placement.way & 1),
        placement.way >> 1,
        (left, top, right, bottom),
        shown,
        steps_alike(view, inside),
    )


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


def _extent(frame: tuple[int, int], view: SeenTiles, layout: PointLayout, shown: CopyPart) -> tuple[float, float]:
    """Return the share of the picture that is kept, and the share of the copy that is something else."""
    raster = np.stack(np.meshgrid(*((np.arange(_RASTER) + 0.5) / _RASTER for _ in "xy")), -1).reshape(-1, 2)
    least, most = np.array([shown.left, shown.top]), np.array([shown.right, shown.bottom])
    there = placed(layout, raster * frame)
    kept = float(((there >= least) & (there <= most)).all(1).mean())
    places = raster * (view.whole.right, view.whole.bottom)
    here = placed(_back(layout), places) / frame
    own = ((here >= 0) & (here <= 1) & (places >= least) & (places <= most)).all(1)
    return kept, 1 - float(own.mean())


def _ends(frame: tuple[int, int], part: CopyPart, layout: PointLayout) -> tuple[float, float, float, float]:
    """Return the shares of a picture that lie beyond the sides of a part of a copy."""
    places = np.array([[x, y] for y in (part.top, part.bottom) for x in (part.left, part.right)])
    corners = placed(_back(layout), places) / frame
    left, right = float(corners[[0, 2], 0].mean()), float(corners[[1, 3], 0].mean())
    top, bottom = float(corners[[0, 1], 1].mean()), float(corners[[2, 3], 1].mean())
    return left, top, 1 - right, 1 - bottom


def _back(layout: PointLayout) -> PointLayout:
    """Return the layout that takes places of the copy to the reference."""
    found: PointLayout = np.linalg.inv(np.vstack([layout, [0, 0, 1]]))[:2].astype(np.float64)
    return found
