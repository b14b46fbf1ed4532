"""ExifTool judges the maker notes that no file at hand has: made here, enciphered as the maker does, read by both."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from tests.audit.made import directory, exif, photograph, segment
from tests.cards import judges

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.source import BytesSource

MODELS = [
    *(f"NEX-{name}" for name in ("5N", "7", "3N", "6")),
    *(f"SLT-{name}" for name in ("A77V", "A99", "A58")),
    *(f"ILCA-{name}" for name in ("77M2", "99M2")),
    *(f"ILCE-{name}" for name in ("3000", "5000", "5100", "6000", "7", "7R", "7S", "7M2", "QX1")),
    *(
        f"ILCE-{name}"
        for name in ("7RM2", "7SM2", "6300", "6500", "6400", "7M3", "7RM4", "9", "7C", "1", "7SM3", "7M4")
    ),
    *("ZV-E10", "ILME-FX3", "DSC-RX100", "DSC-RX10", "ZV-1"),
]
ENCIPHER = bytes(b**3 % 249 if b < 249 else b for b in range(256))


def with_note(entries: list[tuple[int, int, bytes]], model: str, head: bytes = b"SONY DSC \0\0\0") -> bytes:
    """A photograph whose note's offsets count from the TIFF header; where the note lies is known after one try."""
    at = 0
    for _ in range(2):
        made = exif(make="SONY", model=model, note=head + directory(entries, at + len(head)))
        at = made.index(head) - 6
    return photograph(1, segment(0xE1, made))


def block(model: str) -> bytes:
    plain = bytearray((index * 7 + len(model)) % 249 for index in range(1000))
    plain[0x32:0x36] = struct.pack("<I", 0x01011234)
    plain[0x3A:0x3E] = struct.pack("<I", 0x02025678)
    return bytes(plain).translate(ENCIPHER)


def read(data: bytes) -> PhotoFacts:
    found = read_photo(BytesSource(data))
    assert found is not None
    return found


def judged(place: Path) -> dict[str, dict[str, object]]:
    found = json.loads(judges.done("exiftool", "-n", "-j", "-G1", "-Sony:all", place))
    return {Path(entry["SourceFile"]).stem: entry for entry in found}


@pytest.mark.judge("exiftool")
def test_enciphered_counts_and_body_numbers_of_sony(tmp_path: Path) -> None:
    for model in MODELS:
        (tmp_path / f"{model}.jpg").write_bytes(with_note([(0x9050, 7, block(model))], model))
    theirs = judged(tmp_path)
    counted = 0
    for model in MODELS:
        ours = read((tmp_path / f"{model}.jpg").read_bytes()).numbers
        assert ours.get("shutter_count") == theirs[model].get("Sony:ShutterCount"), model
        number = str(theirs[model].get("Sony:InternalSerialNumber", ""))
        assert ours.get("internal_serial", "") == bytes(int(part) for part in number.split()).hex(), model
        counted += "shutter_count" in ours
    assert counted >= 30


@pytest.mark.judge("exiftool")
def test_counts_of_sony_mirror_cameras(tmp_path: Path) -> None:
    focus = bytearray(19154)
    focus[0x846:0x84A] = struct.pack("<I", 0x01004321)
    made = with_note([(0x0020, 7, bytes(focus))], "DSLR-A850")
    (tmp_path / "a.jpg").write_bytes(made)
    assert read(made).numbers["shutter_count"] == judged(tmp_path)["a"]["Sony:ShutterCount"] == 0x4321


def test_a_model_whose_places_are_unknown_says_nothing() -> None:
    assert read(with_note([(0x9050, 7, block("x"))], "ILCE-99")).numbers == {}
    assert read(with_note([(0x9050, 7, block("x")[:20])], "ILCE-7")).numbers == {}
