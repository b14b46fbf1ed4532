"""Saved web pages: html with its folder, mht, WARC; and the pictures that were saved with them.

Rule: a page names files; only those in its own folder are opened.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from fifthfloor.errors import BadInput
from fifthfloor.files import read_head, read_whole, reading
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.trace.html_page import MAX_HTML_BYTES, ReadPage, ShownPicture, read_page
from fifthfloor.trace.saved import MAX_KEPT_BYTES, SavedPage, is_mht, is_warc, picture_of, read_mht, read_warc

HTML_ENDINGS = (".html", ".htm")
PAGE_ENDINGS = (*HTML_ENDINGS, ".xhtml", ".mht", ".mhtml", ".warc", ".warc.gz")
_PAGE_HEAD_BYTES = 8192
# Drawings of a page's own, which no photograph was made into.
_DRAWN = (b"<", b"\xef\xbb\xbf<")


@dataclass(frozen=True, slots=True)
class ShownOn:
    """Where a picture stands: the file of the page, its title or else its address, and the caption by the picture."""

    page: str
    title: str
    caption: str


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page; `data` is None where it was not saved with it."""

    name: str
    shown: ShownOn
    data: bytes | None


def is_page(path: Path) -> bool:
    """Say whether a name is that of a saved page."""
    return path.name.lower().endswith(PAGE_ENDINGS)


def pictures_of(path: Path) -> Iterator[PagePicture]:
    """Yield every picture of a saved page, or of each page in a web archive, but drawings and what is named twice.

    Raises:
        BadInput: no page, or more in it than is held at once.
    """
    head = read_head(path, _PAGE_HEAD_BYTES)
    if is_warc(head):
        with reading(path) as file:
            for saved in read_warc(file):
                yield from _of_saved(path, saved)
    elif is_mht(head):
        yield from _of_saved(path, read_mht(read_whole(path, MAX_KEPT_BYTES)))
    else:
        page = read_page(read_whole(path, MAX_HTML_BYTES))
        for shown in page.pictures:
            found = (_beside(path, source) for source in shown.sources)
            yield from _picture(path, page, shown, next((data for data in found if data is not None), None), "")


def _of_saved(path: Path, saved: SavedPage) -> Iterator[PagePicture]:
    page = read_page(saved.html, saved.charset)
    for shown in page.pictures:
        found = (_inline(source) or picture_of(saved, page.base, source) for source in shown.sources)
        yield from _picture(path, page, shown, next((data for data in found if data is not None), None), saved.address)


def _picture(
    path: Path, page: ReadPage, shown: ShownPicture, data: bytes | None, address: str
) -> Iterator[PagePicture]:
    if not shown.sources or (data is not None and data.lstrip()[:4].startswith(_DRAWN)):
        return
    source = next((one for one in shown.sources if not one.startswith("data:")), "data:")
    name = PurePosixPath(_path_of(source)).name or source[:40]
    if data is None and name.lower().endswith((".svg", ".ico")):
        return
    yield PagePicture(f"{path}: {name}", ShownOn(str(path), page.title or address or path.name, shown.caption), data)


def _path_of(source: str) -> str:
    try:
        return unquote(urlsplit(source).path)
    except ValueError:
        return ""


def _inline(source: str) -> bytes | None:
    """Return the bytes of an address that is the picture itself (RFC 2397)."""
    if not source.startswith("data:"):
        return None
    head, _, data = source[5:].partition(",")
    try:
        return base64.b64decode(unquote(data)) if head.endswith(";base64") else unquote_to_bytes(data)
    except (binascii.Error, ValueError):
        return None


def told_by_pages(pages: Sequence[Path]) -> Callable[[Path], bool]:
    """Return what says of a picture whether one of these pages tells of it, with its caption.

    Those that a page shows lie in a folder that browsers name in many languages; of what else lies in it, one name
    is known.
    """
    beside = [page for page in pages if page.name.lower().endswith(HTML_ENDINGS)]
    shown = {file for page in beside for file in _files_of(page)}
    folders = {page.with_name(f"{page.stem}_files") for page in beside}
    return lambda file: file in shown or not folders.isdisjoint(file.parents)


def _files_of(page: Path) -> Iterator[Path]:
    """Yield where the pictures that a page shows lie, below its own folder."""
    try:
        shown = read_page(read_whole(page, MAX_HTML_BYTES)).pictures
    except (BadInput, OSError):
        return  # said where the page itself is looked at
    for source in (source for picture in shown for source in picture.sources):
        named = os.path.normpath(_file_named(source))
        if not named.startswith(os.pardir):
            yield page.parent / named


def _file_named(source: str) -> str:
    """Return the file that an address beside a page names; empty where it names none."""
    named = _path_of(source).lstrip("/")
    is_elsewhere = source.startswith(("data:", "http:", "https:", "//"))
    return "" if "\0" in named or is_elsewhere else named


def _beside(path: Path, source: str) -> bytes | None:
    inline = _inline(source)
    if inline is not None:
        return inline
    folder = path.resolve().parent
    named = _file_named(source)
    if not named:
        return None
    file = (folder / named).resolve()
    try:
        return read_whole(file, MAX_PICTURE_BYTES) if file.is_relative_to(folder) else None
    except (BadInput, OSError):
        return None
