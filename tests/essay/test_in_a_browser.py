"""A published essay in a real Chromium: reachable and navigable; from a server, a disk and a ZIP; checked."""

from __future__ import annotations

import contextlib
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.essay.browsing import (  # noqa: F401 - fixtures
    FRAMES,
    NARROW,
    PATIENCE_MS,
    WIDE,
    Site,
    chromium,
    opened,
    playwright_timeout,
    published,
    scroll_through,
    undrawn,
)
from tests.essay.protected import ALT, KEY
from tests.trace.scenes import jpeg as scene_jpeg
from tests.trace.scenes import scene

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.statement.claims import FACTS
from fifthfloor.statement.sign import Fact, Original, sign
from fifthfloor.statement.verify import verify
from fifthfloor.trace.likeness import likeness_of
from fifthfloor.words.verdict import SENTENCES

pytestmark = pytest.mark.judge("chromium")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.className || document.activeElement.tagName"))


def hash_after(page: Any, wanted: str) -> str:
    """Wait for an address that a key leads to; what is there in the end is returned, right or wrong."""
    with contextlib.suppress(playwright_timeout()):
        page.wait_for_function("(wanted) => location.hash === wanted", arg=wanted, timeout=PATIENCE_MS / 4)
    page.evaluate(FRAMES)
    return str(page.evaluate("location.hash"))


def test_the_full_screen_view_by_keyboard(browser: Any, site: Site) -> None:
    with opened(browser, site.url) as watched:
        page = watched.page
        page.focus("#p2 a")
        page.keyboard.press("Enter")
        assert hash_after(page, "#view-2") == "#view-2"
        assert focused(page) == "shut"
        box = page.locator("#view-2").bounding_box()
        assert (box["width"], box["height"]) == (WIDE["width"], WIDE["height"])
        page.keyboard.press("ArrowRight")
        assert hash_after(page, "#view-3") == "#view-3"
        page.keyboard.press("ArrowLeft")
        assert hash_after(page, "#view-2") == "#view-2"
        page.keyboard.press("ArrowLeft")
        assert hash_after(page, "#view-1") == "#view-1"
        page.keyboard.press("ArrowLeft")
        assert hash_after(page, "#view-1") == "#view-1", "there is nothing before the first"
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate("document.querySelector('figure.photo:target').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert hash_after(page, "#p1") == "#p1"
        assert page.evaluate("document.activeElement.closest('.frame').id") == "p1"


def test_the_full_screen_view_shows_the_verifiable_picture(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "#view-2") as watched:
        shown = "getComputedStyle(document.querySelector('#view-2 img')).content"
        proof = watched.page.evaluate(shown).split('"')[1]
        assert "/proof/" in proof
        assert proof in watched.asked


def test_without_a_script_every_picture_caption_and_pair_is_there(browser: Any, site: Site) -> None:
    with opened(browser, site.url, java_script_enabled=False) as watched:
        page = watched.page
        assert page.locator("figure figcaption").count() == 14
        for number in range(1, 15):
            page.locator(f"#p{number}").scroll_into_view_if_needed()
            assert page.locator(f"#p{number} img").is_visible()
            assert page.locator(f"#p{number} img").get_attribute("alt") == ALT
            assert f"What {number:02d}.jpg shows." in page.locator(f"#view-{number} figcaption").inner_text()
        page.locator("#p2 a").click()
        assert page.url.endswith("#view-2")
        assert page.locator("#view-2").bounding_box()["height"] == WIDE["height"]
        page.locator("#view-2 .on").click()
        assert page.locator("#view-3 .before").is_visible()
        page.locator("#view-3 .shut").click()
        assert page.locator("#view-3 .turn").is_hidden()
        assert page.locator("#p3").bounding_box()["height"] < WIDE["height"]


def test_without_a_script_the_pair_can_be_compared(browser: Any, site: Site) -> None:
    with opened(browser, site.url, java_script_enabled=False) as watched:
        page = watched.page
        left, right = page.locator("#p2"), page.locator("#p3")
        assert left.bounding_box()["x"] < right.bounding_box()["x"]
        page.locator(".pair .to-half").check()
        assert left.bounding_box() == right.bounding_box()
        assert page.locator("#p3").evaluate("e => getComputedStyle(e).clipPath") != "none"
        page.locator(".pair .to-left").check()
        assert not right.is_visible()
        page.keyboard.press("ArrowLeft")
        assert right.bounding_box()["x"] > left.bounding_box()["x"], "side by side again"
        assert not page.locator(".divider").is_visible()


def test_the_divider_moves_by_keyboard_and_says_where_it_is(browser: Any, site: Site) -> None:
    with opened(browser, site.url) as watched:
        page = watched.page
        page.locator(".pair .to-half").check()
        divider = page.get_by_label("Divider: how much of “Side 02” is shown")
        divider.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        assert divider.get_attribute("aria-valuetext") == "60 %"
        assert page.locator("#p3").evaluate("e => getComputedStyle(e).clipPath").endswith("60%)")
        page.keyboard.press("End")
        assert divider.get_attribute("aria-valuetext") == "100 %"


def test_a_pair_is_stacked_on_a_phone(browser: Any, site: Site) -> None:
    with opened(browser, site.url, viewport=NARROW) as watched:
        left, right = (watched.page.locator(f"#p{n}").bounding_box() for n in (2, 3))
        assert left["x"] == right["x"]
        assert left["y"] + left["height"] < right["y"]


@pytest.mark.parametrize("script", [True, False])
def test_it_opens_from_a_disk_and_from_the_zip(browser: Any, site: Site, tmp_path: Path, script: bool) -> None:
    with zipfile.ZipFile(site.archive) as archive:
        archive.extractall(tmp_path)
    for page_file in (site.folder / "index.html", tmp_path / "trip" / "index.html"):
        with opened(browser, page_file.as_uri(), java_script_enabled=script) as watched:
            if script:
                scroll_through(watched.page)
                assert undrawn(watched.page) == []
            assert watched.complaints == []
            assert all(url.startswith("file://") for url in watched.asked)
            watched.page.locator("#view-1 .links a[href^='proof.html']").click()
            assert watched.page.locator("#p1 .the-picture").is_visible()


def test_each_picture_leads_in_one_click_to_the_file_that_verifies(browser: Any, site: Site) -> None:
    with opened(browser, (site.folder / "index.html").as_uri(), java_script_enabled=False) as watched:
        links = watched.page.locator("figure.photo .links a[href^=proof\\/]")
        files = [site.folder / str(link.get_attribute("href")) for link in links.all()]
        assert len(files) == watched.page.locator("figure.photo").count()
        for file in files:
            beside = file.with_name(file.name + ".statement.json")
            assert verify(file.read_bytes(), beside.read_bytes()).intervals
        links.first.click()
        watched.page.wait_for_url("**/proof/*.jpg")


def proof_of(site: Site, number: int) -> tuple[Path, Path]:
    pictures = sorted((site.folder / "proof").glob("*.jpg"))
    return pictures[number], pictures[number].with_name(pictures[number].name + ".statement.json")


def verdict(page: Any, picture: Path, statement: Path) -> str:
    page.set_input_files(".check input", [str(picture), str(statement)])
    page.locator(".check button").click()
    place = page.locator(".check .verdict.good, .check .verdict.bad")
    place.wait_for()
    return str(place.inner_text())


def test_the_panel_accepts_the_true_picture_and_refuses_a_changed_byte(
    browser: Any, site: Site, tmp_path: Path
) -> None:
    picture, statement = proof_of(site, 0)
    with opened(browser, (site.folder / "proof.html").as_uri()) as watched:
        assert verdict(watched.page, picture, statement) == SENTENCES["verdict.somebody"]
        data = bytearray(picture.read_bytes())
        data[len(data) // 2] ^= 1
        facts = {name: Fact("", bytes(32)) for name in FACTS}
        drawn = Original(canonicalise(scene_jpeg(scene(3, 640, 430))), bytes(32))
        foreign = sign(SigningKey(b"\x09" * 32), [drawn], facts, key_life="once")[0]
        (tmp_path / "foreign.jpg").write_bytes(foreign.picture)
        (tmp_path / "foreign.jpg.statement.json").write_bytes(foreign.statement)
        said = verdict(watched.page, tmp_path / "foreign.jpg", tmp_path / "foreign.jpg.statement.json")
        assert said.startswith(SENTENCES["verdict.once"] + " It was not signed with a key of this page")
        changed = tmp_path / picture.name
        changed.write_bytes(data)
        assert verdict(watched.page, changed, statement).startswith(SENTENCES["verdict.changed"])
        assert verdict(watched.page, proof_of(site, 1)[0], statement).startswith(SENTENCES["verdict.other_picture"])


def test_the_panel_checks_what_the_server_has(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "proof.html") as watched:
        row = watched.page.locator("#p3")
        row.get_by_role("button", name="Check photograph 3 here").click()
        row.locator(".verdict.good").wait_for()
        assert row.locator(".verdict").inner_text() == SENTENCES["verdict.somebody"]
        assert watched.complaints == []


def test_a_copy_is_similar_to_one_picture_of_the_page(browser: Any, site: Site, tmp_path: Path) -> None:
    drawn = scene(3, 640, 430)
    original = Original(canonicalise(scene_jpeg(drawn)), bytes(32))
    signed = sign(
        KEY, [original], {name: Fact("", bytes(32)) for name in FACTS}, key_life="story", likeness=likeness_of
    )
    drawn.paste((128, 128, 128), (320, 215, 400, 300))
    (tmp_path / "copy.jpg").write_bytes(scene_jpeg(drawn.crop((0, 0, 576, 430)), 60))
    (tmp_path / "ours.jpg.statement.json").write_bytes(signed[0].statement)

    def asked(page: Any, *files: Path) -> str:
        page.set_input_files(".check input", [str(file) for file in files])
        page.locator(".check button").click()
        # What it is similar to stands there a while after that it cannot be told.
        page.locator(".check .verdict.open", has_text=re.compile("[Ss]imilar")).wait_for()
        return str(page.locator(".check .verdict").inner_text())

    with opened(browser, site.url + "proof.html") as watched:
        third = watched.page.locator("#p3 .the-statement").get_attribute("href")
        watched.page.route(f"**/{third}", lambda route: route.fulfill(body=signed[0].statement))
        said = asked(watched.page, tmp_path / "copy.jpg")
        assert said.startswith("Similar to picture 3. Similar is not verified. It was cropped by 10 %.")
        assert " Not there: 10 % at the right. " in said
        assert re.search(r" 50 to \d\d % across, 50 to \d\d % down", said), said
        assert watched.page.locator(".check canvas[role=img][aria-label]").is_visible()
        assert watched.complaints == []
    with opened(browser, (site.folder / "proof.html").as_uri()) as watched:
        others = proof_of(site, 0)[1], tmp_path / "ours.jpg.statement.json"
        said = asked(watched.page, tmp_path / "copy.jpg", *others)
        assert said.startswith("Similar to ours.jpg. Similar is not verified.")
        asked(watched.page, tmp_path / "copy.jpg", others[1])
        # The verdict stands at once; what the copy is similar to comes behind it.
        watched.page.locator(".check .verdict", has_text="It was cropped by 10 %.").wait_for()
        said = watched.page.locator(".check .verdict").inner_text()
        assert said.startswith(SENTENCES["verdict.cannot_tell"])
        assert "Similar to ours.jpg. Similar is not verified. It was cropped by 10 %." in said
        said = asked(watched.page, proof_of(site, 1)[0], *others)
        assert said == "It is similar to no picture of this page."
        assert watched.page.locator(".check canvas").count() == 0


def test_without_a_script_the_list_says_how_to_check(browser: Any, site: Site) -> None:
    with opened(browser, site.url + "proof.html", java_script_enabled=False) as watched:
        assert watched.page.locator(".check").is_hidden()
        assert watched.page.get_by_text("With JavaScript on").is_visible()
        assert watched.page.locator(".proofs code").count() == 14 * 3
