"""A copy that no statement can prove is similar to what was signed, and said to be no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from tests.tasks.quick import command
from tests.trace.scenes import jpeg, scene, smaller

from fifthfloor.errors import BadInput
from fifthfloor.tasks.people.similar import signed_pictures_in, similar_to


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    (folder / "photos").mkdir()
    for seed in (1, 2):
        (folder / "photos" / f"{seed}.jpg").write_bytes(jpeg(scene(seed, 900, 600)))
    assert command("sign", str(folder / "photos"), "--out", str(folder / "out")).code == 0
    return folder / "out"


def test_a_recompressed_crop_is_similar_and_what_differs_is_said(signed: Path, tmp_path: Path) -> None:
    image = scene(2, 900, 600)
    image.paste((250, 250, 250), (450, 300, 600, 420))
    (tmp_path / "copy.jpg").write_bytes(jpeg(smaller(image.crop((108, 0, 900, 600)), 600), 40))
    (found,) = similar_to(tmp_path / "copy.jpg", signed_pictures_in(signed))
    assert found.name == "photo-0002.jpg"
    assert found.differences.kept == pytest.approx(0.88, abs=0.015)
    (area,) = found.differences.areas
    assert (area.left, area.top, area.right, area.bottom) == pytest.approx((0.5, 0.5, 0.667, 0.7), abs=0.05)
    said = command("verify", str(tmp_path / "copy.jpg"), "--among", str(signed))
    assert said.code == 1
    assert "copy.jpg: similar to photo-0002.jpg" in said.out
    assert "cropped by 12 % (left 12 %)" in said.out
    assert "1 area differs" in said.out
    assert "proved" not in said.out.replace("not proved", "")
    assert "similar is not verified" in said.out


def test_the_full_size_is_named_and_not_its_rendition(signed: Path, tmp_path: Path) -> None:
    """Both carry one likeness; `photo-0001.2048.jpg` is before `photo-0001.jpg` by name."""
    stated = signed / "photo-0001.jpg.statement.json"
    for name in (stated.name, "photo-0001.2048.jpg.statement.json"):
        (tmp_path / name).write_bytes(stated.read_bytes())
    assert [one.name for one in signed_pictures_in(tmp_path)] == ["photo-0001.jpg"]


def test_another_picture_is_similar_to_none(signed: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.jpg").write_bytes(jpeg(scene(9, 900, 600)))
    assert similar_to(tmp_path / "copy.jpg", signed_pictures_in(signed)) == ()


def test_a_statement_that_was_changed_says_nothing(signed: Path, tmp_path: Path) -> None:
    for path in signed.glob("*.statement.json"):
        whole = path.read_bytes()
        (tmp_path / path.name).write_bytes(whole.replace(b'"key_life":"once"', b'"key_life":"story"'))
    with pytest.raises(BadInput) as refused:
        signed_pictures_in(tmp_path)
    assert refused.value.key == "prove.no_likeness"


def test_the_statement_of_another_picture_of_one_size_is_named_so(signed: Path, tmp_path: Path) -> None:
    """Whoever mixed up two files was told that the picture had been changed."""
    first, second = sorted(signed.glob("*[0-9].jpg"))
    beside = tmp_path / "one.jpg.statement.json"
    beside.write_bytes(second.with_name(second.name + ".statement.json").read_bytes())
    (tmp_path / "one.jpg").write_bytes(first.read_bytes())
    said = command("verify", str(tmp_path / "one.jpg"), "--json")
    assert said.code == 1
    assert said.document["files"][0]["verdict"] == "other_picture"
    # The picture itself, one part of it from elsewhere: that was changed, and nothing softer is said.
    own, other = (re.split(rb"(\xff[\xd0-\xd7])", path.read_bytes()) for path in (second, first))
    own[800:1000] = other[800:1000]
    (tmp_path / "one.jpg").write_bytes(b"".join(own))
    assert command("verify", str(tmp_path / "one.jpg"), "--json").document["files"][0]["verdict"] == "changed"


def test_a_copy_that_was_saved_again_with_restart_intervals_cannot_be_told(signed: Path, tmp_path: Path) -> None:
    """It was called another picture, "of 900 x 600 pixels, not the one that was signed, of 900 x 600"."""
    first, second = sorted(signed.glob("*[0-9].jpg"))
    copy = tmp_path / "one.jpg"
    copy.with_name("one.jpg.statement.json").write_bytes(first.with_name(first.name + ".statement.json").read_bytes())
    for source, verdict in ((first, "cannot_tell"), (second, "other_picture")):
        whole = Image.open(source)
        half, turned = whole.resize((450, 300)), whole.transpose(Image.Transpose.ROTATE_180)
        for made in (whole, half, turned, whole.crop((0, 0, 800, 550))):
            made.save(copy, "JPEG", quality=75, subsampling=0, restart_marker_blocks=1)
            said = command("verify", str(copy), "--json")
            assert said.code == 1
            assert said.document["files"][0]["verdict"] == verdict
            assert made.size != whole.size or "900 x 600" not in said.out
