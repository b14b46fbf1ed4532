"""What is made strip by strip is what would be made of the whole, and takes its own size in memory once."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from tests.redact.drawn import scene

from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise
from fifthfloor.redact import pixels as module
from fifthfloor.redact import resizing
from fifthfloor.redact.decisions import Decision
from fifthfloor.redact.faces import find_faces
from fifthfloor.redact.lettering import find_writing
from fifthfloor.redact.pixels import StripPixels, seen, shown_pixels, turned
from fifthfloor.redact.rendition import rendition
from fifthfloor.redact.resizing import enlarged, made_smaller, reduced
from fifthfloor.tasks.people.finding_faces import Search, parts_in

PEAK = """
import sys
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.redact import pixels
from fifthfloor.redact.pixels import shown_pixels
from fifthfloor.redact.rendition import rendition
pixels.STRIP_PX //= 4  # as the picture, which is a quarter as high as a large one
def now(name):
    return next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith(name))
small, large = (canonicalise(open(name, "rb").read()) for name in sys.argv[1:])
shown_pixels(small), rendition(small, long_edge_pixels=64)
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
shown = shown_pixels(large)
first = now("VmHWM") - before
del shown
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
rendition(large)
print(first, now("VmHWM") - before)
"""


def drawn(subsampling: str, tile: int | None, size: tuple[int, int] = (601, 437)) -> CanonicalPicture:
    out = io.BytesIO()
    scene(*size).save(out, "JPEG", quality=90, subsampling=subsampling)
    return canonicalise(out.getvalue(), tile)


def whole(picture: CanonicalPicture) -> Image.Image:
    with Image.open(io.BytesIO(picture.to_bytes())) as opened:
        opened.load()
        return opened


@pytest.mark.parametrize("subsampling", ["4:2:0", "4:2:2", "4:4:4"])
@pytest.mark.parametrize("tile", [1, 3, None])
@pytest.mark.parametrize("strip_px", [16, 100])
def test_strips_are_the_whole(
    subsampling: str, tile: int | None, strip_px: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STRIP_PX", strip_px)
    picture = drawn(subsampling, tile)
    assert len(list(module.strips(picture))) > 3
    assert np.array_equal(shown_pixels(picture), np.asarray(whole(picture)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STRIP_PX", 64)
    picture = drawn("4:2:0", 1).with_header(orientation=orientation)
    assert np.array_equal(shown_pixels(picture), np.asarray(ImageOps.exif_transpose(whole(picture))))


@pytest.mark.parametrize("size", [(200, 150), (199, 146), (67, 49), (601, 437), (3, 2)])
def test_smaller_is_what_it_would_be_of_the_whole(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resizing, "STRIP_PX", 40)
    photograph = scene(601, 437)
    wanted = np.asarray(photograph.resize(size, Image.Resampling.BOX)).astype(int)
    made = made_smaller(np.asarray(photograph), *size).astype(int)
    # Where an edge falls on the middle of a row, either side of it is right.
    assert (np.abs(made - wanted).max(axis=(1, 2)) > 1).mean() < 0.02


@pytest.mark.parametrize("colour", ["RGB", "L"])
def test_the_rendition_is_what_it_would_be_of_the_whole(colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STRIP_PX", 64)
    out = io.BytesIO()
    scene(601, 437).convert(colour).save(out, "JPEG", quality=90)
    picture = canonicalise(out.getvalue())
    small = rendition(picture, long_edge_pixels=200)
    assert small is not None
    out = io.BytesIO()
    size = (small.header.width, small.header.height)
    whole(picture).resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=88, subsampling="4:2:0")
    assert small == replace(canonicalise(out.getvalue(), 1), starts=small.starts, ends=small.ends)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_a_large_picture_takes_its_own_size_once(tmp_path: Path) -> None:
    size = (6000, 2500)
    for name, wanted in (("small.jpg", (100, 80)), ("large.jpg", size)):
        Image.new("RGB", wanted, (120, 130, 140)).save(tmp_path / name, quality=75)
    command = [sys.executable, "-c", PEAK, str(tmp_path / "small.jpg"), str(tmp_path / "large.jpg")]
    shown, small = map(int, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    one = size[0] * size[1] * 3
    # Of the whole, Pillow would hold four thirds of it, and twice while it turns or converts it.
    assert one < shown < 1.6 * one
    assert small < one


def in_strips(picture: CanonicalPicture, monkeypatch: pytest.MonkeyPatch) -> StripPixels:
    """Take a picture for a large one, of which three strips or so are kept."""
    monkeypatch.setattr(module, "WHOLE_PIXELS", 0)
    monkeypatch.setattr(module, "STRIP_PX", 64)
    monkeypatch.setattr(module, "STRIPS_BYTES", 3 * 64 * picture.header.width * 3)
    found = seen(picture)
    assert isinstance(found, StripPixels)
    return found


PLACES = [(0, 0, 601, 437), (0, 0, 437, 601), (100, 90, 300, 111), (17, 3, 18, 4), (400, 400, 9000, 9000), (5, 5, 5, 9)]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("turns", range(4))
def test_a_part_of_a_large_picture_is_that_of_the_whole(
    orientation: int, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = drawn("4:2:0", 1).with_header(orientation=orientation)
    whole_one, large = np.rot90(shown_pixels(picture), turns), turned(in_strips(picture, monkeypatch), turns)
    assert large.shape == whole_one.shape
    for left, top, right, bottom in PLACES:
        assert np.array_equal(large[top:bottom, left:right], whole_one[top:bottom, left:right])
    size, part = (whole_one.shape[1] // 3, whole_one.shape[0] // 3), (-9.5, 20.25, 40.0, 69.75)
    assert np.array_equal(enlarged(large, part, 96), enlarged(whole_one, part, 96))
    for made, wanted in (
        (made_smaller(large, *size), made_smaller(whole_one, *size)),
        (reduced(large, (-50, 100, 350, 500), 96), reduced(whole_one, (-50, 100, 350, 500), 96)),
    ):
        # Columns first or rows first: where an edge falls on the middle of one, either side of it is right.
        assert (np.abs(made.astype(int) - wanted) > 1).mean() < 0.01


@pytest.mark.parametrize("orientation", [1, 6])
def test_in_a_large_picture_the_same_is_found(orientation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = drawn("4:2:0", 1, (900, 600)).with_header(orientation=orientation)
    pixels, large = shown_pixels(picture), in_strips(picture, monkeypatch)
    found = find_faces(large, 0.05)
    assert any(face.score > 0.14 for face in found)
    assert [astuple(face)[:4] for face in found] == [astuple(face)[:4] for face in find_faces(pixels, 0.05)]
    assert [one.box for one in find_writing(large)] == [one.box for one in find_writing(pixels)]
    assert len(large.kept) < 10
    assert sum(strip.nbytes for strip in large.kept.values()) <= module.STRIPS_BYTES


def test_a_large_photograph_that_is_protected_is_never_decoded_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(_picture: CanonicalPicture) -> None:
        raise AssertionError("every strip of it, one after the other, into one array")

    monkeypatch.setattr(module, "WHOLE_PIXELS", 0)
    monkeypatch.setattr(module, "strips", whole)
    parts = parts_in(drawn("4:2:0", 1, (640, 420)), Search(Path(), None, Decision(), True, True, False))
    assert any(part.why == "sure" for part in parts)
