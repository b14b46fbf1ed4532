"""Numbers that a person wrote where words are expected, codes of clips, and places in notes of rarer forms."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path

import pytest
from tests.audit.made import box, photograph
from tests.audit.test_accounts import facts_of, film

from fifthfloor.audit.told_places import tells_a_place
from fifthfloor.audit.written_numbers import is_a_number
from fifthfloor.tasks.search.audit import audit

LOGGED = "line of a program's log\n" * 4000
TOLD = [
    "33T, 0396521, 4321000",
    "52S 345678, 4321987",
    "52 S 218829 4323157",
    "UTM zone 52 S: 345678, 4321987",
    "QTH locator PM29vb",
    "grid square: PM29VB",
    "<GRIDSQUARE:6>PM29vb",
    "meet at ///filled.count.soap tonight",
    "what3words: filled.count.soap",
    "[00:01.00]GPS(125.7528,39.0194,16)",
    '{"latlng":[[39.0194,125.7528],[39.0195,125.7529]]}',
    LOGGED + "$GPRMC,123519,A,3901.1640,N,12545.1680,E,022.4,084.4,230394,003.1,W*6A\n",
    LOGGED * 8 + "$GNGGA,123519.00,3901.1640,N,12545.1680,E,1,8,0.9,16.0,M,,,,*6A\n",
]
NOT_TOLD = [
    "30S, 345678",
    "a resource locator for files",
    "square root AB12",
    "file:///usr.share.doc/index",
    "/// using std.io.file(x)",
    "https://///a.b/c",
    "the 52S, model 12",
    "$GPRMC,,V,,,,,,,,,,N*53",
    "pos(0.12345, 0.54321)",
    '{"latlng": []}',
]


@pytest.mark.parametrize("note", TOLD)
def test_a_place_in_a_note_is_told(note: str) -> None:
    assert tells_a_place(note.encode())


@pytest.mark.parametrize("note", NOT_TOLD)
def test_a_program_is_not_told(note: str) -> None:
    assert not tells_a_place(note.encode())


@pytest.mark.parametrize(
    ("kind", "text", "somebodys"),
    [
        ("keyword", "4711", True),
        ("keyword", "0223814410", True),
        ("title", "030904-2140-006", True),
        ("description", "19870412", True),
        ("comment", "+85023814410", True),
        ("title", "0001", False),
        ("description", "0000000000", False),
        ("description", "4711", False),
        ("keyword", "12", False),
        ("comment", "19870412", False),
        ("keyword", "4711a", False),
    ],
)
def test_a_number_is_somebodys_by_its_kind_and_length(kind: str, text: str, somebodys: bool) -> None:
    assert is_a_number(kind, text) is somebodys


@pytest.mark.judge("exiftool")
@pytest.mark.parametrize("tag", ["-IPTC:Keywords=0223814410", "-XMP:Subject=4711", "-IPTC:ObjectName=19870412"])
def test_numbers_that_exiftool_writes_are_found(tag: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(photograph(1, segments=b"", width=64, height=48))
    subprocess.run(["exiftool", "-q", "-overwrite_original", tag, path], check=True)
    said = subprocess.run(["exiftool", tag.split("=")[0], path], check=True, capture_output=True, text=True).stdout
    assert tag.split("=")[1] in said
    assert "photo.words" in {one.kind for one in audit([tmp_path], None).report.findings}


def test_what_googles_export_says_without_a_place(tmp_path: Path) -> None:
    said = {"title": "IMG_1.jpg", "description": "Kim Guide at the tower", "photoTakenTime": {"timestamp": "1"}}
    (tmp_path / "IMG_1.jpg.json").write_text(json.dumps(said))
    assert "photo.words" in {one.kind for one in audit([tmp_path], None).report.findings}


def user_data(*boxes: bytes) -> bytes:
    return film(movie=box(b"udta", b"".join(boxes)))


def test_codes_of_cameras_and_clips_in_films() -> None:
    facts = facts_of(user_data(box(b"cmid", b"KC7712345"), box(b"clid", b"KIM-0012 B"), box(b"tnam", b"Kim Guide")))
    assert facts.numbers["serial"] == "KC7712345"
    assert "Kim Guide" in str(facts.texts)
    assert "KIM-0012 B" in str(facts.texts)


def test_nikons_films_say_where_they_were_taken() -> None:
    def tag(number: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack(">IHH", number, kind, count) + value

    tags = tag(1, 2, 6, b"NIKON\0") + tag(0x110A431, 2, 8, b"7712345\0") + tag(0x1200001, 2, 2, b"S\0")
    tags += tag(0x1200002, 5, 3, struct.pack(">6I", 39, 1, 1, 1, 30, 1)) + tag(0x1200003, 2, 2, b"E\0")
    tags += tag(0x1200004, 5, 3, struct.pack(">6I", 125, 1, 45, 1, 1008, 100)) + tag(0x110010E, 2, 10, b"Kim Guide\0")
    facts = facts_of(user_data(box(b"NCDT", box(b"NCTG", tags))))
    assert facts.gps == pytest.approx((-39.025, 125.7528), abs=1e-4)
    assert (facts.make, facts.numbers["serial"]) == ("NIKON", "7712345")
    assert "Kim Guide" in str(facts.texts)


@pytest.mark.judge("exiftool")
def test_exiftool_reads_the_same_of_nikon(tmp_path: Path) -> None:
    tags = struct.pack(">IHH", 0x1200001, 2, 2) + b"N\0" + struct.pack(">IHH", 0x1200002, 5, 3)
    tags += struct.pack(">6I", 39, 1, 1, 1, 30, 1)
    path = tmp_path / "a.mov"
    path.write_bytes(b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + user_data(box(b"NCDT", box(b"NCTG", tags)))[20:])
    said = subprocess.run(["exiftool", "-n", "-GPSLatitude", path], check=True, capture_output=True, text=True).stdout
    assert "39.025" in said
