"""Texts of documents: plain text and subtitles, HTML, RTF, PDF, EPUB, office files, and names inside archives.

Office files, EPUB and OpenDocument are ZIP archives of markup; their text is what stands between the tags, read with
an expression and never parsed, so no entity can expand. Every unpacking stops at a limit, so no bomb can.
"""

from __future__ import annotations

import html
import io
import logging
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from fifthfloor.audit.archives import LimitError, is_packed_or_tar, members_of_tar, packed_text
from fifthfloor.audit.in_archives import SQLITE, attachments, beginning_of, is_carried, tells_of_a_place, unread_archive
from fifthfloor.audit.told_places import MAX_TOLD_BYTES, tells_a_place
from fifthfloor.metadata.endings import is_shot

MAX_DOCUMENT_BYTES = 64 << 20  # larger ones are films or disk images
MAX_MEMBER_BYTES = 8 << 20  # a novel is one
# A JPEG as it is, and as it stands in a PDF; mail and pages of the web say "image/jpeg" before base64.
_JPEG_INSIDE = re.compile(
    rb"\xff\xd8\xff(?:\xe0..JFIF|\xe1..Exif|\xe1..http|\xdb\0[\x43\x84\xc5])|/DCTDecode", re.DOTALL
)
_JPEG_AS_TEXT = re.compile(rb"/9j/[/247][0-9A-Za-z+/]{24}")
_ARCHIVES = frozenset([
    "7z", "apk", "bz2", "docx", "eml", "epub", "gz", "msg", "odp", "odt", "pptx", "rar", "tar", "tbz", "tgz", "txz",
    "xlsx", "xz", "zip", "zst",
])  # fmt: skip
_TRACKS = frozenset(
    ["csv", "fit", "geojson", "gpx", "ics", "igc", "json", "kml", "loc", "nmea", "plt", "srt", "tcx", "vcf", "xmp"]
)
_MAX_OF_ARCHIVE_BYTES = 48 << 20  # of one archive together
MAX_MEMBERS = 20_000
MAX_PDF_PAGES = 400
MAX_PDF_PAGE_BYTES = 2 << 20  # of drawing: some four seconds of extraction; pages of text have some ten thousand
MAX_PDF_BYTES = 8 << 20  # of drawing in one file
_WINDOW_CHARS = 1 << 20  # of a long text at a time: bounds memory
OVERLAP_CHARS = 512  # longer than a phrase
_TEXTUAL = {"xml", "xhtml", "html", "htm", "txt", "rels", "opf", "ncx", "fodt", "srt", "vtt", "ass", "md", "csv", "rtf"}
_MARKUP_BREAK = re.compile(
    r"</(?:w:p|a:p|text:p|text:h|p|div|h\d|li|td|title|si|row|br)\s*>|<(?:br|w:br|w:tab)\s*/?>", re.I
)
_MARKUP_TAG = re.compile(r"<[^<>]{0,4000}>")
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
        why: "extra" (a reader that is not installed), "sealed" (encrypted), "damaged", "limit", "unknown",
            "databases", "inside" (it holds something that is to be taken out and audited).
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
    if not data.startswith(b"PK\x03\x04") and (_JPEG_INSIDE.search(data) or _mails_something(data)):
        yield Unread("inside", "picture")
    if data.startswith(b"PK\x03\x04"):
        yield from _zip(data)
    elif data.startswith(b"%PDF-"):
        yield from _pdf(data)
    elif data.startswith(b"{\\rtf"):
        yield from _windows("", data.decode("latin-1"), lambda part: rtf_text(part.encode("latin-1")))
    elif data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # Word, Excel and PowerPoint before 2007 keep their text in runs of one or the other coding.
        for at in range(0, len(data), _WINDOW_CHARS):
            part = data[at : at + _WINDOW_CHARS + 2 * OVERLAP_CHARS]
            yield Text("", part.decode("utf-16-le", "ignore"))
            yield Text("", part.decode("cp1252", "replace"))
    elif is_packed_or_tar(data):
        yield from _tar(data)
    elif form := unread_archive(data):
        yield Unread("unknown", form)
    elif data.startswith(SQLITE):
        yield Unread("databases", "sqlite")
    elif _is_plain(data):
        text = _decoded(data)
        is_markup = PurePosixPath(name).suffix[1:].lower() in ("html", "htm", "xhtml", "xml", "svg", "fb2")
        yield from _windows("", text, markup_text if is_markup else str)


def _mails_something(data: bytes) -> bool:
    if b"base64" in data and any(is_carried(part, "") for part in attachments(data)):
        return True
    if b"base64" in data and re.search(rb"(?i)\bimage/(?:jpe?g|hei[cf]|avif|png|tiff|webp)\b", data):
        return True
    # Cards of contacts and programs' exports do not say so: how a JPEG begins there.
    return b"/9j/" in data and _JPEG_AS_TEXT.search(data) is not None


def _holds_pictures(name: str) -> bool:
    """Whether a member of an archive is a photograph, a film, a track, or an archive in which there may be some."""
    return is_shot(name) or PurePosixPath(name).suffix[1:].lower() in _ARCHIVES | _TRACKS


def _windows(inside: str, text: str, convert: Callable[[str], str] = str) -> Iterator[Text]:
    """Give a text in pieces that overlap by more than a phrase, so that no copy of it is large."""
    for at in range(0, max(1, len(text)), _WINDOW_CHARS):
        yield Text(inside, convert(text[at : at + _WINDOW_CHARS + OVERLAP_CHARS]))


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
    return html.unescape(_MARKUP_TAG.sub("", _MARKUP_BREAK.sub("\n", text)))


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
    if data.count(b"PK\1\2") > 4 * MAX_MEMBERS:
        yield Unread("limit", "zip")  # its list of members alone would fill the memory
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RecursionError):
        yield Unread("damaged", "zip")
        return
    yield Text("", archive.comment.decode("utf-8", "replace"))
    left, told = _MAX_OF_ARCHIVE_BYTES, set[str]()
    for number, member in enumerate(members):
        if number >= MAX_MEMBERS:
            yield Unread("limit", "zip")
            return
        yield _name(member.filename)
        if "inside" not in told and _holds_pictures(member.filename):
            told.add("inside")
            yield Unread("inside", "zip")
        is_text = PurePosixPath(member.filename).suffix[1:].lower() in _TEXTUAL
        if member.is_dir() or (not is_text and "inside" in told):
            continue
        if member.flag_bits & 1:
            if "sealed" not in told:
                told.add("sealed")
                yield Unread("sealed", "zip")
            continue
        if not is_text:
            if is_carried(beginning_of(data, member), member.filename):
                told.add("inside")
                yield Unread("inside", "zip")
            continue
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
        if "inside" not in told and _tags_tell(body):
            told.add("inside")
            yield Unread("inside", "zip")
        if body.startswith(b"{\\rtf"):
            yield from _windows(member.filename, body.decode("latin-1"), lambda part: rtf_text(part.encode("latin-1")))
        else:
            yield from _windows(member.filename, _decoded(body), markup_text)


def _tags_tell(body: bytes) -> bool:
    """Whether a track or a place stands in the tags of a text, that is in nothing of what is between them."""
    return tells_of_a_place(body) and not tells_a_place(markup_text(_decoded(body[:MAX_TOLD_BYTES])).encode())


def _tar(data: bytes) -> Iterator[Text | Unread]:
    """Give the names in a TAR archive, or the text that is packed by itself."""
    try:
        text = packed_text(data)
        if text is not None:
            if tells_of_a_place(text):
                yield Unread("inside", "track")
            if _is_plain(text):
                yield from _windows("", _decoded(text))
            else:
                yield Unread("inside", "packed")
            return
        for name, head in members_of_tar(data):
            yield _name(name)
            if _holds_pictures(name) or is_carried(head, name):
                yield Unread("inside", "tar")
    except LimitError:
        yield Unread("limit", "tar")
    except (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError, RecursionError):
        yield Unread("damaged", "tar")


def _name(name: str) -> Text:
    return Text(name, re.sub(r"[._\-/]+", " ", name))


def _pdf(data: bytes) -> Iterator[Text | Unread]:
    try:
        import pypdf
    except ImportError:
        yield Unread("extra", "pdf")
        return
    # It writes about damage to stderr, with words of the file.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            yield Unread("sealed", "pdf")
            return
        for value in (reader.metadata or {}).values():
            yield Text("", str(value))
        left = MAX_PDF_BYTES
        for number, page in enumerate(reader.pages):
            drawing = page.get_contents()
            length = len(drawing.get_data()) if drawing is not None else 0
            left -= length
            if number >= MAX_PDF_PAGES or left < 0:
                yield Unread("limit", "pdf")
                return
            if length > MAX_PDF_PAGE_BYTES:
                yield Unread("limit", "pdf")
            elif length:
                yield Text("", page.extract_text())
    except Exception:  # a reader of hostile files raises whatever it likes; all of it means one thing here
        yield Unread("damaged", "pdf")
