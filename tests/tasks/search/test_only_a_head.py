"""What only begins as a picture, film or program is counted: a head in front of noise is no all-clear."""

from __future__ import annotations

import base64
import random
import struct
from pathlib import Path

import pytest
from tests.audit.made import box, film, photograph

from fifthfloor.tasks.search.audit import audit

NOISE = random.Random(3).randbytes((1 << 20) + 700)
FTYP = box(b"ftyp", b"mp42\0\0\0\0mp42")
TRACK = box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", b""))


def unchecked(folder: Path) -> dict[str, int]:
    return {item.what: item.count for item in audit([folder], None).report.unchecked if item.count}


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.mp4", FTYP + NOISE, "undescribed"),
        ("a.mov", box(b"wide", b"") + box(b"mdat", NOISE), "undescribed"),
        ("a.mov", box(b"mdat", NOISE), "undescribed"),
        ("a.mov", box(b"skip", NOISE), "undescribed"),
        ("a.mp4", FTYP + box(b"mdat", b"12345"), "undescribed"),
        ("a.mp4", FTYP + TRACK + box(b"free", NOISE), "undescribed"),
        ("a.mp4", FTYP + TRACK + box(b"mdat", b"12345") + NOISE, "undescribed"),
        ("a.mp4", FTYP + box(b"moov", NOISE), "undescribed"),
        ("a.mp4", FTYP + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", NOISE), "undescribed"),
        ("a.jxl", b"\xff\x0a" + NOISE, "headless"),
        ("a.jxl", bytes.fromhex("0000000c4a584c200d0a870a") + NOISE, "headless"),
        ("a.jpg", b"\xff\xd8\xff" + NOISE, "headless"),
        ("a.tif", b"II*\0" + NOISE, "headless"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + NOISE, "headless"),
        ("a.webp", b"RIFF" + struct.pack("<I", len(NOISE)) + b"WEBP" + NOISE, "headless"),
        ("a.heic", box(b"ftyp", b"heic\0\0\0\0mif1heic") + NOISE, "headless"),
        ("a.raf", b"FUJIFILMCCD-RAW " + NOISE, "headless"),
        ("a.fff", b"FFF\0" + NOISE, "headless"),
        ("a.exe", b"MZ" + NOISE, "headless"),
        ("a.db", b"SQLite format 3\0" + NOISE, "databases"),
        ("a.ttf", b"\0\1\0\0" + NOISE, "headless"),
    ],
)  # fmt: skip
def test_a_head_in_front_of_noise_is_counted(name: str, data: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert unchecked(tmp_path)[kind] == 1


def test_films_with_their_description_and_blank_gaps_are_not(tmp_path: Path) -> None:
    for number, data in enumerate(
        (
            film(1),
            FTYP + TRACK + box(b"mdat", NOISE),
            FTYP + box(b"free", bytes(len(NOISE))) + TRACK + box(b"mdat", NOISE),
        )
    ):
        (tmp_path / f"{number}.mov").write_bytes(data)
    (tmp_path / "a.jpg").write_bytes(photograph(1))
    assert unchecked(tmp_path) == {}


@pytest.mark.parametrize("text", ["BEGIN:VCARD\nFN:K\nPHOTO;ENCODING=b;TYPE=JPEG:{}\nEND:VCARD\n", '{{"photo":"{}"}}'])
def test_a_photograph_in_a_text_is_counted(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text.format(base64.b64encode(photograph(1)).decode()))
    assert unchecked(tmp_path)["inside"] == 1
