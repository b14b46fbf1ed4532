"""The screenshots of docs/pictures/desk of the pages at home: photographs of our own drawing protected, approved, told.

    PYTHONPATH=. python tools/desk_home_screens.py --work DIR [--out docs/pictures/desk]

Leaves DIR, so that the pages can be looked at again.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from tests.essay.protected import ALT
from tests.redact.drawn import scene, telling
from tools.desk_screens import Snap, settle, snapper

from fifthfloor.desk.server import Serving

FACES = (((600, 200, 180), (120, 300, 60)), ((300, 160, 240),))


def home(page: Any, snap: Snap) -> None:
    """Click through the pages at home."""
    page.get_by_role("link", name="Protect").click()
    snap("protect")
    page.get_by_label("DCIM").check()
    page.get_by_role("button", name="Protect", exact=True).click()
    settle(page)
    snap("protect-done")
    page.get_by_role("link", name="Look at them").click()
    snap("protect-grid")
    grid = page.url
    for number in range(1, len(FACES) + 1):
        page.goto(f"{grid}/{number}")
        page.wait_for_load_state("networkidle")
        if number == 1:
            page.keyboard.press("u")
            snap("protect-one")
        if page.locator("#none").is_visible():
            page.keyboard.press("n")
        page.keyboard.press("l")
        page.locator("#kept:text-is('saved')").wait_for()
    page.goto(grid)
    page.fill("#by", "Kim")
    page.get_by_role("button", name="Approve").click()
    settle(page)
    snap("protect-approved")
    page.get_by_role("link", name="Essay").click()
    snap("essay-begin")
    page.get_by_label("protected").check()
    page.get_by_role("button", name="Begin").click()
    settle(page)
    page.get_by_role("link", name="Write it").click()
    for number in range(len(FACES)):
        page.fill(f"#kicker{number}", "Entry point")
        page.fill(f"#caption{number}", "They wanted to know how many lenses, and wrote the number down.")
        page.fill(f"#alt{number}", ALT)
        page.locator(f"#photo{number}").get_by_label("seen").check()
    page.locator("#kept:text-is('saved')").wait_for()
    page.evaluate("scrollTo(0, 0)")
    snap("essay")
    page.get_by_role("link", name="Make it a pair with the next").click()
    page.wait_for_load_state("networkidle")
    page.fill("#left", "By day")
    page.fill("#right", "By night")
    snap("essay-pair")
    page.get_by_role("link", name="Back to the essay").click()
    page.get_by_role("link", name="See how it reads").click()
    snap("essay-preview")
    page.get_by_role("link", name="Back to the essay").click()
    page.get_by_role("button", name="Check it").click()
    settle(page)
    snap("essay-check")


def main() -> None:
    """Make the photographs, and one picture of each page: light, and on a telephone."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/desk"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for suffix, width, height in (("", 1180, 820), ("-phone", 390, 780)):
            folder = asked.work / f"home{suffix}"
            (folder / "DCIM").mkdir(parents=True)
            for number, faces in enumerate(FACES, 1):
                (folder / "DCIM" / f"DSC_{number:04d}.jpg").write_bytes(
                    telling(scene(960, 640, faces=faces, seed=number))
                )
            serving = Serving(folder, [])
            serving.start()
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            page.set_default_timeout(120_000)
            page.goto(serving.address)
            home(page, snapper(page, asked.out, suffix))
            context.close()
            serving.end()
        browser.close()


if __name__ == "__main__":
    main()
