"""`essay new`: captions of originals, shooting order, what a writer still has to say."""

from __future__ import annotations

import io
import json
import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.cards import judges
from tests.essay.protected import protect
from tests.jpeg.pictures import jpeg

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.errors import BadInput
from fifthfloor.essay.original_captions import OriginalCaptions, read_captions
from fifthfloor.essay.photo_lines import can_name
from fifthfloor.essay.telling import read_telling
from fifthfloor.metadata.tiff import reader_of
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


def captions_of(data: bytes) -> OriginalCaptions:
    return read_captions(reader_of(data), len(data))


def test_captions_of_xmp_and_iptc() -> None:
    assert captions_of(with_xmp(XMP)) == OriginalCaptions(caption="Two banks, one river", kicker="Entry point")
    utf8 = dataset(1, 90, b"\x1b%G") + dataset(2, 120, "Lösung".encode()) + dataset(2, 110, b"A")
    assert captions_of(with_iptc(utf8)) == OriginalCaptions(caption="Lösung", credit="A")
    assert captions_of(with_iptc(dataset(2, 120, "Lösung".encode("latin-1")))).caption == "Lösung"
    assert captions_of(jpeg(64, 48)) == OriginalCaptions()


def test_what_a_camera_wrote_by_itself_is_no_caption() -> None:
    assert captions_of(with_iptc(dataset(2, 120, b"OLYMPUS DIGITAL CAMERA         "))) == OriginalCaptions()


@pytest.mark.parametrize(
    "packet", [b"", b"\xff\xfe", b"<a encoding='x'/>", b"<?xml version='1.0' encoding='no-such'?><a/>"]
)
def test_hostile_xmp_gives_nothing(packet: bytes) -> None:
    assert captions_of(with_xmp(packet)) == OriginalCaptions()


def test_damaged_xmp_gives_what_stands_before_the_damage_and_no_entity_is_expanded() -> None:
    said = OriginalCaptions(caption="Two banks, one river", kicker="Entry point")
    assert captions_of(with_xmp(b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + XMP)) == said
    assert captions_of(with_xmp(XMP[:-9])) == said
    bomb = b"<!DOCTYPE a [<!ENTITY b 'cccc'>]>" + XMP.replace(b"one river", b"one &b; river")
    assert captions_of(with_xmp(bomb)).caption == "Two banks, one &b; river"


@given(st.binary(max_size=400))
def test_any_metadata_is_read_or_left(payload: bytes) -> None:
    for data in (payload, with_xmp(payload), with_iptc(payload), with_segment(0xED, b"Photoshop 3.0\0" + payload)):
        assert isinstance(captions_of(data), OriginalCaptions)


def iptc_block(datasets: bytes) -> bytes:
    return b"8BIM\x04\x04\0\0" + len(datasets).to_bytes(4, "big") + datasets + b"\0" * (len(datasets) & 1)


def with_segments(*segments: tuple[int, bytes]) -> bytes:
    data = jpeg(64, 48)
    inside = b"".join(bytes([0xFF, m]) + (len(p) + 2).to_bytes(2, "big") + p for m, p in segments)
    return data[:2] + inside + data[2:]


def test_captions_keep_their_letters_whatever_program_wrote_them() -> None:
    windows = "The guide’s hands – “don’t” he said… €5"
    korean = "Grüße, 평양"
    declared = dataset(1, 90, b"\x1b-B") + dataset(2, 120, "Łódź".encode("iso8859-2"))
    cut = korean.encode()[:-1]
    assert captions_of(with_iptc(dataset(2, 120, windows.encode("cp1252")))).caption == windows
    assert captions_of(with_iptc(dataset(2, 120, korean.encode()))).caption == korean, "nothing was declared"
    assert captions_of(with_iptc(declared)).caption == "Łódź"
    assert captions_of(with_iptc(dataset(2, 120, cut))).caption == "Grüße, 평", "a field of fixed length cuts"


def test_a_photoshop_resource_goes_on_in_the_next_segment() -> None:
    head = b"Photoshop 3.0\0"
    whole = b"8BIM\x04\x25\0\0\0\0\0\x10" + bytes(16) + iptc_block(dataset(2, 120, b"Caption in a long resource"))
    for cut in (20, 60, len(whole) - 3):
        said = captions_of(with_segments((0xED, head + whole[:cut]), (0xED, head + whole[cut:])))
        assert said.caption == "Caption in a long resource"
    # A resource that was cut for good does not swallow the one behind it.
    said = captions_of(with_segments((0xED, head + whole[:44]), (0xED, head + whole)))
    assert said.caption == "Caption in a long resource"


@pytest.mark.judge("exiftool")
def test_a_resource_goes_on_whatever_the_next_segment_begins_with(tmp_path: Path) -> None:
    """A caption that is cut before the letters 8BIM, a resource over three segments, and one of another signature."""
    head, caption = b"Photoshop 3.0\0", "Caption about 8BIM in the text"
    whole = iptc_block(dataset(2, 120, caption.encode()))
    at = whole.index(b"8BIM", 4)
    other = b"MeSa\x0b\xb8\0\0\0\0\0\x05abcde\0"
    long = b"8BIM\x04\x25\0\0\0\0\0\x20" + b"8BIM in the midst of it, 8BIM, 8" + whole
    for parts in (
        [whole[:at], whole[at:]],
        [other + whole[:at], whole[at:]],
        [other, whole[:at], whole[at:]],
        [long[:12], long[12:37], long[37:]],
        [other + whole],
    ):
        data = with_segments(*((0xED, head + part) for part in parts))
        (tmp_path / "a.jpg").write_bytes(data)
        assert judges.done("exiftool", "-s3", "-IPTC:Caption-Abstract", tmp_path / "a.jpg").strip() == caption
        assert captions_of(data).caption == caption, parts


def test_a_preview_among_the_records_hides_no_caption() -> None:
    preview = bytes([0x1C, 8, 10, 0x80, 4]) + (70_000).to_bytes(4, "big")[:4]
    records = preview.replace((70_000).to_bytes(4, "big"), (700).to_bytes(4, "big")) + bytes(700)
    assert captions_of(with_iptc(records + dataset(2, 120, b"Behind it"))).caption == "Behind it"


def test_of_several_languages_the_one_for_everybody_is_taken() -> None:
    items = "<rdf:li xml:lang='ko'>평양</rdf:li><rdf:li xml:lang='x-default'>Morning</rdf:li>"
    packet = f"<dc:description><rdf:Alt>{items}</rdf:Alt></dc:description>".encode()
    assert captions_of(with_xmp(packet)).caption == "Morning"
    alone = packet.replace(b"x-default", b"de")
    assert captions_of(with_xmp(alone)).caption == "평양", "without one the first"


def test_a_packet_may_give_its_name_spaces_other_prefixes_and_be_utf_16() -> None:
    other = XMP.replace(b"dc:", b"d:").replace(b"xmlns:dc=", b"xmlns:d=").replace(b"rdf:", b"r:")
    other = other.replace(b"xmlns:rdf=", b"xmlns:r=")
    said = OriginalCaptions(caption="Two banks, one river", kicker="Entry point")
    assert captions_of(with_xmp(other)) == said
    assert captions_of(with_xmp(XMP.decode().encode("utf-16"))) == said


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


def test_captions_come_from_the_sidecar_too(tmp_path: Path) -> None:
    photos, originals = tmp_path / "trip", tmp_path / "card"
    originals.mkdir()
    for name, sidecar in (("a", "a.xmp"), ("b", "B.JPG.XMP"), ("c", "cc.xmp")):
        protect(photos, f"{name}.jpg", jpeg(640, 424))
        (originals / f"{name}.jpg").write_bytes(original("2010:09:01 10:00:00"))
        (originals / sidecar).write_bytes(XMP)
    protect(photos, "d.jpg", jpeg(640, 424))
    (originals / "d.xmp").write_bytes(XMP)
    begun = new_essay(photos, originals, lambda: date(2026, 11, 22))
    assert begun.captions == 3, "c has the sidecar of another, d has nothing but its sidecar"


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


@pytest.mark.parametrize(
    ("texts", "guessed"),
    [
        (dataset(2, 120, "Проводник".encode("cp1251")), True),
        (dataset(2, 120, "Проводник".encode()), False),
        (dataset(1, 90, b"\x1b-L") + dataset(2, 120, "Проводник".encode("iso8859-5")), False),
        (dataset(1, 90, b"\x1b-Z") + dataset(2, 120, "Проводник".encode("iso8859-5")), True),
        (dataset(2, 120, b"A guide") + dataset(2, 90, "Москва".encode("cp1251")), False),  # a place is not read
    ],
    ids=["nothing declared", "utf-8", "declared", "a declaration nobody knows", "of what is not read"],
)
def test_letters_that_are_a_guess_are_named(tmp_path: Path, texts: bytes, guessed: bool) -> None:
    photos, originals = tmp_path / "trip", tmp_path / "card"
    originals.mkdir()
    protect(photos, "a.jpg", jpeg(640, 424))
    (originals / "a.jpg").write_bytes(with_iptc(texts))
    said = CliRunner().invoke(fifthfloor, ["essay", "new", str(photos), "--originals", str(originals)])
    assert ("read as Western European, so look at the letters: a.jpg" in said.output) == guessed
    assert ("Проводник" in (photos / "essay.md").read_text()) == (not guessed and b"guide" not in texts)


@pytest.mark.parametrize(
    "name",
    [b"\xf4\xee\xf2\xee.jpg", b"a\nb.jpg", b" lead.jpg", b"x\x1b[31m.jpg", b"12:30.jpg", b"a\\b.jpg"],
    ids=["not UTF-8", "line feed", "leading blank", "escape sequence", "colon", "backslash"],
)
def test_what_no_line_can_name_is_left_out_by_name_and_the_rest_is_written(
    tmp_path: Path, name: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """`protect --names source` keeps a name as it is; an essay that names it could not be read again."""
    photos = tmp_path / "trip"
    odd = os.fsdecode(name)
    assert not can_name(odd)
    protect(photos, odd, jpeg(640, 424))
    with pytest.raises(BadInput) as alone:
        new_essay(photos, None)
    assert alone.value.key == "essay.unnameable"
    protect(photos, "Café à 2, é.jpg", jpeg(640, 424))
    assert run(fifthfloor, ["essay", "new", str(photos), "--originals", str(photos), "--json"]) == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["photographs"] == ["Café à 2, é.jpg"]
    assert said.err.count("is left out") == 1
    with pytest.raises(BadInput) as faults:
        read_telling("essay.md", (photos / "essay.md").read_bytes())
    assert not {"essay.control", "essay.photo_place"} & {one.key for one in (faults.value, *faults.value.also)}
