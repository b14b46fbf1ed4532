"""What a set of photographs says together: each finding is made where it should be, and only there."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from tests.audit.made import MOMENT, photograph
from tests.audit.test_photo import XMP, nikon_note

from fifthfloor.audit.finding import Finding
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.audit.shots import Shot, shot_findings
from fifthfloor.audit.trailers import Trailer
from fifthfloor.metadata.source import BytesSource


def plain(number: int, **facts: object) -> Shot:
    """A Nikon's photograph, one a minute, numbered and counted without a gap."""
    return noted(number, 4000 + number, number, **facts)


def noted(name: int, count: int, inside: int, **facts: object) -> Shot:
    note = nikon_note(count, "3012345", 101, inside)
    taken = MOMENT + timedelta(minutes=name)
    made = photograph(1, make="NIKON CORPORATION", model="NIKON D90", note=note, taken=taken)
    found = read_photo(BytesSource(made))
    assert found is not None
    return Shot(f"DCIM/101NCD90/DSC_{name:04d}.JPG", dataclasses.replace(found, **facts), taken, len(made))  # type: ignore[arg-type]


def kinds(*shots: Shot) -> dict[str, Finding]:
    return {found.kind: found for found in shot_findings(shots)}


ROLL = [plain(number) for number in range(1, 6)]


def test_a_camera_that_was_left_alone_gives_its_serial_and_nothing_else() -> None:
    found = kinds(*ROLL)
    assert set(found) == {"photo.serial"}
    assert (found["photo.serial"].facts["values"], found["photo.serial"].facts["count"]) == ("3012345", 5)


def test_a_counter_that_rose_by_more_than_the_numbers() -> None:
    found = kinds(noted(1, 4001, 1), noted(2, 4002, 2), noted(3, 4007, 3))["photo.counter"]
    assert found.facts["missing"] == 4
    assert found.places[0].note == "DSC_0002.JPG +1, +5"


def test_a_name_that_is_not_the_number_inside() -> None:
    found = kinds(noted(1, 4001, 1), noted(2, 4002, 7))["photo.renamed"]
    assert [(place.path, place.note) for place in found.places] == [("DCIM/101NCD90/DSC_0002.JPG", "0007")]


def test_a_clock_that_was_set_back_between_two_photographs() -> None:
    late = noted(3, 4003, 3, taken=MOMENT - timedelta(hours=5))
    found = kinds(*ROLL[:2], late, plain(4))["photo.clock_back"]
    assert [place.path for place in found.places] == [late.path]
    assert found.places[0].note.startswith("DSC_0002.JPG 2026-05-01 10:32 -> 2026-05-01 05:30")


@pytest.mark.parametrize(
    ("apart", "odd"),
    [(timedelta(0), False), (timedelta(hours=9), False), (timedelta(minutes=7), True), (timedelta(days=3), True)],
)
def test_file_times_that_are_not_their_exposures(apart: timedelta, odd: bool) -> None:
    shot = dataclasses.replace(ROLL[0], modified=MOMENT + timedelta(minutes=1) + apart)
    assert ("photo.clock" in kinds(shot)) == odd


def test_several_cameras_and_lenses() -> None:
    other = plain(9, make="Apple", model="iPhone", numbers={"serial": "X", "lens_serial": "77"})
    found = kinds(*ROLL, other)
    assert found["photo.cameras"].facts["count"] == 2
    assert "iPhone" in str(found["photo.cameras"].facts["values"])
    assert found["photo.lens_serial"].facts["values"] == "77"


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ({"rating": ["4"]}, "photo.rating"),
        ({"label": ["Red"]}, "photo.rating"),
        ({"keyword": ["market"]}, "photo.words"),
        ({"person": ["Kim"]}, "photo.person"),
        ({"place": ["Sinuiju"]}, "photo.place"),
        ({"artist": ["A. Person"]}, "photo.owner"),
        ({"software": ["Adobe Photoshop Lightroom 13"]}, "photo.edited"),
        ({"host": ["annas-laptop"]}, "photo.edited"),
        ({"motion": ["1"]}, "photo.motion"),
        ({"rating": ["0"]}, ""),
        ({"software": ["Ver.1.00"]}, ""),
        ({"description": ["OLYMPUS DIGITAL CAMERA"]}, ""),
    ],
)
def test_what_is_written_into_a_photograph(texts: dict[str, list[str]], kind: str) -> None:
    assert set(kinds(plain(1, texts=texts))) == {"photo.serial", *([kind] if kind else [])}


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"trailer": Trailer("unknown", 500)}, "photo.trailer"),
        ({"trailer": Trailer("photograph", 500)}, "photo.trailer"),
        ({"trailer": Trailer("film", 500)}, "photo.motion"),
        ({"trailer": Trailer("padding", 500)}, ""),
        ({"pictures": 2}, "photo.several"),
        ({"signed": "c2pa"}, "photo.credentials"),
        ({"signed": "camera"}, "photo.signed"),
        ({"gps": (39.0, 125.7)}, "photo.gps"),
        ({"hiding": "f5"}, "photo.hiding_encoder"),
        ({"hiding": "steghide"}, "photo.hiding_steghide"),
    ],
)
def test_what_rides_beside_a_picture(facts: dict[str, object], kind: str) -> None:
    assert set(kinds(plain(1, **facts))) == {"photo.serial", *([kind] if kind else [])}


def test_a_place_is_bounded_by_its_box() -> None:
    found = kinds(plain(1, gps=(39.0, 125.7)), plain(2, gps=(38.5, 126.9)))["photo.gps"]
    assert [found.facts[side] for side in ("south", "north", "west", "east")] == [38.5, 39.0, 125.7, 126.9]


def test_marks_and_persons_of_a_real_packet() -> None:
    from tests.audit.made import segment

    facts: PhotoFacts | None = read_photo(BytesSource(photograph(1, segment(0xE1, XMP))))
    assert facts is not None
    found = kinds(Shot("a.jpg", facts, datetime(2026, 1, 1), 1))
    assert {"photo.rating", "photo.words", "photo.person", "photo.place", "photo.motion", "photo.gps"} <= set(found)
    assert found["photo.person"].severity == "critical"


def test_every_file_of_a_name_is_listed_wherever_in_it_the_name_stands() -> None:
    """Whoever takes off what `--pick` lists must not leave two behind."""
    shots = [
        plain(1, numbers={"owner": "Kim Guide", "serial": 77, "lens_serial": 5}, texts={}),
        plain(2, numbers={}, texts={"artist": ["Kim Guide"], "serial": ["77"]}),
        plain(3, numbers={}, texts={"owner": ["Kim Guide"], "lens_serial": ["5"]}),
    ]
    found = kinds(*shots)
    assert len(found["photo.owner"].places) == 3
    assert len(found["photo.serial"].places) == 2
    assert len(found["photo.lens_serial"].places) == 2
