"""How the bytes of a page become letters, as browsers find it out (WHATWG's HTML and Encoding standards)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from fifthfloor.trace.page_text import codec_of

_XML_SAYS = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META_SAYS = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';]{1,40})""", re.IGNORECASE)
_FED_BYTES = 64 << 10
# A browser's own script may stand before the mark.
_MOST_PAGE_HEAD_BYTES = 4 << 20
# Wherever else the head ends, browsers read on for so long.
_LEAST_BYTES = 1024
_OF_HEAD = frozenset(
    ["html", "head", "meta", "title", "link", "base", "style", "script", "noscript", "template", "object"]
)


def decoded(html: bytes, charset: str = "", *, is_xml: bool = False) -> str:
    """Read letters: a mark of their order, then what the server said, then what the page says, then a guess."""
    if html.startswith(b"\xef\xbb\xbf"):
        charset = "utf-8-sig"
    elif html[:2] in (b"\xff\xfe", b"\xfe\xff"):
        charset = "utf-16"
    codec = (codec_of(charset) if charset else None) or _of_page(html, is_xml=is_xml)
    return html.decode(codec, "replace") if codec else _guessed(html)


def _of_page(html: bytes, *, is_xml: bool) -> str | None:
    found = _XML_SAYS.match(html[:1024])
    declared = codec_of(found[1].decode("ascii", "replace")) if found else None
    of_page = declared if is_xml else _of_head(html) or declared  # XML never asks a meta
    # A mark that could be read says that its letters are of one byte.
    return "utf-8" if of_page and of_page.startswith("utf-16") else of_page


def _of_head(html: bytes) -> str | None:
    reader = _HeadReader()
    reader.feed(html[:_LEAST_BYTES].decode("latin-1"))
    reader.is_beginning = False
    for at in range(_LEAST_BYTES, min(len(html), _MOST_PAGE_HEAD_BYTES), _FED_BYTES):
        if reader.codec or reader.has_left:
            break
        reader.feed(html[at : at + _FED_BYTES].decode("latin-1"))
    return reader.codec


class _HeadReader(HTMLParser):
    """Looks for what a page says of its letters: not in comments and scripts, nor behind its head."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.codec: str | None = None
        self.has_left = False
        self.is_beginning = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.codec:
            return
        self.has_left |= tag not in _OF_HEAD
        if tag != "meta" or (self.has_left and not self.is_beginning):
            return
        given = {name: value or "" for name, value in reversed(attrs)}
        if given.get("charset"):
            self.codec = codec_of(given["charset"])
        elif given.get("http-equiv", "").strip().lower() == "content-type":
            found = _META_SAYS.search(given.get("content", ""))
            self.codec = codec_of(found[1]) if found else None


def _guessed(html: bytes) -> str:
    """Read a page that does not say how it is written: as UTF-8, or as browsers do what is none."""
    text = html.decode("utf-8", "replace")
    amiss = text.count("\ufffd") - html.count("\ufffd".encode())
    # A few letters of many may be damaged, and the last one cut.
    return text if 2 * amiss <= len(text) - len(text.encode("ascii", "ignore")) else html.decode("cp1252", "replace")
