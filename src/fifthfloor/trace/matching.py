"""Where the points of one picture lie in another: one layout that many of them share (`spec/likeness.md` section 4).

Rule: one pair of points gives a whole layout, for they have sizes; so there is nothing to draw by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.trace.kernels import nearest
from fifthfloor.trace.points import LAYINGS, Points

PointLayout = NDArray[np.float64]

# Of 128 signs. Of unrelated pictures the nearest of 800 points is nearer than this once in twenty-five.
MOST_SIGNS = 32
# Points that share a layout; what is measured of this number, and what is not: docs/performance/trace.md.
LEAST_SHARED = 8
# Of the long edge of the picture that is searched: first for a layout from one pair, then for one from all.
_LOOSE, _TIGHT = 0.03, 0.012
_ROUNDS = 6
# Both ways: a copy that is pressed further together is no copy that anybody posts.
_MOST_SQUEEZE = 1.6
_MOST_SHEAR = 0.35


@dataclass(frozen=True, slots=True)
class Placement:
    """One picture within another.

    Args:
        layout: float64 (2, 3): takes a place of the reference to a place of the picture that was searched, as laid.
        shared: points that agree.
        way: how the searched picture was laid (`Points.laid`); 0 as it is.
        agreeing: which points of the reference agree, as numbers.
        spread: left, top, right and bottom of these points in the picture that was searched, as laid.
    """

    layout: PointLayout
    shared: int
    way: int
    agreeing: NDArray[np.int64]
    spread: tuple[float, float, float, float]


def match(
    reference: Points, searched: Points, ways: range | tuple[int, ...] = range(LAYINGS), least: int = LEAST_SHARED
) -> Placement | None:
    """Look for one picture in another.

    Args:
        reference: the points of what was signed or recorded.
        searched: the points of what was found; more of them, for it may hold other things too.
        ways: in which the searched picture is laid.
        least: so many points must share a layout; with fewer than LEAST_SHARED it must be looked at closer.

    Returns:
        The layout that most points share, or None where fewer than `least` do.
    """
    best: Placement | None = None
    if not len(reference.x) or not len(searched.x):
        return None
    for way in ways:
        laid = searched.laid(way)
        found = _match(reference, laid, way, least)
        if found is not None and (best is None or found.shared > best.shared):
            best = found
    return best


def _match(reference: Points, laid: Points, way: int, least: int) -> Placement | None:
    beside, distance = nearest(reference.words, laid.words)
    near = np.flatnonzero(distance <= MOST_SIGNS)
    if len(near) < least:
        return None
    there = beside[near]
    here = np.stack([reference.x[near], reference.y[near]], 1).astype(np.float64)
    target = np.stack([laid.x[there], laid.y[there]], 1).astype(np.float64)
    longest = max(laid.width, laid.height)
    shared = _shared_by_one(here, target, laid.size[there] / reference.size[near], _LOOSE * longest)
    layout = None
    for round_ in range(_ROUNDS):
        if len(np.unique(target[shared], axis=0)) < least:
            return None
        layout = _fitted(here[shared], target[shared])
        tolerance = (_LOOSE if round_ < 2 else _TIGHT) * longest
        shared = np.flatnonzero(np.hypot(*(placed(layout, here) - target).T) < tolerance)
    if layout is None or len(np.unique(target[shared], axis=0)) < least or not _is_likely(layout):
        return None
    least_xy, most_xy = target[shared].min(0), target[shared].max(0)
    spread = float(least_xy[0]), float(least_xy[1]), float(most_xy[0]), float(most_xy[1])
    return Placement(layout, len(shared), way, near[shared], spread)


def placed(layout: PointLayout, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take places (n, 2) of the reference to the searched picture."""
    found: NDArray[np.float64] = places @ layout[:, :2].T + layout[:, 2]
    return found


def _shared_by_one(
    here: NDArray[np.float64], target: NDArray[np.float64], scale: NDArray[np.float32], tolerance: float
) -> NDArray[np.int64]:
    """Return the pairs that agree with the layout (a scale and a shift) of that pair with which most agree."""
    shift = target - scale[:, None] * here
    error = scale[:, None, None] * here[None] + shift[:, None] - target[None]
    alike = np.abs(np.log2(scale[:, None] / scale[None])) < 0.5
    agree = (np.hypot(error[..., 0], error[..., 1]) < tolerance) & alike
    return np.flatnonzero(agree[agree.sum(1).argmax()])


def _fitted(here: NDArray[np.float64], target: NDArray[np.float64]) -> PointLayout:
    """Return the affine layout with the least squares."""
    rows = np.hstack([here, np.ones((len(here), 1))])
    found: PointLayout = np.linalg.lstsq(rows, target, rcond=None)[0].T.astype(np.float64)
    return found


def _is_likely(layout: PointLayout) -> bool:
    """Say whether a copy can lie so: not mirrored by itself, hardly squeezed, hardly sheared."""
    linear = layout[:, :2]
    if np.linalg.det(linear) <= 0:
        return False
    stretched = np.linalg.svd(linear, compute_uv=False)
    turned = abs(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]))
    return bool(stretched[0] / stretched[1] < _MOST_SQUEEZE and turned < _MOST_SHEAR)
