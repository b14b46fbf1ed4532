"""Places, persons and serials in makers' notes and in segments of a JPEG that are nobody's block; ExifTool judges."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from tests.audit.carriers_of_places import png
from tests.audit.made import directory, exif, photograph, segment, text
from tests.audit.test_every_text_is_told import told
from tests.cards import judges

from fifthfloor.audit.photo import read_photo, read_sidecar
from fifthfloor.metadata.source import BytesSource


def with_note(make: str, head: bytes, entries: list[tuple[int, int, bytes]], *, own: bool = False) -> bytes:
    """A photograph whose note is a directory; its offsets count from the note, or from the TIFF header."""
    at = 0
    for _ in range(2):
        made = exif(make=make, note=head + directory(entries, len(head) if own else at + len(head)))
        at = made.index(head) - 6
    return photograph(1, segment(0xE1, made), width=64, height=48)


def bare_note(note: bytes, make: str = "RECONYX") -> bytes:
    return photograph(1, segment(0xE1, exif(make=make, note=note)), width=64, height=48)


def placed(size: int, head: bytes, *fields: tuple[int, bytes]) -> bytes:
    note = bytearray(head.ljust(size, b"\0"))
    for at, value in fields:
        note[at : at + len(value)] = value
    return bytes(note)


FACES = struct.pack("<HH", 1, 0) + b"Kim Guide".ljust(20, b"\0") + bytes(124)
NIKON = directory([(0x39, 7, b"0100\1PRK\1Taesong".ljust(79, b"\0"))], 8)
WIDE = "HLPX00018779".encode("utf-16-le")
MADE = {
    "city.jpg": (with_note("Panasonic", b"Panasonic\0\0\0", [(0x6D, 7, b"Pyongyang".ljust(72, b"\0"))]), "Pyongyang"),
    "tower.jpg": (with_note("Panasonic", b"Panasonic\0\0\0", [(0x6F, 7, b"Juche Tower".ljust(99))]), "Juche Tower"),
    "face.jpg": (with_note("Panasonic", b"Panasonic\0\0\0", [(0x61, 7, FACES)]), "Kim Guide"),
    "baby.jpg": (with_note("Panasonic", b"Panasonic\0\0\0", [(0x66, 7, b"Kim".ljust(64, b"\0"))]), "Kim"),
    "nikon.jpg": (bare_note(b"Nikon\0\2\x10\0\0II*\0\x08\0\0\0" + NIKON, "NIKON CORPORATION"), "Taesong"),
    "trail.jpg": (bare_note(placed(120, b"\x01\xf1\x03\0", (42, WIDE), (86, b"north gate"))), "HLPX00018779"),
    "ultra.jpg": (bare_note(placed(120, b"RECONYXUF\0", (0x4B, b"UF0018779"), (0x5A, b"north gate"))), "UF0018779"),
    "hyper.jpg": (bare_note(placed(180, b"RECONYXH2\0", (0x7E, WIDE), (0x68, b"north gate"))), "HLPX00018779"),
}  # fmt: skip


@pytest.mark.judge("exiftool")
def test_places_and_persons_in_notes_are_those_of_exiftool(tmp_path: Path) -> None:
    for name, (data, _) in MADE.items():
        (tmp_path / name).write_bytes(data)
    listing = json.loads(judges.done("exiftool", "-j", "-MakerNotes:all", tmp_path))
    by_exiftool = {
        Path(entry["SourceFile"]).name: {str(value).strip() for value in entry.values()} for entry in listing
    }
    for name, (data, said) in MADE.items():
        assert said in by_exiftool[name], name
        assert said in [note for notes in told(data).values() for note in notes], name


def test_a_label_is_told_where_somebody_changed_it() -> None:
    assert told(MADE["hyper.jpg"][0])["photo.words"] == ["exif:0x927C: north gate"]
    untouched = bare_note(placed(180, b"RECONYXH2\0", (0x7E, WIDE), (0x68, b"HF2 PRO COVERT")))
    assert "photo.words" not in told(untouched)


def unread(data: bytes) -> dict[str, int]:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return {key: count for key, count in facts.unread.items() if count}


def test_notes_and_segments_that_nobody_reads_are_counted() -> None:
    assert unread(bare_note(b"QVC\0\0\0\0\x23\0\2\0\3" + bytes(range(90)), "CASIO")) == {"notes": 1}
    assert unread(bare_note(bytes(90), "CASIO")) == {}
    other = segment(0xE5, bytes(range(200))) + segment(0xE7, bytes(range(100)))
    assert unread(photograph(1, segments=other)) == {"segments": 1}
    known = segment(0xE2, b"MPF\0" + bytes(20)) + segment(0xEE, b"Adobe\0d\0\0\0\0\1") + segment(0xE6, bytes(500))
    assert unread(photograph(1, segments=known)) == {}


DUCKY = b"Ducky" + struct.pack(">HHI", 1, 4, 80) + struct.pack(">HHI", 2, 22, 9) + "Kim Guide".encode("utf-16-be")


@pytest.mark.parametrize(
    ("front", "kind", "note"),
    [
        (segment(0xEC, DUCKY + b"\0\0"), "photo.words", "app12: Kim Guide"),
        (segment(0xEA, b"UNICODE\0" + "Kim Guide".encode("utf-16-be")), "photo.words", "app10: Kim Guide"),
        (segment(0xEC, b"[picture info]\r\nSerial#=#00010001\r\nCity=Sinuiju\r\n"), "photo.serial", "#00010001"),
        (segment(0xE9, b"written by Kim Guide"), "photo.words", "app9: written by Kim Guide"),
        (segment(0xFE, "39°01'10\"N 125°45'10\"E".encode()), "photo.words", "39°01'10\"N 125°45'10\"E"),
        (segment(0xFE, b"39 01 10 N 125 45 10 E"), "photo.words", "39 01 10 N 125 45 10 E"),
        (segment(0xFE, "Kim Guide".encode("utf-16-le")), "photo.words", "Kim Guide"),
    ],
)
def test_what_stands_in_other_segments_is_told(front: bytes, kind: str, note: str) -> None:
    assert told(photograph(1, segments=front))[kind] == [note]


def test_what_early_cameras_write_into_them_is_not() -> None:
    lines = b"[picture info]\r\nResolution=1\r\n[Camera Info]\r\nID=OLYMPUS DIGITAL CAMERA\r\nVersion=v85-61\r\n"
    assert told(photograph(1, segments=segment(0xEC, b"OLYMPUS OPTICAL CO.,LTD.\0" + lines + bytes(30)))) == {}


def test_places_in_a_png_are_put_together_from_two_texts() -> None:
    one, other = png(b"tEXt", b"GPSLatitude\x0039.0194"), png(b"tEXt", b"GPSLongitude\x00125.7528")
    chunk = other[other.index(b"GPSLongitude") - 8 :][: 8 + len(b"GPSLongitude\x00125.7528") + 4]
    at = one.index(b"GPSLatitude") - 8
    assert told(one[:at] + chunk + one[at:])["photo.gps"] == ["39.01940, 125.75280"]
    assert told(png(b"tEXt", b"Model\0Canon EOS")) == {}


def test_chunks_that_are_called_a_little_otherwise_are_read() -> None:
    tiff = exif(first=[(0x13B, 2, text("Kim Guide"))])[6:]
    assert told(png(b"EXIF", tiff))["photo.owner"] == ["Kim Guide"]
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description dc:title="Kim Guide"/></rdf:RDF></x:xmpmeta>'
    )
    webp = b"WEBPVP8L" + struct.pack("<I", 6) + bytes(6) + b"XMP\0" + struct.pack("<I", len(packet)) + packet
    assert told(b"RIFF" + struct.pack("<I", len(webp)) + webp)["photo.words"] == ["Kim Guide"]


@pytest.mark.parametrize("before", [bytes(100), b"\1" * 100, b"text ", b""])
def test_a_packet_is_found_whatever_stands_before_it(before: bytes) -> None:
    packet = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description dc:title="Kim"/></rdf:RDF></x:xmpmeta>'
    for codec in ("utf-8", "utf-16-le", "utf-16-be"):
        facts = read_sidecar(before + packet.encode(codec))
        assert facts is not None
        assert facts.texts["title"] == ["Kim"]


@pytest.mark.parametrize(("main", "inner"), [(0x4000, 0x404), (0x2010, 0x101)], ids=["main", "equipment"])
def test_a_serial_in_a_directory_inside_a_note_of_olympus(main: int, inner: int) -> None:
    """The newer notes keep it a directory further down (photoprism has such a photograph)."""
    entry = struct.pack("<HHHIII", 1, main, 13, 1, 12 + 18, 0)
    note = b"OLYMPUS\0II\3\0" + entry + directory([(inner, 2, b"000JLW205383\0")], 12 + 18)
    data = photograph(1, make="OLYMPUS IMAGING CORP.", model="TG-830", note=note)
    assert told(data)["photo.serial"] == ["000JLW205383"]
