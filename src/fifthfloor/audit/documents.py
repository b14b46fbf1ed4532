"""Texts of documents: plain text and subtitles, HTML, RTF, PDF, EPUB, office files, and names inside archives.

Office files, EPUB and OpenDocument are ZIP archives of markup; their text is what stands between the tags, read with
an expression and never parsed, so no entity can expand. Every unpacking stops at a limit, so no bomb can.
"""

from __future__ import annotations

import html
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

MAX_DOCUMENT_BYTES = 64 << 20  # larger ones are films or disk images
MAX_MEMBER_BYTES = 8 << 20  # a novel is one
MAX_UNPACKED_BYTES = 48 << 20  # of one archive together
MAX_MEMBERS = 20_000
MAX_PDF_PAGES = 400
_TEXTUAL = {"xml", "xhtml", "html", "htm", "txt", "rels", "opf", "ncx", "fodt", "srt", "vtt", "ass", "md", "csv", "rtf"}
_BREAK = re.compile(r"</(?:w:p|a:p|text:p|text:h|p|div|h\d|li|td|title|si|row|br)\s*>|<(?:br|w:br|w:tab)\s*/?>", re.I)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_RTF = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\par\b ?|\\[a-zA-Z]{1,32}-?\d{0,10} ?|[{}]")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text.

    Args:
        inside: name of the archive member it stands in, empty for the document itself.
        text: as written.
    """

    inside: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A document, or part of one, that was not read.

    Args:
        why: "extra" (a reader that is not installed), "sealed" (encrypted), "damaged", "limit", "unknown".
        form: what it is.
    """

    why: str
    form: str


def texts(name: str, data: bytes) -> Iterator[Text | Unread]:
    """Yield the texts of a document, and what of it could not be read; nothing for pictures, films and programs.

    Args:
        name: its file name; only plain text is recognised by it.
        data: the whole file, at most MAX_DOCUMENT_BYTES.
    """
    if data.startswith(b"PK\x03\x04"):
        yield from _zip(data)
    elif data.startswith(b"%PDF-"):
        yield from _pdf(data)
    elif data.startswith(b"{\\rtf"):
        yield Text("", rtf_text(data))
    elif data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # Word, Excel and PowerPoint before 2007 keep their text in runs of one or the other coding.
        yield Text("", data.decode("utf-16-le", "ignore"))
        yield Text("", data.decode("cp1252", "replace"))
    elif data[257:262] == b"ustar" or data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")):
        yield from _tar(data)
    elif data.startswith((b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")):
        yield Unread("unknown", "7z" if data.startswith(b"7z") else "rar")
    elif _is_plain(data):
        text = _decoded(data)
        is_markup = PurePosixPath(name).suffix[1:].lower() in ("html", "htm", "xhtml", "xml", "svg", "fb2")
        yield Text("", markup_text(text) if is_markup else text)


def _is_plain(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    head = data[:4096]
    return bool(head) and b"\0" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) <= len(head) // 50


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def markup_text(text: str) -> str:
    """Return what stands between tags; ends of paragraphs become line ends, other tags nothing."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def rtf_text(data: bytes) -> str:
    """Return the text of an RTF file (1.9.1): escapes decoded, control words dropped."""

    def plain(match: re.Match[str]) -> str:
        if match[1]:
            return bytes([int(match[1], 16)]).decode("cp1252", "replace")
        if match[2]:
            return chr(int(match[2]) % 0x10000)
        return "\n" if match[0].startswith("\\par") else ""

    return _RTF.sub(plain, data.decode("latin-1")).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _zip(data: bytes) -> Iterator[Text | Unread]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()[:MAX_MEMBERS]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RecursionError):
        yield Unread("damaged", "zip")
        return
    left = MAX_UNPACKED_BYTES
    for member in members:
        yield Text(member.filename, re.sub(r"[._\-/]+", " ", member.filename))
        if PurePosixPath(member.filename).suffix[1:].lower() not in _TEXTUAL or member.is_dir():
            continue
        if member.flag_bits & 1:
            yield Unread("sealed", "zip")
            return
        if left <= 0:
            yield Unread("limit", "zip")
            return
        try:
            with archive.open(member) as opened:
                body = opened.read(min(MAX_MEMBER_BYTES, left))
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
            yield Unread("damaged", "zip")
            continue
        left -= len(body)
        text = _decoded(body)
        yield Text(member.filename, rtf_text(body) if body.startswith(b"{\\rtf") else markup_text(text))


def _tar(data: bytes) -> Iterator[Text | Unread]:
    try:
        with tarfile.open(fileobj=_Limited(data), mode="r|*") as archive:
            for number, member in enumerate(archive):
                yield Text(member.name, re.sub(r"[._\-/]+", " ", member.name))
                if number >= MAX_MEMBERS:
                    yield Unread("limit", "tar")
                    return
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, RecursionError):
        if data.startswith(b"\x1f\x8b"):
            yield from _gzip(data)
        else:
            yield Unread("damaged", "tar")


class _Limited(io.BytesIO):
    """Bytes of an archive; a stream of names needs no more."""


def _gzip(data: bytes) -> Iterator[Text | Unread]:
    """Read a single text packed with gzip."""
    unpacker = zlib.decompressobj(31)
    try:
        body = unpacker.decompress(data, MAX_MEMBER_BYTES)
    except zlib.error:
        yield Unread("damaged", "gzip")
        return
    if _is_plain(body):
        yield Text("", _decoded(body))


def _pdf(data: bytes) -> Iterator[Text | Unread]:
    try:
        import pypdf
    except ImportError:
        yield Unread("extra", "pdf")
        return
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            yield Unread("sealed", "pdf")
            return
        for value in (reader.metadata or {}).values():
            yield Text("", str(value))
        for page in reader.pages[:MAX_PDF_PAGES]:
            yield Text("", page.extract_text())
        if len(reader.pages) > MAX_PDF_PAGES:
            yield Unread("limit", "pdf")
    except Exception:  # a reader of hostile files raises whatever it likes; all of it means one thing here
        yield Unread("damaged", "pdf")
