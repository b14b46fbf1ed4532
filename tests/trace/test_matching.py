"""How a copy may lie in a picture: turned a little, made smaller; not mirrored, squeezed or sheared by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthfloor.trace.matching import match
from fifthfloor.trace.points import Points

COUNT = 60


def turned(degrees: float, across: float = 1.0, down: float = 1.0) -> NDArray[np.float64]:
    turn = math.radians(degrees)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return np.asarray(rotation @ np.diag([across, down]))


def pictures(linear: NDArray[np.float64]) -> tuple[Points, Points]:
    """Two pictures with the same points, whose places differ by a layout."""
    chance = np.random.default_rng(8)
    places, values = chance.uniform(100, 700, (COUNT, 2)), chance.choice([-1, 1], (COUNT, 128)).astype(np.float32)
    there = (places - 400) @ linear.T + 400
    return picture(places, values), picture(there, values)


def picture(places: NDArray[np.float64], values: NDArray[np.float32]) -> Points:
    x, y = places.T.astype(np.float32)
    return Points(800, 800, x, y, np.ones(COUNT, np.float32), values)


@pytest.mark.parametrize(
    ("linear", "found"),
    [(turned(0), True), (turned(4, 0.8, 0.8), True), (turned(0, 1.25, 1.0), True), (turned(0, 1.9, 1.0), False),
     (turned(0, -1.0, 1.0), False), (turned(28), False)],
    ids=["as it is", "smaller and turned", "pressed a little", "pressed", "mirrored", "turned far"],
)  # fmt: skip
def test_a_layout_is_one_that_copies_have(linear: NDArray[np.float64], found: bool) -> None:
    assert (match(*pictures(linear), ways=(0,)) is not None) == found
