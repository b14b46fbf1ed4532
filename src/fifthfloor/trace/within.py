"""Where in a copy the picture itself ends: a crop that stands in a border, above a bar or on a screen
(`spec/likeness.md` section 4).

Rule 1: what stands beside the picture is not compared with it. What it lies over was cut off, or is covered: which of
        the two, nobody can tell.
Rule 2: a side is left out only as far as a straight edge of the copy goes: what else was painted over differs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.trace.grey import Reals
from fifthfloor.trace.seen import LEAST_TILES, CopyPart, Expected, SeenTiles, expected_by

# Brightness is that of the whole copy where it fits the core by so many times the core's own at most; of greys further
# beyond those that it was fitted for it says nothing.
_AS_WELL, _BEYOND = 1.5, 12.0
# How far a tile of the picture scatters, in shares of the difference that stands out.
_A_SCATTER = 0.25
# What stands beside is mostly of one grey in each strip, to so much; otherwise it is anything.
_ONE_GREY, _MOSTLY_ONE = 4.0, 0.5
# Even in the picture some tiles were changed.
_CHANGED_TILES = 0.05
# In natural logarithms, all strips of a side together: so much more likely beside the picture than in it.
_LEAST_SURE = 12.0
# In tiles: so far from where the strips change the edge is looked for. It is so many times steeper than what is near,
# and so in so many of its pieces: ledges and horizons seldom are.
_EDGE_NEAR = 1.6
_STEEPER, _STEEPER_IN_PIECE = 2.5, 2.0
_EDGE_PIECES, _STRAIGHT_PIECES = 8, 4
# What goes on by so little beyond the picture may be a layout that is a little off.
_LEAST_BESIDE_PX = 3
# A mat or a line between a border and the picture: so wide at most, in tiles. It is of one grey, to so much, in so much
# of each column of pixels, and ends within so many in at least half of it.
_MAT_TILES, _MAT_GREY, _MAT_SHARE, _MAT_ENDS_PX = 3.0, 20, 0.85, 3
# So far from that grey is what the picture has there.
_NOT_OF_MAT = 14.0


def shown_part(view: SeenTiles, core: CopyPart, expected: Expected) -> CopyPart | None:
    """Return what part of a copy shows the picture; None where nothing stands beside it.

    Args:
        core: where the picture surely is.
        expected: by all tiles of the copy.
    """
    inside = view.within(view.whole)
    own = inside & _holds(core, view.middles)
    if own.sum() < LEAST_TILES:
        return None
    alone = expected_by(view, own)
    # Where the whole copy is as bright as the core, it tells more; else something else lies in it.
    if _off(view, alone, own) * _AS_WELL + 0.5 < _off(view, expected, own):
        part = _part(view, inside, own, alone, core, core)
    else:
        part = _part(view, inside, inside, expected, core, core)
    own = inside & _holds(part, view.middles)
    part = _part(view, inside, own, expected_by(view, own), core, part)
    return None if part == view.whole else part


def _holds(box: CopyPart, places: Reals) -> NDArray[np.bool_]:
    x, y = places[..., 0], places[..., 1]
    found: NDArray[np.bool_] = (x >= box.left) & (x <= box.right) & (y >= box.top) & (y <= box.bottom)
    return found


def _off(view: SeenTiles, expected: Expected, own: NDArray[np.bool_]) -> float:
    return float(np.abs(view.seen - expected.grey)[own].mean())


def _part(
    view: SeenTiles,
    inside: NDArray[np.bool_],
    fitted: NDArray[np.bool_],
    expected: Expected,
    core: CopyPart,
    across: CopyPart,
) -> CopyPart:
    """Look beside the core on each side, between the ends of `across`."""
    greys = view.given[fitted]
    known = inside & (view.given >= greys.min() - _BEYOND) & (view.given <= greys.max() + _BEYOND)
    scatter = _A_SCATTER * expected.limit[known]
    seen = view.seen[known]
    in_picture = np.log((1 - _CHANGED_TILES) * _bell(seen - expected.grey[known], scatter) + _CHANGED_TILES / 256)
    middles = view.middles[known]
    high, wide = view.pixels.shape
    # From each side the same: how far the core, the whole picture and each tile are from the copy's edge.
    corners = view.corners
    left = float(corners[:, 0, 0].mean()), float(corners[:, -1, 0].mean())
    top = float(corners[0, :, 1].mean()), float(corners[-1, :, 1].mean())
    ends = []
    for axis, far_end, begins, cores, low, most in (
        (0, wide, left, (core.left, core.right), across.top, across.bottom),
        (1, high, top, (core.top, core.bottom), across.left, across.right),
    ):
        chosen = (middles[:, 1 - axis] >= low) & (middles[:, 1 - axis] <= most)
        step = (begins[1] - begins[0]) / view.given.shape[1 - axis]
        rows = (view.pixels if axis == 0 else view.pixels.T)[max(0, int(low)) : int(most) + 1]
        for is_far in (False, True):
            far = far_end - middles[chosen, axis] if is_far else middles[chosen, axis]
            to_core, to_frame = (far_end - cores[1], far_end - begins[1]) if is_far else (cores[0], begins[0])
            beyond = far < to_core
            strips = np.floor(far[beyond] / step).astype(np.int64)
            end = _strips_beside(strips, in_picture[chosen][beyond], seen[chosen][beyond]) * step or to_frame
            lines = rows[:, ::-1] if is_far else rows
            edge = _edge_near(lines, end, step, to_core)
            near = beyond & (np.abs(far - edge) < _MAT_TILES * step)
            ends.append(_behind_mat(lines, edge, step, to_core, expected.grey[known][chosen][near]) if edge else 0.0)
    return CopyPart(ends[0], ends[2], wide - ends[1], high - ends[3])


def _bell(off: Reals, scatter: Reals | float) -> Reals:
    found: Reals = np.exp(-0.5 * (off / scatter) ** 2) / (np.sqrt(2 * np.pi) * scatter)
    return found


def _strips_beside(strips: NDArray[np.int64], in_picture: Reals, seen: Reals) -> int:
    """Return how many strips from the copy's edge on are not of the picture.

    Args:
        strips: in which each tile lies.
        in_picture: how likely each tile is in the picture, a natural logarithm.
        seen: what the copy shows there.
    """
    gains = np.zeros(int(strips.max(initial=-1)) + 2)
    for number in np.unique(strips):
        own = strips == number
        one_grey = _bell(seen[own] - np.median(seen[own]), _ONE_GREY)
        gains[number + 1] = (np.log(_MOSTLY_ONE * one_grey + (1 - _MOSTLY_ONE) / 256) - in_picture[own]).sum()
    total = gains.cumsum()
    best = int(total.argmax())
    return best if total[best] >= _LEAST_SURE else 0


def _edge_near(rows: NDArray[np.uint8], place: float, step: float, to_core: float) -> float:
    """Return where a straight edge is across all rows, 0 where there is none before the core."""
    first = max(1, int(place - _EDGE_NEAR * step))
    last = min(rows.shape[1] - 1, int(to_core), int(place + _EDGE_NEAR * step) + 1)
    if place <= _LEAST_BESIDE_PX or last - first < 3:
        return 0.0
    near = rows[:, first - 1 : last + 1].astype(np.int16)
    steep = np.abs(near[:, 2:] - near[:, :-2])
    best = int(steep.mean(0).argmax())
    if _times_steeper(steep, best, 0) < _STEEPER:
        return 0.0
    pieces = [piece for piece in np.array_split(steep, _EDGE_PIECES) if len(piece)]
    steeper = sum(_times_steeper(piece, best, 1) > _STEEPER_IN_PIECE for piece in pieces)
    return first + best + 0.5 if steeper >= _STRAIGHT_PIECES else 0.0


def _behind_mat(rows: NDArray[np.uint8], edge: float, step: float, to_core: float, awaited: Reals) -> float:
    """Return where a mat behind a straight edge ends, which is that edge where there is none.

    Args:
        awaited: what the picture has near that edge.
    """
    first = int(edge) + 2
    near = rows[:, first : int(min(rows.shape[1], to_core, edge + _MAT_TILES * step))].astype(np.int16)
    if near.shape[1] <= _MAT_ENDS_PX or not len(awaited):
        return edge
    grey = float(np.median(near[:, :2]))
    alike = (np.abs(near - grey) <= _MAT_GREY).mean(0)
    end = int((alike < _MAT_SHARE).argmax())
    if not end or float(np.median(np.abs(awaited - grey))) < _NOT_OF_MAT:
        return edge
    ends = alike[end : end + _MAT_ENDS_PX].min() <= 0.5
    return first + end + 0.5 if ends else edge


def _times_steeper(steep: NDArray[np.int16], best: int, beside: int) -> float:
    """Return how many times steeper than what is near some rows are at a place."""
    found = steep.mean(0)
    return float(found[max(0, best - beside) : best + beside + 1].max() / max(1.0, float(np.median(found))))
