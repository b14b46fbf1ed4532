"""Saved web pages: html with its folder, mht, WARC; and the pictures that were saved with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fifthfloor.files import read_head, read_whole, reading
from fifthfloor.tasks.trace.page_folder import HTML_ENDINGS, PageFile, name_of
from fifthfloor.trace.grey import LEAST_EDGE_PX, size_of
from fifthfloor.trace.html_page import ReadPage, ShownPicture, read_page
from fifthfloor.trace.page_addresses import is_data
from fifthfloor.trace.saved import (
    MAX_KEPT_BYTES,
    SavedPage,
    frame_of,
    is_mht,
    is_warc,
    picture_of,
    read_mht,
    read_warc,
    shows_picture,
)

PAGE_ENDINGS = (*HTML_ENDINGS, ".mht", ".mhtml", ".warc", ".warc.gz")
_PAGE_HEAD_BYTES = 8192
# Drawings of a page's own, which no photograph was made into.
_DRAWN = (b"<", b"\xef\xbb\xbf<")
_MOST_PAGE_FRAMES, _DEEPEST_FRAME = 200, 5
_BEFORE_DRAWN = b" \t\r\n"


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


def pictures_of(path: Path, folder: Path | None = None) -> Iterator[PagePicture]:
    """Yield every picture of a saved page, or of each page in a web archive, but drawings and what is named twice.

    Args:
        path: of the page.
        folder: in which it may name files; None: its own.

    Raises:
        BadInput: no page, or more in it than is held at once.
    """
    head = read_head(path, _PAGE_HEAD_BYTES)
    saving = _Saving(path)
    if is_warc(head):
        with reading(path) as opened:
            for saved in read_warc(opened):
                yield from _Saving(path).shown(_InOneFile(saved))
    elif is_mht(head):
        yield from saving.shown(_InOneFile(read_mht(read_whole(path, MAX_KEPT_BYTES))))
    else:
        page = PageFile(path, folder or path.parent)
        yield from saving.shown(page)
        for file in page.left():
            data = page.kept(file)
            if data is not None and shows_picture("", data):
                yield PagePicture(f"{path}: {file.name}", ShownOn(str(path), saving.title or path.name, ""), data)


class _PagePlace(Protocol):
    """Where a page lies, with what was saved with it."""

    @property
    def address(self) -> str: ...
    def read(self) -> ReadPage: ...
    def picture(self, base: str, source: str, /) -> bytes | None: ...
    def framed(self, base: str, address: str, /) -> _PagePlace | None: ...


@dataclass(frozen=True, slots=True)
class _InOneFile:
    """A page in a file with everything that was saved with it."""

    saved: SavedPage

    @property
    def address(self) -> str:
        return self.saved.address

    def read(self) -> ReadPage:
        return read_page(self.saved.html, self.saved.charset, is_xml=self.saved.is_xml)

    def picture(self, base: str, source: str) -> bytes | None:
        return picture_of(self.saved, base, source)

    def framed(self, base: str, address: str) -> _InOneFile | None:
        found = frame_of(self.saved, base, address)
        return _InOneFile(found) if found else None


class _Saving:
    """A page that was saved, and the pages in its frames, each once.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.title = ""
        self._path = path
        self._seen: set[object] = set()

    def shown(self, place: _PagePlace, read: ReadPage | None = None, depth: int = 0) -> Iterator[PagePicture]:
        """Yield what a page shows, and what those show that it has in frames; `read` where it is written out there."""
        page = read or place.read()
        self._seen.add(_key(place))
        self.title = self.title or page.title or place.address
        for shown in page.pictures:
            yield from self._picture(shown, page, place)
        for frame in page.frames if depth < _DEEPEST_FRAME else ():
            within = page.within(frame)
            if within is not None:
                yield from self.shown(place, within, depth + 1)
                continue
            inner = place.framed(page.base, frame.address)
            if inner is not None and _key(inner) not in self._seen and len(self._seen) < _MOST_PAGE_FRAMES:
                yield from self.shown(inner, None, depth + 1)

    def _picture(self, shown: ShownPicture, page: ReadPage, place: _PagePlace) -> Iterator[PagePicture]:
        data, is_lost = _largest(shown, lambda source: page.written_out(source) or place.picture(page.base, source))
        if data is not None and _is_drawn(data):
            return
        source = next((one for one in (*shown.lazy, *shown.sources) if not is_data(one)), "data:")
        name = name_of(source) or source[:40]
        if data is None and not is_lost and name.lower().endswith((".svg", ".ico")):
            return
        where = ShownOn(str(self._path), self.title or self._path.name, shown.caption)
        yield PagePicture(f"{self._path}: {name}", where, data)


def _key(place: _PagePlace) -> object:
    return place.path if isinstance(place, PageFile) else id(place.saved) if isinstance(place, _InOneFile) else place


def _is_drawn(data: bytes) -> bool:
    return data[:64].lstrip(_BEFORE_DRAWN).startswith(_DRAWN)


def _largest(shown: ShownPicture, found: Callable[[str], bytes | None]) -> tuple[bytes | None, bool]:
    """Return the largest of a picture's files, and whether what is shown later was not saved, but its placeholder."""
    best: tuple[int, bytes] | None = None
    has_lazy = False
    for source in shown.sources:
        data = found(source)
        if data is None:
            continue
        has_lazy |= source in shown.lazy
        size = size_of(data) or (0, 0)
        rank = size[0] * size[1] if min(size) >= LEAST_EDGE_PX else -1 if size != (0, 0) else 0
        rank = -2 if _is_drawn(data) else rank
        if best is None or rank > best[0]:
            best = rank, data
    if best and best[0] < 0 and shown.lazy and not has_lazy:
        return None, True
    return (best[1] if best else None), False
