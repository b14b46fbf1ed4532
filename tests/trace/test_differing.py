"""What the tiles say of a layout that some points share."""

from __future__ import annotations

import pytest

from fifthfloor.trace.differing import MOST_MISFIT, Differences


def told(misfit: float, differing: float = 0.0, compared: int = 5000) -> Differences:
    return Differences(1.0, (0, 0, 0, 0), 0.0, 6144, compared, differing, (), misfit, is_mirrored=False, quarters=0)


@pytest.mark.parametrize(
    ("shared", "differences", "expected"),
    [
        (40, told(0.9, 0.6), True),  # as sure as points are: another view of the scene
        (12, told(0.9), True),
        (11, told(0.45), True),
        (9, told(0.70), False),  # seen: a loudspeaker in a photograph of something else
        (7, told(0.05, 0.1), True),
        (7, told(MOST_MISFIT + 0.01), False),
        (7, told(0.05, 0.3), False),  # too much of it is something else
        (7, told(0.05, 0.0, 1000), False),  # too little of it is there
    ],
)
def test_few_points_need_tiles_that_say_the_same(shared: int, differences: Differences, expected: bool) -> None:
    assert differences.bears_out(shared) == expected
