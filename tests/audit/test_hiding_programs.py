"""Marks of programs that hide something in pictures, on files of libjpeg's and jpegtran's own making."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from tests.carriers.covers_made import drawn, photograph

from fifthfloor.audit.photo import read_photo
from fifthfloor.jpeg import segments
from fifthfloor.metadata.source import BytesSource

# What no quality of libjpeg's scale gives, as cameras have.
CAMERA_TABLES = [[2 + (k * 7) % 23 for k in range(64)], [3 + (k * 5) % 29 for k in range(64)]]


def saved(**options: object) -> bytes:
    out = io.BytesIO()
    drawn(3, 320, 240).save(out, "JPEG", **options)
    return out.getvalue()


def hiding(data: bytes) -> str:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return facts.hiding


@pytest.mark.parametrize("quality", [1, 30, 50, 75, 92, 100])
def test_a_picture_of_libjpeg_is_nothing(quality: int) -> None:
    assert hiding(saved(quality=quality)) == ""


def test_the_comment_of_f5_is_known() -> None:
    data = saved(quality=80)
    comment = segments.segment(segments.COM, b"JPEG Encoder Copyright 1998, James R. Weeks and BioElectroMech.  ")
    assert hiding(data[:2] + comment + data[2:]) == "f5"
    assert hiding(saved(quality=80, comment=b"a day at the sea")) == ""


def test_a_cameras_tables_without_its_words_are_told() -> None:
    assert hiding(saved(qtables=CAMERA_TABLES)) == "steghide"
    exif = Image.Exif()
    exif[0x010F] = "Example"
    assert hiding(saved(qtables=CAMERA_TABLES, exif=exif)) == ""
    assert hiding(saved(qtables=CAMERA_TABLES, restart_marker_rows=1)) == ""


@pytest.mark.judge("jpegtran")
def test_jpegtran_leaves_the_same_and_the_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(photograph(1, 320, 240, qtables=CAMERA_TABLES, restart_marker_rows=0))
    line = ["jpegtran", "-copy", "none", str(tmp_path / "a.jpg")]
    assert hiding(subprocess.run(line, check=True, capture_output=True).stdout) == "steghide"
