"""Places, persons and serials, whatever a person carries them in; ExifTool judges where it reads the same."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit import carriers_of_places as made
from tests.audit.made import box, exif, photograph, segment
from tests.cards import judges

from fifthfloor.audit.photo import read_photo, read_sidecar
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.search.audit import audit

ITEM = bytes(4) + made.TIFF  # an offset of zero, and no "Exif"
FILES = {
    "a.avif": made.heif(b"avif", ITEM),
    "far.heic": made.heif(b"heic", b"\0\0\0\6Exif\0\0" + made.TIFF, gap=3 << 20),
    "idat.heic": made.heif(b"heic", ITEM, inside=True),
    "mime.hif": made.heif(b"heix", made.XMP, mime=True),
    "exif.webp": made.webp(b"EXIF", made.TIFF),
    "exif6.webp": made.webp(b"EXIF", made.EXIF),
    "xmp.webp": made.webp(b"XMP ", made.XMP),
    "exif.png": made.png(b"eXIf", made.TIFF),
    "packed.png": made.png(
        b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(made.raw_profile("exif", made.EXIF))
    ),
    "app1.png": made.png(b"tEXt", b"Raw profile type APP1\0" + made.raw_profile("generic", made.EXIF)),
    "xmp.png": made.png(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(made.XMP)),
    "exif.jxl": made.jxl(b"Exif", ITEM),
    "xmp.jxl": made.jxl(b"xml ", made.XMP),
    "flir.jpg": made.flir(),
    "gps5.mp4": made.telemetry(made.gopro(b"GPS5")),
    "gps9.mp4": made.telemetry(made.gopro(b"GPS9")),
    "loci.3gp": made.described(made.loci()),
    "keys.mov": made.described(made.apple_keys()),
    "c2pa.jpg": made.credentials(),
    "text.mp4": made.telemetry(b"\0\x30GPS (125.7528, 39.0250, 18), D 24.26m", b"text", b"text"),
    "rtmd.mp4": made.telemetry(made.sony_records(), b"rtmd"),
    "mebx.mov": made.telemetry(made.apple_records()[0], b"mebx", told=made.apple_records()[1], brand=b"qt  "),
    "djmd.mp4": made.telemetry(made.drone_records(), b"djmd"),
    "djmd degrees.mp4": made.telemetry(made.drone_records(degrees=True), b"djmd"),
    "camm.mp4": made.telemetry(b"\0\0\5\0" + struct.pack("<ddd", made.NORTH, made.EAST, 3.0), b"camm", b"camm"),
}  # fmt: skip
# ExifTool 12.57 reads neither items in `idat`, GPS9, djmd, assertions of C2PA as places, nor camm in a film made here.
UNKNOWN_TO_EXIFTOOL = {"idat.heic", "gps9.mp4", "c2pa.jpg", "camm.mp4", "djmd.mp4", "djmd degrees.mp4"}
BESIDE = {
    "sony": made.SONY,
    "drone": made.SUBTITLE + b"[iso: 100] [latitude: 39.025000] [longitude: 125.752800] [rel_alt: 60.0]\n",
    "drone misspelt": made.SUBTITLE + b"[latitude : 39.025000] [longtitude : 125.752800]\n",
    "drone of 2016": made.SUBTITLE + b"GPS(125.7528,39.0250,19) BAROMETER:60.0\n",
    "track": b'<?xml version="1.0"?><gpx><trk><trkseg><trkpt lat="39.025" lon="125.7528"/></trkseg></trk></gpx>',
    "earth": b"<kml><Placemark><Point><coordinates>125.7528,39.025,0</coordinates></Point></Placemark></kml>",
    "nmea": b"$GPRMC,120000.00,A,3901.5000,N,12545.1680,E,0.0,0.0,010524,,,A*00\n",
    "a fix of nmea alone": b"$GPGLL,3901.5000,N,12545.1680,E,120000,A*00\n",
    "a geometry": b'{"type":"Point","coordinates":[125.7528,39.025]}',
    "exiftool's json": b'[{"SourceFile": "a.jpg", "GPSLatitude": 39.025, "GPSLongitude": 125.7528}]',
    "exiftool's position": b'[{"SourceFile": "a.jpg", "GPSPosition": "39.025 125.7528"}]',
    "photoprism's": b"TakenAt: 2024-05-01T12:00:00Z\nLat: 39.025\nLng: 125.7528\nAltitude: 3\n",
    "xmp": made.XMP,
}


def facts_of(data: bytes) -> PhotoFacts:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return facts


def is_the_place(gps: tuple[float, float] | None) -> bool:
    return gps is not None and abs(gps[0] - made.NORTH) < 1e-3 and abs(gps[1] - made.EAST) < 1e-3


@pytest.mark.parametrize("name", FILES)
def test_every_carrier_gives_its_place(name: str) -> None:
    assert is_the_place(facts_of(FILES[name]).gps)


@pytest.mark.parametrize("name", BESIDE)
def test_texts_beside_films_and_photographs_give_theirs(name: str, tmp_path: Path) -> None:
    facts = read_sidecar(BESIDE[name])
    assert facts is not None
    assert is_the_place(facts.gps)
    (tmp_path / "beside").write_bytes(BESIDE[name])
    found = audit([tmp_path], None)
    assert "photo.gps" in {item.kind for item in found.report.findings}
    assert not found.report.targets[0].photographs


def test_persons_whom_an_export_names_beside_a_photograph() -> None:
    said = b'{"title": "IMG_1.JPG", "people": [{"name": "Kim Guide"}], "geoData": {"latitude": 0.0, "longitude": 0.0}}'
    facts = read_sidecar(said)
    assert facts is not None
    assert (facts.gps, facts.texts["person"]) == (None, ["Kim Guide"])


def test_letters_before_whole_numbers_are_no_place() -> None:
    for line in (b"E 5, N 3", b"Go N 12 W 34 now", b"5 N, 3 E"):
        assert read_sidecar(made.SUBTITLE + line + b"\n") is None
    assert read_sidecar(b'{"type":"Point","coordinates":[3,4]}') is None


@pytest.mark.judge("exiftool")
def test_exiftool_finds_the_same_places(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    listing = json.loads(judges.done("exiftool", "-ee", "-n", "-j", "-GPS*", "-LocationInformation", tmp_path))
    placed = {Path(entry["SourceFile"]).name for entry in listing if len(entry) > 1}
    assert placed >= FILES.keys() - UNKNOWN_TO_EXIFTOOL


def test_serials_in_them() -> None:
    assert facts_of(FILES["flir.jpg"]).numbers["serial"] == "64501234"
    assert facts_of(FILES["exif.webp"]).numbers["serial"] == "7712345"
    sony = read_sidecar(made.SONY)
    assert sony is not None
    assert (sony.numbers["serial"], sony.camera) == ("7712345", "Sony ILCE-0")
    told = made.klv(b"CASN", b"c", 1, 14, b"C3221324545448")
    inside = made.described(box(b"udta", box(b"GPMF", told)))
    assert facts_of(inside).numbers["serial"] == "C3221324545448"
    beside = photograph(1, segments=segment(0xE6, b"GoPro\0" + told))
    assert facts_of(beside).numbers["serial"] == "C3221324545448"
    clip = made.described(b"") + made.full(b"meta", made.full(b"hdlr", b"\0\0\0\0nrtm") + box(b"xml ", made.SONY))
    assert facts_of(clip).numbers["serial"] == "7712345"
    drone = facts_of(FILES["djmd.mp4"])
    assert (drone.numbers["serial"], drone.camera) == ("1581F6Z9C23BG003", "FC8482")


@pytest.mark.judge("exiftool")
def test_canons_timed_records_give_the_body_number(tmp_path: Path) -> None:
    path = tmp_path / "ctmd.crm"
    path.write_bytes(made.telemetry(made.canon_records(), b"CTMD", brand=b"crx "))
    facts = facts_of(path.read_bytes())
    assert facts.numbers["serial"] == "7712345"
    assert "tracks" not in facts.unread
    told = json.loads(judges.done("exiftool", "-ee", "-j", "-SerialNumber", path))
    assert str(told[0]["SerialNumber"]) == "7712345"


def test_what_no_known_form_of_a_place_stands_in_stays_counted() -> None:
    for form in (b"djmd", b"dbgi", b"rtmd"):
        assert facts_of(made.telemetry(b"\x0a\x03abc", form)).unread["tracks"] == 1


@pytest.mark.parametrize("data", [made.afcp(), made.fotostation(), made.fotostation() + made.fotostation()[-29:]])
def test_what_picture_desks_append_is_read(data: bytes) -> None:
    assert facts_of(data).texts["place"] == ["Pyongyang"]


def test_who_signed_is_said_of_cameras_only() -> None:
    assert facts_of(made.credentials(camera=True)).signed == "camera"
    assert facts_of(made.credentials()).signed == "c2pa"
    assert facts_of(made.credentials()).unread["manifests"] == 1
    assert not facts_of(photograph(1, segments=segment(0xE1, exif()))).signed


def test_packed_metadata_is_named_as_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.jxl").write_bytes(made.jxl(b"brob", b"Exif" + bytes(40)))
    (tmp_path / "b.mp4").write_bytes(made.telemetry(bytes(64), b"djmd"))
    told = {item.what: item.count for item in audit([tmp_path], None).report.unchecked}
    assert (told["packed"], told["tracks"]) == (1, 1)


def test_texts_that_unpack_to_gigabytes_cost_little() -> None:
    bomb = zlib.compress(bytes(32 << 20), 9)
    data = made.png(b"zTXt", b"Comment\0\0" + bomb)
    chunk = data[33 : 33 + 12 + 9 + len(bomb)]
    facts = facts_of(data[:33] + chunk * 300 + data[33:])
    assert len(facts.texts.get("comment", ())) <= 1


@settings(max_examples=120, deadline=None)
@given(
    seed=st.sampled_from(
        [data for name, data in FILES.items() if name != "far.heic"] + [made.afcp(), made.fotostation()]
    ),
    flips=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=20),
    cut=st.integers(0, 400),
)
def test_bent_carriers_give_facts_or_none(seed: bytes, flips: list[tuple[int, int]], cut: int) -> None:
    bent = bytearray(seed)
    for at, value in flips:
        bent[-1 - at % len(bent) if at % 2 else at // 2 % min(len(bent), 900)] = value
    facts = read_photo(BytesSource(bytes(bent[: len(bent) - cut])))
    assert facts is None or facts.gps is None or abs(facts.gps[0]) <= 90


@settings(max_examples=80, deadline=None)
@given(seed=st.sampled_from(list(BESIDE.values())), rest=st.binary(max_size=200), at=st.integers(0, 400))
def test_bent_texts_give_facts_or_none(seed: bytes, rest: bytes, at: int) -> None:
    facts = read_sidecar(seed[:at] + rest + seed[at:])
    assert facts is None or facts.form == "beside"
