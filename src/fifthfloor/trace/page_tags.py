"""What tags of HTML begin and end, as browsers take them (WHATWG's HTML standard, 13.2.6, in short)."""

from __future__ import annotations

Tags = frozenset[str]


def _tags(*names: str) -> Tags:
    return frozenset(names)


VOID_TAGS = _tags(
    "area", "base", "br", "col", "embed", "hr", "img", "image", "input", "link", "meta", "param", "source",
    "track", "wbr", "frame", "basefont", "bgsound", "keygen",
)  # fmt: skip
# Begin and end a line.
BLOCK_TAGS = _tags(
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "option", "p",
    "plaintext", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul", "xmp",
)  # fmt: skip
_TABLE_BOUNDS = _tags("table", "template")
_OF_TABLES = _tags("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
_BOUNDS = _tags("caption", "html", "object", "table", "td", "template", "th", "svg", "button")
_HEADINGS = _tags("h1", "h2", "h3", "h4", "h5", "h6")
# A tag of other kinds ends nothing across these.
_SPECIAL = BLOCK_TAGS | _tags("button", "iframe", "noscript", "object", "select", "svg", "template", "video")
_ENDS_PARAGRAPH = BLOCK_TAGS - _tags(
    "body", "caption", "html", "legend", "option", "tbody", "td", "tfoot", "th", "thead", "tr",
)  # fmt: skip
# Tag -> what its beginning ends, and what that does not reach across.
_ENDED_BY: dict[str, tuple[Tags, Tags]] = {
    "li": (_tags("li"), _BOUNDS | _tags("ul", "ol", "menu")),
    **dict.fromkeys(("dd", "dt"), (_tags("dd", "dt"), _BOUNDS | _tags("dl"))),
    **dict.fromkeys(("td", "th"), (_tags("td", "th"), _TABLE_BOUNDS | _tags("tr"))),
    "tr": (_tags("tr"), _TABLE_BOUNDS),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (_tags("tbody", "thead", "tfoot", "caption"), _TABLE_BOUNDS)),
    "option": (_tags("option"), _tags("select")),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _BOUNDS | BLOCK_TAGS - _HEADINGS)),
}


def ended_by_begin(tag: str) -> list[tuple[Tags, Tags]]:
    """Return which tags the beginning of one ends, and what that does not reach across."""
    found = [_ENDED_BY[tag]] if tag in _ENDED_BY else []
    return [*found, (_tags("p"), _BOUNDS)] if tag in _ENDS_PARAGRAPH else found


def bounds_of_end(tag: str) -> Tags:
    """Return what the end of a tag does not reach across."""
    return _TABLE_BOUNDS if tag in _OF_TABLES else _BOUNDS if tag in _SPECIAL else _SPECIAL
