"""What a saved web page shows: its pictures, and the captions that stand by them.

Rule 1: nothing of a page runs, and nothing is fetched: what was not saved with it is not there.
Rule 2: a caption is what the page calls one: `figcaption`, an element whose class says caption, or else the text that
is read aloud (`alt`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from fifthfloor.trace.page_text import codec_of

# A page of a newspaper is a tenth of it.
MAX_HTML_BYTES = 8 << 20
_MOST_OPEN = 500
_MOST_CAPTION = 4000
_MOST_SIZES = 64  # of one picture; each is looked for on the disk
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_UNREAD = frozenset(["script", "style", "template"])
_LAZY = ("data-src", "data-original", "data-lazy-src")
_LAZY_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_CHARSET_OF_PAGE = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture on a page: addresses as they are written, the largest first, and its caption (plain)."""

    sources: tuple[str, ...]
    caption: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a page shows; `base` is what its addresses are relative to, where it says so."""

    title: str
    base: str
    pictures: tuple[ShownPicture, ...]


@dataclass(slots=True)
class _ImgTag:
    sources: list[str]
    alt: str
    caption: str = ""


@dataclass(slots=True)
class _Caption:
    """Text that is being read, from the element opened as number `depth` on; of a figure, its whole caption."""

    depth: int
    first_picture: int
    text: list[str] = field(default_factory=list)


def read_page(html: bytes, charset: str = "") -> ReadPage:
    """Read a page.

    Args:
        html: of an unknown source, at most MAX_HTML_BYTES of it are read.
        charset: as the server said, if it did.
    """
    reader = _PageReader()
    reader.feed(_decoded(html[:MAX_HTML_BYTES], charset))
    reader.close()
    shown = (ShownPicture(tuple(dict.fromkeys(one.sources)), one.caption or one.alt) for one in reader.pictures)
    # Lazy pages write a picture twice, once for readers without scripts.
    by_source: dict[str, ShownPicture] = {}
    for one in shown:
        before = next((by_source[source] for source in one.sources if source in by_source), None)
        kept = one if before is None else ShownPicture(before.sources, before.caption or one.caption)
        by_source.update(dict.fromkeys((*kept.sources, *one.sources), kept))
    return ReadPage(_plain(reader.title), reader.base, tuple(dict.fromkeys(by_source.values())))


def _decoded(html: bytes, charset: str) -> str:
    if html.startswith(b"\xef\xbb\xbf"):
        charset = "utf-8-sig"
    elif html[:2] in (b"\xff\xfe", b"\xfe\xff"):
        charset = "utf-16"
    found = _CHARSET_OF_PAGE.search(html[:4096])
    # A mark that could be read says that its letters are of one byte.
    of_page = codec_of(found[1].decode("ascii")) if found else None
    of_page = "utf-8" if of_page and of_page.startswith("utf-16") else of_page
    codec = (codec_of(charset) if charset else None) or of_page
    return html.decode(codec, "replace") if codec else _guessed(html)


def _guessed(html: bytes) -> str:
    """Read a page that does not say how it is written: as UTF-8, or as browsers do what is none."""
    text = html.decode("utf-8", "replace")
    amiss = text.count("\ufffd") - html.count("\ufffd".encode())
    # A few letters of many may be damaged, and the last one cut.
    return text if 2 * amiss <= len(text) - len(text.encode("ascii", "ignore")) else html.decode("cp1252", "replace")


class _PageReader(HTMLParser):
    """Keeps pictures, and the text of captions while they are open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures: list[_ImgTag] = []
        self.title: list[str] = []
        self.base = ""
        self._open: list[str] = []
        self._figures: list[_Caption] = []
        self._captions: list[_Caption] = []
        self._sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.pictures.append(_ImgTag([*self._sources, *_sources(given)], _plain([given.get("alt", "")])))
        elif tag == "source":
            self._sources.extend(_sources(given))
        elif tag == "base":
            self.base = self.base or given.get("href", "")
        if tag in _VOID or len(self._open) >= _MOST_OPEN:
            return
        self._open.append(tag)
        if tag == "picture":
            self._sources = []
        elif tag == "figure":
            self._figures.append(_Caption(len(self._open), len(self.pictures)))
        if tag == "figcaption" or "caption" in given.get("class", "").lower():
            self._captions.append(_Caption(len(self._open), len(self.pictures)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._close_last() != tag:
            pass

    def close(self) -> None:
        super().close()
        while self._open:
            self._close_last()

    def handle_data(self, data: str) -> None:
        here = self._open[-1] if self._open else ""
        if here == "title" and not self.title:
            self.title.append(data)
        if here in _UNREAD:
            return
        for caption in self._captions:
            if len(caption.text) < _MOST_CAPTION:
                caption.text.append(data)

    def _close_last(self) -> str:
        depth, tag = len(self._open), self._open.pop()
        if tag == "picture":
            self._sources = []
        if self._captions and self._captions[-1].depth == depth:
            caption = self._captions.pop()
            if tag == "figcaption" and self._figures:
                self._figures[-1].text.append(_plain(caption.text))
            else:
                self._give(caption.text, self.pictures[caption.first_picture :] or self.pictures[-1:])
        if self._figures and self._figures[-1].depth == depth:
            figure = self._figures.pop()
            self._give(figure.text, self.pictures[figure.first_picture :])
        return tag

    @staticmethod
    def _give(text: list[str], pictures: list[_ImgTag]) -> None:
        """Give a caption to the pictures of its figure, inside it, or to the last one before it."""
        for picture in pictures:
            picture.caption = picture.caption or _plain(text)


def _sources(given: dict[str, str]) -> Iterator[str]:
    """Yield the addresses of a picture, the largest first."""
    wide = [part for name in _LAZY_SETS for part in _parts(given.get(name, ""))]
    yield from (address for _, address in sorted(wide, key=lambda part: -part[0]))
    yield from (given[name].strip() for name in (*_LAZY, "src") if given.get(name, "").strip())


def _parts(srcset: str) -> Iterator[tuple[float, str]]:
    # A comma may stand in an address; one that ends it is followed by a space.
    for part in re.split(r",\s+", srcset, maxsplit=_MOST_SIZES)[:_MOST_SIZES]:
        words = part.split()
        if words:
            try:
                yield (float(words[1][:-1]) if len(words) > 1 else 1.0), words[0]
            except ValueError:
                yield 1.0, words[0]


def _plain(parts: list[str]) -> str:
    return " ".join("".join(parts).split())[:_MOST_CAPTION]
