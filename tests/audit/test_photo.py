"""What photographs say: on files made here, on bent ones, and on files that crashed other readers."""

from __future__ import annotations

import struct
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit.made import box, directory, exif, film, heic, photograph, picture, raw, segment, text

from fifthfloor.audit.captions import Captions, add_xmp
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.audit.trailers import exact_trailer
from fifthfloor.metadata.exif import parse_time
from fifthfloor.metadata.iptc import HEADER as IPTC_HEADER
from fifthfloor.metadata.source import BytesSource
from fifthfloor.metadata.xmp import JPEG_HEADER as XMP_HEADER


def facts_of(data: bytes) -> PhotoFacts:
    found = read_photo(BytesSource(data))
    assert found is not None
    return found


def nikon_note(count: int, serial: str, folder: int, file: int) -> bytes:
    info = b"0100" + struct.pack(">HHH", 0, folder, file)
    body = directory([(0x1D, 2, text(serial)), (0xA7, 4, struct.pack("<I", count)), (0xB8, 7, info)], 8)
    return b"Nikon\0\x02\x10\0\0" + b"II*\0\x08\0\0\0" + body


def test_the_makers_numbers_of_a_nikon() -> None:
    made = photograph(1, make="NIKON CORPORATION", model="NIKON D90", note=nikon_note(4044, "3012345", 101, 15))
    assert facts_of(made).numbers == {"shutter_count": 4044, "serial": "3012345", "file_number": 15}


def test_owner_serial_time_and_place() -> None:
    found = facts_of(
        photograph(2, owner="A. Person", serial="77 01", gps=(-39.03, 125.75), make="Canon", model="Canon R")
    )
    assert found.numbers == {"owner": "A. Person", "serial": "77 01"}
    assert found.taken == datetime(2026, 5, 1, 10, 30)
    assert found.gps == (-39.03, 125.75)
    assert found.camera == "Canon R"
    assert found.pixels == (640, 480)


def test_a_thumbnail_is_where_it_says() -> None:
    small = picture(5, 160, 120)
    made = photograph(3, thumbnail=small)
    place = facts_of(made).thumbnail
    assert place is not None
    assert made[place[0] : place[0] + place[1]] == small


XMP = XMP_HEADER + (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description xmp:Rating="4" xmp:Label=\'Red\' '
    b'GCamera:MotionPhoto="1" exif:GPSLatitude="39,1.8N" exif:GPSLongitude="125,45.0E">'
    b"<dc:subject><rdf:Bag><rdf:li>soldier &amp; truck</rdf:li><rdf:li>bridge</rdf:li></rdf:Bag></dc:subject>"
    b'<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li xml:lang="x">Kim</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>'
    b"<photoshop:City>Sinuiju</photoshop:City></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def test_marks_words_and_persons_in_xmp() -> None:
    found = facts_of(photograph(1, segment(0xE1, XMP)))
    assert found.texts["rating"] == ["4"]
    assert found.texts["label"] == ["Red"]
    assert found.texts["keyword"] == ["soldier & truck", "bridge"]
    assert found.texts["person"] == ["Kim"]
    assert found.texts["place"] == ["Sinuiju"]
    assert found.texts["motion"] == ["1"]
    assert found.gps == (39.03, 125.75)


def test_elements_that_never_end_are_looked_through_once() -> None:
    """Each of 400,000 starts once led to a search for its end: minutes; and one that ends too late is cut."""
    captions = Captions()
    begun = time.process_time()
    add_xmp(b"<dc:title>" * 400_000 + b"<dc:creator>late" + bytes(30_000) + b"</dc:creator>", captions)
    assert time.process_time() - begun < 20
    assert captions.texts == {"artist": ["late"]}
    add_xmp(b"<dc:title><dc:title>in</dc:title></dc:title><dc:title>next</dc:title>", captions)
    assert captions.texts["title"] == ["in", "next"]


def test_keywords_in_iptc() -> None:
    records = b"".join(b"\x1c\x02" + bytes([kind]) + struct.pack(">H", len(v)) + v for kind, v in
                       ((25, b"market"), (80, b"A. Person"), (90, b"Hoeryong")))  # fmt: skip
    block = IPTC_HEADER + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    found = facts_of(photograph(1, segment(0xED, block)))
    assert found.texts["keyword"] == ["market"]
    assert found.texts["artist"] == ["A. Person"]
    assert found.texts["place"] == ["Hoeryong"]


@pytest.mark.parametrize(
    ("tail", "kind"),
    [
        (b"", "none"),
        (bytes(5000), "padding"),
        (film(1, b"mp42"), "film"),
        (b"\1\2\3" * 50, "unknown"),
        (picture(4), "photograph"),
        (b"SEFH" + b"\1" * 40 + b"SEFT", "samsung"),
    ],
)
def test_what_stands_behind_the_picture(tail: bytes, kind: str) -> None:
    whole = BytesSource(photograph(1) + tail)
    assert exact_trailer(whole).kind == kind
    if tail:
        assert exact_trailer(whole).length_bytes == len(tail)
    # Without reading the picture, a second photograph that ends like the first cannot be told.
    assert facts_of(photograph(1) + tail).trailer.kind == ("none" if kind == "photograph" else kind)


def test_films_raws_heic_and_png_are_read() -> None:
    assert facts_of(film(1)).gps == (39.03, 125.75)
    assert facts_of(raw(2)).make == "NIKON CORPORATION"
    block = box(b"free", exif(make="Apple", model="iPhone", gps=(10.0, 20.0)))
    assert (facts_of(heic(3, block)).camera, facts_of(heic(3, block)).gps) == ("Apple iPhone", (10.0, 20.0))
    chunk = exif(make="X", model="Y")[6:]
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII5xI", 13, b"IHDR", 30, 40, 0) + struct.pack(">I", len(chunk))
    found = facts_of(png + b"eXIf" + chunk + b"\0\0\0\0")
    assert (found.make, found.pixels) == ("X", (30, 40))


def test_canon_cr3_keeps_its_directories_in_boxes() -> None:
    first = b"II*\0\x08\0\0\0" + directory([(0x10F, 2, text("Canon")), (0x110, 2, text("Canon EOS R"))], 8)
    inner = b"II*\0\x08\0\0\0" + directory([(0xA431, 2, text("0123456"))], 8)
    note = b"II*\0\x08\0\0\0" + directory([(0x08, 4, struct.pack("<I", 1001234)), (0x09, 2, text("A. Person"))], 8)
    uuid = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    boxes = box(b"CMT1", first) + box(b"CMT2", inner) + box(b"CMT3", note)
    made = box(b"ftyp", b"crx \0\0\0\0crx ") + box(b"moov", box(b"uuid", uuid + boxes)) + box(b"mdat", bytes(500))
    assert facts_of(made).numbers == {"serial": "0123456", "file_number": 1001234, "owner": "A. Person"}


def test_times_that_are_none() -> None:
    for none in ("0000:00:00 00:00:00", "    :  :     :  :  ", "", "1980:01:01 00:00:00", "2026:13:40 99:99:99"):
        assert parse_time(none) is None


def test_what_is_no_photograph() -> None:
    for data in (b"", b"\xff", b"text", b"PK\x03\x04" + bytes(100), bytes(4096)):
        assert read_photo(BytesSource(data)) is None


def test_directories_in_a_circle_end() -> None:
    loop = b"II*\0\x08\0\0\0" + directory([(0x10F, 2, text("Loop")), (0x8769, 4, struct.pack("<I", 8))], 8, following=8)
    assert facts_of(loop).make == "Loop"


SEEDS = [
    photograph(1, gps=(1.0, 2.0), owner="x", note=nikon_note(1, "2", 100, 3), thumbnail=picture(2, 80, 60)),
    photograph(2, segment(0xE1, XMP)),
    raw(3)[:4000],
    film(4)[-500:],
    heic(5, box(b"free", exif()))[:3000],
]


@settings(max_examples=200)
@given(seed=st.sampled_from(SEEDS), flips=st.lists(st.tuples(st.integers(0, 2999), st.integers(0, 255)), max_size=40))
def test_bent_files_give_facts_or_none(seed: bytes, flips: list[tuple[int, int]]) -> None:
    bent = bytearray(seed)
    for place, value in flips:
        if place < len(bent):
            bent[place] = value
    read_photo(BytesSource(bytes(bent)))


@settings(max_examples=60)
@given(seed=st.sampled_from(SEEDS), cut=st.integers(0, 3000))
def test_truncated_files_give_facts_or_none(seed: bytes, cut: int) -> None:
    read_photo(BytesSource(seed[:cut]))


@pytest.mark.photos
def test_files_that_crashed_other_readers(photos_dir: Path) -> None:
    for file in sorted((photos_dir / "hostile").iterdir()):
        begun = time.process_time()
        read_photo(BytesSource(file.read_bytes()))
        # Bounded, not fast: a reader that follows a lie would run for minutes.
        assert time.process_time() - begun < 20, file.name
