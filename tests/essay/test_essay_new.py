"""`essay new`: captions of originals, shooting order, what a writer still has to say."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.essay.protected import protect
from tests.jpeg.pictures import jpeg

from fifthfloor.cli.group import fifthfloor
from fifthfloor.errors import BadInput
from fifthfloor.essay.original_captions import Captions, read_captions
from fifthfloor.essay.telling import read_telling
from fifthfloor.tasks.site.new import new_essay

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    b' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Headline="Entry point">'
    b'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Two banks,\n one river</rdf:li></rdf:Alt></dc:description>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def dataset(record: int, number: int, value: bytes) -> bytes:
    return bytes([0x1C, record, number]) + len(value).to_bytes(2, "big") + value


def with_segment(marker: int, payload: bytes) -> bytes:
    data = jpeg(64, 48)
    return data[:2] + bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload + data[2:]


def with_xmp(packet: bytes) -> bytes:
    return with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def with_iptc(datasets: bytes) -> bytes:
    resource = b"8BIM\x04\x04\0\0" + len(datasets).to_bytes(4, "big") + datasets + b"\0" * (len(datasets) & 1)
    return with_segment(0xED, b"Photoshop 3.0\0" + resource)


def test_captions_of_xmp_and_iptc() -> None:
    assert read_captions(with_xmp(XMP)) == Captions(caption="Two banks, one river", kicker="Entry point")
    utf8 = dataset(1, 90, b"\x1b%G") + dataset(2, 120, "Lösung".encode()) + dataset(2, 110, b"A")
    assert read_captions(with_iptc(utf8)) == Captions(caption="Lösung", credit="A")
    assert read_captions(with_iptc(dataset(2, 120, "Lösung".encode("latin-1")))).caption == "Lösung"
    assert read_captions(jpeg(64, 48)) == Captions()


def test_what_a_camera_wrote_by_itself_is_no_caption() -> None:
    assert read_captions(with_iptc(dataset(2, 120, b"OLYMPUS DIGITAL CAMERA         "))) == Captions()


@pytest.mark.parametrize(
    "packet",
    [b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + XMP, XMP[:-9], b"", b"\xff\xfe", b"<a encoding='x'/>",
     b"<?xml version='1.0' encoding='no-such'?><a/>"],
)  # fmt: skip
def test_hostile_xmp_gives_nothing(packet: bytes) -> None:
    assert read_captions(with_xmp(packet)) == Captions()


@given(st.binary(max_size=400))
def test_any_metadata_is_read_or_left(payload: bytes) -> None:
    for data in (payload, with_xmp(payload), with_iptc(payload), with_segment(0xED, b"Photoshop 3.0\0" + payload)):
        assert isinstance(read_captions(data), Captions)


def original(taken: str, packet: bytes = b"") -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg(640, 424))) as picture:
        picture.save(out, "JPEG", exif=exif)
    data = out.getvalue()
    head = b"http://ns.adobe.com/xap/1.0/\0" + packet
    return data[:2] + b"\xff\xe1" + (len(head) + 2).to_bytes(2, "big") + head + data[2:] if packet else data


def test_a_first_essay_in_shooting_order(tmp_path: Path) -> None:
    photos, originals = tmp_path / "my-trip", tmp_path / "card" / "DCIM"
    originals.mkdir(parents=True)
    for number, minute in ((9, "40"), (10, "20"), (11, "30")):
        protect(photos, f"IMG_{number}.jpg", jpeg(640, 424, seed=number))
        packet = XMP if number == 10 else b""
        (originals / f"img_{number}.JPG").write_bytes(original(f"2010:09:01 10:{minute}:00", packet))
    protect(photos, "IMG_2.jpg", jpeg(640, 424))
    begun = new_essay(photos, tmp_path / "card", lambda: date(2026, 11, 22))
    assert begun.photographs == ("IMG_10.jpg", "IMG_11.jpg", "IMG_9.jpg", "IMG_2.jpg")
    assert begun.captions == 1
    text = (photos / "essay.md").read_text()
    assert "photo: IMG_10.jpg\nkicker: Entry point\ncaption: Two banks, one river\nalt:\nclaim:\n" in text
    assert 'title = "my trip"' in text
    with pytest.raises(BadInput) as caught:
        read_telling("essay.md", text.encode())
    assert caught.value.key == "essay.front_missing", "what only the writer knows is asked for, not invented"
    with pytest.raises(BadInput) as again:
        new_essay(photos, None)
    assert again.value.key == "essay.is_there"


def test_a_folder_without_protected_photographs(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(64, 48))
    for folder, key in ((tmp_path, "essay.nothing_protected"), (tmp_path / "none", "essay.no_folder")):
        with pytest.raises(BadInput) as caught:
            new_essay(folder, None)
        assert caught.value.key == key


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    protect(tmp_path / "trip", "a.jpg", jpeg(640, 424))
    said = CliRunner().invoke(fifthfloor, ["essay", "new", str(tmp_path / "trip"), "--json"])
    assert said.exit_code == 0
    assert '"photographs": [\n    "a.jpg"\n  ]' in said.stdout
