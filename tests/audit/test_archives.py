"""Archives and long texts that unpack to more than they should: told, not read, within bounded memory and steps."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audit.test_documents import packed, pdf, said, unread

from fifthfloor.audit import archives, documents
from fifthfloor.audit.archives import LimitError, Unpacking
from fifthfloor.audit.documents import Text, texts

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def tar(names: list[str], length: int = 0) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = length
            archive.addfile(member, io.BytesIO(bytes(length)))
    return out.getvalue()


@pytest.mark.parametrize("form", PACKERS)
def test_names_and_texts_are_read_however_they_are_packed(form: str) -> None:
    pack = PACKERS[form]
    assert "press card" in said(f"a.tar.{form}", pack(tar(["papers/press_card.jpg", "b"])))
    assert "packed text" in said(f"a.txt.{form}", pack(b"packed text"))
    assert unread(f"a.tar.{form}", pack(tar(["x"]))[:30]) == [("damaged", "tar")]


@pytest.mark.parametrize("form", PACKERS)
def test_a_packed_bomb_stops_at_its_limit(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = PACKERS[form](tar(["first", "second"], 4 << 20))
    assert len(bomb) < 20_000
    given = 0
    read = Unpacking.read

    def counted(self: Unpacking, length_bytes: int) -> bytes:
        nonlocal given
        data = read(self, length_bytes)
        given += len(data)
        return data

    monkeypatch.setattr(Unpacking, "__init__", lambda self, data: init(self, data, 1 << 20))
    monkeypatch.setattr(Unpacking, "read", counted)
    assert unread(f"a.tar.{form}", bomb) == [("limit", "tar")]
    assert given <= (1 << 20) + (64 << 10)


init = Unpacking.__init__


def test_the_limit_is_of_what_comes_out() -> None:
    unpacked = Unpacking(gzip.compress(bytes(1000)), 600)
    assert unpacked.read(500) == bytes(500)
    with pytest.raises(LimitError):
        unpacked.read(500)
    assert archives.MAX_UNPACKED_BYTES <= 1 << 28


def test_too_many_members_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"{number}.bin": b"" for number in range(60)}
    monkeypatch.setattr(archives, "_MAX_MEMBER_NAMES", 50)
    monkeypatch.setattr(documents, "MAX_MEMBERS", 50)
    assert unread("a.tar", tar(list(many))) == [("limit", "tar")]
    assert unread("a.zip", packed(many)) == [("limit", "zip")]
    monkeypatch.setattr(documents, "MAX_MEMBERS", 10)  # four times as many are not even listed
    assert [item for item in texts("a.zip", packed(many)) if isinstance(item, Text)] == []


def test_long_texts_come_in_pieces_and_no_phrase_is_lost_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_WINDOW_CHARS", 1000)
    filler = "<p>word </p>" * 120
    for text in (filler + "border guard" + filler, "x" * 995 + " border guard " + "y" * 995):
        pieces = [item.text for item in texts("a.html", text.encode()) if isinstance(item, Text)]
        assert max(map(len, pieces)) <= 1000 + documents.OVERLAP_CHARS
        assert any("border guard" in piece for piece in pieces)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(988) + "border guard".encode("utf-16-le") + bytes(3000)
    assert any("border guard" in piece for piece in said("a.doc", old).split("\n"))


def test_a_pdf_of_endless_drawing_stops(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(documents, "MAX_PDF_PAGE_BYTES", 20)
    assert unread("a.pdf", pdf("secret checkpoint")) == [("limit", "pdf")]
    monkeypatch.setattr(documents, "MAX_PDF_BYTES", 20)
    assert unread("a.pdf", pdf("secret checkpoint")) == [("limit", "pdf")]
    said("a.pdf", pdf("x")[:-60])  # damaged: its reader would say so on stderr
    assert capfd.readouterr().err == ""


@settings(max_examples=80)
@given(form=st.sampled_from(sorted(PACKERS)), cut=st.integers(0, 400), rest=st.binary(max_size=200))
def test_any_packed_bytes_give_texts_or_a_reason(form: str, cut: int, rest: bytes) -> None:
    list(texts("a", PACKERS[form](tar(["a", "b"], 700))[:cut] + rest))
    list(texts("a", zlib.compress(rest)))
