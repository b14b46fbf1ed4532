"""Words of a rulebook in programs' own texts are told low and apart; a person's stay what they are."""

from __future__ import annotations

import io
import zipfile

import pytest

from fifthfloor.audit.gather import Gathering
from fifthfloor.audit.of_programs import is_of_programs, is_source
from fifthfloor.audit.rules import Matcher, default_rulebook
from fifthfloor.metadata.source import BytesSource

OF_PROGRAMS = [
    "/etc/mime.types", "/usr/share/doc/git/changelog.gz", "laptop/etc/postgresql/15/main/postgresql.conf",
    "stick/project/node_modules/left/README.md", "home/kim/.venv/lib/python3.11/site-packages/pygments/lexers/x.txt",
    "home/kim/project/.git/packed-refs", "home/kim/project/main.py", "home/kim/web/app.tsx",
    "C:\\Program Files\\Editor\\readme.txt", "/usr/lib/firefox-esr/browser/omni.ja > chrome/x.properties",
    "home/kim/Downloads/tool.tgz > tool/src/a.c", "home/kim/.cargo/registry/src/x/README.md",
    "stick/tool/COPYING", "stick/tool/CHANGELOG.md", "stick/tor-browser/Browser/TorBrowser/Docs/readme.txt",
]  # fmt: skip
OF_PERSONS = [
    "home/kim/notes.txt", "home/kim/Documents/Pyongyang.docx", "home/kim/project/README.md", "home/kim/page.html",
    "stick/etc/notes.txt", "stick/usr/diary.md", "DCIM/100MEDIA/00001.ts", "home/kim/git/plan.txt", "home/kim/.notes",
    "home/kim/library/book.epub > chapter1.xhtml", "home/kim/node.txt", "home/kim/conf.ini", "home/kim/places.json",
    "stick/changelog of kim.txt", "stick/tor-browser/Browser/Downloads/a.txt", "stick/licence plates.txt",
    "/library/Kim/notes.txt", "/System/Volumes/Data/Users/kim/notes.txt", "/libretto.txt",
]  # fmt: skip


@pytest.mark.parametrize("path", OF_PROGRAMS)
def test_a_word_in_a_programs_text_is_told_low(path: str) -> None:
    assert told(path) == {("rule.in_programs", "low")}


@pytest.mark.parametrize("path", OF_PERSONS)
def test_a_persons_text_stays_what_it_is(path: str) -> None:
    assert not is_of_programs(path)
    assert told(path) == {("rule.hit", "critical")}


def told(path: str) -> set[tuple[str, str]]:
    matcher = Matcher(default_rulebook())
    matcher.text("after the checkpoint", path)
    return {(item.kind, item.severity) for item in matcher.findings() if item.kind != "rule.question"}


def test_both_are_told_apart() -> None:
    matcher = Matcher(default_rulebook())
    for path in ("notes.txt", "/usr/share/doc/x/README"):
        matcher.text("after the checkpoint", path)
    found = {item.kind: [place.path for place in item.places] for item in matcher.findings()}
    assert found["rule.hit"] == ["notes.txt"]
    assert found["rule.in_programs"] == ["/usr/share/doc/x/README"]


def test_a_kind_of_file_is_one_wherever_it_lies() -> None:
    matcher = Matcher(default_rulebook())
    matcher.name("/usr/share/doc/x/walk.gpx")
    assert "rule.hit" in {item.kind for item in matcher.findings()}


PACKET = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="Kim Guide"/></rdf:RDF></x:xmpmeta>"""
DOAP = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://usefulinc.com/ns/doap#" xmlns:foaf="http://xmlns.com/foaf/0.1/"><Project><maintainer><foaf:Person>
<foaf:name>Kim Guide</foaf:name></foaf:Person></maintainer></Project></rdf:RDF>"""


def kinds(path: str, data: bytes) -> set[str]:
    gathered = Gathering(default_rulebook())
    gathered.file(path, path, BytesSource(data), None)
    return {item.kind for item in gathered.findings(card=False) if item.kind.startswith("photo.")}


def stored(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, data)
        archive.writestr("x.xhtml", b'<html:body xmlns:html="http://www.w3.org/1999/xhtml" html:title="a menu item">')
    return made.getvalue()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("test_told.py", b'TEMPLATE = """' + PACKET + b'"""'),
        ("a/x.doap", DOAP),
        ("browser/omni.ja", stored("a.svg", PACKET)),
    ],
)
def test_a_packet_within_a_programs_text_is_no_photographs(path: str, data: bytes) -> None:
    assert kinds(path, data) == set()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.py", PACKET),
        ("notes.txt", b"see " + PACKET),
        ("a.zip", stored("a.xmp", PACKET)),
        ("a.bin", b"\1\0" + PACKET),
    ],
)
def test_a_packet_elsewhere_is(path: str, data: bytes) -> None:
    assert kinds(path, data) == {"photo.owner"}


def test_the_next_packet_among_other_bytes_is_read_too() -> None:
    data = b"\1\0" + PACKET + b'\0 <html:body html:title="a menu item"/>' * 3 + PACKET.replace(b"creator", b"subject")
    assert kinds("a.bin", data) == {"photo.owner", "photo.words"}
    assert kinds("b.bin", data[: data.rindex(b"<x:xmpmeta")]) == {"photo.owner"}


def test_an_index_of_clips_in_a_source_is_no_cards() -> None:
    gathered = Gathering(default_rulebook())
    for path in ("test_cards.py", "PRIVATE/M4ROOT/MEDIAPRO.XML"):
        gathered.file(path, path, BytesSource(b"X = '<MediaProfile><Material uri=\"./C0001.MP4\"/>'"), None)
    (found,) = [item for item in gathered.findings(card=True) if item.kind == "numbers.index"]
    assert [place.path for place in found.places] == ["PRIVATE/M4ROOT/MEDIAPRO.XML"]


def test_sources_are_told_by_their_names() -> None:
    assert all(map(is_source, ("a/b.py", "Makefile", "x.TSX", "b.jar")))
    assert not any(map(is_source, ("a.txt", "py", "00001.ts", "a.xmp", "c.html", ".py")))
