"""What the tiles say of a layout that some points share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps
from tests.trace.scenes import CHANGES, SETTINGS, jpeg, scene

from fifthfloor.trace.candidates import searched
from fifthfloor.trace.differing import MOST_MISFIT, Differences, differences
from fifthfloor.trace.grey import Reals
from fifthfloor.trace.likeness import Likeness, likeness_of, mean_tiles, read_likeness
from fifthfloor.trace.matching import match
from fifthfloor.trace.one_channel import likest
from fifthfloor.trace.seen import SeenTiles, steps_alike
from fifthfloor.words.lines.likeness import differing_lines


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


@pytest.fixture(scope="module")
def known() -> Likeness:
    return read_likeness(likeness_of(jpeg(scene(6))))


def compared(known: Likeness, copy: Image.Image) -> Differences:
    picture = searched(jpeg(copy, 60))
    placement = match(known.points, picture.points)
    assert placement is not None
    return differences(known.tiles, (known.points.width, known.points.height), placement, picture.image)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_crop_that_stands_in_something_else_ends_where_that_begins(name: str, known: Likeness) -> None:
    crop = scene(6).crop((120, 200, 1080, 740))
    found = compared(known, SETTINGS[name](crop, Random(name)))
    assert found.is_this_frame
    assert found.areas == ()
    assert found.kept == pytest.approx(0.8 * 0.675, abs=0.02)
    assert found.sides == pytest.approx((0.1, 0.25, 0.1, 0.075), abs=0.015)
    covered = [side for side, share in zip("ltrb", found.covered, strict=True) if share >= 0.01]
    beside = {name: "ltrb" for name in SETTINGS if name.endswith("border")}
    beside |= {"above a caption bar": "b", "below a title bar": "t"}
    assert "".join(covered) == beside.get(name, "tb")


@pytest.mark.parametrize("name", SETTINGS)
def test_what_was_changed_in_such_a_crop_is_told(name: str, known: Likeness) -> None:
    """A box within it, and one on its edge that does not go along all of it."""
    image = scene(6)
    image.paste((128, 128, 128), (500, 350, 640, 500))
    image.paste((20, 20, 20), (120, 420, 260, 640))
    found = compared(known, SETTINGS[name](image.crop((120, 200, 1080, 740)), Random(name)))
    assert found.kept == pytest.approx(0.8 * 0.675, abs=0.02)
    middles = [(500 / 1200 + 70 / 1200, 425 / 800), (190 / 1200, 530 / 800)]
    assert all(any(a.left < x < a.right and a.top < y < a.bottom for a in found.areas) for x, y in middles)


def test_a_bar_over_a_whole_side_is_never_unaltered(known: Likeness) -> None:
    image = scene(6)
    image.paste((255, 255, 255), (0, 680, 1200, 800))
    found = compared(known, image)
    assert found.covered == pytest.approx((0, 0, 0, 0.15), abs=0.015)
    assert found.kept == pytest.approx(0.85, abs=0.015)
    assert found.compared < 0.87 * found.tiles
    assert "bottom 15 % cut off or covered" in differing_lines(found)[0]
    # With an edge aslant it is no bar: it differs.
    aslant = scene(6)
    ImageDraw.Draw(aslant).polygon([(0, 740), (1200, 600), (1200, 800), (0, 800)], (255, 255, 255))
    found = compared(known, aslant)
    assert found.covered == (0, 0, 0, 0)
    assert any(area.right - area.left > 0.8 for area in found.areas)


def test_nothing_is_left_out_of_a_plain_copy(known: Likeness) -> None:
    for copy in (scene(6), scene(6).crop((120, 200, 1080, 740)), CHANGES["turned"](scene(6), Random(1))):
        found = compared(known, copy)
        assert found.shown is None
        assert found.areas == ()


WHOLE_CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.6),
    "equalised": ImageOps.equalize,
}


@pytest.mark.parametrize("name", WHOLE_CHANGES)
def test_what_is_clipped_in_the_whole_picture_is_no_area(name: str, known: Likeness) -> None:
    found = compared(known, WHOLE_CHANGES[name](scene(6)))
    assert found.areas == ()
    assert found.compared == found.tiles
    image = scene(6)
    image.paste((128, 128, 128), (500, 350, 640, 500))
    image.paste((20, 20, 20), (120, 420, 260, 640))
    found = compared(known, WHOLE_CHANGES[name](image))
    for x, y in ((570 / 1200, 425 / 800), (190 / 1200, 530 / 800)):
        assert any(area.left < x < area.right and area.top < y < area.bottom for area in found.areas)
    assert len(found.areas) == 2


@pytest.mark.parametrize(("number", "name"), list(enumerate(["grey", "red", "green", "blue"])))
def test_a_copy_by_one_colour_alone_is_compared_with_that(number: int, name: str, known: Likeness) -> None:
    image = scene(6)
    greys = [image.convert("L"), *image.split()]
    grids = [mean_tiles(np.asarray(grey), 96, 64) for grey in greys]
    picture = searched(jpeg(greys[number], 60))
    placement = match(known.points, picture.points)
    assert placement is not None
    frame = known.points.width, known.points.height
    assert likest(grids, frame, placement, picture.image) is grids[number], name
    assert differences(grids[number], frame, placement, picture.image).areas == ()


def test_a_horizon_alone_bears_nothing_out() -> None:
    """Skies over other seas agree down, tile by tile, and in nothing across."""
    chance = np.random.default_rng(3)
    sky = np.repeat(np.where(np.arange(64) < 30, 210.0 - np.arange(64), 90.0)[:, None], 96, 1)
    one, other = (sky + chance.normal(0, 2, sky.shape) for _ in range(2))
    detailed = sky + 20 * np.sin(np.arange(96) / 3)
    inside = np.ones(sky.shape, bool)

    def steps(given: Reals, seen: Reals) -> float:
        return steps_alike(SeenTiles(np.zeros((64, 96), np.uint8), given, seen, np.zeros((65, 97, 2))), inside)

    assert steps(one, other) < 0.1
    assert steps(detailed + chance.normal(0, 2, sky.shape), 0.3 * detailed) > 0.5
    alone = replace(told(misfit=0.05, differing=0.0, compared=6144), steps=steps(one, other))
    assert (alone.bears_out(6), alone.bears_out(8)) == (False, True)
