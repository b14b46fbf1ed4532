"""review.html of 500 photographs with 20 faces each, in Chromium: rows for docs/performance/people.md.

python bench/review_page.py [photographs, default 500]
"""

from __future__ import annotations

import io
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from measure import helped

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright
from tests.redact.test_admission import FULL

from fifthfloor.redact.boxes import Box
from fifthfloor.redact.hidden_parts import Part
from fifthfloor.redact.prepare import prepare
from fifthfloor.redact.review import Reviewed, ReviewPictures, render
from fifthfloor.tasks.people.reviewing import new_run, show_run, write_page, write_pictures
from fifthfloor.words.review import on_the_page

FACES = 20
OPENED = 5
TIMING = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
# The first alone: asking where the others are would make the browser lay out what it is meant to leave for later.
IN_SIGHT = "(one => one && one.complete && one.naturalWidth > 0)(document.querySelector('#original img'))"


def make(folder: Path, count: int) -> Path:
    """Write a folder as `protect` leaves it: a page, and an overview and a sheet of faces a photograph."""
    pixels = np.asarray(
        Image.effect_noise((3000, 2000), 60).resize((6000, 4000), Image.Resampling.BICUBIC).convert("RGB")
    )
    places = [(300 * number, 180 * number) for number in range(FACES)]
    parts = tuple(Part(Box(x, y, x + 160, y + 200), "uncertain", 0.123) for x, y in places)
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "JPEG", quality=88)
    run = new_run()
    made = render(Reviewed("a.jpg", parts, "0" * 64), prepare(packed.getvalue()))
    for number in range(count):
        name = f"DSC_{number:04}.jpg"
        document = made.document.replace(b'"a.jpg"', json.dumps(name).encode())
        write_pictures(folder, ReviewPictures(name, made.original, document), run)
        (folder / f"{name}.statement.json").write_bytes(FULL.statement)
    show_run(folder, run)
    page = write_page(folder, on_the_page())
    assert page is not None
    return page


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    ready, seen = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_path = make(Path(folder), count)
        megabytes = page_path.stat().st_size / 1e6
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(OPENED):
            page = browser.new_context(offline=True, viewport={"width": 1366, "height": 768}).new_page()
            start = time.perf_counter()
            page.goto(page_path.as_uri(), wait_until="commit")
            page.wait_for_function(IN_SIGHT)
            seen.append(time.perf_counter() - start)
            ready.append(page.evaluate(TIMING) / 1000)
            assert page.locator("#place").inner_text() == f"photograph 1 of {count}"
            page.context.close()
        browser.close()
    print("| what | measured | limit |\n|---|---|---|")
    print(f"| `review.html` of {count} photographs with {FACES} faces each | {megabytes:.1f} MB | 30 MB |")
    ready_s, seen_s = statistics.median(ready), statistics.median(seen)
    print(f"| opens in Chromium: built, median of {OPENED} | {ready_s:.2f} s | at once |")
    print(f"| and the first photograph is loaded | {seen_s:.2f} s | at once |")


if __name__ == "__main__":
    helped(__doc__)
    main()
