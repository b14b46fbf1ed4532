"""The road clicked in a real Chromium on cards of other makers: by mouse, by keys alone, without a script; panic."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from tests.desk.at_desk import PATIENCE_SECONDS, at_screen, chromium, open_desk
from tests.desk.left_behind import left_behind
from tests.desk.test_mishaps import SlowMedium
from tests.jpeg.pictures import jpeg
from tests.outside import program_at
from tests.tasks.cards_at_hand import outside_free, roll, tree, visible
from tests.tasks.quick import LABEL, PASSPHRASE, quick_argon2id

from fifthfloor.desk.address import ADDRESS
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import sweep as sweeping

__all__ = ["chromium"]
pytestmark = pytest.mark.judge("chromium", "mkfs.fat", "mkfs.exfat", "mcopy", "fsck.fat")

PATIENCE_MS = PATIENCE_SECONDS * 1000


def made_outside(folder: Path, name: str, kind: str) -> Path:
    """A card formatted, and where mtools can, filled, by other people's programs."""
    path = folder / name
    with path.open("wb") as image:
        image.truncate(40_000_000)
    options = ["-F", "32", "-n", "TRAVEL"] if kind == "fat" else ["-L", "TRAVEL2"]
    run(f"mkfs.{kind}", *options, str(path))
    if kind == "fat":
        shot = folder / "shot"
        shot.mkdir(exist_ok=True)
        for number in range(1, 7):
            (shot / f"IMG_{number:04d}.JPG").write_bytes(jpeg(320, 208, seed=number, subsampling=2))
        run("mmd", "-i", str(path), "::DCIM", "::DCIM/100CANON")
        run("mcopy", "-i", str(path), *map(str, sorted(shot.iterdir())), "::DCIM/100CANON/")
    return path


def run(program: str, *arguments: str) -> None:
    found = program_at(program)
    assert found
    subprocess.run([found, *arguments], check=True, capture_output=True)


@pytest.fixture(name="folder")
def cards_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(secret, "KDF", quick_argon2id)
    folder = tmp_path / "trip"
    folder.mkdir()
    made_outside(folder, "one.img", "fat")
    made_outside(folder, "two.img", "exfat")
    made_outside(folder, "camera.img", "fat")
    return folder


def card(page: Any, name: str) -> Any:
    return page.locator("label.card", has_text=name).locator("input")


def until(page: Any, expression: str) -> None:
    """Wait for something on the page; Playwright's own way evaluates a string, which the desk's policy forbids."""
    late = time.monotonic() + PATIENCE_SECONDS
    while not page.evaluate(expression):
        assert time.monotonic() < late, expression
        time.sleep(0.05)


def settled(page: Any) -> None:
    """Wait until a job's page has given way to that of its end, and this one is there; between them there is none."""
    page.wait_for_url("**/j/*", timeout=PATIENCE_MS)
    page.wait_for_selector("body:not(:has([data-job])) main h1", timeout=PATIENCE_MS)
    page.wait_for_load_state()


def test_the_road_by_mouse_byte_for_byte(browser: Any, folder: Path) -> None:
    before = {name: (visible(folder / name), outside_free(folder / name)) for name in ("one.img", "two.img")}
    originals = {path.name: path.read_bytes() for path in (folder / "shot").iterdir()}
    with open_desk(folder) as serving, at_screen(browser, serving) as page:
        assert page.url == serving.desk.door.origin + "/1"
        page.get_by_role("link", name="Hide").click()
        card(page, "camera.img").check()
        page.get_by_role("button", name="Show the photographs").click()
        until(page, "[...document.querySelectorAll('.sheet img')].every((one) => one.naturalWidth > 0)")
        page.locator(".sheet label").nth(1).click()
        page.locator(".sheet label").nth(3).click(modifiers=["Shift"])
        assert page.locator("#count").inner_text() == "3 frames are picked"
        page.get_by_role("button", name="Hide these").click()
        card(page, "one.img").check()
        page.get_by_text("It fits").wait_for()
        card(page, "two.img").check()
        until(page, "document.getElementById('lose').max === '1'")
        page.locator("#lose").fill("1")
        page.get_by_text("any 1 of these 2 cards").wait_for()
        page.locator("#overwrite").fill("10")
        page.get_by_text("Overwritten: 10 %").wait_for()
        page.fill("#passphrase", PASSPHRASE)
        page.fill("#again", PASSPHRASE)
        page.get_by_text("It has a label").click()
        page.fill("#label", LABEL)
        page.get_by_text("A label, or a passphrase").click()
        page.fill("#label_again", LABEL)
        page.get_by_label("Then remove them from camera.img").check()
        page.get_by_role("button", name="Look first").click()
        page.get_by_role("heading", name="This is what will happen").wait_for(timeout=PATIENCE_MS)
        assert page.get_by_text("a minder will then count 3").count()
        page.get_by_role("button", name="Hide on 2 cards, then remove").click()
        page.get_by_role("heading", name="Hidden").wait_for(timeout=PATIENCE_MS)
        page.get_by_role("link", name="Check").first.click()
        card(page, "two.img").check()
        page.fill("#passphrase", PASSPHRASE)
        page.get_by_text("It has a label").click()
        page.fill("#label", LABEL)
        page.get_by_role("button", name="Check").click()
        page.get_by_text("Comes back").wait_for(timeout=PATIENCE_MS)
        page.get_by_role("link", name="Open").click()
        card(page, "one.img").check()
        page.fill("#passphrase", PASSPHRASE)
        page.get_by_text("It has a label").click()
        page.fill("#label", LABEL)
        page.get_by_role("button", name="Bring back").click()
        page.get_by_role("heading", name="It came back").wait_for(timeout=PATIENCE_MS)
        for name in ("Audit", "Recover", "Tidy", "Wipe"):
            page.get_by_role("link", name=name).click()
            card(page, "one.img").check()
            page.locator("main button").last.click()
            settled(page)
            assert page.locator("h1").inner_text() != "That did not work" or name == "Recover"
            if page.get_by_role("button", name="No, leave").count():
                page.get_by_role("button", name="No, leave").click()
    back = {path.name: path.read_bytes() for path in (folder / "came-back").iterdir()}
    assert back == {name: originals[name] for name in ("IMG_0002.JPG", "IMG_0003.JPG", "IMG_0004.JPG")}
    assert sorted(Path(path).name for path in visible(folder / "camera.img")) == sorted(originals.keys() - back.keys())
    for name, state in before.items():
        assert (visible(folder / name), outside_free(folder / name)) == state
    run("fsck.fat", "-n", str(folder / "one.img"))
    run("fsck.fat", "-n", str(folder / "camera.img"))


def test_the_road_by_keyboard_alone(browser: Any, folder: Path) -> None:
    roll(folder / "roll", megabytes=0.3)
    with open_desk(folder) as serving, at_screen(browser, serving) as page:
        keyboard = page.keyboard

        def focused() -> str:
            if page.evaluate("document.activeElement === document.body"):
                return ""
            return str(page.evaluate("(document.activeElement.closest('label') ?? document.activeElement).textContent"))

        def to(text: str) -> None:
            for _ in range(80):
                keyboard.press("Tab")
                if text in focused() or text == page.evaluate("document.activeElement.id"):
                    return
            raise AssertionError(f"no key leads to {text}")

        to("Hide")
        keyboard.press("Enter")
        page.get_by_role("heading", name="Hide photographs").wait_for()
        to("camera.img")
        for _ in range(10):
            if "roll" in focused():
                break
            keyboard.press("ArrowDown")
        assert "roll" in focused()
        keyboard.press("Space")
        to("Show the photographs")
        keyboard.press("Enter")
        page.get_by_role("heading", name="Where, and how safe?").wait_for()
        to("one.img")
        keyboard.press("Space")
        page.get_by_text("It fits").wait_for()
        to("overwrite")
        keyboard.press("ArrowRight")
        assert page.locator("#overwrite").input_value() == "21"
        to("passphrase")
        keyboard.type(PASSPHRASE)
        to("again")
        keyboard.type(PASSPHRASE)
        keyboard.press("Enter")
        page.get_by_role("heading", name="This is what will happen").wait_for(timeout=PATIENCE_MS)
        to("Hide on 1 card now")
        keyboard.press("Enter")
        page.get_by_role("heading", name="Hidden").wait_for(timeout=PATIENCE_MS)
        to("Open")
        keyboard.press("Enter")
        page.get_by_role("heading", name="Bring it back").wait_for()
        to("one.img")
        keyboard.press("Space")
        to("passphrase")
        keyboard.type(PASSPHRASE)
        keyboard.press("Enter")
        page.get_by_role("heading", name="It came back").wait_for(timeout=PATIENCE_MS)
        to("Cards")
        keyboard.press("Enter")
        page.get_by_role("heading", name="Cards").wait_for()
        to("Look at it")
        keyboard.press("Enter")
        page.get_by_role("heading", name="What others see").wait_for(timeout=PATIENCE_MS)
        for name in ("Check", "Audit", "Recover", "Tidy", "Wipe"):
            to(name)
            keyboard.press("Enter")
            page.wait_for_url(f"**{ADDRESS[name.lower()]}")
            to(".img")
            for _ in range(5):  # from box to box with Tab, within radio buttons with arrows
                if "one.img" in focused():
                    break
                is_box = page.evaluate("document.activeElement.type") == "checkbox"
                keyboard.press("Tab" if is_box else "ArrowDown")
            keyboard.press("Space")
            if name == "Check":
                to("passphrase")
                keyboard.type(PASSPHRASE)
            to(page.locator("main button").last.inner_text())
            keyboard.press("Enter")
            settled(page)
            if page.get_by_role("button", name="No, leave").count():
                to("No, leave")
                keyboard.press("Enter")
                page.get_by_role("heading", name="Nothing was done").wait_for(timeout=PATIENCE_MS)
    assert tree(folder / "came-back" / "roll") == tree(folder / "roll")


def test_without_a_script_on_a_telephone(browser: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roll(folder / "roll", megabytes=0.3)
    monkeypatch.setattr(sweeping, "MEDIUM", SlowMedium)
    phone = {"viewport": {"width": 390, "height": 780}, "java_script_enabled": False}
    with open_desk(folder) as serving, at_screen(browser, serving, **phone) as page:
        page.get_by_role("link", name="Hide").click()
        page.get_by_label("roll", exact=True).check()
        page.get_by_role("button", name="Show the photographs").click()
        card(page, "one.img").check()
        page.get_by_role("button", name="Reckon").click()
        page.get_by_text("It fits").wait_for()
        assert card(page, "one.img").is_checked()
        page.fill("#passphrase", PASSPHRASE)
        page.fill("#again", PASSPHRASE)
        page.get_by_role("button", name="Look first").click()
        page.get_by_role("heading", name="This is what will happen").wait_for(timeout=PATIENCE_MS)
        page.get_by_role("button", name="Hide on 1 card now").click()
        page.locator("progress").wait_for(timeout=PATIENCE_MS)
        page.get_by_role("heading", name="Hidden").wait_for(timeout=PATIENCE_MS)


def test_a_window_that_is_closed_in_a_sweep_and_opened_again(
    browser: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MEDIUM", SlowMedium)
    with open_desk(folder) as serving, at_screen(browser, serving) as page:
        page.get_by_role("link", name="Wipe").click()
        card(page, "one.img").check()
        page.get_by_role("button", name="Look first").click()
        page.get_by_role("button", name="Wipe 1 card now").click(timeout=PATIENCE_MS)
        page.get_by_text("writing").wait_for(timeout=PATIENCE_MS)
        job = page.url
        until(page, "document.getElementById('percent').textContent !== ''")
        context = page.context
        page.goto("about:blank")
        again = context.new_page()
        again.goto(serving.desk.door.origin + "/1")
        again.get_by_role("link", name="see it").click()
        assert again.url == job
        again.get_by_text("left").first.wait_for(timeout=PATIENCE_MS)
        again.get_by_role("heading", name="Done").wait_for(timeout=PATIENCE_MS)


@pytest.mark.parametrize("how", ["keys", "button"])
def test_panic_leaves_a_blank_page_and_nothing_in_profile_or_home(
    browser: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The browser's own folders, cache and history included, searched by `audit` and for every word of the pages."""
    home, profile = tmp_path / "home", tmp_path / "home" / "profile"
    profile.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(sweeping, "MEDIUM", SlowMedium)
    before = visible(folder / "one.img")
    with open_desk(folder) as serving:
        context = browser.browser_type.launch_persistent_context(
            str(profile), executable_path=program_at("chromium"), args=["--no-sandbox"]
        )
        page = context.new_page()
        page.goto(serving.address)
        page.get_by_role("link", name="Hide").click()
        card(page, "camera.img").check()
        page.get_by_role("button", name="Show the photographs").click()
        until(page, "[...document.querySelectorAll('.sheet img')].every((one) => one.naturalWidth > 0)")
        page.locator(".sheet input").first.check()
        page.get_by_role("button", name="Hide these").click()
        card(page, "one.img").check()
        page.fill("#passphrase", PASSPHRASE)
        page.fill("#again", PASSPHRASE)
        if how == "keys":  # in the middle of a sweep
            page.get_by_role("button", name="Look first").click()
            page.get_by_role("button", name="Hide on 1 card now").click(timeout=PATIENCE_MS)
            page.get_by_text("writing").wait_for(timeout=PATIENCE_MS)
            for _ in range(3):
                page.keyboard.press("Escape")
        else:
            page.locator("#panic").click()
        page.wait_for_url("about:blank", timeout=PATIENCE_MS)
        assert page.content() == "<html><head></head><body></body></html>"
        assert serving.desk.ended.wait(PATIENCE_SECONDS)
        assert serving.end()
        context.close()
    assert visible(folder / "one.img") == before
    assert left_behind(home, PASSPHRASE, PASSPHRASE.split()[0], "IMG_0001", "one.img", "camera.img") == []
