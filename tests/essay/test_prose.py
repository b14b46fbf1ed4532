"""Markdown: what may stand in a page, and what is written out instead."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.essay import prose


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b>bold</b> claim", "<!-- gone -->", "</style>"],
)
def test_html_is_shown_and_never_obeyed(text: str) -> None:
    for html in (prose.html(text, links=True), prose.inline_html(text, links=True)):
        assert not re.search(r"<(script|img|b|style|!)", html)
        assert "&lt;" in html


@pytest.mark.parametrize("target", ["https://example.org/a", "//example.org", "mailto:a@example.org", "ftp://x.org/"])
def test_a_link_that_leaves_the_site_is_written_out(target: str) -> None:
    out = prose.html(f"See [the report]({target}).", links=False)
    assert "href" not in out
    assert out == f"<p>See the report ({target}).</p>\n"
    assert f'href="{target}"' in prose.html(f"See [the report]({target}).", links=True)


def test_an_address_is_written_once() -> None:
    assert prose.html("<https://example.org/>", links=False) == "<p> (https://example.org/)</p>\n"


def test_links_inside_the_site_stay() -> None:
    assert prose.inline_html("As [before](#p3).", links=False) == 'As <a href="#p3">before</a>.'


@pytest.mark.parametrize("target", ["javascript:alert(1)", "vbscript:x", "data:text/html,x", "JaVaScRiPt:x"])
def test_no_link_runs_anything(target: str) -> None:
    for links in (True, False):
        assert "href" not in prose.html(f"[a]({target})", links=links)


def test_plain_text_has_the_words_and_not_the_marks() -> None:
    assert prose.plain("A *bold*  [link](#p1) &\n`code`") == "A bold link & code"


@given(st.text(max_size=200))
def test_whatever_is_written_no_page_gets_an_element_we_do_not_make(text: str) -> None:
    allowed = r"/?(p|em|strong|a|code|pre|ul|ol|li|blockquote|h[1-6]|hr|br|img)\b"
    for html in (prose.html(text, links=False), prose.inline_html(text, links=False)):
        assert not re.search(rf"<(?!{allowed})", html)
        assert not re.search(r'href="(?:[a-z][a-z0-9+.-]*:|//)', html, re.IGNORECASE)
