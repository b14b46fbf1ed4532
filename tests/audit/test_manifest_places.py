"""Places and persons that a C2PA manifest asserts, in JSON or CBOR, are found; what is not read is counted."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.audit.carriers_of_places import EAST, NORTH, manifest
from tests.audit.made import photograph, segment
from tests.statement.test_c2pa import thumbnailed

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.search.audit import audit

XMP_STYLE = {"@context": {}, "exif:GPSLatitude": "39,1.5N", "exif:GPSLongitude": "125,45.168E"}
DEGREES = {"EXIF:GPSLatitude": NORTH, "EXIF:GPSLongitude": EAST}
MIXED = {"metadata": [{"where": {"lat": NORTH, "lon": EAST}}]}
STORY = {"@type": "CreativeWork", "contentLocation": {"@type": "Place", "name": "Kaesong",
         "geo": {"@type": "GeoCoordinates", "latitude": NORTH, "longitude": EAST}}}  # fmt: skip


def cbor(value: object, *, open_ended: bool = False) -> bytes:
    """Write what the tests need of CBOR; with lengths, or with ends."""

    def head(kind: int, size: int) -> bytes:
        return bytes([kind << 5 | 31]) if open_ended and kind > 3 else bytes([kind << 5 | 26]) + struct.pack(">I", size)

    def inside(value: object) -> bytes:
        return cbor(value, open_ended=open_ended)

    end = b"\xff" if open_ended else b""
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(inside(key) + inside(one) for key, one in value.items()) + end
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(inside, value)) + end
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    assert isinstance(value, str)
    text = value.encode()
    if open_ended:
        return b"\x7f" + head(3, len(text[:3])) + text[:3] + head(3, len(text[3:])) + text[3:] + b"\xff"
    return head(3, len(text)) + text


def facts_of(jumb: bytes) -> PhotoFacts:
    front = segment(0xEB, b"JP\0\1" + struct.pack(">I", 1) + jumb)
    return _facts(photograph(1, segments=front, width=64, height=48))


def _facts(data: bytes) -> PhotoFacts:
    facts = read_photo(BytesSource(data))
    assert facts is not None
    return facts


@pytest.mark.parametrize("said", [XMP_STYLE, DEGREES, MIXED, STORY])
@pytest.mark.parametrize("form", ["json", "cbor", "cbor with ends"])
def test_a_place_is_found(said: dict[str, Any], form: str) -> None:
    assertion = json.dumps(said).encode() if form == "json" else cbor(said, open_ended="ends" in form)
    facts = facts_of(manifest(assertion, form=form[:4].encode()))
    assert facts.gps == pytest.approx((NORTH, EAST), abs=1e-3)
    assert facts.signed == "c2pa"
    assert not facts.unread.get("manifests"), "all of it was read"
    assert ("Kaesong" in facts.texts.get("place", [])) == (said is STORY)


@pytest.mark.parametrize("damage", [b"\xa1", b"\xff", b"\xa1\x61", bytes(3), b"\x81" * 5000])
def test_what_cannot_be_read_is_counted(damage: bytes) -> None:
    assert facts_of(manifest(damage, form=b"cbor")).unread["manifests"] == 1


def test_more_than_is_kept_is_counted() -> None:
    assert facts_of(manifest(cbor({"a": ["b"] * 5000}), form=b"cbor")).unread["manifests"] == 1


@pytest.mark.parametrize("label", ["stds.exif", "c2pa.metadata", "org.example.location"])
def test_a_place_that_c2pas_own_library_writes_is_found(label: str) -> None:
    data = {"@context": {"exif": "http://ns.adobe.com/exif/1.0/"}} | XMP_STYLE
    facts = _facts(thumbnailed(photograph(1, segments=b"", width=64, height=48), {"label": label, "data": data}))
    assert facts.gps == pytest.approx((NORTH, EAST), abs=1e-3)
    assert facts.unread["manifests"] == 1, "its signature and its thumbnail are not read"


def _drawn(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, form)
    return out.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>'


@pytest.mark.parametrize("form", ["png", "webp", "tiff", "avif", "svg+xml"])
def test_a_place_is_found_in_whatever_c2pas_own_library_writes(form: str, tmp_path: Path) -> None:
    plain = SVG if form == "svg+xml" else _drawn(form)
    data = thumbnailed(plain, {"label": "c2pa.metadata", "data": XMP_STYLE}, form=f"image/{form}")
    (tmp_path / "picture").write_bytes(data)
    assert "photo.gps" in {found.kind for found in audit([tmp_path], None).report.findings}


def test_a_manifest_beside_its_picture_and_a_second_one_are_read(tmp_path: Path) -> None:
    placed = manifest(cbor(XMP_STYLE), form=b"cbor")
    front = b"".join(
        segment(0xEB, b"JP" + struct.pack(">HI", number, 1) + jumb)
        for number, jumb in ((1, manifest(b"{}")), (2, placed))
    )
    two = _facts(photograph(1, segments=front, width=64, height=48))
    assert two.gps == pytest.approx((NORTH, EAST), abs=1e-3)
    (tmp_path / "a.c2pa").write_bytes(placed)
    assert "photo.gps" in {found.kind for found in audit([tmp_path], None).report.findings}


@pytest.mark.parametrize("damage", [b"!!!", b"AAAA", b""])
def test_a_damaged_manifest_in_a_drawing_is_counted(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(SVG.replace(b"></svg>", b"><c2pa:manifest>" + damage + b"</c2pa:manifest></svg>"))
    missed = {item.what: item.count for item in audit([tmp_path], None).report.unchecked if item.count}
    assert missed.get("manifests") == (1 if damage else None)


def test_manifests_without_end_are_counted() -> None:
    front = b"".join(segment(0xEB, b"JP" + struct.pack(">HI", n, 1) + manifest(b"{}")) for n in range(40))
    assert _facts(photograph(1, segments=front, width=64, height=48)).unread["manifests"] == 1
