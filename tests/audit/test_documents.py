"""Texts of documents and names in archives; bombs stop at their limit."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile
import zlib

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit.made import photograph

from fifthfloor.audit import documents
from fifthfloor.audit.documents import Text, Unread, texts


def said(name: str, data: bytes) -> str:
    return "\n".join(item.text for item in texts(name, data) if isinstance(item, Text))


def unread(name: str, data: bytes) -> list[tuple[str, str]]:
    return [(item.why, item.form) for item in texts(name, data) if isinstance(item, Unread)]


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def pdf(words: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    font = pypdf.generic.DictionaryObject(
        {
            pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
            pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
            pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica"),
        }
    )
    fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
    resources = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/Font"): fonts})
    page[pypdf.generic.NameObject("/Resources")] = resources
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Nothing to Envy"})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_office_files_and_epub_are_read_whatever_their_tags() -> None:
    word = b"<w:p><w:r><w:t>Esc</w:t></w:r><w:r><w:t>ape from</w:t></w:r></w:p><w:p><w:t>Camp &amp; 14</w:t></w:p>"
    assert "Escape from\nCamp & 14" in said("a.docx", packed({"word/document.xml": word, "word/m.bin": b"x"}))
    assert "missionary" in said("a.odt", packed({"content.xml": b"<text:p>missionary</text:p>"}))
    assert "chapter one" in said("a.epub", packed({"OEBPS/c1.xhtml": b"<html><p>chapter one</p></html>"}))


def test_plain_text_subtitles_and_rtf() -> None:
    assert "성경" in said("n.txt", "성경".encode())
    assert "soldier" in said("film.srt", b"1\n00:00:01,000 --> 00:00:02,000\nsoldier\n")
    assert "naïve" in said("n.txt", "naïve".encode("cp1252"))
    assert "market" in said("n.txt", "market".encode("utf-16"))
    assert "b\xe4r soldier" in said("n.rtf", rb"{\rtf1\ansi {\fonttbl x;} b\'e4r \b soldier\par}")
    assert "inside" in said("n.html", b"<p><b>in</b>side</p>")


def test_old_office_files_are_searched_in_both_codings() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "checkpoint".encode("utf-16-le") + b"\0\0 barracks \0"
    assert "checkpoint" in said("a.doc", data)
    assert "barracks" in said("a.doc", data)


def test_pdf_with_the_extra() -> None:
    found = said("a.pdf", pdf("secret checkpoint"))
    assert "secret checkpoint" in found
    assert "Nothing to Envy" in found


def test_pdf_without_the_extra_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert unread("a.pdf", b"%PDF-1.4\n") == [("extra", "pdf")]


def test_what_is_sealed_or_damaged_is_said() -> None:
    assert unread("a.pdf", pdf("x", "word")) == [("sealed", "pdf")]
    assert unread("a.pdf", b"%PDF-1.7 nothing") == [("damaged", "pdf")]
    assert unread("a.zip", b"PK\x03\x04 nothing") == [("damaged", "zip")]
    assert unread("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(20)) == [("unknown", "7z")]


def test_photographs_inside_of_documents_are_not_passed_over() -> None:
    picture = photograph(1, width=64, height=48)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("papers/press_card.jpg"))
    mail = b"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(picture)
    holders = {
        "a.zip": packed({"a.HEIC": b"x"}), "b.zip": packed({"inner.zip": b"x"}),
        "a.docx": packed({"word/media/i.png": b""}), "a.tgz": archive.getvalue(),
        "a.jpg.gz": gzip.compress(picture), "a.eml": mail,
        "a.html": b"<img src='data:image/png;base64,iVBO'>", "a.sqlite": b"SQLite format 3\0" + bytes(99) + picture,
        "a.pdf": pdf("x").replace(b"/Helvetica", b"/DCTDecode"),
    }  # fmt: skip
    assert [name for name, data in holders.items() if ("inside" in dict(unread(name, data)))] == [*holders]
    for name, data in {
        "a.zip": packed({"a.txt": b"x"}),
        "a.eml": b"base64 and image/gif",
        "b.bin": b"\xff\xd8\xff\xe0",
    }.items():
        assert "inside" not in dict(unread(name, data))


def test_names_of_members_are_texts() -> None:
    assert "the dear leader" in said("a.zip", packed({"films/the.dear.leader.mkv": b""}))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("papers/press_card.jpg"))
    assert "press card" in said("a.tar.gz", out.getvalue())
    assert "packed text" in said("a.txt.gz", gzip.compress(b"packed text"))


def test_a_bomb_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_MEMBER_BYTES", 1 << 16)
    monkeypatch.setattr(documents, "_MAX_OF_ARCHIVE_BYTES", 1 << 18)
    bomb = packed({f"{number}.txt": bytes(1 << 20) for number in range(40)})
    total = sum(len(item.text) for item in texts("bomb.zip", bomb) if isinstance(item, Text))
    assert total <= 1 << 19
    assert ("limit", "zip") in unread("bomb.zip", bomb)
    assert len(said("bomb.gz", gzip.compress(bytes(1 << 22)))) <= 1 << 16


def test_an_entity_bomb_is_only_text() -> None:
    lol = b'<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><w:t>&b;&b;&b;</w:t>'
    assert len(said("a.docx", packed({"word/document.xml": lol}))) < 400


def test_pictures_and_programs_have_no_text() -> None:
    assert list(texts("a.bin", zlib.compress(bytes(range(256)) * 20))) == []
    assert list(texts("empty.txt", b"")) == []


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADS = [packed({"a.txt": b"hello" * 50}), pdf("x"), b"{\\rtf1 x}", gzip.compress(b"y" * 300), OLD_OFFICE]


@settings(max_examples=80)
@given(head=st.sampled_from(HEADS), cut=st.integers(0, 400), rest=st.binary(max_size=200))
def test_any_bytes_give_texts_or_a_reason(head: bytes, cut: int, rest: bytes) -> None:
    list(texts("a", head[:cut] + rest))
