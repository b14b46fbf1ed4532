"""What a picture looks like: found again after what people do, never in another scene; bytes and hostile bytes."""

from __future__ import annotations

import io
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.trace.scenes import CHANGES, jpeg, scene

from fifthfloor.errors import BadInput
from fifthfloor.trace.grey import SEARCHED_PX, is_icon, levels, opened, scaled
from fifthfloor.trace.likeness import MAX_LIKENESS_BYTES, Likeness, likeness_of, read_likeness
from fifthfloor.trace.matching import LEAST_SHARED, PointLayout, match
from fifthfloor.trace.points import find_points


@pytest.fixture(scope="module")
def known() -> list[Likeness]:
    return [read_likeness(likeness_of(jpeg(scene(seed)))) for seed in range(3)]


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_is_found_and_no_other_scene_is(change: str, known: list[Likeness]) -> None:
    copy = jpeg(CHANGES[change](scene(1), Random(change)), 30)
    searched = find_points(scaled(opened(copy, SEARCHED_PX), SEARCHED_PX), 800)
    found = [match(one.points, searched) for one in known]
    assert found[1] is not None
    assert found[1].shared >= LEAST_SHARED
    assert (found[1].way == 1) == change.startswith("mirror")
    assert found[0] is None
    assert found[2] is None


def test_a_level_is_smoothed_twice_with_its_edges_repeated() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (50, 70), np.uint8)
    expected = pixels.astype(np.float64)
    for axis in (0, 1, 0, 1):
        wide = np.pad(expected, [(2, 2) if at == axis else (0, 0) for at in (0, 1)], mode="edge")
        parts = [np.take(wide, np.arange(first, first + pixels.shape[axis]), axis) for first in range(5)]
        expected = np.tensordot(np.array([1, 4, 6, 4, 1]) / 16, np.stack(parts), 1)
    assert np.abs(levels(Image.fromarray(pixels))[0] - expected).max() < 1e-3


@pytest.mark.parametrize("way", range(8))
def test_laying_points_is_laying_the_picture(way: int) -> None:
    image = scaled(scene(2), 512)
    laid = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if way & 1 else image
    for _ in range(way >> 1):
        laid = laid.transpose(Image.Transpose.ROTATE_270)  # a quarter clockwise
    there, here = find_points(laid, 80), find_points(image, 80).laid(way)
    assert (here.width, here.height) == (there.width, there.height)
    nearest = np.hypot(here.x[:, None] - there.x, here.y[:, None] - there.y).argmin(1)
    apart = np.bitwise_count(here.words ^ there.words[nearest]).sum(1)
    assert np.median(apart) <= 4


def test_the_layout_is_that_of_the_crop(known: list[Likeness]) -> None:
    image = scene(1)
    left, top, scale = 240, 160, 512 / 1200
    part = image.crop((left, top, 1080, 720))
    found = match(known[1].points, find_points(scaled(part, SEARCHED_PX), 800), (0,))
    assert found is not None
    expected: PointLayout = np.array([[1 / scale, 0, -left], [0, 1 / scale, -top]])
    corners = np.array([[150, 100, 1], [400, 100, 1], [150, 280, 1], [400, 280, 1]])
    assert np.abs(corners @ (found.layout - expected).T).max() < 0.01 * 840


def test_bytes_come_back(known: list[Likeness]) -> None:
    for one in known:
        data = one.to_bytes()
        assert len(data) <= MAX_LIKENESS_BYTES
        again = read_likeness(data)
        assert again.to_bytes() == data
        assert len(again.points.x) > 60


def test_what_is_hidden_is_not_told() -> None:
    """Two scenes that differ only under the grey have one likeness."""
    other = scene(1)
    other.paste(scene(5).crop((300, 200, 700, 500)), (300, 200))
    grey = Image.new("RGB", (400, 300), (128, 128, 128))
    first, second = scene(1), other
    for image in (first, second):
        image.paste(grey, (300, 200))
    assert likeness_of(jpeg(first)) == likeness_of(jpeg(second))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_likeness_or_its_named_error(data: bytes) -> None:
    try:
        again = read_likeness(data).to_bytes()
    except BadInput as error:
        again = error.key.encode()
    assert again in (data, b"trace.likeness")


@pytest.mark.parametrize("at", [0, 1, 2, 3, 5, 6, 7, 8])
def test_a_changed_head_is_refused(at: int, known: list[Likeness]) -> None:
    data = bytearray(known[0].to_bytes())
    data[at] ^= 0x80
    with pytest.raises(BadInput):
        read_likeness(bytes(data))


def test_broken_exif_is_no_words_of_a_library() -> None:
    """Pillow warns whoever programs, with paths of its own; tests take a warning for an error."""
    said = io.BytesIO()
    Image.new("RGB", (100, 90)).save(
        said, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x05\0\x0f\x01\x02\0\xff\0\0\0\xff\xff"
    )
    assert opened(said.getvalue(), 64).size == (100, 90)
    assert not is_icon(said.getvalue())
    assert not is_icon(b"II*\0\x08\0\0\0\x05\0\x0f\x01\x02\0\xff\0\0\0\xff\xff\0\0")
