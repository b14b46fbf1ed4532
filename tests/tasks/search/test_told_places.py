"""Texts that hold a place or a person are read or counted, whatever form they have; other texts are neither."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from fifthfloor.audit.told_places import tells_a_place
from fifthfloor.tasks.search.audit import audit

GPX = b'<?xml version="1.0"?><gpx><trk><trkseg><trkpt lat="39.02" lon="125.75"></trkpt></trkseg></trk></gpx>'
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="39,1.3N"'
    ' exif:GPSLongitude="125,45.1E"/></rdf:RDF></x:xmpmeta>'
)
# Two numbers a line: a note of 40 was counted and one of 41 was not, so that more places gave an all-clear.
MANY_LINES = b"".join(b"%d.%04d, %d.%04d\n" % (number, number, 2 * number, number) for number in range(5, 80))
TOLD = [
    b'{"locations":[{"latitudeE7":390219000,"longitudeE7":1257523000}]}',
    b"BEGIN:VCARD\nVERSION:3.0\nFN:Kim\nEND:VCARD\n",
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nGEO:39.0219;125.7523\nEND:VEVENT\nEND:VCALENDAR\n",
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nLOCATION:Pyongyang\nEND:VEVENT\nEND:VCALENDAR\n",
    b"AXXXABC\r\nHFDTE010524\r\nB1000003901314N12545138EA0010000200\r\n",
    b"OziExplorer Track Point File Version 2.1\r\nWGS 84\r\n",
    b'<loc><waypoint><coord lat="39.0219" lon="125.7523"/></waypoint></loc>',
    b"meet at geo:39.0219,125.7523\n",
    b"https://maps.google.com/?q=39.0219,125.7523\n",
    b"https://www.google.com/maps/@39.0219,125.7523,15z\n",
    b"https://www.google.com/maps/place/x/data=!3d39.0219!4d125.7523\n",
    b"https://www.openstreetmap.org/?mlat=39.0219&mlon=125.7523\n",
    b"https://maps.app.goo.gl/AbCd1234\n",
    b'<html><meta name="geo.position" content="39.0219;125.7523"></html>',
    "39\u00b001'19\"N 125\u00b045'08\"E\n".encode(),
    "39\u00b0 01.314' N, 125\u00b0 45.138' E\n".encode(),
    "N 39\u00b0 01.314 E 125\u00b0 45.138\n".encode(),
    "39.0219\u00b0 N\n".encode("latin-1"),
    '"latLng": "39.0219\u00b0, 125.7523\u00b0"\n'.encode(),
    "\ubd81\uc704 39\ub3c4\n".encode(),
    b"[Version]\nAppVersion=5.8\n[IPTC]\nCity=Pyongyang;\n",
    b'<SO15><DL><E K="GPSLatitude" V="39.0219"/></DL></SO15>',
    "meet at geo:39.0219,125.7523\n".encode("utf-16"),
    b"the house: 39.0194, 125.7528\n",
    b"39.019400, 125.752800",
    b"at the door (39.0194, 125.7528)\r\nnext line\n",
    b"From: kim@example.org\nSubject: hello\n\nGPS 39.0194, 125.7528\n",
    b'{"centroid": [39.0194,125.7528]}',
    b"{'lat': 39.0194, 'lng': 125.7528}\n",
    b"gps_lat=39.0194 gps_lon=125.7528\n",
    b"decimalLatitude: 39.0194\ndecimalLongitude: 125.7528\n",
    b"<Latitude>39.0194</Latitude>\n<Longitude>125.7528</Longitude>\n",
    b"POINT (125.7528 39.0194)\n",
    b"<gml:pos>39.0194 125.7528</gml:pos>",
    b"8Q7X2Q93+2J\n",
    b"BEGIN:VCALENDAR\nATTENDEE;CN=Kim Guide:mailto:k@example.org\nEND:VCALENDAR\n",
    b"<plist><dict><key>Device Name</key><string>Kim</string></dict></plist>",
    b"Serial Number                   : 7712345\n",
    MANY_LINES,
    b"https://yandex.com/maps/?ll=125.7528%2C39.0194&z=16\n",
    b"https://map.kakao.com/link/map/Hotel,39.0194,125.7528\n",
    b"https://mapy.cz/zakladni?x=125.7528&y=39.0194&z=16\n",
    b"https://uri.amap.com/marker?position=125.7528,39.0194\n",
    b"https://www.google.com/maps/place/39%C2%B001'09.8%22N+125%C2%B045'10.1%22E\n",
    b"om://ABCDEFGHIJ/Hotel\n",
    b'[{"SourceFile": "a.jpg", "IPTC:City": "Pyongyang"}]',
    b'{"metadata": {"GPSLatitude":"39,1.5N"}}',
    b"https://omaps.app/ABCDEFGHIJ\n",
    b"39 01 10 N, 125 45 10 E\n",
    b"39-01-10N 125-45-10E\n",
    b"N 39.0194 E 125.7528\n",
    b"52S CH 12345 67890\n",
    b"52S 337184 E 4320123 N\n",
    b"8Q7X2Q93+2J3\n",
    b"2Q93+2J Pyongyang\n",
    b"(39.0194, 125.7528)\n",
    b"GPS (125.7528, 39.0194, 16)\n",
    b"map.setView([39.0194, 125.7528], 13)\n",
]
NOT_TOLD = [
    b"a late longing, 3.1415 and 2.7182\n",
    "it was 20\u00b0C, turn by 90\u00b0 now\n".encode(),
    b"def latitude(geo: str) -> None: ...\n",
    b"https://example.org/a?b=1.5,2.5 and https://example.org/v1.2.3/4.5.6\n",
    b'<path d="M39.0219,125.7523"/>',
    b"[core]\n[IPTC]\n\n",
    b"BEGIN:VCALENDAR\nLOCATION:\nEND:VCALENDAR\n",
    b"1.2345, 2.3456 are the weights; 39.0194 and 125.7528\n",
    b"Bought 2 kg at 3.50, 4.20 and 12.75, 13.00 euro.\n",
    b"x = [39.0194, 125.7528, 3.1415]\n0.12345, 0.67890\n",
    b"flat: 39.0194, along: 125.7528\ntranslate: 12.3456, long: 3\n",
    b"((0, 0), (7.32233, 14.6447), (14.6447, 25))\nf(39.0194, 125.7528)\n",
    b"lat = float(row['lat'])\nlng = float(row['lng'])\n",
    b"A+BC 12345678+90 ABCDEFGH+IJ a8Q7X2Q93+2J\n",
    b"CREATE POINT (x y); POINT(1 2)\n",
    b'{"City": "", "name": "Kim", "serialNumber": 7}',
    b"4EE4 4ED9 4EDE 5145 5144\n2345+67 Apples\n",
]


def unchecked(folder: Path) -> dict[str, int]:
    return {item.what: item.count for item in audit([folder], None).report.unchecked if item.count}


@pytest.mark.parametrize("text", TOLD, ids=range(len(TOLD)))
def test_a_text_with_a_place_or_a_person_is_counted(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.note").write_bytes(text)
    assert unchecked(tmp_path) == {"sidecars": 1}


def test_other_texts_are_not(tmp_path: Path) -> None:
    assert [text for text in NOT_TOLD if tells_a_place(text)] == []
    (tmp_path / "a.note").write_bytes(b"\n".join(NOT_TOLD))
    assert unchecked(tmp_path) == {}


def test_a_track_that_is_packed_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.gpx.gz").write_bytes(gzip.compress(GPX))
    assert unchecked(tmp_path)["inside"] == 1
    (tmp_path / "a.gpx.gz").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.gpx", GPX)
    assert unchecked(tmp_path)["inside"] == 1


def test_a_place_inside_a_document_is_counted(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<w:t>meet at geo:39.0219,125.7523</w:t>")
    (tmp_path / "a.docx").write_bytes(held.getvalue())
    assert unchecked(tmp_path) == {"sidecars": 1}


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-le", "utf-32-be"])
def test_a_sidecar_of_four_bytes_a_letter_is_read(codec: str, tmp_path: Path) -> None:
    (tmp_path / "a.xmp").write_bytes(XMP.encode(codec))
    assert "photo.gps" in {found.kind for found in audit([tmp_path], None).report.findings}


def test_hostile_texts_end_soon() -> None:
    for part in (
        b"1.2345,",
        b'"lat": 39.0194 ',
        b"POINT((",
        b"39\xc2\xb01'",
        b"https://",
        b"39.0219,",
        b"1" * 50,
        b"name=",
        b'K="GPS',
        b'lat="1.22" ',
    ):
        assert not tells_a_place(part * (300_000 // len(part)))
