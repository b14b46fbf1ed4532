"""The screenshots of docs/pictures/desk: the road clicked through on the cards of `make desk`.

    python tools/desk_screens.py --work DIR [--out docs/pictures/desk]

Leaves DIR, so that the pages can be looked at again.
"""

from __future__ import annotations

import argparse
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from tools.desk_stage import make

from fifthfloor.desk.server import Serving

PHRASE = "tapeless unwitting gargle skedaddle ozone frolic plywood"
_COLOURS = 160
_ALSO = ("cards", "hide-sheet", "hide-where", "audit")  # in the dark and on a telephone
Snap = Callable[[str], None]


def snapper(page: Any, out: Path, suffix: str, only: Sequence[str] = ()) -> Snap:
    """Return what saves the page as it is now."""

    def snap(name: str) -> None:
        if (suffix and name not in _ALSO) or (only and name not in only):
            return
        page.wait_for_timeout(300)
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        small = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
        small.save(out / f"{name}{suffix}.png", optimize=True)

    return snap


def card(page: Any, name: str) -> Any:
    """Return the box of a card."""
    return page.locator("label.card", has_text=name).locator("input")


def settle(page: Any) -> None:
    """Wait until a job is over or asks."""
    page.wait_for_selector("[data-job]", state="detached", timeout=120_000)


def working(page: Any) -> bool:
    """Wait until a job says how long it still takes; says whether it still works then."""
    for _ in range(200):
        if not page.locator("[data-job]").count():
            return False
        if page.evaluate("document.getElementById('rate')?.textContent"):
            return True
        page.wait_for_timeout(50)
    return False


def road(page: Any, snap: Snap) -> None:
    """Click through all pages of the road."""
    snap("cards")
    page.locator("li.card", has_text="shooting.img").get_by_role("button").click()
    settle(page)
    snap("card")
    page.get_by_role("link", name="Hide").first.click()
    snap("hide")
    card(page, "shooting.img").check()
    page.get_by_role("button", name="Show the photographs").click()
    for box in page.locator(".sheet input").all()[:3]:
        box.check()
    snap("hide-sheet")
    page.get_by_role("button", name="Hide these").click()
    for name in ("card-1", "card-2", "card-3"):
        card(page, name).check()
    page.locator("#reckoned p").nth(1).wait_for()
    page.locator(".sliders").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 260)")
    snap("hide-where")
    page.fill("#passphrase", PHRASE)
    page.fill("#again", PHRASE)
    page.get_by_role("button", name="Look first").click()
    page.wait_for_timeout(400)
    settle(page)
    snap("hide-asks")
    page.get_by_role("button", name="Hide on 3 cards now").click()
    if working(page):
        snap("working")
    settle(page)
    snap("hide-done")
    page.get_by_role("link", name="Check").first.click()
    for name in ("card-1", "card-3"):
        card(page, name).check()
    page.fill("#passphrase", PHRASE)
    page.get_by_role("button", name="Check").click()
    settle(page)
    snap("check")
    page.get_by_role("link", name="Open").click()
    for name in ("card-1", "card-3"):
        card(page, name).check()
    snap("open")
    page.fill("#passphrase", PHRASE)
    page.get_by_role("button", name="Bring back").click()
    settle(page)
    snap("open-done")
    page.get_by_role("link", name="Audit").click()
    card(page, "shooting.img").check()
    page.get_by_role("button", name="Search").click()
    settle(page)
    snap("audit")
    page.get_by_role("link", name="Recover").click()
    card(page, "shooting.img").check()
    page.get_by_role("button", name="Find them").click()
    settle(page)
    snap("recover")
    page.get_by_role("link", name="Tidy").click()
    card(page, "shooting.img").check()
    page.get_by_role("button", name="Look first").click()
    settle(page)
    snap("tidy")
    page.get_by_role("button", name="No, leave").click()
    page.get_by_role("link", name="Wipe").click()
    card(page, "card-2").check()
    page.get_by_role("button", name="Look first").click()
    settle(page)
    snap("wipe")
    page.get_by_role("button", name="No, leave").click()


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
            serving = Serving(folder, [])
            serving.start()
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(serving.address)
            road(page, snapper(page, asked.out, suffix, asked.only))
            context.close()
            serving.end()
        browser.close()


if __name__ == "__main__":
    main()
