"""Boxes hide what they cover, in the picture as it is shown and in its rendition."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps
from tests.jpeg.pictures import jpeg, pixels
from tests.statement.hidden_more import hide_more
from tests.statement.stories import facts, secret, signed

from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import CanonicalHeader, canonicalise
from fifthfloor.redact.areas import count_areas
from fifthfloor.redact.boxes import Box, read_boxes, runs_of
from fifthfloor.redact.rendition import hidden_in_rendition, rendition
from fifthfloor.statement.hidden_runs import HiddenRuns, to_marks
from fifthfloor.statement.sign import Original, RedactedBytes, fill, sign
from fifthfloor.statement.verify import verify


def write_boxes(boxes: dict[str, tuple[Box, ...]]) -> bytes:
    """Write a file of boxes."""
    names = ("left", "top", "right", "bottom")
    document = {name: [{key: getattr(box, key) for key in names} for box in found] for name, found in boxes.items()}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def shown(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_box_hides_what_a_person_sees_there(orientation: int, subsampling: int) -> None:
    picture = canonicalise(jpeg(250, 170, subsampling=subsampling)).with_header(orientation=orientation)
    box = Box(40, 100, 75, 131) if orientation <= 4 else Box(100, 40, 131, 75)
    hidden = fill(picture, runs_of(picture, [box]))
    before, after = shown(picture.to_bytes()), shown(hidden.to_bytes())
    # Mid-grey everywhere in the box (inside of the border that a decoder smooths chroma over).
    assert (np.abs(after[box.top + 2 : box.bottom - 2, box.left + 2 : box.right - 2].astype(int) - 128) <= 1).all()
    # An interval is at most 128 pixels long and 16 high; chroma is smoothed over two more.
    far = np.ones(before.shape[:2], dtype=bool)
    far[max(0, box.top - 146) : box.bottom + 146, max(0, box.left - 146) : box.right + 146] = False
    wide, high = (250, 170) if orientation <= 4 else (170, 250)
    assert before.shape[:2] == (high, wide)
    assert (before == after)[far].all()
    assert not (before == after).all()


def hide(given: RedactedBytes, boxes: list[Box]) -> RedactedBytes:
    return hide_more(given, runs_of(verify(given.picture, given.statement).picture, boxes))


def test_boxes_of_a_signed_picture_are_hidden_under_its_signature() -> None:
    whole = signed(width=400, height=300)
    hidden = hide(whole, [Box(0, 0, 20, 20), Box(390, 290, 500, 400)])
    verified = verify(hidden.picture, hidden.statement)
    assert verified.hidden_intervals == 3
    assert (pixels(hidden.picture)[:14, :100] == 128).all()
    assert hide(hidden, [Box(0, 0, 20, 20)]) == hidden


def renditions_that_differ_under(changed: Box, box: Box, tile_mcus: int = 0) -> list[bytes]:
    """Two originals that differ under `changed` alone; their renditions, as they are shown when `box` is hidden."""
    found, bare = [], []
    for value in (0, 255):
        pixels_ = np.array(Image.open(io.BytesIO(jpeg(4096, 768, subsampling=0, quality=95))))
        pixels_[changed.top : changed.bottom, changed.left : changed.right] = value
        out = io.BytesIO()
        Image.fromarray(pixels_).save(out, "JPEG", quality=95, subsampling=2)
        full = canonicalise(out.getvalue(), tile_mcus)
        runs = runs_of(full, [box])
        small, shown = rendition(full, runs), rendition(full)
        assert small is not None
        assert shown is not None
        bare.append(shown.to_bytes())
        assert max(small.header.width, small.header.height) == 2048
        found.append(fill(small, hidden_in_rendition(runs, full.header, small.header)).to_bytes())
        # Nor does anything of it lie under what is hidden.
        found.append(small.to_bytes())
    assert bare[0] != bare[1], "the judge sees a difference"
    return found


def test_a_rendition_shows_nothing_that_was_made_from_a_hidden_pixel() -> None:
    box = Box(1280, 320, 1536, 384)
    first, first_under, second, second_under = renditions_that_differ_under(box, box)
    assert first == second
    assert first_under == second_under


def test_a_rendition_shows_nothing_of_what_a_box_was_snapped_to() -> None:
    """The full size hides the whole interval, 128 x 16 pixels here, of which the box takes a corner."""
    changed, box = Box(1280, 320, 1408, 336), Box(1281, 321, 1290, 330)
    first, first_under, second, second_under = renditions_that_differ_under(changed, box, tile_mcus=8)
    assert first == second
    assert first_under == second_under


def hidden_pixels(header: CanonicalHeader, runs: HiddenRuns) -> NDArray[np.bool_]:
    """True where a picture is hidden, as it is stored."""
    across, down = (8 * max(pair[axis] for pair in header.sampling) for axis in (0, 1))
    mcus = np.repeat(to_marks(runs, header.intervals), header.interval_mcus)[: header.mcus]
    grid = mcus.reshape(header.frame.mcus_high, header.frame.mcus_wide)
    return np.repeat(np.repeat(grid, down, axis=0), across, axis=1)[: header.height, : header.width]


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_the_rendition_is_grey_where_the_full_size_is_and_hides_each_part(orientation: int, subsampling: int) -> None:
    full = canonicalise(jpeg(3001, 1507, subsampling=subsampling)).with_header(orientation=orientation)
    far = Box(1500, 2993, 9999, 9999) if orientation == 6 else Box(2993, 1500, 9999, 9999)
    runs = runs_of(full, [Box(0, 0, 3, 3), Box(401, 700, 430, 743), Box(600, 900, 900, 1300), far])
    small = rendition(full, runs)
    assert small is not None
    also_runs = hidden_in_rendition(runs, full.header, small.header)
    hidden, also = hidden_pixels(full.header, runs), hidden_pixels(small.header, also_runs)
    assert count_areas(small.header, also_runs) == count_areas(full.header, runs) == 4
    scale = small.header.width / full.header.width
    y, x = np.nonzero(hidden)
    declared = also[(y * scale).astype(int), (x * scale).astype(int)]
    assert 0.8 < also.sum() / (hidden.sum() * scale**2) < 1.25, "neither twice nor half as much"
    assert declared.mean() > 0.8
    # What was not declared is grey all the same: its pixels, but for those at the edge and the ringing beside them.
    shown = np.asarray(Image.open(io.BytesIO(fill(small, also_runs).to_bytes())).convert("L")).astype(int)
    inside = np.zeros(also.shape, np.bool_)
    inside[(y * scale).astype(int), (x * scale).astype(int)] = True
    core = np.zeros_like(inside)
    core[1:-1, 1:-1] = inside[1:-1, 1:-1]
    for _ in range(5):
        core[1:-1, 1:-1] &= core[:-2, 1:-1] & core[2:, 1:-1] & core[1:-1, :-2] & core[1:-1, 2:]
    assert core.sum() > 1000
    assert np.abs(shown[core] - 128).max() <= 12


def test_full_size_and_rendition_have_one_statement_and_verify_both() -> None:
    full = canonicalise(jpeg(2500, 1000, mode="L"))
    small = rendition(full, runs_of(full, [Box(0, 0, 9, 9)]))
    assert small is not None
    originals = [Original(full, secret("a"), runs_of(full, [Box(0, 0, 9, 9)])), Original(small, secret("b"))]
    both = sign(SigningKey(secret("key")), originals, facts(), key_life="once")
    assert [verify(one.picture, one.statement).role for one in both] == ["full", "rendition"]
    assert len({verify(one.picture, one.statement).statement.signature for one in both}) == 1


@pytest.mark.parametrize(
    ("full", "small"),
    [
        ((2400, 1600), (2048, 1365)),  # lying, as cameras store them: intervals divide the rows as it is
        ((2730, 4096), (1365, 2048)),  # upright, as programs store them
        ((1800, 2400), (1536, 2048)),
        ((200, 4096), (100, 2048)),
    ],
)
def test_hidden_parts_of_a_rendition_end_straight(full: tuple[int, int], small: tuple[int, int]) -> None:
    made = rendition(canonicalise(jpeg(*full)))
    assert made is not None
    assert (made.header.width, made.header.height) == small
    assert made.header.interval_mcus == 1


def test_no_rendition_where_it_would_not_be_smaller() -> None:
    assert rendition(canonicalise(jpeg(2048, 100))) is None
    assert rendition(canonicalise(jpeg(2100, 100, mode="CMYK"))) is None


@pytest.mark.parametrize("box", [Box(5, 5, 5, 9), Box(300, 0, 310, 9), Box(0, -9, 9, 0), Box(9, 0, 0, 9)])
def test_a_box_that_hides_nothing_is_refused(box: Box) -> None:
    with pytest.raises(BadInput) as caught:
        runs_of(canonicalise(jpeg(300, 120)), [box])
    assert caught.value.key == "redact.empty_box"


def test_a_million_boxes_are_refused() -> None:
    with pytest.raises(BadInput) as caught:
        runs_of(canonicalise(jpeg()), [Box(0, 0, 1, 1)] * 1_000_000)
    assert caught.value.key == "redact.too_many_boxes"


@given(st.dictionaries(st.text(max_size=5), st.lists(st.builds(Box, *[st.integers(-9, 9)] * 4), max_size=3)))
def test_files_of_boxes_come_back(boxes: dict[str, list[Box]]) -> None:
    given_boxes = {name: tuple(found) for name, found in boxes.items()}
    assert read_boxes(write_boxes(given_boxes)) == given_boxes


@given(
    st.one_of(st.binary(max_size=60), st.sampled_from([b"[", b"{}x", b"[" * 9999, b'{"a": [[1]]}', b'{"a": 1}', b"1"]))
)
def test_other_files_are_refused_by_name(data: bytes) -> None:
    try:
        read_boxes(data)
    except BadInput as error:
        assert error.key == "redact.boxes_malformed"  # noqa: PT017 - both outcomes are lawful


def test_a_large_file_of_boxes_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        read_boxes(b" " * 100_000_000)
    assert caught.value.key == "redact.boxes_too_large"
