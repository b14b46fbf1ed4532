"""Markdown to HTML and to plain text: CommonMark without HTML, without pictures, without links that leave the site.

Rule 1: HTML in a text is shown as it was typed, never obeyed (`html=False` and the escaping of markdown-it).
Rule 2: a page asks no third party for anything, so a link that leaves the site is written out for the reader to copy,
        unless the site has a base URL of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

# A scheme, or the "//" that takes the page's own.
LEAVES_THE_SITE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:|//|\\\\|/\\)")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).disable(["html_block"])


def html(markdown: str, *, links: bool) -> str:
    """Turn paragraphs into HTML.

    Args:
        markdown: CommonMark.
        links: keep links that leave the site as links; else they are written out.

    Counterpart: `plain`.
    """
    parser = _parser()
    tokens = parser.parse(markdown)
    if not links:
        for token in tokens:
            token.children = list(_written_out(token.children)) if token.children else token.children
    return str(parser.renderer.render(tokens, parser.options, {}))


def inline_html(markdown: str, *, links: bool) -> str:
    """Turn one paragraph (a caption) into HTML without a block around it."""
    parser = _parser()
    tokens = parser.parseInline(markdown)
    if not links:
        for token in tokens:
            token.children = list(_written_out(token.children or []))
    return str(parser.renderer.render(tokens, parser.options, {}))


def plain(markdown: str) -> str:
    """Return the words of one paragraph without its marks, for metadata, feeds and comparison."""
    words: list[str] = []
    for token in _parser().parseInline(markdown):
        for child in token.children or []:
            words.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
    return " ".join("".join(words).split())


def forbidden(markdown: str) -> Iterator[tuple[str, int]]:
    """Find what prose may not hold: "picture" (`![](…)`), "title" (a level 1 heading).

    Yields:
        Its kind and its line in `markdown` from 0, in order.
    """
    for token in _parser().parse(markdown):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open" and token.tag == "h1":
            yield "title", line
        if any(child.type == "image" for child in token.children or []):
            yield "picture", line


def _written_out(children: Iterable[Token]) -> Iterable[Token]:
    leaving: list[str] = []
    for token in children:
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
            leaving.append(target if LEAVES_THE_SITE.match(target) else "")
            if leaving[-1]:
                continue
        elif token.type == "link_close" and leaving:
            target = leaving.pop()
            if target:
                yield Token("text", "", 0, content=f" ({target})")
                continue
        elif token.type == "text" and leaving and leaving[-1] == token.content:
            # An autolink: its text is the address, said once is enough.
            continue
        yield token
