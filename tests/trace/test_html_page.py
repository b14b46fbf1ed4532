"""Pages as browsers read them: whose caption is whose, lazy pictures, letters; Chromium is the judge."""

from __future__ import annotations

import base64
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from fifthfloor.errors import BadInput
from fifthfloor.trace.html_page import MAX_HTML_BYTES, read_page

BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def shown(html: str) -> list[tuple[str, str]]:
    return [(one.sources[-1], one.caption) for one in read_page(html.encode()).pictures]


def three(part: str) -> str:
    return "".join(part.replace("@", letter) for letter in "abc")


@pytest.mark.parametrize(
    "html",
    [
        three("<div><div class=photo-caption>@!</div><img src=@></div>"),
        three("<div><img src=@><p class=photo-caption>@!</p></div>"),
        three("<img src=@><p class=caption>@!</p>"),
        three("<p class=caption>@!</p><img src=@>"),
        three("<li><span><img src=@></span><span class=imageCaption__text>@!</span>"),
        three("<table><tr><td><img src=@><tr><td class=caption>@!</table>"),
        three("<img src=@><p class=caption>@!</p><p>" + "Long text of the story. " * 40 + "</p>"),
        three("<p class=caption>@!</p><img src=@><p>" + "Long text of the story. " * 40 + "</p>"),
        "<figure>" + three("<img src=@><figcaption>@!</figcaption>") + "</figure>",
        three("<dl><dt><img src=@><dd class=caption>@!</dl>"),
        three("<div class=wp-caption><img src=@> @! </div>"),
    ],
)
def test_a_caption_is_of_its_own_picture_wherever_it_stands(html: str) -> None:
    assert shown(html) == [("a", "a!"), ("b", "b!"), ("c", "c!")]


@pytest.mark.parametrize(
    ("html", "captions"),
    [
        ("<img src=a><p class=caption>x</p><img src=b>", ["", ""]),
        ("<img src=a><img src=b><p class=caption>1</p><p class=caption>2</p>", ["", ""]),
        ("<img src=a><iframe src=film></iframe><p class=caption>Of the film</p>", [""]),
        ("<figure><img src=a><figcaption>A</figcaption></figure><p class=caption>x</p>", ["A"]),
        (
            "<body class=has-captions><img src=a><p>Story</p><figure><img src=b><figcaption>B</figcaption></figure>",
            ["", "B"],
        ),
        ("<div class=photo-captions><img src=a><p>" + "Story. " * 200 + "</p></div>", [""]),
        ("<img src=a><div><p class='caption'>A</p><p class='caption credit'>Photo: AP</p></div>", ["A Photo: AP"]),
        ("<figure><img src=a><figcaption>A<p class=more hidden>no</p><noscript>no</noscript></figure>", ["A"]),
    ],
)
def test_a_caption_is_never_given_to_another_picture(html: str, captions: list[str]) -> None:
    assert [caption for _, caption in shown(html)] == captions


@pytest.mark.parametrize(
    "tag",
    [
        f"<img src='{BLANK}' data-src=@>",
        "<img src=blank.gif data-src=@>",
        f"<img srcset='{BLANK}' data-src=@>",
        f"<img src='{BLANK}' class=lazyload><noscript><img src=@></noscript>",
        f"<noscript><img src=@></noscript><img src='{BLANK}' class=lazyload>",
        f"<picture><source data-srcset=@><img src='{BLANK}'></picture>",
    ],
)
def test_pictures_that_share_what_shows_until_a_script_has_run_stay_apart(tag: str) -> None:
    html = three(f"<figure>{tag}<figcaption>@!</figcaption></figure>")
    page = read_page(html.encode())
    assert [(one.caption, letter in one.sources) for one, letter in zip(page.pictures, "abc", strict=True)] == [
        ("a!", True), ("b!", True), ("c!", True)
    ]  # fmt: skip


def test_a_picture_that_is_shown_twice_keeps_both_captions() -> None:
    one = "<figure><img src=a><figcaption>%s</figcaption></figure>"
    assert shown(one % "First" + one % "Second") == [("a", "First"), ("a", "Second")]
    assert shown(one % "First" + "<img src=a alt=other>") == [("a", "First")]


@pytest.mark.parametrize(
    ("srcset", "first"),
    [
        ("s 300w,a 900w", "a"),
        ("a 900w,s", "a"),
        ("s,a", "s,a"),
        (" , s 1x , a 2x,", "a"),
        ("s 1x, https://x.org/a,b 2x", "https://x.org/a,b"),
    ],
)
def test_sizes_are_told_apart_as_browsers_do(srcset: str, first: str) -> None:
    ((picture,),) = (read_page(f"<img srcset='{srcset}'>".encode()).pictures,)
    assert picture.sources[0] == first


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ("<svg><image href=a /></svg>", "a"),
        ("<svg><image xlink:href=a /></svg>", "a"),
        ("<image src=a>", "a"),
        ("<input type=IMAGE src=a>", "a"),
        ("<video poster=a></video>", "a"),
        ("<object data=a></object>", "a"),
        ("<table background=a>", "a"),
        ("<div style='background: url(\"a\") no-repeat'>", "a"),
        ("<img src=' a&#10;b '>", "ab"),
        ("<img src=a src=b>", "a"),
    ],
)
def test_whatever_a_browser_shows_is_a_picture(html: str, source: str) -> None:
    assert [one.sources for one in read_page(html.encode()).pictures] == [(source,)]


def test_a_picture_that_is_written_out_may_be_long_and_written_as_browsers_take_it() -> None:
    data = bytes(range(256)) * 8_000
    text = base64.b64encode(data).decode()
    lines = "\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    html = (
        f"<img src='data:image/png;base64,{lines}'><img src=DATA:image/png;BASE64,{text.rstrip('=')} alt=é>"
        f"<img src=\"data:image/png; base64,{text.replace('=', '%3D')}#x\"><img src='data:image/png;base64,AA'>"
        f"<iframe srcdoc='<img src=&quot;data:image/png;base64,{text}&quot;>'></iframe>"
    )
    assert len(html) > MAX_HTML_BYTES
    begun = time.process_time()
    page = read_page(html.encode())
    assert [page.written_out(one.sources[0]) for one in page.pictures] == [data, data, data, b"\0"]
    assert page.pictures[1].caption == "é"
    within = page.within(page.frames[0])
    assert within is not None
    assert within.written_out(within.pictures[0].sources[0]) == data
    assert time.process_time() - begun < 5
    with pytest.raises(BadInput) as refused:
        read_page(b"<p>" + b"long " * (MAX_HTML_BYTES // 4))
    assert refused.value.key == "trace.html_large"


@pytest.mark.parametrize(
    "part", ["<div><p class=caption>x", "<figure><img src=a>", "<!--", "<meta ", "<table><td>", "<p>"]
)
def test_a_page_that_is_made_to_take_long_does_not(part: str) -> None:
    begun = time.process_time()
    read_page((part * 1500 + "<img src=b>" * 1500 + "</p></div>" * 1500).encode())
    assert time.process_time() - begun < 3


LETTERS: list[tuple[str, str, str]] = [
    ("<?xml version='1.0' encoding='windows-1251'?><!doctype html>", "cp1251", "Толпа"),
    ("<!doctype html><!-- <meta charset=koi8-r> --><meta charset=utf-8>", "utf-8", "Größe"),
    ("<!doctype html><script>'<meta charset=koi8-r>'</script><meta charset=utf-8>", "utf-8", "Größe"),
    ("<?xml version='1.0' encoding='utf-8'?><!doctype html><meta charset=windows-1251>", "cp1251", "Толпа"),
    ("<!doctype html><!-- " + "x" * 5000 + " --><meta charset=windows-1251>", "cp1251", "Толпа"),
    ("<!doctype html><script>" + "x" * 90_000 + "</script><meta charset=koi8-r>", "koi8-r", "Толпа"),
    ("<meta content='text/html; charset=windows-1251' http-equiv=content-type>", "cp1251", "Толпа"),
    ("<!doctype html>\n<html>\n<body>\n<p>\n<meta charset=koi8-r>", "koi8-r", "Толпа"),
    ("<!doctype html><p>" + "x" * 2000 + "<meta charset=koi8-r>", "cp1252", "Größe"),
    ("<meta content='a > b' name=x><meta charset=iso-8859-5>", "iso8859-5", "Толпа"),
]
LINES = [
    "Crowd at noon<br>Photo: AP",
    "<p>Crowd at noon</p><p>Photo: AP</p>",
    "Crowd <b>at</b>noon<ul><li>Photo:<li>AP</ul>",
    "<table><tr><td>Crowd<td>at noon</table>Photo: <i>A</i>P",
    "<div>Crowd<div>at</div>noon</div><span>Photo:</span><wbr><span>AP</span>",
    "Crowd<script>no</script> at<style>no</style> <span hidden>no</span>noon<template>no</template>",
    "<h4>Crowd<h5>at noon</h5>Photo<p>AP</figcaption>",
    "Crowd <a href=x>at <p>noon</a> Photo</p> AP</b></div></section>",
]


@pytest.fixture(scope="module")
def chromium() -> Callable[[Path], list[str]]:
    def texts(page: Path) -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            opened = browser.new_page()
            opened.goto(page.as_uri())
            said = "[...document.querySelectorAll('figcaption')].map(one => one.innerText)"
            found = [text for frame in opened.frames[1:] for text in frame.evaluate(said)]
            browser.close()
            return found

    return texts


def test_letters_are_found_as_the_page_says() -> None:
    for head, codec, letters in LETTERS:
        assert read_page((head + f"<img src=a alt={letters}>").encode(codec)).pictures[0].caption == letters


def test_xhtml_is_read_as_it_declares_and_asks_no_meta() -> None:
    for head, codec in (
        ("<?xml version='1.0'?><html><meta charset='windows-1251'/>", "utf-8"),
        ("<?xml version='1.0' encoding='koi8-r'?><html><meta charset='windows-1251'/>", "koi8-r"),
    ):
        page = (head + "<img src='a' alt='Толпа'/></html>").encode(codec)
        assert read_page(page, is_xml=True).pictures[0].caption == "Толпа"


@pytest.mark.judge("chromium")
def test_chromium_shows_the_same_words(chromium: Callable[[Path], list[str]], tmp_path: Path) -> None:
    pages = [
        f"<!doctype html><meta charset=utf-8><figure><img src=a><figcaption>{one}</figcaption></figure>".encode()
        for one in LINES
    ]
    pages += [
        (head + f"<figure><img src=a><figcaption>{letters}</figcaption></figure>").encode(codec)
        for head, codec, letters in LETTERS
    ]
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.html").write_bytes(page)
    frames = "".join(f"<iframe src={number}.html></iframe>" for number in range(len(pages)))
    (tmp_path / "all.html").write_text(frames)
    theirs = [" ".join(text.split()) for text in chromium(tmp_path / "all.html")]
    assert [read_page(page).pictures[0].caption for page in pages] == theirs
