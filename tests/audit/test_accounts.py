"""Every part of a file that no reader takes is told where it is a text, and counted with its name where it is not."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from tests.audit import carriers_of_places as made
from tests.audit.made import box, photograph, picture, segment
from tests.audit.test_manifest_places import cbor

from fifthfloor.audit.page import page
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.search.audit import as_document, audit
from fifthfloor.words import sentence

NOISE = bytes(range(3, 251)) * 2  # no text, no zeros
WORDS = b"Kim Guide at the tower"


def facts_of(data: bytes) -> PhotoFacts:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return facts


def told(data: bytes) -> str:
    facts = facts_of(data)
    return json.dumps([facts.texts, facts.numbers, facts.gps], ensure_ascii=False, default=str)


def riff(kind: bytes, contents: bytes) -> bytes:
    plain = made.webp(b"XMP ", made.XMP)
    body = plain[8:] + kind + struct.pack("<I", len(contents)) + contents + bytes(len(contents) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def in_frame(contents: bytes) -> bytes:
    inside = bytes(16) + b"VP8 " + struct.pack("<I", 4) + b"abcd" + contents
    return riff(b"ANMF", inside)


def film(*parts: bytes, movie: bytes = b"") -> bytes:
    head = box(b"ftyp", b"isom\0\0\2\0isom")
    return head + box(b"moov", box(b"mvhd", bytes(100)) + movie) + box(b"mdat", bytes(64)) + b"".join(parts)


def tiff(*entries: tuple[int, int, bytes], behind: bytes = b"") -> bytes:
    """A TIFF of one strip, with entries of (tag, kind, bytes)."""
    rows = [(0x100, 4, struct.pack("<I", 8)), (0x101, 4, struct.pack("<I", 8)), (0x111, 4, b"\0\0\0\0"),
            (0x117, 4, struct.pack("<I", 64)), *entries]  # fmt: skip
    rows.sort()
    at = 8 + 2 + 12 * len(rows) + 4
    table, values = b"", b""
    strip = at + sum(len(value) + len(value) % 2 for _, _, value in rows if len(value) > 4)
    for tag, kind, value in rows:
        value = struct.pack("<I", strip) if tag == 0x111 else value
        count = len(value) // (4 if kind == 4 else 1)
        place = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", at + len(values))
        values += (value + bytes(len(value) % 2)) if len(value) > 4 else b""
        table += struct.pack("<HHI", tag, kind, count) + place
    head = b"II*\0" + struct.pack("<IH", 8, len(rows)) + table + bytes(4)
    return head + values + bytes(range(1, 65)) + behind


def profile(description: bytes = b"sRGB IEC61966-2.1", **tags: bytes) -> bytes:
    """A colour profile of version 2 with a description, and tags with their types."""
    named = struct.pack(">I", len(description) + 1) + description + bytes(79)
    held = {b"desc": b"desc\0\0\0\0" + named}
    held |= {name.encode(): value for name, value in tags.items()}
    at, rows, values = 132 + 12 * len(held), b"", b""
    for name, value in held.items():
        rows += name + struct.pack(">II", at + len(values), len(value))
        values += value + bytes(-len(value) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(values), b"lcms", 0x02200000, b"mntr", b"RGB ", b"XYZ ") + bytes(12)
    return (head + b"acsp").ljust(128, b"\0") + struct.pack(">I", len(held)) + rows + values


def jpeg(marker: int, contents: bytes) -> bytes:
    return photograph(1, segments=segment(marker, contents), width=64, height=48)


def in_jpeg(icc: bytes) -> bytes:
    return jpeg(0xE2, b"ICC_PROFILE\0\1\1" + icc)


def in_heif(icc: bytes) -> bytes:
    plain = made.heif(b"heic", made.TIFF)
    return plain + box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", box(b"colr", b"prof" + icc))))


OWN = profile(
    b"MacBook of Kim Example",
    cprt=b"text\0\0\0\0kim@example.org\0",
    dmnd=b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", 34, 28) + "Atelier Pyongyang".encode("utf-16-be"),
    mmod=b"mmod" + bytes(12) + struct.pack(">I", 987654),
)
CARRIERS = {
    "jpeg": in_jpeg(OWN),
    "png": made.png(b"iCCP", b"ICC profile\0\0" + zlib.compress(OWN)),
    "webp": riff(b"ICCP", OWN),
    "heif": in_heif(OWN),
    "tiff": tiff((0x8773, 7, OWN)),
    "exif": jpeg(0xE1, b"Exif\0\0" + tiff((0x8773, 7, OWN))),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_what_a_profile_says_is_told_in_every_carrier(carrier: str) -> None:
    said = told(CARRIERS[carrier])
    for words in ("MacBook of Kim Example", "kim@example.org", "Atelier Pyongyang", "serial 987654"):
        assert words in said, (carrier, words, said)


@pytest.mark.judge("exiftool")
def test_exiftool_reads_the_same_profile(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(CARRIERS["jpeg"])
    said = subprocess.run(
        ["exiftool", "-s", "-ICC_Profile:all", path], capture_output=True, text=True, check=True
    ).stdout
    assert "MacBook of Kim Example" in said
    assert "kim@example.org" in said


@pytest.mark.judge("exiftool")
def test_exiftool_reads_the_same_name_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(TEXTS["document of photoshop's"])
    said = subprocess.run(["exiftool", "-SlicesGroupName", path], capture_output=True, text=True, check=True).stdout
    assert WORDS.decode() in said


@pytest.mark.parametrize(
    "usual",
    ["sRGB IEC61966-2.1", "Adobe RGB (1998)", "Display P3", "Nikon sRGB 4.0.0.3002", "Color LCD", "Camera RGB Profile",
     "DELL U2515H", "U.S. Web Coated (SWOP) v2", "Dot Gain 20%", "DCI-P3 D65 Gamut with sRGB Transfer", "ProPhoto RGB"],
)  # fmt: skip
def test_usual_profiles_say_nothing(usual: str) -> None:
    rights = b"text\0\0\0\0Copyright Apple Inc., 2022\0"
    facts = facts_of(in_jpeg(profile(usual.encode(), cprt=rights)))
    assert (facts.texts.get("said"), facts.texts.get("copyright"), facts.parts) == (None, None, ())


def photoshop(number: int, contents: bytes) -> bytes:
    resource = b"8BIM" + struct.pack(">HHI", number, 0, len(contents)) + contents + bytes(len(contents) % 2)
    return jpeg(0xED, b"Photoshop 3.0\0" + resource)


def wide(text: str) -> bytes:
    return struct.pack(">I", len(text)) + text.encode("utf-16-be")


TEXTS = {
    "png chunk": made.png(b"kiMd", WORDS),
    "document of photoshop's": photoshop(0x041A, b"\0\0\0\6" + bytes(16) + wide(WORDS.decode())),
    "printer of photoshop's": photoshop(0x043A, b"x" * 20 + b"printerNameTEXT" + wide(WORDS.decode())),
    "path of photoshop's": photoshop(0x0BB7, bytes([len(WORDS)]) + WORDS),
    "channel of photoshop's": photoshop(0x0415, wide("Alpha 1") + wide(WORDS.decode())),
    "description of an item": made.heif(b"heic", made.TIFF)
    + box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", box(b"udes", bytes(4) + b"en\0\0" + WORDS + b"\0\0")))),
    "comment of imagemagick's": made.png(
        b"tEXt", b"exif:UserComment\0" + ", ".join(map(str, b"ASCII\0\0\0" + WORDS)).encode()
    ),
    "webp chunk": riff(b"KIMD", WORDS),
    "webp list": riff(b"LIST", b"INFOIART" + struct.pack("<I", len(WORDS)) + WORDS),
    "webp iptc": riff(b"IPTC", b"\x1c\x02\x69\0" + bytes([len(WORDS)]) + WORDS),
    "envelope of iptc": photoshop(0x0404, b"\x1c\1\5\0" + bytes([len(WORDS)]) + WORDS),
    "webp chunk in a frame": in_frame(b"KIMD" + struct.pack("<I", len(WORDS)) + WORDS),
    "jxl box": made.jxl(b"kimd", WORDS),
    "box of json": made.heif(b"heic", made.TIFF) + box(b"kimd", b'{"note": "Kim Guide at the tower"}'),
    "item of json": made.heif(b"heic", b'{"note": "Kim Guide at the tower"}', mime=True).replace(
        b"application/rdf+xml", b"application/json+ld"
    ),
    "film, box at the top": film(box(b"kimd", WORDS)),
    "film, box in its description": film(movie=box(b"kimd", WORDS)),
    "film, unused space": film(box(b"free", WORDS)),
    "film, an old description": film(box(b"free", box(b"udta", box(b"\xa9cmt", b"\0\x16\x15\xc7" + WORDS)))),
    "film, uuid": film(box(b"uuid", bytes(range(16)) + WORDS)),
    "tag of a tiff": tiff((0xF123, 7, WORDS)),
    "tag of exif": jpeg(0xE1, b"Exif\0\0" + tiff((0xF123, 1, WORDS))),
    "film, wide space": film(box(b"wide", WORDS)),
    "translated keyword": made.png(b"iTXt", b"Title\0\0\0en\0" + WORDS + b"\0-"),
    "comment of jfif's small picture": jpeg(0xE0, b"JFXX\0\x10" + jpeg(0xFE, WORDS)),
    "comment of a thumbnail": photograph(1, thumbnail=jpeg(0xFE, WORDS)),
    "segment of a reserved marker": jpeg(0xF0, WORDS),
    "comment with controls": jpeg(0xFE, b"\1\2\3\4\5".join([WORDS] * 3) + b"\1\2" * 40),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_in_a_part_that_nobody_knows_is_told(name: str) -> None:
    assert WORDS.decode() in told(TEXTS[name]), told(TEXTS[name])


COUNTED = {
    "8BIM 0x2222": photoshop(0x2222, NOISE),
    "udta TAGS": film(movie=box(b"udta", box(b"TAGS", b"KODAK\0" + NOISE))),
    "exif": jpeg(0xE1, b"Exif\0\0" + NOISE),
    "udta kimd": film(movie=box(b"udta", box(b"kimd", NOISE))),
    "png kiMd": made.png(b"kiMd", NOISE),
    "png zTXt": made.png(b"zTXt", b"Comment\0\0" + NOISE),
    "png iTXt": made.png(b"iTXt", b"Comment\0\1\0en\0Comment\0" + NOISE),
    "webp KIMD": riff(b"KIMD", NOISE),
    "box kimd": made.jxl(b"kimd", NOISE),
    "item kimd": made.heif(b"heic", NOISE).replace(b"\1\0\0Exif", b"\1\0\0kimd", 1),
    "box free": film(box(b"free", NOISE)),
    "tag 0xF123": tiff((0xF123, 7, NOISE)),
    "icc kimd": in_jpeg(profile(kimd=b"kimd" + NOISE)),
    "marker 0xF7": jpeg(0xF7, NOISE),
    "iptc": made.png(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n  500\n" + NOISE.hex().encode())),
    "icc": made.png(b"iCCP", b"ICC profile\0\0" + zlib.compress(NOISE)),
    "tail": tiff((0x927C, 7, NOISE), behind=NOISE),
}


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_no_text_is_counted_by_its_name_and_length(name: str) -> None:
    parts = {part.name: part.length_bytes for part in facts_of(COUNTED[name]).parts}
    assert list(parts) == [name]
    assert abs(parts[name] - len(NOISE)) <= 21


def test_exif_whose_directory_lies_nowhere_is_counted() -> None:
    facts = facts_of(made.png(b"eXIf", b"II*\0" + WORDS))
    assert [part.name for part in facts.parts] == ["exif"]


def test_exif_that_cannot_be_unpacked_is_counted() -> None:
    assert facts_of(made.png(b"zxIf", b"\0" + bytes(4) + NOISE)).unread["packed"] == 1


def test_a_report_names_file_part_and_length(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(COUNTED["png kiMd"])
    done = audit([tmp_path], None)
    assert done.report.verdict == "unlooked"
    found = next(one for one in as_document(done.report, sentence)["not_checked"] if one["what"] == "parts")
    assert (found["count"], found["places"]) == (
        1,
        [{"path": f"{tmp_path}/a.png", "length_bytes": len(NOISE), "note": "png kiMd"}],
    )
    assert "png kiMd" in page(done.report, sentence)


BEHIND = {
    "mp4": film(),
    "tiff": tiff(),
    "jxl": made.jxl(b"xml ", made.XMP),
}


@pytest.mark.parametrize("form", BEHIND)
@pytest.mark.parametrize("what", ["photograph", "unknown"])
def test_what_stands_behind_the_last_part_is_a_trailer(form: str, what: str) -> None:
    assert facts_of(BEHIND[form]).trailer.kind == "none"
    assert facts_of(BEHIND[form] + bytes(512)).trailer.kind == "padding"
    behind = picture(1, 64, 48) if what == "photograph" else b"\xf0" + NOISE
    found = facts_of(BEHIND[form] + behind).trailer
    assert (found.kind, found.length_bytes) == (what, len(behind))


ASSERTED = {
    "identity": {"verifiedIdentities": [{"type": "cawg.social_media", "name": "Kim Guide", "username": "kim"}]},
    "actor": {"actions": [{"action": "c2pa.edited", "actors": [{"credentials": [{"name": "Kim Guide"}]}]}]},
    "description": {"actions": [{"parameters": {"description": "Kim Guide in Pyongyang"}}]},
}


@pytest.mark.parametrize("name", ASSERTED)
@pytest.mark.parametrize("form", [b"json", b"cbor"])
def test_persons_and_words_of_a_manifest_are_told(name: str, form: bytes) -> None:
    assertion = json.dumps(ASSERTED[name]).encode() if form == b"json" else cbor(ASSERTED[name])
    said = told(with_manifest(made.manifest(assertion, form=form)))
    assert "Kim Guide" in said


def with_manifest(jumb: bytes) -> bytes:
    return jpeg(0xEB, b"JP\0\1" + struct.pack(">I", 1) + jumb)


@pytest.mark.parametrize(
    "assertion",
    [
        {"geo": {"type": "Point", "coordinates": [125.7528, 39.025]}},
        {"Exif.GPSInfo.GPSLatitude": "39/1 1/1 30/1", "Exif.GPSInfo.GPSLongitude": "125/1 45/1 1008/100"},
    ],
)
def test_places_of_a_manifest_in_other_forms(assertion: dict[str, object]) -> None:
    jumb = made.manifest(json.dumps(assertion).encode())
    place = facts_of(with_manifest(jumb)).gps
    assert place == pytest.approx((39.025, 125.7528), abs=1e-4)


def test_a_text_under_a_key_that_nobody_knows_is_counted() -> None:
    jumb = made.manifest(json.dumps({"kimkey": "met the guide at noon", "hash": "abcdefghijklmnopqrstuvwxyz"}).encode())
    facts = facts_of(with_manifest(jumb))
    assert [part.name for part in facts.parts] == ["c2pa kimkey"]


def test_places_that_other_writers_spell() -> None:
    inside = b'<GPSLatitude xmlns="http://ns.adobe.com/exif/1.0/">39,1.5N</GPSLatitude>'
    inside += b'<GPSLongitude xmlns="http://ns.adobe.com/exif/1.0/">125,45.168E</GPSLongitude>'
    head, _, _ = made.XMP.partition(b"<rdf:Description")
    packet = head + b'<rdf:Description rdf:about="">' + inside + b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    for data in (made.webp(b"XMP ", packet), made.webp(b"EXIF", b"\xff\xe1\1\0" + made.EXIF)):
        assert facts_of(data).gps == pytest.approx((39.025, 125.7528), abs=1e-3)


def test_items_of_a_sequence_are_read() -> None:
    meta = made.heif(b"heic", made.EXIF, inside=True)
    start = meta.index(b"meta") - 4
    inner = meta[start : start + int.from_bytes(meta[start : start + 4], "big")]
    film_of_it = box(b"ftyp", b"heic\0\0\0\0mif1msf1hevc") + box(
        b"moov", box(b"mvhd", bytes(100)) + box(b"trak", inner)
    )
    place = facts_of(film_of_it + box(b"mdat", bytes(64))).gps
    assert place is not None
