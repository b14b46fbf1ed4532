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
from tests.trace.scenes import jpeg
from tests.trace.scenes import scene as crowd
from tools.desk_screens import Snap, snapper, work

from fifthfloor.desk.server import Serving
from fifthfloor.tasks.trace.ingest import add, waiting

FACES = (((600, 200, 180), (120, 300, 60)), ((300, 160, 240),))


def home(page: Any, snap: Snap) -> None:
    """Click through the pages at home."""
    page.get_by_role("link", name="Protect").click()
    snap("protect")
    page.get_by_label("DCIM", exact=True).check()
    work(page, "Protect")
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
    work(page, "Approve")
    snap("protect-approved")
    page.get_by_role("link", name="Essay").click()
    snap("essay-begin")
    page.get_by_label("protected").check()
    work(page, "Begin")
    snap("essay-begun")
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
    work(page, "Check it")
    snap("essay-check")
    page.get_by_role("link", name="Back to the essay").click()
    page.wait_for_load_state("networkidle")
    finish(page)
    work(page, "Publish")
    snap("published")
    page.get_by_role("link", name="Trace").click()
    page.locator("input[name=folder]").locator("xpath=..").filter(has_text="saved").click()
    page.locator("input[name=archive]").locator("xpath=..").filter(has_text="ours").click()
    snap("trace")
    page.get_by_role("button", name="Look").click()
    page.locator(".told img").nth(1).wait_for()
    snap("trace-done")


def finish(page: Any) -> None:
    """Write what the check asked for: who tells it, under which licence, and words of one's own."""
    head, prose = (page.locator("form.text textarea").nth(number) for number in range(2))
    text = head.input_value()
    for key, said in (("standfirst", "A line at a gate."), ("byline", "Kim"), ("licence", "CC BY 4.0")):
        text = text.replace(f'{key} = ""', f'{key} = "{said}"')
    head.fill(text)
    prose.fill("A queue at a gate, and what the two who stood in it were asked.")
    page.locator("#kept:text-is('saved')").wait_for()
    page.wait_for_load_state("networkidle")


def tellings(folder: Path) -> None:
    """Make an archive of two photographs, and two saved pages that tell the first of them in their own ways."""
    pictures, saved = folder / "pictures", folder / "saved"
    pictures.mkdir()
    saved.mkdir()
    for seed in range(2):
        (pictures / f"crowd-{seed}.jpg").write_bytes(jpeg(crowd(seed, 600, 400)))
    list(add(waiting([pictures], folder / "ours").files, folder / "ours"))
    changed = crowd(0, 600, 400)
    changed.paste((128, 128, 128), (300, 200, 360, 280))
    for name, title, caption, picture in (
        ("a", "First Post", "A quiet line at the gate", crowd(0, 600, 400)),
        ("b", "Second Times", "A tense line at the gate", changed.crop((90, 0, 600, 400))),
    ):
        (saved / f"{name}.jpg").write_bytes(jpeg(picture, 60))
        text = f"<title>{title}</title><figure><img src={name}.jpg><figcaption>{caption}</figcaption></figure>"
        (saved / f"{name}.html").write_text(text, encoding="utf-8")


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
            tellings(folder)
            serving = Serving(folder, [])
            serving.start()
            context = browser.new_context(viewport={"width": width, "height": height})
            page = context.new_page()
            page.set_default_timeout(120_000)
            page.goto(serving.address)
            home(page, snapper(page, asked.out, suffix, every=True))
            context.close()
            serving.end()
        browser.close()


if __name__ == "__main__":
    main()
