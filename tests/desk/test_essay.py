"""Essay in the desk: words, order and notes, saved as they are typed and never over somebody else's."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.desk.at_desk import Visitor, at_screen, chromium, open_desk
from tests.desk.looks import assert_looks_right
from tests.essay.protected import ALT, essay, lines, protect, telling
from tests.jpeg.pictures import jpeg
from tests.tasks.site.test_essay_new import XMP

from fifthfloor.desk.address import STATIC_AT
from fifthfloor.files import beside
from fifthfloor.tasks.site import editing

__all__ = ["chromium"]
NAMES = [f"{n:02d}-picture.jpg" for n in range(1, 4)]


@pytest.fixture(name="trip")
def an_essay(tmp_path: Path) -> Path:
    return essay(tmp_path / "trip", 3)


def opened(visitor: Visitor, file: Path) -> str:
    visitor.get("/30")
    got = visitor.post("/30/open", [("telling", visitor.id_of(file))])
    assert got.status == 200, got.said
    return visitor.sent[-1]


def digest(page: str) -> tuple[str, str]:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return ("digest", found[1])


def of(number: int) -> list[tuple[str, str]]:
    return [("number", str(number)), ("photo", NAMES[number])]


def test_words_order_and_undo_without_a_script(trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    before = file.read_text()
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, file)
        seen = digest(visitor.get(here).text)
        visitor.post(here, [*of(1), seen, ("caption", "A zero-width\u200cjoiner & <b>"), ("consent", "asked, yes")])
        changed = file.read_text()
        caption = "caption: What 02-picture.jpg shows."
        rest = before[before.index(caption) + len(caption) :]
        told = rest.replace("claim: seen\n", "claim: seen\nconsent: asked, yes\n", 1)
        assert changed == before.removesuffix(rest)[: -len(caption)] + "caption: A zero-width\u200cjoiner & <b>" + told
        page = visitor.get(here)
        assert "A zero-width\u200cjoiner &amp; &lt;b&gt;</textarea>" in page.text, "what is shown comes back as it is"
        visitor.post(f"{here}/move", [("number", "2"), ("to", "0"), digest(page.text)])
        assert re.findall("photo: (.*)", file.read_text()) == [NAMES[2], NAMES[0], NAMES[1]]
        for _ in range(2):
            visitor.post(f"{here}/undo", [digest(visitor.get(here).text)])
        assert file.read_text() == before


def test_captions_come_through_no_link(tmp_path: Path) -> None:
    protect(tmp_path / "trip", "a.jpg", jpeg(640, 424))
    card, outside = tmp_path / "card", tmp_path.with_name(f"{tmp_path.name}-outside.xmp")
    card.mkdir()
    outside.write_bytes(XMP)
    (card / "a.xmp").symlink_to(outside)
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        visitor.get("/30")
        fields = [("folder", visitor.id_of(tmp_path / "trip")), ("originals", visitor.id_of(card))]
        assert visitor.work("/30/new", fields).status == 200
    assert "Two banks" not in (tmp_path / "trip" / "essay.md").read_text()


def test_nothing_is_written_over_an_outside_change_or_another_window(trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here, other = opened(visitor, file), opened(visitor, file)
        seen = digest(visitor.get(here).text)
        visitor.post(other, [*of(0), seen, ("kicker", "Other")])
        got = visitor.post(here, [*of(0), seen, ("kicker", "Mine")])
        assert got.status == 400
        assert "was changed by another program" in got.said
        got = visitor.post(f"{here}/undo", [seen])
        assert "was changed by another program" in got.said
        assert f'action="{here}/reload"' in got.text, "the way on stands on the page that says no"
        got = visitor.post(other, [*of(0), seen, ("kicker", "Stale page")])
        assert "was changed in another window" in got.said
        file.write_text(file.read_text() + "\nMore.\n")
        got = visitor.post(other, [*of(0), digest(visitor.get(other).text), ("kicker", "Mine")])
        assert "was changed by another program" in got.said
        assert "kicker: Other" in file.read_text()
        assert file.read_text().endswith("\nMore.\n")
        visitor.post(f"{other}/reload")
        fresh = visitor.sent[-1]
        visitor.post(fresh, [*of(0), digest(visitor.get(fresh).text), ("kicker", "Mine")])
        assert "kicker: Mine" in file.read_text()


def test_an_outside_change_while_ours_is_flushed_stays(
    trip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = trip / "essay.md"

    @contextmanager
    def slowly(path: Path, **options: Any) -> Iterator[Any]:
        with beside(path, **options) as part:
            yield part
        path.write_text("Saved by another program.\n")

    monkeypatch.setattr(editing, "beside", slowly)
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, file)
        got = visitor.post(here, [*of(0), digest(visitor.get(here).text), ("kicker", "Mine")])
        assert "was changed by another program" in got.said
    assert file.read_text() == "Saved by another program.\n"
    assert [one.name for one in trip.iterdir() if "part" in one.name] == []


@pytest.mark.skipif(os.name == "nt", reason="no modes")
def test_what_others_could_not_read_they_cannot_read_afterwards(trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, file)
        for mode in (0o600, 0o640, 0o664, 0o644):
            file.chmod(mode)
            visitor.post(here, [*of(0), digest(visitor.get(here).text), ("kicker", f"Mode {mode:o}")])
            assert f"kicker: Mode {mode:o}" in file.read_text()
            assert file.stat().st_mode & 0o777 == mode


def test_a_name_that_turns_lines_is_written_out_once(trip: Path, tmp_path: Path) -> None:
    """It stood as it was in the heading, and `&amp;amp;` beside the arrows."""
    name = "a & \u202egpj.jpg"
    (trip / "essay.md").write_text(telling("Words.", lines(name, caption="x"), lines(NAMES[0])))
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, trip / "essay.md")
        page = visitor.get(here).text
        assert page.count("\u202e") == 1, "the hidden field that comes back, and no place that is read"
        assert 'name="photo" value="a &amp; \u202egpj.jpg"' in page
        assert "<h2>1. a &amp; " in page
        assert "&amp;amp;" not in page
        got = visitor.post(here, [("number", "0"), ("photo", name), digest(page), ("kicker", "Mine")])
        assert got.status == 200
        assert "kicker: Mine" in (trip / "essay.md").read_text()


def test_a_check_says_what_stands_in_the_way_and_publishing_says_what_it_made(trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, file)
        visitor.post(here, [*of(0), digest(visitor.get(here).text), ("alt", "short"), ("embargo", "2999-01-01")])
        got = visitor.work(f"{here}/check")
        assert "2 things stand in the way" in got.said
        assert "2999-01-01" in got.said
        visitor.post(here, [*of(0), digest(visitor.get(here).text), ("alt", ALT), ("embargo", "")])
        assert "nothing stands in the way" in visitor.work(f"{here}/check").said
        got = visitor.work(f"{here}/publish", [("out", "site")])
        assert "it is published" in got.said
        assert "3 photographs in" in got.said
        assert (tmp_path / "site" / "index.html").is_file()
        assert "asked, yes" not in (tmp_path / "site" / "index.html").read_text()


def test_a_hostile_text_is_shown_and_not_obeyed(trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    file.write_text(
        telling("<script>alert(1)</script> [x](javascript:alert(1))", lines(NAMES[0], caption="<img src=x>"))
    )
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, file)
        text = visitor.get(f"{here}/preview").text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert 'href="javascript' not in text
        file.write_text(telling("Words.", lines("../../secret.jpg")))
        (tmp_path.parent / "secret.jpg").write_bytes(b"\xff\xd8\xff")
        visitor.post(f"{here}/reload")
        assert visitor.get(f"{visitor.sent[-1]}/0/w").status == 400


def test_two_photographs_are_made_a_pair_and_taken_apart(trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    before = file.read_text()
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        here = opened(visitor, file)
        assert f'href="{here}/pair/0"' in visitor.get(here).text
        page = visitor.get(f"{here}/pair/0")
        assert [name in page.text for name in NAMES] == [True, True, False]
        sent = [digest(page.text), ("first", NAMES[0]), ("left", "Before"), ("right", "After"), ("title", "One place")]
        assert visitor.post(f"{here}/pair/0", [*sent, ("do", "make")]).status == 200
        assert "::: pair One place\nphoto: " + NAMES[0] in file.read_text()
        assert "other window" in visitor.post(f"{here}/pair/0", [*sent, ("do", "make")]).said, "of an older page"
        page = visitor.get(f"{here}/pair/0")
        assert 'value="One place"' in page.text
        assert "one place" in visitor.get(f"{here}/preview").said
        visitor.post(f"{here}/pair/0", [digest(page.text), ("first", NAMES[0]), ("do", "part")])
        assert ":::" not in file.read_text()
        for _ in range(2):
            visitor.post(f"{here}/undo", [digest(visitor.get(here).text)])
        assert file.read_text() == before
        assert visitor.get(f"{here}/pair/2").status == visitor.get(f"{here}/pair/x").status == 400


@pytest.mark.judge("chromium")
def test_typing_saves_counts_and_says_a_conflict_and_dragging_orders(browser: Any, trip: Path, tmp_path: Path) -> None:
    file = trip / "essay.md"
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.get_by_role("link", name="Essay").click()
        page.get_by_label("trip/essay.md").check()
        page.get_by_role("button", name="Open it").click()
        page.locator("#alt0").fill("Four.")
        assert page.locator("#count0").inner_text().startswith("5 of 125")
        page.locator("#caption1").fill("Typed, and left alone.")
        page.locator("#kept:text-is('saved')").wait_for()
        assert "alt: Four." in file.read_text()
        assert "caption: Typed, and left alone." in file.read_text()
        items = page.locator(".order li")
        items.nth(2).drag_to(items.nth(0))
        page.wait_for_load_state("networkidle")
        page.locator(".order li a", has_text=f"1. {NAMES[2]}").wait_for()
        assert re.findall("photo: (.*)", file.read_text()) == [NAMES[2], NAMES[0], NAMES[1]]
        page.get_by_role("button", name=f"{NAMES[2]} later").click()
        page.locator(".order li a", has_text=f"1. {NAMES[0]}").wait_for()
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert NAMES[2] in str(focused), "whoever orders by keys stays with the photograph"
        file.write_text(file.read_text() + "\nBy hand.\n")
        page.locator("#kicker0").fill("Mine")
        page.get_by_role("alert").wait_for()
        assert "was changed by another program" in page.get_by_role("alert").inner_text()
        assert file.read_text().endswith("By hand.\n")
        assert "Mine" not in file.read_text()


@pytest.mark.judge("chromium")
def test_what_could_not_be_saved_is_said_kept_and_saved_later(
    browser: Any, trip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, and texts above the 64 KiB that browsers send of a page that is left; neither may be lost."""
    file, long = trip / "essay.md", "\uae00 " * 9_000
    file.write_text(telling("First.", lines(NAMES[0]), lines(NAMES[1])))
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.goto(f"{serving.desk.door.origin}/30")
        page.get_by_label("trip/essay.md").check()
        page.get_by_role("button", name="Open it").click()

        def full(_paths: Sequence[Path]) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(editing, "place_parts", full)
        page.locator("form.text textarea").nth(1).fill(long)
        page.locator("#kept:text('no space left')").wait_for()
        page.locator("#kicker1").fill("Behind it")
        page.get_by_role("alert").wait_for(state="hidden")
        monkeypatch.undo()
        page.locator("#kept:text-is('saved')").wait_for()
        assert long.strip() in file.read_text()
        assert "kicker: Behind it" in file.read_text()


@pytest.mark.judge("chromium")
def test_what_is_typed_before_the_script_has_come_is_saved_too(browser: Any, trip: Path, tmp_path: Path) -> None:
    """On a slow machine the page stands there for a moment without its script; what was typed then was not heard."""
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.goto(f"{serving.desk.door.origin}/30")
        page.get_by_label("trip/essay.md").check()
        held: list[Any] = []
        page.route(f"**{STATIC_AT['essay.js']}", lambda route: held.append(route))
        page.get_by_role("button", name="Open it").click(no_wait_after=True)
        page.locator("#alt0").fill("Typed at once.")
        page.locator("input[name=claim]:not(:checked)").first.check()
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()
        page.locator("#kept:text-is('saved')").wait_for()
        assert "alt: Typed at once." in (trip / "essay.md").read_text()


@pytest.mark.judge("chromium")
def test_paragraphs_that_are_typed_are_written_once_and_in_their_place(
    browser: Any, trip: Path, tmp_path: Path
) -> None:
    """Each form kept the place it was made with: the second paragraph was doubled, the next form's text lost."""
    file = trip / "essay.md"
    file.write_text(telling("First.", lines(NAMES[0]), "Middle.\n\nSecond.", lines(NAMES[1])))
    before = file.read_text()
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.goto(f"{serving.desk.door.origin}/30")
        page.get_by_label("trip/essay.md").check()
        page.get_by_role("button", name="Open it").click()
        first, middle, second = (page.locator("form.text textarea").nth(number) for number in (1, 2, 3))

        def typed(field: Any, words: str) -> None:
            with page.expect_response(lambda got: got.request.method == "POST"):
                field.fill(words)

        for words in ("A\n\nB", "A\n\nBx", "", "A\n\nBx\n\n## C"):
            typed(first, words)
        typed(middle, "M\n\nN")
        typed(page.locator("#kicker0"), "")
        typed(second, "S")
        typed(first, "A\n\nB")
        wanted = before.replace("First.", "A\n\nB").replace("Middle.", "M\n\nN").replace("Second.", "S")
        wanted = wanted.replace("kicker: Entry point\n", "", 1)
        # The page may be made anew in between, and says nothing then: the file is what counts.
        late = time.monotonic() + 60
        while file.read_text() != wanted and time.monotonic() < late:
            page.wait_for_timeout(200)
        assert file.read_text() == wanted
        typed(first, f"A\n\n{lines(NAMES[2])}")
        assert page.locator("form.photo").count() == 2, "nobody is torn from the line that is being typed"
        first.blur()
        page.locator("#photo2").wait_for()
        page.locator("#kicker1").fill("Its own")
        late = time.monotonic() + 60
        while "kicker: Its own" not in file.read_text() and time.monotonic() < late:
            page.wait_for_timeout(200)
        assert re.findall(r"photo: (.*)\n(?:(?!photo).*\n)*?kicker: Its own", file.read_text()) == [NAMES[0]]


@pytest.mark.judge("chromium")
@pytest.mark.usefixtures("trip")
def test_panic_blanks_every_window_and_asks_nothing(browser: Any, tmp_path: Path) -> None:
    """Other windows went on showing. Chromium asks of no blank page, even without our listener; others might."""
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.goto(f"{serving.desk.door.origin}/30")
        page.get_by_label("trip/essay.md").check()
        page.get_by_role("button", name="Open it").click()
        other = page.context.new_page()
        other.goto(page.url)
        page.keyboard.press("Escape")
        page.reload()  # a press on the page before counts
        page.route(re.compile("/30/"), lambda _route: None)  # a save that does not come to its end
        page.locator("#kicker0").press_sequentially("Unsaved")
        for _ in range(2):
            page.keyboard.press("Escape")
        for one in (page, other):
            one.wait_for_url("about:blank")
            assert one.content() == "<html><head></head><body></body></html>"


@pytest.mark.judge("chromium")
def test_a_page_that_was_on_its_way_when_panic_came_is_blank_too(browser: Any, tmp_path: Path) -> None:
    """It stayed there, without its script: the desk answered nobody any more."""
    from playwright.sync_api import Error as PlaywrightError

    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.goto(f"{serving.desk.door.origin}/3")
        late = page.content()
        held: list[Any] = []
        page.route("**/3", lambda route: held.append(route))
        page.route("**/x", lambda _route: serving.desk.ended.set())  # and the page is not led away yet
        page.evaluate("setTimeout(() => location.assign('/3'))")
        while not held:
            page.wait_for_timeout(20)
        for _ in range(3):
            page.keyboard.press("Escape")
        with suppress(PlaywrightError):  # nobody waits for it any more
            held[0].fulfill(body=late, content_type="text/html")
        page.wait_for_url("about:blank")
        page.wait_for_timeout(1000)
        assert page.content() == "<html><head></head><body></body></html>"


@pytest.mark.judge("chromium")
@pytest.mark.usefixtures("trip")
def test_the_slider_of_a_pair_shows_more_of_one_or_of_the_other(browser: Any, tmp_path: Path) -> None:
    shown = "getComputedStyle(document.querySelector('#laid figure:last-child')).clipPath"
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        page.goto(f"{serving.desk.door.origin}/30")
        page.get_by_label("trip/essay.md").check()
        page.get_by_role("button", name="Open it").click()
        page.get_by_role("link", name="Make it a pair with the next").first.click()
        slider = page.get_by_label("How much of the first")
        slider.wait_for()
        assert "50%" in page.evaluate(shown)
        slider.focus()
        page.keyboard.press("End")
        assert "100%" in page.evaluate(shown)
        box = page.locator("#laid").bounding_box()
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 4, middle, steps=3)
        page.mouse.up()
        assert slider.input_value() == "25"
        page.get_by_label(f"A word or two for {NAMES[0]}").fill("Here")
        page.get_by_label(f"A word or two for {NAMES[1]}").fill("There")
        page.get_by_role("button", name="Make it a pair").click()
        page.get_by_role("link", name="A pair with the next").wait_for()


@pytest.mark.judge("chromium")
@pytest.mark.usefixtures("trip")
def test_axe_finds_nothing_each_control_has_a_name_and_a_telephone_shows_all(browser: Any, tmp_path: Path) -> None:
    with open_desk(tmp_path) as serving, at_screen(browser, serving, bypass_csp=True) as page:
        page.goto(f"{serving.desk.door.origin}/30")
        first = page.url
        page.get_by_label("trip/essay.md").check()
        page.get_by_role("button", name="Open it").click()
        for address in (first, page.url, f"{page.url}/pair/0", f"{page.url}/preview"):
            page.set_viewport_size({"width": 1180, "height": 820})
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert_looks_right(page)
