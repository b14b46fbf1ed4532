"""review.html in a real Chromium: the picture as written beside the original, questions, ticks, keys, touch."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.redact.drawn import jpeg, scene, telling
from tests.redact.test_admission import FULL

from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision, read_decisions
from fifthfloor.redact.hidden_parts import Part
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.review import Reviewed, ReviewPictures, render
from fifthfloor.tasks.people.approve import approve
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer
from fifthfloor.tasks.people.reviewing import new_run, show_run, write_page, write_pictures
from fifthfloor.words.review import on_the_page

NAME = '<b>"a&.jpg'  # a name that would like to be markup
SIGNER = Signer(SigningKey(bytes(32)), "once")
GIVEN = Box(300, 120, 380, 200)
SURE, QUESTION, OTHER, LOW = Box(40, 40, 90, 100), Box(10, 200, 60, 260), Box(120, 210, 160, 250), Box(200, 20, 230, 60)
PARTS = (
    Part(GIVEN, "given", 1.0),
    Part(SURE, "sure", 0.5),
    Part(QUESTION, "uncertain", 0.1),
    Part(OTHER, "uncertain", 0.09),
    Part(LOW, "doubtful", 0.06),
)


def folder_of(folder: Path, names: tuple[str, ...] = (NAME,)) -> Path:
    """Write a protected folder whose page has one part of each kind a photograph."""
    out, run = folder / "out", new_run()
    for number, name in enumerate(names):
        (folder / name).write_bytes(telling(scene(seed=number)))
        hidden = Decision(hide=(GIVEN, SURE))
        (done,) = protect([folder / name], ProtectIntent(out, False, {name: hidden}), SIGNER)
        assert isinstance(done, Protected)
        document = json.loads(next(file for file in (out / "review").glob("*.json") if name in said(file)).read_bytes())
        write_pictures(
            out, render(Reviewed(name, PARTS, document["digest"]), prepare((folder / name).read_bytes())), run
        )
    show_run(out, run)
    write_page(out, on_the_page())
    return folder


def said(file: Path) -> str:
    return str(json.loads(file.read_bytes())["name"])


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Any, folder: Path, **options: Any) -> Any:
    context = browser.new_context(offline=True, **{"viewport": {"width": 1100, "height": 1000}} | options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto((folder / "out/review.html").as_uri())
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
    return page


def saved(page: Any, folder: Path) -> dict[str, Decision]:
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(folder / "boxes.json")
    return read_decisions((folder / "boxes.json").read_bytes())


def drag(page: Any, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag by mouse from one place of the photograph to another (pixels of the photograph, shown at 100 %)."""
    frame = page.locator("#original .sheet").bounding_box()
    page.mouse.move(frame["x"] + start[0], frame["y"] + start[1])
    page.mouse.down()
    page.mouse.move(frame["x"] + end[0], frame["y"] + end[1], steps=4)
    page.mouse.up()


@pytest.mark.judge("chromium")
def test_a_person_sees_what_was_written_answers_ticks_and_approves(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    page = opened(browser, folder)
    assert page.inner_text("#name") == NAME
    assert page.inner_text("#sum") == "0 of 1 looked at, 2 questions open"
    written = page.locator("#written img")
    assert written.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [480, 320]
    assert written.get_attribute("src") == "%3Cb%3E%22a%26.jpg"
    assert page.locator("#questions li").count() == 2
    with pytest.raises(BadInput) as refused:
        approve(folder / "out", "Kim", SIGNER, decisions=saved(page, folder))
    assert refused.value.key == "approve.not_looked"
    page.check("#looked")
    with pytest.raises(BadInput) as refused:
        approve(folder / "out", "Kim", SIGNER, decisions=saved(page, folder))
    assert (refused.value.key, refused.value.facts["count"]) == ("approve.questions", 2)
    page.keyboard.press("n")
    assert page.inner_text("#sum") == "1 of 1 looked at, 0 questions open"
    decision = saved(page, folder)[NAME]
    assert (decision.hide, decision.show) == ((GIVEN,), (QUESTION, OTHER))
    assert approve(folder / "out", "Kim", SIGNER, decisions={NAME: decision})[0].name == NAME
    page.context.close()


@pytest.mark.judge("chromium")
def test_boxes_are_drawn_moved_resized_deleted_and_brought_back(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    page = opened(browser, folder)
    page.click("#full")
    page.click("#draw")
    drag(page, (250, 220), (290, 260))
    assert saved(page, folder)[NAME].hide == (GIVEN, Box(250, 220, 290, 260))
    drag(page, (270, 240), (300, 250))  # chosen after drawing: moved
    assert saved(page, folder)[NAME].hide[1] == Box(280, 230, 320, 270)
    drag(page, (319, 250), (339, 250))  # by its right side
    assert saved(page, folder)[NAME].hide[1] == Box(280, 230, 340, 270)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert saved(page, folder)[NAME].hide[1] == Box(272, 230, 332, 278)
    assert page.locator("#differs").is_visible()
    page.keyboard.press("Delete")
    assert saved(page, folder)[NAME].hide == (GIVEN,)
    page.keyboard.press("Control+z")
    assert saved(page, folder)[NAME].hide[1] == Box(272, 230, 332, 278)
    for _ in range(5):
        page.click("#undo")
    assert saved(page, folder)[NAME].hide == (GIVEN,)
    assert not page.locator("#differs").is_visible()
    # A found face that is moved: what was found is shown, what was meant is hidden.
    page.locator("#hidden button.pick").nth(1).click()
    page.keyboard.press("ArrowRight")
    moved = saved(page, folder)[NAME]
    assert (moved.hide, moved.show) == ((GIVEN, Box(48, 40, 98, 100)), (SURE,))
    done = list(protect([folder / NAME], ProtectIntent(folder / "out", False, {NAME: moved}), SIGNER))
    assert isinstance(done[0], Protected)
    page.context.close()


@pytest.mark.judge("chromium")
def test_a_chosen_box_is_moved_whatever_lies_over_it(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    page = opened(browser, folder)
    page.click("#full")
    for start, end in (((200, 200), (300, 300)), ((240, 240), (260, 260))):
        page.click("#draw")
        drag(page, start, end)
    drag(page, (210, 210), (210, 210))  # the large one, on which the small one lies
    drag(page, (250, 250), (260, 245))
    assert saved(page, folder)[NAME].hide[1:] == (Box(210, 195, 310, 295), Box(240, 240, 260, 260))
    drag(page, (250, 250), (250, 250))  # a click chooses what is on top, and moves nothing
    drag(page, (250, 250), (255, 250))
    assert saved(page, folder)[NAME].hide[1:] == (Box(210, 195, 310, 295), Box(245, 240, 265, 260))
    page.click("#draw")
    drag(page, (350, 100), (370, 160))  # narrow: its middle is within reach of both sides, and moves it all the same
    drag(page, (360, 130), (365, 140))
    assert saved(page, folder)[NAME].hide[3] == Box(355, 110, 375, 170)
    page.context.close()


@pytest.mark.judge("chromium")
def test_who_answers_by_keys_stays_in_the_list(browser: Any, tmp_path: Path) -> None:
    """Each answer makes the lists anew, and dropped the focus to the page: 64 questions were 64 ways down."""
    page = opened(browser, folder_of(tmp_path))
    count = page.locator("#questions li").count()
    assert count
    page.locator("#questions li button").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator("#questions li").count() == count - 1
    assert page.evaluate("document.activeElement.closest('li[data-part]') !== null")
    page.keyboard.press("Shift+L")  # and Caps Lock
    assert page.locator("#looked").is_checked()
    page.context.close()


@pytest.mark.judge("chromium")
def test_the_file_holds_only_what_the_person_changed(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    page = opened(browser, folder)
    assert saved(page, folder) == {NAME: Decision(hide=(GIVEN,))}  # given by the person in an earlier round
    page.locator("#questions li").nth(0).get_by_role("button", name="hide, box 3").click()
    page.locator("#hidden li").nth(1).get_by_role("button", name="show, box 2").click()
    assert saved(page, folder) == {NAME: Decision(hide=(GIVEN, QUESTION), show=(SURE,))}
    page.context.close()


@pytest.mark.judge("chromium")
def test_nothing_unsaved_is_lost_by_leaving(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    page = opened(browser, folder)
    asked: list[str] = []

    def accept(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.click("#add")
    page.check("#looked")
    page.reload()
    assert asked == ["beforeunload"]
    decision = saved(page, folder)[NAME]
    assert len(decision.hide) == 2
    assert decision.looked
    page.reload()
    assert asked == ["beforeunload"]
    page.context.close()


@pytest.mark.judge("chromium")
def test_one_photograph_at_a_time_and_a_tick_for_each(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, ("a.jpg", "b.jpg", "c.jpg"))
    page = opened(browser, folder)
    assert page.locator("img").count() == 2
    assert page.inner_text("#place") == "photograph 1 of 3"
    page.keyboard.press("]")
    page.keyboard.press("l")
    page.click("#next")
    assert page.inner_text("#name") == "c.jpg"
    assert page.locator("#next").is_disabled()
    assert page.locator("#written img").get_attribute("src") == "c.jpg"
    ticked = {name for name, decision in saved(page, folder).items() if decision.looked}
    assert ticked == {"b.jpg"}
    page.context.close()


@pytest.mark.judge("chromium")
def test_on_a_phone_a_swipe_scrolls_and_draws_only_when_asked(browser: Any, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    page = opened(browser, folder, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#full")
    page.locator("#original").scroll_into_view_if_needed()
    frame = page.locator("#original .sheet").bounding_box()

    def swipe() -> None:
        session = page.context.new_cdp_session(page)
        points = [{"x": frame["x"] + 150 + step * 10, "y": frame["y"] + 60 + step * 10} for step in range(5)]
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe()
    assert saved(page, folder)[NAME].hide == (GIVEN,)
    page.locator("#draw").click()
    page.locator("#original").evaluate("view => { view.scrollLeft = 0; view.scrollTop = 0; }")
    page.locator("#original").scroll_into_view_if_needed()
    frame = page.locator("#original .sheet").bounding_box()
    swipe()
    assert len(saved(page, folder)[NAME].hide) == 2
    page.context.close()


@pytest.mark.judge("chromium")
@pytest.mark.parametrize("width", [390, 1300])
def test_a_photograph_of_a_cameras_size_stays_beside_the_one_that_was_written(
    browser: Any, tmp_path: Path, width: int
) -> None:
    (tmp_path / "large.jpg").write_bytes(jpeg(Image.new("RGB", (3264, 1600), (96, 110, 90))))
    (done,) = protect([tmp_path / "large.jpg"], ProtectIntent(tmp_path / "out", False, {}), SIGNER)
    assert isinstance(done, Protected)
    write_page(tmp_path / "out", on_the_page())
    page = opened(browser, tmp_path, viewport={"width": width, "height": 850})
    for size in ("#larger", "#full"):
        page.click(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for view in ("#original", "#written"):
            frame = page.locator(view).bounding_box()
            assert frame["x"] >= 0
            assert frame["x"] + frame["width"] <= width
            assert page.locator(view).evaluate("view => view.scrollWidth > view.clientWidth")
    page.locator("#original").evaluate("view => view.scrollTo(500, 400)")
    page.wait_for_function("document.getElementById('written').scrollLeft === 500")
    assert page.locator("#written").evaluate("view => view.scrollTop") == 400
    page.context.close()


@pytest.mark.judge("chromium")
@pytest.mark.parametrize("width", [390, 1100])
def test_nothing_stands_in_the_way_of_a_screen_reader_or_a_thumb(browser: Any, tmp_path: Path, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, folder_of(tmp_path), viewport={"width": width, "height": 900})
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()
    assert page.get_by_role("button", name="box 2: face (50 %), hidden, 50 by 60 pixels").count() == 2
    assert page.get_by_role("button", name="box 3: perhaps a face (10 %), not answered").count() == 3
    page.context.close()


def test_the_page_asks_for_nothing_but_its_own_pictures(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    text = (folder / "out/review.html").read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "<b>" not in text
    for file in (folder / "out/review").iterdir():
        assert file.stat().st_mode & 0o077 == 0
    assert (folder / "out/review.html").stat().st_mode & 0o077 == 0


def test_five_hundred_photographs_would_stay_small(tmp_path: Path) -> None:
    parts = tuple(Part(Box(n, n, n + 90, n + 110), "uncertain", 0.123) for n in range(20))
    made, run = render(Reviewed("a.jpg", parts, "0" * 64), prepare(jpeg(scene()))), new_run()
    count = 50
    for number in range(count):
        name = f"DSC_{number:04}.jpg"
        document = made.document.replace(b'"a.jpg"', json.dumps(name).encode())
        write_pictures(tmp_path, ReviewPictures(name, b"", document), run)
        (tmp_path / f"{name}.statement.json").write_bytes(FULL.statement)
    show_run(tmp_path, run)
    page = write_page(tmp_path, on_the_page())
    assert page is not None
    assert page.read_text(encoding="utf-8").count('"name":"DSC_') == count
    # The limit is 30 MB for 500; without pictures inside the page is far below, and each photograph adds the same.
    assert page.stat().st_size < 300_000
