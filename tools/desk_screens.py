"""The screenshots of docs/pictures/desk: the road clicked through on the cards of `make desk`.

    python tools/desk_screens.py --work DIR [--out docs/pictures/desk]

Leaves DIR, so that the pages can be looked at again.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from tests.cards.cards_made import fat_card
from tools.desk_stage import make

from fifthfloor.desk.server import Serving

PHRASE = "tapeless unwitting gargle skedaddle ozone frolic plywood"
_COLOURS = 160
_ALSO = ("cards", "hide-sheet", "hide-where", "audit")  # in the dark and on a telephone
Snap = Callable[[str], None]


def snapper(page: Any, out: Path, suffix: str, only: Sequence[str] = (), *, every: bool = False) -> Snap:
    """Return what saves the page as it is now; of those with a suffix a few, or `every`."""

    def snap(name: str) -> None:
        if (suffix and not every and name not in _ALSO) or (only and name not in only):
            return
        page.wait_for_timeout(300)
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        small = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
        small.save(out / f"{name}{suffix}.png", optimize=True)

    return snap


def card(page: Any, name: str) -> Any:
    """Return the box of a card."""
    return page.locator("label.card", has_text=name).locator("input")


def work(page: Any, button: str) -> None:
    """Press what begins a job, and wait until it is over or asks: before the page of its end there is none."""
    press(page, button)
    settle(page)


def press(page: Any, button: str) -> None:
    """Press the button that begins so, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^" + button)).click()


def settle(page: Any) -> None:
    """Wait until the page of a job has given way to that of its end."""
    page.wait_for_selector("body:not(:has([data-job])) main h1", timeout=120_000)
    page.wait_for_load_state("networkidle")


def working(page: Any) -> bool:
    """Wait until a job says how long it still takes; says whether it still works then."""
    for _ in range(200):
        if not page.locator("[data-job]").count():
            return False
        if page.evaluate("document.getElementById('rate')?.textContent"):
            return True
        page.wait_for_timeout(50)
    return False


def road(page: Any, snap: Snap, elsewhere: Path) -> None:
    """Click through all pages of the road; `elsewhere` is an image that is brought there at the end."""
    snap("cards")
    with page.expect_navigation():
        page.locator("li.card", has_text="shooting.img").get_by_role("button").click()
    settle(page)
    snap("card")
    page.get_by_role("link", name="Hide").first.click()
    snap("hide")
    card(page, "shooting.img").check()
    press(page, "Show the photographs")
    for box in page.locator(".sheet input").all()[:3]:
        box.check()
    snap("hide-sheet")
    press(page, "Hide these")
    for name in ("card-1", "card-2", "card-3"):
        card(page, name).check()
    page.locator("#reckoned p").nth(1).wait_for()
    page.locator(".sliders").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 260)")
    snap("hide-where")
    page.fill("#passphrase", PHRASE)
    page.fill("#again", "skedaddle")
    press(page, "Look first")
    snap("refused")
    page.go_back()
    page.fill("#passphrase", PHRASE)
    page.fill("#again", PHRASE)
    work(page, "Look first")
    snap("hide-asks")
    press(page, "Hide on 3 cards now")
    if working(page):
        snap("working")
    settle(page)
    snap("hide-done")
    page.get_by_role("link", name="Check").first.click()
    snap("check-first")
    for name in ("card-1", "card-3"):
        card(page, name).check()
    page.fill("#passphrase", PHRASE)
    work(page, "Check")
    snap("check")
    page.get_by_role("link", name="Open").click()
    for name in ("card-1", "card-3"):
        card(page, name).check()
    snap("open")
    page.fill("#passphrase", PHRASE)
    work(page, "Bring back")
    snap("open-done")
    page.get_by_role("link", name="Audit").click()
    snap("audit-first")
    card(page, "shooting.img").check()
    work(page, "Search")
    snap("audit")
    page.get_by_role("link", name="Recover").click()
    snap("recover-first")
    card(page, "shooting.img").check()
    work(page, "Find them")
    snap("recover")
    work(page, "Bring them back")
    snap("recovered")
    page.get_by_role("link", name="Tidy").click()
    snap("tidy-first")
    card(page, "shooting.img").check()
    work(page, "Look first")
    snap("tidy")
    work(page, "Scrub the names")
    snap("tidied")
    page.get_by_role("link", name="Wipe").click()
    snap("wipe-first")
    stopped_and_declined(page, snap)
    card(page, "card-2").check()
    work(page, "Look first")
    snap("wipe")
    work(page, "Wipe 1 card now")
    snap("wiped")
    page.get_by_role("link", name="Cards").click()
    page.set_input_files("#image", elsewhere)
    press(page, "Bring it here")
    page.get_by_text("a copy for looking only").scroll_into_view_if_needed()
    snap("received")


def stopped_and_declined(page: Any, snap: Snap) -> None:
    """Say no to a wipe, and stop another; ends on the first page of Wipe."""
    for answer, name in (("No", "declined"), ("Wipe 3 cards now", "stopped")):
        for label in ("card-1", "card-2", "card-3"):
            card(page, label).check()
        work(page, "Look first")
        if name == "declined":
            work(page, answer)
        else:
            press(page, answer)
            if working(page):
                work(page, "Stop safely")
        snap(name)
        page.get_by_role("link", name="Wipe").click()


def main() -> None:
    """Make the cards, and one picture of each page: light, and a few dark and on a telephone."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/desk"))
    parser.add_argument("--only", nargs="*", default=[], help="names of pages, light alone")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    looks: dict[str, tuple[int, int, Literal["light", "dark"]]] = {
        "": (1180, 820, "light"),
        "-dark": (1180, 820, "dark"),
        "-phone": (390, 780, "light"),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for suffix, (width, height, scheme) in looks.items():
            if suffix and asked.only:
                continue
            folder = make(asked.work / f"trip{suffix}")
            elsewhere = fat_card(asked.work / f"from-kim{suffix}.img", size_bytes=36_000_000)
            serving = Serving(folder, [])
            serving.start()
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.set_default_timeout(120_000)
            page.goto(serving.address)
            road(page, snapper(page, asked.out, suffix, asked.only), elsewhere)
            context.close()
            serving.end()
        browser.close()


if __name__ == "__main__":
    main()
