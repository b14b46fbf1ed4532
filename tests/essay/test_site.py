"""Pages: what every one of them keeps, whatever a writer wrote."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree

import pypdf
import pytest
from tests.essay.protected import ALT, lines, telling
from tests.jpeg.pictures import jpeg

from fifthfloor.essay.asset import Asset
from fifthfloor.essay.contact_sheet import Sheet, contact_sheet, unwritable
from fifthfloor.essay.entry import EssayPicture, PictureSource
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.shown import show
from fifthfloor.essay.site import Options, essay_pages, list_pages
from fifthfloor.essay.style import check_theme
from fifthfloor.essay.telling import read_telling
from fifthfloor.essay.tellings import Essay, gather

NASTY = "</figcaption><script>alert(1)</script> \"quoted\" 'single' & <b>x</b> {{ 7 * 7 }} {% raw %}"
NOTES = {"consent": "PRIVATE-consent", "risk": "PRIVATE-risk", "rights": "cleared PRIVATE-rights",
         "approved-by": "PRIVATE-approver", "note": "PRIVATE-note", "embargo": "2001-01-01"}  # fmt: skip


def picture(number: int, width_px: int = 1500, height_px: int = 1000) -> EssayPicture:
    """A picture that has no bytes: pages only name it."""
    stem = f"{number:020x}"
    sources = tuple(
        PictureSource(f"pictures/{stem}-{side}.{form}", side, side * height_px // width_px, form)
        for side in (1280, 800, 480)
        for form in ("avif", "jpg")
    )
    proof = Asset(f"proof/{stem}.jpg", 1000 + number, f"{number:064x}")
    statement = Asset(f"proof/{stem}.jpg.statement.json", 500, f"{number + 1:064x}")
    return EssayPicture(width_px, height_px, "#102030", sources, proof, statement, 2, "ab" * 32, "The Traveller")


def make(*tellings: tuple[str, str]) -> tuple[Essay, dict[str, EssayPicture]]:
    essay = gather("trip", [read_telling(file, text.encode()) for file, text in tellings])
    return essay, {file: picture(number) for number, file in enumerate(essay.photographs(), start=1)}


def pages(*tellings: tuple[str, str], **options: str) -> dict[str, str]:
    essay, pictures = make(*tellings)
    return {
        name: data.decode()
        for name, data in essay_pages(essay, pictures, Options(**options)).items()
        if name.endswith((".html", ".atom"))
    }


MAIN = telling(
    "Opening.",
    lines("a.jpg", caption=NASTY, kicker=NASTY, credit=NASTY, place=NASTY, **NOTES),
    "::: pair Day & <i>night</i>\n" + lines("b.jpg", label="Day<") + "\n" + lines("c.jpg", label="Night") + ":::",
    "::: sequence\n" + lines("d.jpg", language="ar") + "\n" + lines("e.jpg", correction="2026-11-20 Wrong <b>") + ":::",
    "::: full\n" + lines("f.jpg") + ":::",
    title='"<script>alert(2)</script>"',
)
OTHER = telling(lines("b.jpg", caption="Something else"), "## More", lines("a.jpg"), outlet='"<i>Desk</i>"')


@pytest.fixture(scope="module", name="site")
def made() -> Mapping[str, str]:
    return pages(("essay.md", MAIN), ("essay.desk.md", OTHER))


def test_the_pages(site: Mapping[str, str]) -> None:
    assert sorted(site) == ["desk.html", "feed.atom", "index.html", "proof.html", "side-by-side.html"]
    assert sorted(pages(("essay.md", MAIN))) == ["feed.atom", "index.html", "proof.html"]


def test_whatever_is_written_is_shown_and_never_obeyed(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        ours = 2 if name in ("index.html", "desk.html") else 0
        assert page.count("<script") == ours, name
        if name.endswith(".html"):
            assert "<b>x</b>" not in page
    assert "{{ 7 * 7 }} {% raw %}" in site["index.html"]


def test_notes_are_never_published(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        assert "PRIVATE" not in page, name


def test_no_address_leaves_the_site(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        for _, address in re.findall(r'\b(href|src|srcset)="([^"]*)"', page):
            assert not re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE), (name, address)
        assert "url(http" not in page


def test_each_img_stands_on_one_line_with_what_it_needs(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        found = re.findall(r"<img\b[^>]*>", page)
        assert len(found) == page.count("<img"), name
        for tag in found:
            assert "\n" not in tag
            fields = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
            assert {"src", "alt", "width", "height"} <= fields.keys()
            assert fields["alt"] == ALT
    first, *rest = re.findall(r"<img\b[^>]*>", site["index.html"])
    assert 'loading="eager" fetchpriority="high"' in first
    assert len(rest) == 5
    assert all('loading="lazy"' in tag for tag in rest)


def test_the_policy_allows_exactly_what_stands_in_the_page(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        if not name.endswith(".html"):
            continue
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
        assert policy
        rules = policy[1].replace("&#39;", "'")
        assert rules.startswith("default-src 'none'; img-src 'self'; style-src 'sha256-")
        assert "unsafe" not in rules
        for tag in ("style", "script"):
            for text in re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL):
                digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
                assert f"'sha256-{digest}'" in rules, (name, tag)
        assert " style=" not in page
        assert not re.search(
            r"\son[a-z]+=", re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL).replace(ALT, "")
        )


def test_languages_and_directions(site: Mapping[str, str]) -> None:
    assert '<html lang="en" dir="ltr">' in site["index.html"]
    assert site["index.html"].count('lang="ar"') == 2  # the alt text and the caption
    arabic = pages(("essay.md", telling(lines("a.jpg", language="en"), language='"ar"')))["index.html"]
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<p lang="en" dir="ltr">' in arabic
    assert "مشاهَد" in arabic


def test_a_base_url_makes_addresses_whole() -> None:
    site = pages(
        ("essay.md", telling("[Out](https://example.org/x)", lines("a.jpg"))), base_url="https://news.example/"
    )
    assert '<link rel="canonical" href="https://news.example/index.html">' in site["index.html"]
    assert '<meta property="og:image" content="https://news.example/pictures/' in site["index.html"]
    assert '<a href="https://example.org/x">' in site["index.html"]
    assert 'href="https://news.example/index.html"' in site["feed.atom"]


def linked(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    document: dict[str, object] = json.loads(found[1])
    return document


def test_machines_read_what_people_read(site: Mapping[str, str]) -> None:
    document = linked(site["index.html"])
    assert document["headline"] == "<script>alert(2)</script>"
    images = document["image"]
    assert isinstance(images, list)
    assert [image["@type"] for image in images] == ["ImageObject"] * 6
    assert images[0]["contentUrl"] == picture(1).proof.path
    assert images[0]["sha256"] == picture(1).proof.sha256
    assert images[3]["inLanguage"] == "ar"
    assert document["correction"] == ["2026-11-20: Wrong <b>"]
    assert 'property="og:title" content="&lt;script&gt;' in site["index.html"]


def test_the_feed_is_atom(site: Mapping[str, str]) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(site["feed.atom"])
    assert root.tag == f"{atom}feed"
    for field in ("id", "title", "updated"):
        assert root.findtext(f"{atom}{field}"), field
    entries = root.findall(f"{atom}entry")
    assert [entry.find(f"{atom}link").get("href") for entry in entries] == ["index.html", "desk.html"]  # type: ignore[union-attr]
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 2
    assert all(entry.findtext(f"{atom}updated") == "2026-11-22T00:00:00Z" for entry in entries)


def test_every_fragment_link_has_its_target(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        for address in re.findall(r'<a [^>]*href="([^"]*)"', page):
            target, _, fragment = address.partition("#")
            there = site.get(target or name)
            if fragment and there is not None:
                assert f'id="{fragment}"' in there, (name, address)


def test_ids_are_unique(site: Mapping[str, str]) -> None:
    for name, page in site.items():
        ids = re.findall(r'\bid="([^"]*)"', page)
        assert len(ids) == len(set(ids)), name


def test_who_looked_is_said_and_that_nobody_did() -> None:
    essay, pictures = make(("essay.md", telling(lines("a.jpg"), lines("b.jpg"))))
    pictures["b.jpg"] = replace(pictures["b.jpg"], looked_by=None, hidden_parts=0)
    page = essay_pages(essay, pictures, Options())["proof.html"].decode()
    assert "Looked at before publishing by The Traveller." in page
    assert "Nobody looked at this photograph" in page
    assert page.count("ab" * 32) == 3


def test_several_essays_under_one_index() -> None:
    one, two = make(("essay.md", MAIN)), make(("essay.md", OTHER))
    both = [one, (Essay("other", two[0].tellings), two[1])]
    top = {name: data.decode("utf-8", "replace") for name, data in list_pages(both, Options()).items()}
    assert sorted(top) == ["feed.atom", "icon.png", "index.html"]
    assert 'href="trip/index.html"' in top["index.html"]
    assert 'href="other/index.html"' in top["feed.atom"]
    inner = essay_pages(*one, Options(root="../"))
    assert "feed.atom" not in inner
    assert b'href="../feed.atom"' in inner["index.html"]


@pytest.mark.parametrize(
    "line",
    [
        "@import 'x';",
        "a{background:url(x)}",
        "a{background:URL (x)}",
        "</style>",
        "a{b:image-set('x')}",
        "a{b:\\75rl(x)}",
    ],
)
def test_a_theme_fetches_nothing_and_ends_nothing(line: str) -> None:
    faults = Faults()
    check_theme("theme.css", f":root {{ --accent: navy; }}\n{line}\n{line}", faults)
    assert [(error.key, error.facts["line"]) for error in faults.found] == [("essay.theme", 2), ("essay.theme", 3)]


def test_a_theme_stands_after_our_style() -> None:
    page = pages(("essay.md", MAIN), theme=":root { --accent: navy; }")["index.html"]
    assert page.index("--accent: navy") > page.index("--accent: #8e1b12")


def sheet(text: str) -> bytes:
    essay, pictures = make(("essay.md", text))
    shown = show(essay.first, pictures, links=False)
    data = jpeg(480, 320)
    return contact_sheet([Sheet(essay.first.head, shown, lambda _path: data)])


def test_the_contact_sheet_is_the_same_each_time() -> None:
    text = telling(*(lines(f"{n}.jpg") for n in range(13)))
    assert sheet(text) == sheet(text)
    assert sheet(text).count(b"/Type /Page\n") == 2


def test_a_long_caption_leaves_room_for_mark_and_hash() -> None:
    long, proof = "Word after word. " * 200, f"{1:064x}"[:16]
    for caption in ("Short.", long):
        text = pypdf.PdfReader(io.BytesIO(sheet(telling(lines("a.jpg", caption=caption))))).pages[0].extract_text()
        assert f"Seen · {proof}" in text
        assert ("…" in text) == (caption == long)


def test_the_contact_sheet_says_what_it_cannot_write() -> None:
    assert not unwritable("Œuvre à l’été – “quoted” €", "fr")
    assert unwritable("مشاهَد", "ar")
    assert not unwritable("한국", "ko")
    assert not unwritable("A flag 🇰🇵 and an eye 👁️", "en")
    assert unwritable("한국", "en")
    for language, caption in (("ar", "مشاهَد"), ("ko", "한국어 설명"), ("en", "Ordinary, with 한국")):
        assert sheet(telling(lines("a.jpg", caption=caption), language=f'"{language}"')).startswith(b"%PDF-")


def test_a_key_that_was_thrown_away_is_called_so_before_it_is_shown() -> None:
    """Without a click and without JavaScript; and before the page speaks of its holder."""
    gone = replace(picture(1), is_key_gone=True)
    essay, pictures = make(("essay.md", telling(lines("a.jpg"), lines("b.jpg"))))
    said = "The key below was made for one run and thrown away: it names nobody."

    def page_of(*shown: EssayPicture) -> str:
        return essay_pages(essay, dict(zip(pictures, shown, strict=True)), Options())["proof.html"].decode()

    page = page_of(gone, replace(picture(2), is_key_gone=True))
    assert page.index(said) < page.index("the holder of the key below")
    assert page.index(said, page.index("Signed with")) < page.index("ab" * 32)
    # Of two keys, the one that was thrown away is, and not the other.
    mixed = page_of(replace(gone, signer="cd" * 32), picture(2))
    assert mixed.count(said) == 1
    assert mixed.index("ab" * 32) < mixed.index(said) < mixed.index("cd" * 32)
    assert said not in page_of(picture(1), picture(2))
