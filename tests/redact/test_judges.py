"""Judges from outside on what `protect` writes: exiftool, mat2 and jpegtran, on drawn and on real photographs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.redact.drawn import SECRET, scene, telling
from tests.redact.test_metadata import exiftool_finds

from fifthfloor.identity import SigningKey
from fifthfloor.redact.admission import admit
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision
from fifthfloor.tasks.people.photographs import Refused
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer

ORIENTATION = {"Orientation", "ExifByteOrder"}
PROFILE = re.compile(
    "Profile.*|(Red|Green|Blue)(TRC|MatrixColumn)|CMMFlags|ChromaticAdaptation|ColorSpaceData|MediaWhitePoint|"
    "ConnectionSpaceIlluminant|Device(Attributes|Manufacturer|Model)|PrimaryPlatform|RenderingIntent"
)
SIGNER = Signer(SigningKey(bytes(32)), "once")


def protected(files: list[Path], out: Path) -> list[Protected]:
    """Protect photographs with one box each, without looking for faces: judges ask what is told, not what is found."""
    decisions = {f"{file.stem}.jpg": Decision(hide=(Box(0, 0, 60, 60),)) for file in files}
    done = list(protect(files, ProtectIntent(out, False, decisions, True), SIGNER))
    return [one for one in done if isinstance(one, Protected)]


def pictures(out: Path) -> list[str]:
    return [str(path) for path in sorted(out.glob("*.jpg"))]


@pytest.mark.judge("exiftool", "mat2")
def test_judges_find_nothing_in_a_telling_photograph(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(telling(scene(2400, 640), 6))
    assert len(protected([file], tmp_path / "out")) == 1
    assert len(pictures(tmp_path / "out")) == 2
    assert exiftool_finds(tmp_path / "out") == []
    assert mat2_finds(pictures(tmp_path / "out")) == []
    assert mat2_finds([str(file)]), "the judge sees what is told"
    assert all(SECRET not in Path(path).read_bytes() for path in pictures(tmp_path / "out"))


@pytest.mark.judge("djpeg")
def test_another_decoder_opens_what_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(telling(scene(2400, 640)))
    protected([file], tmp_path / "out")
    for path in pictures(tmp_path / "out"):
        said = subprocess.run(["djpeg", "-outfile", "/dev/null", path], capture_output=True, check=True)
        assert said.stderr == b""


@pytest.mark.photos
@pytest.mark.judge("exiftool", "mat2")
def test_judges_find_nothing_in_any_real_photograph(photos_dir: Path, tmp_path: Path) -> None:
    # One of a roll tells what all of it tell; each of `cameras` is another maker's.
    files = [*sorted(photos_dir.glob("cameras/*.jpg")), *sorted(photos_dir.glob("roll/*.JPG"))[:1]]
    done = protected(files, tmp_path / "out")
    assert len(done) >= 82
    assert exiftool_finds(tmp_path / "out") == []
    assert mat2_finds(pictures(tmp_path / "out")[::8]) == []
    for one in done[::10]:
        admit(tmp_path / "out" / one.name)


@pytest.mark.photos
def test_hostile_files_are_refused_by_name_or_done(photos_dir: Path, tmp_path: Path) -> None:
    files = sorted((photos_dir / "hostile").iterdir())
    done = list(protect(files, ProtectIntent(tmp_path / "out", False, {}, True), SIGNER))
    assert len(done) == len(files)
    for one in done:
        if isinstance(one, Protected):
            admit(tmp_path / "out" / one.name)
        else:
            assert isinstance(one, Refused)
            assert one.exit_code == 3


def mat2_finds(files: list[str]) -> list[str]:
    """Return what mat2 finds beyond the whitelist, which it counts as metadata: orientation, and our own profile."""
    said = subprocess.run(["mat2", "-s", "--", *files], capture_output=True, text=True, check=True).stdout
    assert said.count("[+] Metadata for") + said.count("No metadata found") == len(files), said
    named = [line.strip().partition(":") for line in said.splitlines() if line.startswith("    ")]
    return [f"{name}:{value}" for name, _, value in named if name not in ORIENTATION and not PROFILE.fullmatch(name)]
