"""The tags of a page, in the order that browsers bring them into: what each closes, what is shown, what is text.

Rule: nothing of a page runs, and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from fifthfloor.trace.page_addresses import Addresses, addresses, clean, of_style
from fifthfloor.trace.page_captions import MOST_CAPTION, Mark, PageRow, PlacedCaption, PlacedPicture, plain
from fifthfloor.trace.page_tags import BLOCK_TAGS, VOID_TAGS, Tags, bounds_of_end, ended_by_begin

_MOST_OPEN = 500
_MOST_OPEN_CAPTIONS = 20
# Of a caption around a picture; what is longer is the story.
_MOST_AROUND = 600
_LEAST_EDGE = 64
_UNREAD = frozenset(["script", "style", "noscript", "textarea", "select", "title"])
_WHOLE_PAGE = frozenset(["html", "body", "main", "article"])
_SHOW_FILMS = frozenset(["iframe", "frame", "video", "audio", "object", "embed", "canvas"])
# photo-caption, wp-caption-text, imageCaption__text; not has-captions, which says something of what is around.
_SAYS_CAPTION = re.compile(r"caption", re.IGNORECASE)
_SAYS_STATE = re.compile(r"(?:has|have|with|without|no|is|show|hide|hides|shows)[-_A-Z]")
_HOLDS = re.compile(r"lazy", re.IGNORECASE)
_HIDES = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Framed:
    """A page within a page: where it is, or its text where that is written out."""

    address: str
    html: str = ""


@dataclass(slots=True, eq=False)
class _Open:
    tag: str
    begin: Mark
    caption: PlacedCaption | None
    is_unread: bool


class PageReader(HTMLParser):
    """Keeps pictures with their captions, and frames.

    Args:
        is_xml: an empty element may end itself.
    """

    def __init__(self, *, is_xml: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures: list[PlacedPicture] = []
        self.frames: list[Framed] = []
        self.title = ""
        self.base = ""
        self._is_xml = is_xml
        self._row = PageRow()
        self._open: list[_Open] = []
        self._captions: list[PlacedCaption] = []
        self._unread = 0
        self._sources = Addresses((), ())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        for tags, bounds in () if self._is_xml else ended_by_begin(tag):
            self._end(tags, bounds)
        if tag in BLOCK_TAGS or tag == "br":
            self._break()
        self._keep(tag, given)
        if tag in VOID_TAGS or len(self._open) >= _MOST_OPEN:
            return
        is_unread = (tag in _UNREAD and not (tag == "title" and self._is_open("svg"))) or _is_hidden(tag, given)
        is_caption = tag == "figcaption" or (tag not in _WHOLE_PAGE and _names_caption(given.get("class", "")))
        of_figure = tag == "figcaption" and self._is_open("figure")
        caption = PlacedCaption(of_figure) if is_caption and len(self._captions) < _MOST_OPEN_CAPTIONS else None
        self._open.append(_Open(tag, self._row.end, caption, is_unread))
        self._unread += is_unread
        if caption:
            self._captions.append(caption)
        if tag == "picture":
            self._sources = Addresses((), ())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if (self._is_xml or self._is_open("svg")) and tag not in VOID_TAGS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            self._break()
        if tag in ("html", "body"):
            return  # what comes behind is shown too
        self._end(frozenset([tag]), frozenset() if self._is_xml else bounds_of_end(tag))

    def handle_data(self, data: str) -> None:
        here = self._open[-1].tag if self._open else ""
        if here == "title" and not self.title and not self._is_open("svg"):
            self.title = plain([data])
        if self._unread:
            return
        for caption in self._captions:
            if len(caption.text) < MOST_CAPTION:
                caption.text.append(data)
        if not self._captions and (letters := len(data.strip())):
            self._row.text(letters)

    def close(self) -> None:
        super().close()
        while self._open:
            self._close_last()
        self._row.settle(Mark(0, 0, 0))

    def _close_last(self) -> None:
        ended = self._open.pop()
        self._unread -= ended.is_unread
        if ended.tag in BLOCK_TAGS:
            self._break()
        if ended.tag == "picture":
            self._sources = Addresses((), ())
        if ended.tag == "figure":
            self._row.settle_figure(ended.begin)
        if ended.caption:
            self._captions.pop()
            self._end_caption(ended.caption, ended.begin)
        else:
            self._row.settle(ended.begin)

    def _end_caption(self, caption: PlacedCaption, begin: Mark) -> None:
        """Take a caption; one that stands around pictures is theirs, where nothing within it is."""
        if caption.of_figure or not self._row.had_pictures(begin):
            self._row.caption(caption, begin)
        elif self._row.has_captions(begin):
            self._row.settle(begin)
        elif self._row.has_pictures(begin) and len(plain(caption.text)) <= _MOST_AROUND:
            caption.of_figure = True
            self._row.caption(caption, begin)
            self._row.settle_figure(begin)

    def _keep(self, tag: str, given: Mapping[str, str]) -> None:
        """Keep what a tag shows: a picture, a frame."""
        if tag == "source":
            if self._is_open("picture"):
                self._sources = addresses({**given, "src": ""}, self._sources)
        elif tag == "base":
            self.base = self.base or clean(given.get("href", ""))
        elif tag in ("iframe", "frame"):
            self.frames.append(Framed(clean(given.get("src", "")), given.get("srcdoc", "")))
        shown = self._shown(tag, given)
        if shown.every:
            picture = PlacedPicture(
                shown,
                plain([given.get("alt", "")]),
                is_spare=self._is_open("noscript"),
                is_holder=bool(_HOLDS.search(given.get("class", ""))) or shown.are_short,
            )
            self.pictures.append(picture)
            if not _is_small(given, shown):
                self._row.picture(picture)
        elif tag in _SHOW_FILMS:
            self._row.picture(PlacedPicture(shown, is_ours=False))

    def _shown(self, tag: str, given: Mapping[str, str]) -> Addresses:
        nothing = Addresses((), ())
        if tag in ("img", "image") and not (tag == "image" and self._is_open("svg")):
            return addresses(given, self._sources if self._is_open("picture") else nothing)
        named = ""
        if tag in ("image", "feimage"):
            named = given.get("href", "") or given.get("xlink:href", "")
        elif tag == "input" and given.get("type", "").strip().lower() == "image":
            named = given.get("src", "")
        elif tag == "video":
            named = given.get("poster", "")
        elif tag in ("object", "embed") and given.get("type", "image/").lower().startswith("image/"):
            named = given.get("data", "") if tag == "object" else given.get("src", "")
        elif tag in ("body", "table", "td", "th", "tr"):
            named = given.get("background", "")
        if named:
            return addresses({"src": named}, nothing)
        return of_style(given["style"]) if "url(" in given.get("style", "").lower() else nothing

    def _end(self, tags: Tags, bounds: Tags) -> None:
        """End the innermost of what is open that has one of these tags, and what is in it; not across a bound."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].tag in tags:
                while len(self._open) > at:
                    self._close_last()
                return
            if self._open[at].tag in bounds:
                return

    def _is_open(self, tag: str) -> bool:
        return any(one.tag == tag for one in self._open)

    def _break(self) -> None:
        for caption in self._captions:
            if len(caption.text) < MOST_CAPTION:
                caption.text.append("\n")


def _names_caption(classes: str) -> bool:
    return any(_SAYS_CAPTION.search(one) and not _SAYS_STATE.match(one) for one in classes.split())


def _is_hidden(tag: str, given: Mapping[str, str]) -> bool:
    if tag == "template":
        return "shadowrootmode" not in given and "shadowmode" not in given
    return "hidden" in given or "sf-hidden" in given.get("class", "") or bool(_HIDES.search(given.get("style", "")))


def _is_small(given: Mapping[str, str], shown: Addresses) -> bool:
    """Say whether a page itself says that a picture is an icon, or a drawing."""
    if shown.lazy:
        return False
    edges = [given[name].strip().removesuffix("px") for name in ("width", "height") if name in given]
    if any(edge.isdecimal() and len(edge) < 5 and int(edge) < _LEAST_EDGE for edge in edges):
        return True
    return all(one.lower().partition("?")[0].endswith((".svg", ".ico")) for one in shown.every)
