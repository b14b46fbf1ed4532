"""What is rebuilt tells nothing, shows the same, and hostile files have one lawful outcome."""

from __future__ import annotations

import io
import json
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.redact.drawn import SECRET, jpeg, scene, telling

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.segments import COM, segment, split
from fifthfloor.redact import profiles
from fifthfloor.redact.metadata import rebuild
from fifthfloor.redact.profiles import publishable

# Everything exiftool may say of a rebuilt file: its size and coding, JFIF's fixed header, our profile, orientation.
MAY_SAY = {"ExifTool", "System", "File", "JFIF", "Composite", "ICC-header", "ICC_Profile", "Adobe"}
MAY_SAY_EXIF = {"Orientation"}
FIXED_COMPOSITE = {"ImageSize", "Megapixels"}


def test_nothing_told_is_left_and_the_picture_is_the_same() -> None:
    data = telling(scene())
    rebuilt = rebuild(data)
    assert SECRET in data
    assert SECRET not in rebuilt.data
    assert rebuilt.data.count(b"\xff\xd8") == 1
    assert rebuilt.profile == "unknown"
    assert len(rebuilt.data) <= len(jpeg(scene())) + 40
    assert np.array_equal(decoded(rebuilt.data), decoded(data))
    assert [piece.raw for piece in split(rebuilt.data) if piece.marker == 0] == [
        piece.raw for piece in split(jpeg(scene())) if piece.marker == 0
    ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_stays_and_nothing_beside_it(orientation: int) -> None:
    with Image.open(io.BytesIO(rebuild(telling(scene(), orientation)).data)) as opened:
        assert dict(opened.getexif()) == ({} if orientation == 1 else {0x0112: orientation})


def test_another_files_orientation_wins() -> None:
    with Image.open(io.BytesIO(rebuild(telling(scene(), 3), orientation=6).data)) as opened:
        assert opened.getexif()[0x0112] == 6


def test_rebuilding_again_changes_nothing() -> None:
    once = rebuild(telling(scene(), 6)).data
    assert rebuild(once).data == once


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 4}, {"subsampling": 0}])
def test_every_coding_passes_as_it_is(options: dict[str, object]) -> None:
    data = jpeg(scene(), **options)
    assert np.array_equal(decoded(rebuild(data).data), decoded(data))


def test_grey_and_cmyk_keep_their_colours() -> None:
    for mode in ("L", "CMYK"):
        data = jpeg(scene().convert(mode))
        assert np.array_equal(decoded(rebuild(data).data), decoded(data))


def test_a_missing_end_is_written() -> None:
    assert rebuild(jpeg(scene())[:-2]).data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"GIF89a", b"\xff\xd8" + segment(COM, b"x")])
def test_what_is_no_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        rebuild(data)


@given(st.integers(0, 30_000), st.binary(min_size=1, max_size=40), st.booleans())
def test_any_damage_ends_in_a_picture_or_a_named_refusal(at: int, piece: bytes, cut: bool) -> None:
    data = bytearray(TELLING)
    data[at : at + len(piece)] = piece
    try:
        rebuilt = rebuild(bytes(data[:at] if cut else data)).data
    except BadInput:
        return
    assert rebuilt.startswith(b"\xff\xd8")
    assert rebuilt.endswith(b"\xff\xd9")


TELLING = telling(scene())


def test_known_spaces_become_ours_and_srgb_becomes_nothing() -> None:
    for space in profiles._OURS:
        ours = profiles._write(space)
        assert profiles.is_known(ours)
        # A maker's own profile differs in its date, its name and the last bit of its numbers.
        theirs = ours.replace(b"acsp", b"acsp", 1)[:24] + b"\x07\xdf" + ours[26:]
        assert publishable(theirs) == (ours, "replaced")
    assert publishable(profiles._write(profiles._SRGB)) == (b"", "srgb")
    assert publishable(b"") == (b"", "none")


@given(st.binary(max_size=300), st.integers(0, 490))
def test_any_profile_is_ours_or_nothing(noise: bytes, at: int) -> None:
    damaged = bytearray(profiles._write(profiles._OURS[0]))
    damaged[at : at + len(noise)] = noise
    for data in (noise, bytes(damaged)):
        written, _ = publishable(data)
        assert not written or profiles.is_known(written)


def test_our_profiles_mean_what_they_say() -> None:
    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    # (200, 100, 50) in each space, in sRGB: by the matrices and curves of the specifications.
    for space, expected in zip(profiles._OURS, ((215, 93, 31), (227, 100, 42)), strict=True):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profiles._write(space)))
        transform = ImageCms.buildTransform(profile, srgb, "RGB", "RGB")
        one = Image.new("RGB", (1, 1), (200, 100, 50))
        found = ImageCms.applyTransform(one, transform)
        assert found is not None
        assert np.abs(np.subtract(np.asarray(found)[0, 0].astype(int), expected)).max() <= 1


@pytest.mark.judge("exiftool")
def test_exiftool_sees_only_the_whitelist_of_a_telling_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(rebuild(telling(scene(), 6)).data)
    assert exiftool_finds(tmp_path) == []
    (tmp_path / "b.jpg").write_bytes(telling(scene()))
    assert exiftool_finds(tmp_path), "the judge sees what is told"


@pytest.mark.photos
@pytest.mark.judge("exiftool")
def test_exiftool_sees_only_the_whitelist_of_every_real_photograph(photos_dir: Path, tmp_path: Path) -> None:
    done = 0
    for file in sorted(photos_dir.glob("*/*")):
        try:
            rebuilt = rebuild(file.read_bytes()).data
        except BadInput:
            continue
        (tmp_path / f"{done:04}.jpg").write_bytes(rebuilt)
        done += 1
    assert done >= 100
    assert exiftool_finds(tmp_path) == []


@pytest.mark.photos
def test_hostile_files_end_in_a_picture_or_a_named_refusal(photos_dir: Path) -> None:
    for file in (photos_dir / "hostile").iterdir():
        try:
            rebuild(file.read_bytes())
        except BadInput:
            continue


def exiftool_finds(folder: Path) -> list[str]:
    """Return what exiftool says beyond the whitelist, "FILE: GROUP:TAG"."""
    said = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-u", "-U", "-ext", "jpg", "-r", str(folder)], capture_output=True, check=True
    ).stdout
    found = []
    for document in json.loads(said):
        for name in document:
            group, _, tag = name.rpartition(":")
            if group in MAY_SAY and (group != "Composite" or tag in FIXED_COMPOSITE):
                continue
            if tag in MAY_SAY_EXIF or tag == "SourceFile" or (group == "IFD0" and tag in MAY_SAY_EXIF):
                continue
            found.append(f"{document['SourceFile']}: {name}")
    return found


def decoded(data: bytes) -> np.ndarray:
    with warnings.catch_warnings():
        # Pillow warns of the second image that is told of and not there.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as opened:
            return np.asarray(opened)
