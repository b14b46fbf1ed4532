"""The drawn photographs: every scene can be drawn, told apart, repeated, and read by other people's programs."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from fifthfloor.errors import BadInput
from fifthfloor_theatre.journey.camera import enlarge, exposed
from fifthfloor_theatre.journey.figures import GLYPHS
from fifthfloor_theatre.journey.scenes import (
    INNOCENT,
    SCENES,
    UNWANTED,
    dcf_name,
    draw_scene,
    photograph,
    roll,
    scene_faces,
    sidecar,
)

TAKEN = datetime(2012, 9, 3, 8, 1, 30)


def small(name: str, number: int, place: tuple[float, float] | None = None) -> bytes:
    """A photograph that is quick to make."""
    return photograph(name, number, TAKEN, width_px=240, height_px=160, place=place)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_a_picture_and_its_seed_decides_it(name: str) -> None:
    picture = draw_scene(name, 1, 240, 160)
    assert picture.shape == (160, 240, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 3, "nothing to be seen"
    assert np.array_equal(picture, draw_scene(name, 1, 240, 160))
    assert not np.array_equal(picture, draw_scene(name, 2, 240, 160))


def test_there_are_scenes_enough_for_an_essay_and_no_two_are_alike() -> None:
    assert len(UNWANTED) >= 14
    assert len(INNOCENT) >= 4
    pictures = [draw_scene(name, 1, 120, 80).astype(int) for name in SCENES]
    for k, one in enumerate(pictures):
        for other in pictures[k + 1 :]:
            assert abs(one - other).mean() > 4


def test_a_large_picture_is_the_small_one_enlarged() -> None:
    large, small = draw_scene("bus", 3, 1452, 968), draw_scene("bus", 3, 726, 484)
    shrunk = large.reshape(484, 2, 726, 2, 3).mean((1, 3))
    assert abs(shrunk - small).mean() < 1.5


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_enlarging_keeps_corners_and_brightness(factor: int) -> None:
    small = np.random.default_rng(1).integers(0, 256, (9, 7, 3), np.uint8)
    large = enlarge(small, factor)
    assert large.shape == (9 * factor, 7 * factor, 3)
    assert np.array_equal(large[0, 0], small[0, 0])
    assert np.array_equal(large[-1, -1], small[-1, -1])
    assert abs(float(large.mean()) - float(small.mean())) < 2


def test_faces_are_where_it_says() -> None:
    faces = scene_faces("karaoke", 1)
    assert len(faces) == 3
    picture = draw_scene("karaoke", 1)
    for box in faces:
        inside = picture[box.top_px : box.top_px + box.height_px, box.left_px : box.left_px + box.width_px]
        red, _green, blue = np.median(inside.reshape(-1, 3), axis=0)
        assert red > blue + 20, "skin is warmer than blue"
        assert box.left_px + box.width_px <= picture.shape[1]
    assert scene_faces("lift-panel", 1) == ()


def test_noise_grows_with_sensitivity_and_keeps_the_mean() -> None:
    flat = np.full((200, 200, 3), 128, np.uint8)
    low, high = (exposed(flat, 1, iso, np.random.default_rng(1)).astype(float) for iso in (100, 1600))
    assert abs(low.mean() - 128) < 0.2
    assert 2.0 < low.std() < 3.5
    assert 3.5 < high.std() / low.std() < 4.5


def test_a_photograph_is_a_camera_file_that_says_it_was_drawn() -> None:
    data = small("border-post", 17, (40.1208, -124.3967))
    assert data == small("border-post", 17, (40.1208, -124.3967))
    assert data != small("border-post", 18, (40.1208, -124.3967))
    assert data[:4] == b"\xff\xd8\xff\xe1"
    image = Image.open(io.BytesIO(data))
    assert image.size == (240, 160)
    exif = image.getexif()
    inner = exif.get_ifd(0x8769)
    assert exif[0x010F] == "Fifth Floor Synthetic"
    assert "drawn, not taken" in exif[0x0131]
    assert inner[0x9003] == "2012:09:03 08:01:30"
    assert (inner[0xA002], inner[0xA003]) == (240, 160)
    place = exif.get_ifd(0x8825)
    assert [float(v) for v in place[2]] == pytest.approx([40, 7, 14.88], abs=0.01)
    assert place[3] == "W"


@pytest.mark.judge("exiftool")
def test_exiftool_reads_every_field_and_the_thumbnail(tmp_path: Path) -> None:
    file = tmp_path / "IMG_0042.JPG"
    file.write_bytes(small("fields", 42, (39.019, 125.738)))
    said = subprocess.run(
        ["exiftool", "-json", "-n", "-validate", "-warning", "-all", str(file)], capture_output=True, check=True
    ).stdout
    fields = json.loads(said)[0]
    assert fields["DateTimeOriginal"] == "2012:09:03 08:01:30"
    assert fields["Model"] == "Drawn Camera 1"
    assert fields["ImageNumber"] == 42
    assert fields["GPSLatitude"] == pytest.approx(39.019, abs=1e-4)
    assert fields["Validate"].split()[0] == "0", "no errors"
    assert "ImageNumber" in fields["Warning"], "the only thing it minds is a tag of TIFF/EP"
    thumbnail = subprocess.run(["exiftool", "-b", "-ThumbnailImage", str(file)], capture_output=True, check=True).stdout
    assert Image.open(io.BytesIO(thumbnail)).size == (160, 107)


@pytest.mark.judge("djpeg")
def test_djpeg_decodes_it_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(small("market", 3))
    done = subprocess.run(["djpeg", "-strict", str(file)], capture_output=True, check=True)
    assert done.stderr == b""
    assert len(done.stdout) > 240 * 160 * 3


def test_a_full_size_photograph_is_as_heavy_as_a_cameras() -> None:
    data = photograph("square", 1, TAKEN)
    assert 500_000 < len(data) < 3_000_000


def test_a_roll_has_bursts_sidecars_rising_times_and_dcf_names() -> None:
    files = list(roll(["lake", "cat"], 7, TAKEN, first_number=9998, sidecar_every=3, size_px=(48, 32)))
    names = [file.name for file in files]
    assert names == [
        "IMG_9998.JPG",
        "IMG_9999.JPG",
        "IMG_0001.JPG",
        "IMG_0001.XMP",
        "IMG_0002.JPG",
        "IMG_0003.JPG",
        "IMG_0004.JPG",
        "IMG_0004.XMP",
        "IMG_0005.JPG",
    ]
    assert [file.scene for file in files if file.name.endswith("JPG")] == ["lake"] * 3 + ["cat"] * 3 + ["lake"]
    times = [file.taken for file in files if file.name.endswith("JPG")]
    assert times == sorted(set(times))
    assert len({file.content for file in files}) == len(files)


def test_a_sidecar_is_well_formed_whatever_the_title() -> None:
    ElementTree.fromstring(sidecar(3, TAKEN, 'a "b" <c> & d').decode().split("?>\n", 1)[1].rsplit("<?xpacket", 1)[0])


def test_names_by_the_rules_of_dcf() -> None:
    assert dcf_name(1) == "IMG_0001.JPG"
    assert dcf_name(9999) == "IMG_9999.JPG"
    assert dcf_name(10_000, "XMP") == "IMG_0001.XMP"


def test_the_lift_has_no_five() -> None:
    assert set("12346789") < set(GLYPHS)
    assert "5" not in GLYPHS, "officially, there is none"


def test_an_unknown_scene_is_named_with_those_there_are() -> None:
    with pytest.raises(BadInput) as caught:
        draw_scene("atlantis", 1)
    assert caught.value.key == "journey.no_scene"
    assert "karaoke" in str(caught.value.facts["known"])


def test_without_pillow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(BadInput) as caught:
        small("lake", 1)
    assert caught.value.key == "journey.no_encoder"
