"""Which photographs show what another one shows (spec/roll-carrier.md, 7), as jpegtran and a lens make them."""

from __future__ import annotations

import io
import struct
import subprocess

import numpy as np
import pytest
from PIL import Image, ImageOps
from tests.carriers.covers_made import photograph

from fifthfloor.carriers.roll.twins import NO_SEMBLANCE, Semblance, semblance_in, twins
from fifthfloor.jpeg import segments


def saved(picture: Image.Image, quality: int, **options: bool) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def original() -> bytes:
    return photograph(11, 1048, 792)


@pytest.fixture(scope="module")
def looks(original: bytes) -> list[Semblance]:
    """Of three photographs, none of which shows what another one shows."""
    return [semblance_in(data) for data in (original, photograph(12), photograph(13))]


def test_neighbours_are_no_twins(looks: list[Semblance]) -> None:
    assert twins(looks) == set()
    assert twins([]) == twins([*looks, NO_SEMBLANCE, NO_SEMBLANCE]) == set()


def test_copies_made_anew_are_found_turned_and_mirrored_too(original: bytes, looks: list[Semblance]) -> None:
    picture = Image.open(io.BytesIO(original))
    picture.load()
    for made in (
        saved(picture.resize((704, 533)), 80),
        saved(picture.resize((320, 240)), 80),
        saved(picture.rotate(90, expand=True), 60),
        saved(ImageOps.mirror(picture).rotate(270, expand=True).resize((600, 800)), 75),
    ):
        assert twins([*looks, semblance_in(made)]) == {0, 3}


CROPPED = ("-crop", "256x200+384+304")


@pytest.mark.judge("jpegtran")
@pytest.mark.parametrize(
    "how",
    [
        ("-progressive",), ("-rotate", "90", "-trim"), ("-rotate", "180", "-trim"), ("-flip", "horizontal"),
        ("-flip", "vertical", "-progressive"), ("-transpose",), ("-transverse", "-trim"),
        ("-crop", "1040x784+0+0"), CROPPED,
    ],
    ids=" ".join,
)  # fmt: skip
def test_copies_of_the_same_coefficients_are_found(
    how: tuple[str, ...], original: bytes, looks: list[Semblance]
) -> None:
    made = subprocess.run(["jpegtran", "-copy", "all", *how], input=original, check=True, capture_output=True).stdout
    assert twins([*looks, semblance_in(made)]) == {0, 3}
    if how == CROPPED:
        # Two pieces of one picture that overlap in a half, the picture itself elsewhere.
        again = ("jpegtran", "-crop", "256x200+384+400", "-rotate", "90", "-trim")
        other = subprocess.run(again, input=original, check=True, capture_output=True).stdout
        assert twins([*looks[1:], semblance_in(made), semblance_in(other)]) == {2, 3}


def test_what_is_left_of_a_copy_is_enough(original: bytes, looks: list[Semblance]) -> None:
    for part in (0.95, 0.3):
        assert twins([*looks, semblance_in(original[: int(len(original) * part)])]) == {0, 3}
    damaged = bytearray(original)
    damaged[len(original) * 6 // 10 : len(original) * 6 // 10 + 400] = b"\x00" * 400
    assert twins([*looks, semblance_in(bytes(damaged))]) == {0, 3}
    progressive = saved(Image.open(io.BytesIO(original)), 93, progressive=True)
    assert twins([*looks, semblance_in(progressive[: len(progressive) * 3 // 4])]) == {0, 3}
    assert semblance_in(b"\xff\xd8\xff\xe0 no photograph").levels.any() == semblance_in(b"").levels.any() == np.False_


def with_thumbnail(picture: bytes, thumbnail: bytes) -> bytes:
    """Put an Exif block before everything that says nothing but where the thumbnail in it is."""
    entries = [(0x0112, 3, 1, 1 << 16), (0x0201, 4, 1, 56), (0x0202, 4, 1, len(thumbnail))]
    packed = [struct.pack(">HHII", *one) for one in entries]
    tiff = b"MM\0*\0\0\0\x08\0\1" + packed[0] + b"\0\0\0\x1a\0\2" + packed[1] + packed[2] + bytes(4)
    assert len(tiff) == 56
    return picture[:2] + segments.segment(segments.APP1, b"Exif\0\0" + tiff + thumbnail) + picture[2:]


def test_the_same_thumbnail_is_the_same_photograph_but_where_all_have_one(original: bytes) -> None:
    picture = Image.open(io.BytesIO(original))
    thumbnails = [saved(Image.open(io.BytesIO(photograph(n))).resize((160, 120)), 80) for n in (11, 12, 13)]
    cropped = saved(picture.crop((333, 222, 1000, 777)), 80)  # and compressed anew: nothing else tells
    arithmetic = original.replace(b"\xff\xc0", b"\xff\xc9", 1)
    assert not semblance_in(arithmetic).marks.size
    pictures = [original, photograph(12), photograph(13)]
    with_their_own = [semblance_in(with_thumbnail(*both)) for both in zip(pictures, thumbnails, strict=True)]
    assert twins(with_their_own) == set()
    for copy in (cropped, arithmetic):
        assert twins([*with_their_own, semblance_in(with_thumbnail(copy, thumbnails[0]))]) == {0, 3}
    none = thumbnails[2]
    assert twins([semblance_in(with_thumbnail(photograph(n, 400, 320), none)) for n in range(21, 27)]) == set()


def test_a_stamped_line_and_flat_parts_are_no_twins() -> None:
    """What a game camera prints below every picture, and a sky that is white in both."""
    grain = np.random.default_rng(3).integers(30, 220, (64, 1024), np.uint8)
    made = []
    for seed in (21, 22):
        pixels = np.asarray(Image.open(io.BytesIO(photograph(seed, 1024, 768)))).copy()
        pixels[:256], pixels[-64:] = 255, grain[..., None]
        made.append(semblance_in(saved(Image.fromarray(pixels), 93)))
    assert len(np.intersect1d(made[0].marks, made[1].marks)) >= 2
    assert twins(made) == set()
    bars = np.repeat(np.random.default_rng(4).integers(30, 220, 240, np.uint8), 8)
    assert not len(semblance_in(saved(Image.fromarray(np.tile(bars, (400, 1))), 93)).marks)
