"""What somebody wrote into a photograph is named, wherever it stands; what cameras and programs write is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.audit.made import directory, photograph, picture, rationals, segment, text

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.shots import Shot, shot_findings
from fifthfloor.audit.written_by_itself import is_a_name, is_written_by_itself
from fifthfloor.metadata.source import BytesSource


def findings(data: bytes) -> dict[str, str]:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    found = shot_findings([Shot("a.jpg", facts, None, len(data))])
    return {
        item.kind: item.places[0].note for item in found if item.kind in ("photo.words", "photo.place", "photo.gps")
    }


def with_directory(pointer: int, entries: list[tuple[int, int, bytes]]) -> bytes:
    """A JPEG whose first directory has one pointer, to a directory of these entries."""
    first = directory([(pointer, 4, (26).to_bytes(4, "little"))], 8)
    tiff = b"II*\0\x08\0\0\0" + first + directory(entries, 26)
    return photograph(1, segment(0xE1, b"Exif\0\0" + tiff))


@pytest.mark.parametrize(
    "data",
    [
        photograph(1, segment(0xFE, b"Kim Guide")),
        photograph(1, first=[(0x10D, 2, text("Kim Guide"))]),
        photograph(1, first=[(0x9C9C, 1, "Kim Guide\0".encode("utf-16-le"))]),
        with_directory(0x8769, [(0x9286, 7, b"ASCII\0\0\0Kim Guide")]),
        with_directory(0x8769, [(0x9286, 7, b"JIS\0\0\0\0\0Kim Guide")]),
        with_directory(0x8769, [(0x9286, 7, b"Kim Guide")]),
    ],
    ids=["comment", "document name", "XPComment", "UserComment", "in JIS", "without a code"],
)
def test_what_somebody_wrote_is_named_wherever_it_stands(data: bytes) -> None:
    assert findings(data) == {"photo.words": "Kim Guide"}


def test_where_the_journey_went_and_how_the_place_is_called() -> None:
    going = [(19, 2, b"N\0"), (20, 5, rationals(39.025, 0, 0)), (21, 2, b"E\0"), (22, 5, rationals(125.75, 0, 0))]
    was = [(1, 2, b"S\0"), (2, 5, rationals(1.5, 0, 0)), (3, 2, b"W\0"), (4, 5, rationals(2.5, 0, 0))]
    assert findings(with_directory(0x8825, going)) == {"photo.gps": "39.02500, 125.75000"}
    assert findings(with_directory(0x8825, [*was, *going])) == {
        "photo.gps": "-1.50000, -2.50000",
        "photo.place": "39.02500, 125.75000",
    }
    assert findings(with_directory(0x8825, [(28, 7, b"ASCII\0\0\0Sinuiju")])) == {"photo.place": "Sinuiju"}


@pytest.mark.parametrize(
    "written",
    [
        "", " " * 100, ";", "\x01\x02\x03abc\x04", "AppleMark", "OLYMPUS DIGITAL CAMERA", "Created with GIMP", "oppo_0",
        "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90", "LEAD Technologies Inc. V1.01", "Lavc58.134.100",
        "filter: 0; fileterIntensity: 0.0; filterMask: 0; module: photo;", "File written by Adobe Photoshop\xa8 4.0",
    ],
)  # fmt: skip
def test_what_cameras_and_programs_write_is_not(written: str) -> None:
    assert is_written_by_itself(written)


@pytest.mark.parametrize(
    "written",
    [
        "Kim", "39.0219, 125.7523", "김철", "Photographer: Kim", "Created with GIMP by Kim", "Samsung for Kim",
        "filter: 0; Kim: guide", "Lavc58 Kim Guide",
    ],
)  # fmt: skip
def test_whatever_else_stands_in_it_is_somebodys(written: str) -> None:
    assert not is_written_by_itself(written)


def test_the_picture_of_the_tests_says_nothing() -> None:
    assert findings(picture(1)) == {}


@pytest.mark.photos
def test_no_camera_raises_one_by_itself(photos_dir: Path) -> None:
    """Of 88 photographs of as many cameras; in the comment of one a program of a hospital names a patient."""
    raised = set()
    for path in sorted((photos_dir / "cameras").iterdir()):
        if path.name == "Issue_131.jpg":
            continue
        facts = read_photo(BytesSource(path.read_bytes()))
        for value in facts.texts.get("comment", ()) if facts is not None else ():
            if not is_written_by_itself(value):
                raised.add(value)
    assert raised == set()


@pytest.mark.parametrize(
    "value",
    [
        "EPSON DSC picture",
        "KODAK Action Cam",
        "DCF 1.0",
        "DSC00019",
        "Copyright 2002",
        "Copyright,",
        "unknown",
        "M2E1L0-0R336B386",
        "KODAK DC240 ZOOM DIGITAL CAMERA",
        "(C) by RDC-5300 User",
        "<KENOX S730  / Samsung S730>",
        "COPYRIGHT, 2007",
        "Minolta DSC",
        "TRAVELER DIGITAL CAMERA",
        "DCIM\\106FPLAN\\DJI_0012.TIF",
    ],
)
def test_what_cameras_of_the_photographs_at_hand_write_is_no_persons(value: str) -> None:
    assert is_written_by_itself(value)
    assert not is_a_name(value)


@pytest.mark.parametrize(
    "value", ["Iran2026", "Kim 2002", "Kodak Kim", "unknown soldier", "Copyright 2002 Kim", "M2E Kim"]
)
def test_what_is_written_beside_it_is(value: str) -> None:
    assert not is_written_by_itself(value)


def test_a_name_of_two_letters_is_one_where_names_stand() -> None:
    assert is_a_name("Li")
    assert not is_a_name("\x02\u0132\x07\x08")
