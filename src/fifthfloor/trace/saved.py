"""Pages as they are saved with everything in one file: MHTML (RFC 2557) and WARC 1.0 and 1.1 (ISO 28500).

Rule: lengths in a file may lie; nothing is held beyond MAX_KEPT_BYTES, and what is unpacked counts.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from typing import BinaryIO, TypeVar
from urllib.parse import urljoin

from fifthfloor.errors import BadInput
from fifthfloor.metadata.beginnings import begins_as
from fifthfloor.trace.page_text import as_asked

T = TypeVar("T")

MAX_KEPT_BYTES = 512 << 20
_MAX_WARC_LINE_BYTES = 64 << 10
_MOST_LINES = 500
_WARC_PIECE_BYTES = 1 << 20
_KEPT_KINDS = ("response", "resource", "revisit")
_KINDS_OF_PAGES = ("text/html", "application/xhtml+xml")
_SHOWN_AS_PICTURES = ("jpg", "png", "gif", "webp", "avif", "heic", "bmp", "tif", "jxl")
_LONGEST_LENGTH_DIGITS = 18
_STATUS_LINE = ":status"  # no header's name has a colon
_MOST_HOPS = 20  # as browsers follow them


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page and what was saved with it.

    Args:
        address: where it stood; empty where nothing says so.
        html, charset: as `html_page.read_page` takes them.
        parts: pictures by their address (`as_asked`), or by `cid:` and their name.
        hops: where an address led to another one: redirections, and records that refer to an earlier one.
        frames: pages that stand in frames of it, by the names of `parts`.
        is_xml: it was sent as XHTML.
    """

    address: str
    html: bytes
    charset: str
    parts: Mapping[str, bytes]
    hops: Mapping[str, str] = field(default_factory=dict)
    frames: Mapping[str, SavedPage] = field(default_factory=dict)
    is_xml: bool = False


def is_mht(head: bytes) -> bool:
    """Tell by the beginning of a file, of which an ending .mht or .mhtml is usual."""
    lowered = head[:4096].lower()
    return b"multipart/related" in lowered and b"content-type:" in lowered


def is_warc(head: bytes) -> bool:
    """Tell by the beginning of a file; packed ones are told by what they unpack to."""
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/1.")


def read_mht(data: bytes) -> SavedPage:
    """Read a page that a browser saved as one file. Raises BadInput if there is no page in it."""
    parts = dict[str, bytes]()
    frames = dict[str, SavedPage]()
    first: SavedPage | None = None
    try:
        for part in message_from_bytes(data, policy=policy.compat32).walk():
            kind, place = part.get_content_type(), _header(part, "Content-Location")
            payload = None if part.is_multipart() else part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            names = as_asked(place), "cid:" + _header(part, "Content-ID").strip("<>")
            if kind in _KINDS_OF_PAGES:
                charset = part.get_content_charset("") or ""
                page = SavedPage(place, payload, charset, parts, frames=frames, is_xml=kind != _KINDS_OF_PAGES[0])
                first = first or page
                frames.update(dict.fromkeys(names, page))
            elif shows_picture(kind, payload):
                parts.update(dict.fromkeys(names, payload))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise BadInput("trace.page_broken", reason=type(error).__name__) from error
    if first is None:
        raise BadInput("trace.page_empty")
    return first


def shows_picture(kind: str, payload: bytes) -> bool:
    """Whether a browser shows it: by its bytes, which decide, whatever kind a store of files says."""
    return kind.startswith("image/") or any(begins_as(f"x.{ending}", payload[:64]) for ending in _SHOWN_AS_PICTURES)


def _header(part: Message, name: str) -> str:
    return "".join(str(part.get(name, "")).split())


def read_warc(file: BinaryIO) -> tuple[SavedPage, ...]:
    """Read every page of a web archive; they share their pictures.

    Raises:
        BadInput: cut in a way that cannot be passed over, without a page, or more in it than is held at once.
    """
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    pages: list[_Archived] = []
    parts: dict[str, bytes] = {}
    hops: dict[str, str] = {}
    try:
        with gzip.open(file) if packed else file as opened:
            for one in _payloads(opened):
                if one.leads_to:
                    hops.setdefault(as_asked(one.address), as_asked(one.leads_to))
                elif one.kind in _KINDS_OF_PAGES:
                    pages.append(one)
                else:
                    parts.setdefault(as_asked(one.address), one.payload)
    except (OSError, EOFError, zlib.error) as error:
        # What came before a cut is there.
        if not pages:
            raise BadInput("trace.page_broken", reason=type(error).__name__) from error
    if not pages:
        raise BadInput("trace.page_empty")
    return tuple(
        SavedPage(one.address, one.payload, one.charset, parts, hops, is_xml=one.kind != _KINDS_OF_PAGES[0])
        for one in pages
    )


@dataclass(frozen=True, slots=True)
class _Archived:
    """What was found at an address: a page or a picture, or where it `leads_to`."""

    address: str
    kind: str = ""
    charset: str = ""
    payload: bytes = b""
    leads_to: str = ""


def _payloads(file: BinaryIO | gzip.GzipFile) -> Iterator[_Archived]:
    """Yield what was found at addresses."""
    kept = 0
    while (head := _head(file)) is not None:
        length = head.get("content-length", "")
        if not length.isdecimal() or len(length) > _LONGEST_LENGTH_DIGITS:
            return
        if head.get("warc-type") not in _KEPT_KINDS or int(length) > MAX_KEPT_BYTES:
            _pass_over(file, int(length))
            continue
        block = file.read(int(length))
        address = head.get("warc-target-uri", "").strip("<>")
        said, payload = (head, block) if head["warc-type"] == "resource" else _response(block)
        leads_to = _leads_to(head, said, address)
        if leads_to:
            yield _Archived(address, leads_to=leads_to)
            continue
        kind, _, rest = said.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        if payload is None or not (kind in _KINDS_OF_PAGES or shows_picture(kind, payload)):
            continue
        kept += len(payload)
        if kept > MAX_KEPT_BYTES:
            raise BadInput("trace.page_large", limit=MAX_KEPT_BYTES)
        yield _Archived(address, kind, rest.lower().partition("charset=")[2].strip().strip("\"'"), payload)


def _leads_to(head: Mapping[str, str], said: Mapping[str, str], address: str) -> str:
    """Return the address that a redirection, or a record that refers to another one, leads to; empty for others."""
    if head["warc-type"] == "revisit":
        return head.get("warc-refers-to-target-uri", "").strip("<>")
    if not said.get(_STATUS_LINE, "").startswith("3") or "location" not in said:
        return ""
    try:
        return urljoin(address, said["location"])
    except ValueError:
        return ""


def _head(file: BinaryIO | gzip.GzipFile) -> dict[str, str] | None:
    """Read the head of the next record, its names small; None at the end of the file."""
    for _ in range(_MOST_LINES):
        line = file.readline(_MAX_WARC_LINE_BYTES)
        if not line:
            return None
        if line.startswith(b"WARC/1."):
            return _named(iter(lambda: file.readline(_MAX_WARC_LINE_BYTES), b""))
    return None


def _named(lines: Iterator[bytes]) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, line in zip(range(_MOST_LINES), lines, strict=False):
        if not line.strip():
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        found.setdefault(name.strip().lower(), value.strip())
    return found


def _pass_over(file: BinaryIO | gzip.GzipFile, length: int) -> None:
    while length > 0 and (piece := file.read(min(length, _WARC_PIECE_BYTES))):
        length -= len(piece)


def _response(block: bytes) -> tuple[dict[str, str], bytes | None]:
    """Return the head of an answer and what it brought; None where it was none, or packed as nobody here reads."""
    head, _, body = block.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    said = _named(iter([*lines, b""]))
    version, _, status = first.partition(b" ")
    said[_STATUS_LINE] = status[:3].decode("latin-1")
    if not version.startswith(b"HTTP/") or not _is_whole(said):
        return said, None
    if said.get("transfer-encoding", "").lower() == "chunked":
        body = _joined(body)
    packing = said.get("content-encoding", "").lower()
    if packing in ("", "identity"):
        return said, body
    if packing not in ("gzip", "deflate"):
        return said, None
    try:
        return said, zlib.decompressobj(47).decompress(body, MAX_KEPT_BYTES)
    except zlib.error:
        return said, None


def _is_whole(said: Mapping[str, str]) -> bool:
    """Say whether an answer brought all of it; a part may be the whole as well."""
    if said[_STATUS_LINE] != "206":
        return said[_STATUS_LINE] == "200"
    first, _, length = said.get("content-range", "").removeprefix("bytes 0-").partition("/")
    return first.isdecimal() and length.isdecimal() and len(first + length) < 40 and int(first) + 1 == int(length)


def _joined(body: bytes) -> bytes:
    """Join what was sent in chunks (RFC 9112, 7.1); what is none is taken as it is."""
    parts, at = [], 0
    while (end := body.find(b"\r\n", at, at + 40)) >= 0:
        try:
            length = int(body[at:end].split(b";")[0], 16)
        except ValueError:
            break
        if length <= 0:
            break
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
    return b"".join(parts) or body


def picture_of(page: SavedPage, base: str, source: str) -> bytes | None:
    """Return a picture that was saved with a page, by the address as it is written; None where it was not."""
    return _saved(page, base, source, page.parts)


def frame_of(page: SavedPage, base: str, source: str) -> SavedPage | None:
    """Return a page that was saved with a page, as `picture_of` does."""
    return _saved(page, base, source, page.frames)


def _saved(page: SavedPage, base: str, source: str, kept: Mapping[str, T]) -> T | None:
    if source[:4].lower() == "cid:":
        return kept.get("cid:" + source[4:])
    try:
        place = as_asked(urljoin(urljoin(page.address, base), source.replace("\\", "/")))
    except ValueError:
        return None
    for _ in range(_MOST_HOPS):
        found = kept.get(place)
        if found is not None or place not in page.hops:
            return found
        place = page.hops[place]
    return None
