"""ExifTool judges the maker's numbers, serials, places and times of every real camera file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cards import judges

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.source import BytesSource

# our name -> ExifTool's, by group; empty and all-zero values say nothing
NUMBERS = {
    "file_number": ("Canon:FileNumber", "Composite:FileNumber", "Nikon:FileNumber"),
    "shutter_count": ("Nikon:ShutterCount", "Pentax:ShutterCount"),
    "serial": ("ExifIFD:SerialNumber", "IFD0:SerialNumber", "Canon:SerialNumber", "Nikon:SerialNumber",
               "Kodak:SerialNumber", "Olympus:SerialNumber", "Leica:SerialNumber",
               "XMP-aux:SerialNumber", "XMP-exifEX:SerialNumber"),
    "internal_serial": ("Canon:InternalSerialNumber", "FujiFilm:InternalSerialNumber",
                        "Panasonic:InternalSerialNumber",
                        "Olympus:InternalSerialNumber", "Pentax:InternalSerialNumber", "Leica:InternalSerialNumber"),
    "lens_serial": ("Canon:LensSerialNumber", "ExifIFD:LensSerialNumber", "Olympus:LensSerialNumber",
                    "XMP-aux:LensSerialNumber"),
    "owner": ("Canon:OwnerName", "ExifIFD:OwnerName", "XMP-aux:OwnerName"),
    "unique_id": ("Canon:ImageUniqueID", "ExifIFD:ImageUniqueID"),
}  # fmt: skip
# Files whose value ExifTool cannot show: a letter outside its output's character set.
CHARSET = {"owner"}


def says_something(value: object) -> bool:
    return bool(str(value).strip("0 \0"))


@pytest.fixture(scope="module", name="judged")
def both(request: pytest.FixtureRequest) -> list[tuple[str, dict[str, Any], PhotoFacts]]:
    place: Path = request.getfixturevalue("photos_dir")
    listing = judges.done("exiftool", "-n", "-j", "-G1", place / "cameras")
    found = []
    for entry in json.loads(listing):
        file = Path(entry["SourceFile"])
        facts = read_photo(BytesSource(file.read_bytes()))
        assert facts is not None, file.name
        found.append((file.name, entry, facts))
    return found


Judged = list[tuple[str, dict[str, Any], PhotoFacts]]


@pytest.mark.photos
@pytest.mark.judge("exiftool")
@pytest.mark.parametrize("key", NUMBERS)
def test_numbers_are_those_of_exiftool(judged: Judged, key: str) -> None:
    compared = 0
    for name, theirs, ours in judged:
        values = {str(theirs[tag]).strip() for tag in NUMBERS[key] if tag in theirs and says_something(theirs[tag])}
        if not values:
            continue
        value = str(ours.numbers.get(key, "")).strip()
        if key in CHARSET and any("?" in known for known in values):
            values |= {value} if len(value) == len(next(iter(values))) else set()
        assert value in values, (name, value, values)
        compared += 1
    assert compared or key == "shutter_count"


@pytest.mark.photos
@pytest.mark.judge("exiftool")
def test_cameras_places_and_times_are_those_of_exiftool(judged: Judged) -> None:
    for name, theirs, ours in judged:
        assert ours.model == str(theirs.get("IFD0:Model", ours.model)).strip(), name
        taken = theirs.get("ExifIFD:DateTimeOriginal")
        if taken and str(taken)[:4].isdigit() and int(str(taken)[:4]) > 1980:
            assert ours.taken is not None, name
            assert f"{ours.taken:%Y:%m:%d %H:%M:%S}" == taken, name
        latitude, longitude = theirs.get("Composite:GPSLatitude"), theirs.get("Composite:GPSLongitude")
        if isinstance(latitude, int | float) and isinstance(longitude, int | float) and (latitude or longitude):
            assert ours.gps == pytest.approx((latitude, longitude), abs=1e-5), name


@pytest.mark.photos
@pytest.mark.judge("exiftool")
def test_ratings_and_keywords_are_those_of_exiftool(judged: Judged) -> None:
    for name, theirs, ours in judged:
        keywords = theirs.get("XMP-dc:Subject", theirs.get("IPTC:Keywords"))
        for word in keywords if isinstance(keywords, list) else [keywords] if keywords else []:
            assert str(word).strip() in ours.texts.get("keyword", []), name
        if "XMP-xmp:Rating" in theirs:
            assert str(theirs["XMP-xmp:Rating"]) in ours.texts["rating"], name
