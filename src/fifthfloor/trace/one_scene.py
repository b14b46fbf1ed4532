"""Of two frames of one scene: which one a copy was made of (`spec/likeness.md` section 4).

Rule 1: only where the two frames themselves differ can the copy tell; where they do not, they are not told apart.
Rule 2: grain, compression and a layout that is a little off make no frame: each such tile differs by little, or both
        ways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.differing import Differences
from fifthfloor.trace.grey import Reals
from fifthfloor.trace.matching import Placement, placed
from fifthfloor.trace.seen import as_copied, brightness, range_near, seen_tiles

# Of 255: less is what grain and saving anew leave of a tile's mean.
_LEAST_APART = 5.0
_OF_CHANCE = 4.0
_OF_NEIGHBOURS = 0.25
_LEAST_SCENE_TILES = 3
# Halfway between the two frames is 0, each of them is half.
_NEARER = 0.25
# Of width and height: a copy that shows the whole frame but for so much was not cropped by hand; and by so much more
# another frame must have been cut or passed over.
_WHOLE, _BESIDE = 0.0015, 0.0025


@dataclass(frozen=True, slots=True)
class FrameInCopy:
    """A frame that a copy may have been made of.

    Args:
        tiles: its mean grey, rows and columns.
        size: width and height of the reference that the placement speaks of.
        placement: where it lies in the copy.
        differences: what differs.
    """

    tiles: NDArray[np.uint8]
    size: tuple[int, int]
    placement: Placement
    differences: Differences


def nearer(first: FrameInCopy, second: FrameInCopy, searched: Image.Image) -> int:
    """Say of which of two frames a copy was made: 1 of the first, -1 of the second, 0 where it cannot be told.

    Args:
        searched: the copy, in grey, at the size in which its points were found.
    """
    if first.placement.way != second.placement.way:
        return 0
    # Looked at from both sides: the one that is laid over the other is a little softer by that.
    found = [_towards(first, second, searched), -_towards(second, first, searched)]
    # Where each side speaks for itself, only their layouts are a little off.
    if min(found) > _NEARER or max(found) < -_NEARER:
        return 1 if found[0] > 0 else -1
    return _by_extent(first.differences, second.differences)


def _towards(first: FrameInCopy, second: FrameInCopy, searched: Image.Image) -> float:
    """Return how far the copy is from halfway to the first frame where the two differ: half is that very frame."""
    view = seen_tiles(first.tiles, first.size, first.placement, searched)
    seen, given, inside = view.seen, view.given, view.within(first.differences.shown or view.whole)
    curve, _ = brightness(given, seen, inside)
    over, within = _laid_over(first, second)
    own, other = as_copied(curve, given), as_copied(curve, over)
    apart = own - other
    compared = inside & within
    if not compared.any():
        return 0.0
    chance = 1.4826 * float(np.median(np.abs(apart[compared])))
    limit = max(_LEAST_APART, _OF_CHANCE * chance) + _OF_NEIGHBOURS * range_near(own)
    compared &= np.abs(apart) > limit
    # What is like neither was changed afterwards.
    compared &= np.minimum(np.abs(seen - own), np.abs(seen - other)) < 0.75 * np.abs(apart)
    if compared.sum() < _LEAST_SCENE_TILES:
        return 0.0
    return float(np.median((seen - (own + other) / 2)[compared] / apart[compared]))


def _laid_over(first: FrameInCopy, second: FrameInCopy) -> tuple[Reals, NDArray[np.bool_]]:
    """Return the second frame's tiles where those of the first lie in the copy, and which of them it has."""
    high, wide = first.tiles.shape
    middles = np.stack(np.meshgrid((np.arange(wide) + 0.5) / wide, (np.arange(high) + 0.5) / high), -1).reshape(-1, 2)
    there = placed(first.placement.layout, middles * first.size)
    back = np.linalg.inv(np.vstack([second.placement.layout, [0, 0, 1]]))[:2]
    grid = np.array(second.tiles.shape[::-1])
    at = placed(back, there) / second.size * grid - 0.5
    within = ((at >= -0.5) & (at <= grid - 0.5)).all(1).reshape(high, wide)
    at = np.clip(at, 0, grid - 1.001)
    column, row = at.astype(np.int64).T
    right, low = (at - np.floor(at)).T
    tiles = second.tiles.astype(np.float64)
    upper = tiles[row, column] * (1 - right) + tiles[row, column + 1] * right
    lower = tiles[row + 1, column] * (1 - right) + tiles[row + 1, column + 1] * right
    return (upper * (1 - low) + lower * low).reshape(high, wide), within


def _by_extent(first: Differences, second: Differences) -> int:
    """Frames that lie a little beside each other: a copy that shows just one of them whole was made of that one."""
    off = [max(map(abs, one.cut)) for one in (first, second)]
    if min(off) > _WHOLE or abs(off[0] - off[1]) < _BESIDE:
        return 0
    return 1 if off[0] < off[1] else -1
