"""What somebody wrote into a photograph is named, wherever it stands; what cameras and programs write is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.audit.carriers_of_places import png
from tests.audit.made import directory, exif, photograph, picture, rationals, segment, text

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.property_kinds import kind_of_property
from fifthfloor.audit.shots import Shot, shot_findings
from fifthfloor.audit.written_by_itself import is_a_name, is_no_number, is_written_by_itself
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


# What a camera or program writes, and what a person may write that looks like it.
PAIRS = [
    ("JPEG-Sampling-factors", "2x2,1x1,1x1", "2x2,1x1, Kim"),
    ("Creation Time", "Tue 01 Dec 2026 10:00:00 AM UTC", "Tue 01 Dec 2026 10:00:00 with Kim"),
    ("Creation Time", "Di 01 Dez 2026 10:00:00 CET", "Kim Guide 01 Dez 2026 10:00"),
    ("Generator", "Paint.NET v3.5.11", "Paint.NET v3.5 Kim"),
    ("pdf:Producer", "Adobe PDF library 10.01", "Adobe PDF library of Kim 10.01"),
    ("Author", "Adobe Photoshop CS2 Windows", "Adobe Photoshop CS2 Kim"),
    ("Copyright", "SuperPNG by Brendan Bolles", "Photograph by Brendan Bolles"),
    ("Comment", "Created by ImageGear, AccuSoft Corp.", "Created by Kim, AccuSoft Corp."),
    ("Comment", "R:  139 G:  255 B:  189 X:39852 Y:    0 ImgVer:08.01.09.10", "R: 139 G: 255 Kim: 4 X: 5 ImgVer:1"),
    ("Comment", "<Digimax i50 MP3, Samsung #1 MP3>", "<Digimax of Kim, the guide>"),
    ("Copyright", "(C) by Caplio Pro G3 User", "(C) by Kim the User"),
    ("Comment", "DCIM\\100GOPRO", "DCIM\\Kim"),
    ("Comment", "IMG_1234.jpg", "IMG_Kim.jpg"),
    ("Comment", "Untitled-1.jpg", "Untitled Kim.jpg"),
    ("Comment", "ASCI", "ASCII Kim"),
    ("Comment", "\xff" * 40 + "\xfe\x07" + "\xff" * 9, "Kim Guide \ufffd" + " " * 80),
    ("Comment", "UUUUUUUU", "Uuuu Kim"),
    ("Comment", "PNG", "PNG of Kim"),
    ("Copyright", "CC Attribution-ShareAlike http://creativecommons.org/licenses/by-sa/4.0/", "CC by Kim"),
    ("Copyright", "Creative Commons Attribution 4.0 International License", "Creative Commons Kim 4.0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "written", "near"), PAIRS, ids=lambda value: str(value)[:20])
def test_what_is_written_by_itself_and_what_only_looks_like_it(name: str, written: str, near: str) -> None:
    assert named(name, written) == set()
    assert any("Kim" in note or "Brendan" in note for note in named(name, near))


def named(name: str, value: str) -> set[str]:
    """What is told of a PNG with such a text."""
    text_chunk = f"{name}\0\0\0\0\0{value}".encode()
    facts = read_photo(BytesSource(png(b"iTXt", text_chunk)))
    assert facts is not None
    found = shot_findings([Shot("a.png", facts, None, 1)])
    return {place.note for item in found if item.kind in ("photo.words", "photo.owner") for place in item.places}


def commented(said: str) -> bytes:
    """A picture of a camera, with a comment in it."""
    front = segment(0xE1, exif(make="WWL (Polaroid)", model="Gran Turismo 5"))
    return photograph(1, front + segment(0xFE, said.encode()))


@pytest.mark.parametrize("said", ["Gran Turismo 5", "gran turismo 5 digital camera", "WWL (Polaroid) Gran Turismo 5"])
def test_a_text_that_is_the_cameras_own_name_is_no_persons(said: str) -> None:
    assert findings(commented(said)) == {}
    assert findings(photograph(1, segment(0xFE, said.encode()))) == {"photo.words": said}


@pytest.mark.parametrize("said", ["Gran Turismo 5 of Kim", "Turismo", "Gran Turismo 55", "Kim"])
def test_whatever_else_stands_beside_the_cameras_name_is(said: str) -> None:
    assert findings(commented(said)) == {"photo.words": said}


def titled(title: str, path: str) -> set[str]:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="{title}"/></rdf:RDF></x:xmpmeta>'
    )
    facts = read_photo(BytesSource(photograph(1, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()))))
    assert facts is not None
    return {item.kind for item in shot_findings([Shot(path, facts, None, 1)]) if item.kind == "photo.words"}


def test_a_title_that_is_the_files_own_number_says_nothing_new() -> None:
    assert titled("L1000123.JPG", "DCIM/100LEICA/L1000123.JPG") == set()
    assert titled("L1000123", "DCIM/100LEICA/L1000123.JPG") == set()
    assert titled("PXL_20240501_120000123.jpg", "DCIM/Camera/PXL_20240501_120000123.jpg") == set()
    assert titled("Kim_20240501.jpg", "Kim_20240501.jpg") == {"photo.words"}
    assert titled("L1000123.JPG", "holiday.jpg") == {"photo.words"}  # what it was called before
    assert titled("Kim.jpg", "Kim.jpg") == {"photo.words"}


@pytest.mark.parametrize(("none", "near"), [("KFFFFFFF", "KFFFFFF1"), ("No Lens", "No Lens 7"), ("0000000", "0000001"),
                                            ("FFFFFFFF", "FAFFFFFF"), ("----", "--7-")])  # fmt: skip
def test_a_serial_number_that_is_none(none: str, near: str) -> None:
    assert is_no_number(none)
    assert not is_no_number(near)


def test_what_a_property_is_and_the_code_of_a_characteristic_name_nobody() -> None:
    inside = ("Iptc4xmpExt:PersonInImageWDetails", "Iptc4xmpExt:PersonCharacteristic")
    address = "http://example.com/cv/test99/code987"
    assert kind_of_property("rdf:type", ("plus:ImageCreator",), "plus:ImageCreatorDetail") is None
    assert kind_of_property("?plus:CopyrightOwner", (), "plus:CopyrightOwnerDetail") is None
    assert kind_of_property("?plus:CopyrightOwner", (), "Kim Guide Detail") == "artist"
    assert kind_of_property("Iptc4xmpExt:CvTermId", inside, address) == "said"
    assert kind_of_property("Iptc4xmpExt:CvTermName", inside, "tall") == "person"
    assert kind_of_property("Iptc4xmpExt:PersonId", inside[:1], "http://wikidata.org/item/Q1") == "person"
    assert kind_of_property("dc:type", (), "Kim at the border") == "said"
