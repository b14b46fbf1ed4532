"""Frames a second while a box is dragged over a photograph of 24 megapixels in the desk.

    PYTHONPATH=. python bench/desk_drag.py

A drawn photograph of 6000 x 4000 is protected and opened in Debian's Chromium. A box is added and dragged to and fro
by mouse; the page counts its animation frames meanwhile. Printed: frames a second, moves of the mouse that were
sent, and the main thread's processor time for each frame; the peer is the same page with nothing dragged.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from measure import helped
from PIL import Image
from tests.redact.test_review_page import SIGNER

from fifthfloor.desk.server import Serving
from fifthfloor.tasks.people.protect import ProtectIntent, protect

WIDTH, HEIGHT, SECONDS = 6000, 4000, 4.0
COUNT = """() => {
  if (window.frames_seen !== undefined) return;
  window.frames_seen = 0;
  const step = () => { window.frames_seen += 1; requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""


def photograph() -> bytes:
    """Draw 24 megapixels: hills of grey and fine noise, as heavy to decode as a photograph."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    hills = 128 + 60 * np.sin(rows / 300) * np.cos(columns / 200)
    noise = np.random.default_rng(24).normal(0, 12, (HEIGHT, WIDTH)).astype(np.float32)
    grey = np.clip(hills + noise, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(np.dstack([grey, grey, grey])).save(out, "JPEG", quality=90, subsampling=2)
    return out.getvalue()


def measured(page: Any, wire: Any, work: Any) -> dict[str, float]:
    """Count frames while `work` runs again and again."""
    cpu = thread_seconds(wire)
    page.evaluate(COUNT)
    first, begun, moves = page.evaluate("window.frames_seen"), time.perf_counter(), 0
    while time.perf_counter() - begun < SECONDS:
        moves += work(moves)
    took, frames = time.perf_counter() - begun, page.evaluate("window.frames_seen") - first
    spent = thread_seconds(wire) - cpu
    return {"frames_a_second": frames / took, "moves": moves, "cpu_ms_a_frame": 1000 * spent / max(1, frames)}


def rest(_moves: int) -> int:
    """Do nothing to the page for a moment."""
    time.sleep(0.01)
    return 0


def thread_seconds(wire: Any) -> float:
    """Return what the page's main thread has worked."""
    told = {one["name"]: one["value"] for one in wire.send("Performance.getMetrics")["metrics"]}
    return float(told["TaskDuration"])


def main() -> None:
    """Measure once, and print the row."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        (Path(made) / "a.jpg").write_bytes(photograph())
        list(protect([Path(made) / "a.jpg"], ProtectIntent(Path(made) / "out", find_faces=False), SIGNER))
        serving = Serving(Path(made), [])
        serving.start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        wire = page.context.new_cdp_session(page)
        wire.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(serving.address)
        page.goto(f"{serving.desk.door.origin}/20")
        page.get_by_label("out", exact=True).first.check()
        page.get_by_role("button", name="Go on").click()
        page.locator(".photos a").first.click()
        page.wait_for_load_state("networkidle")
        page.keyboard.press("a")
        box = page.locator("#original .box.selected").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        still = measured(page, wire, rest)
        page.mouse.move(x, y)
        page.mouse.down()

        def drag(moves: int) -> int:
            page.mouse.move(x + moves % 60, y + moves % 40)
            return 1

        dragged = measured(page, wire, drag)
        page.mouse.up()
        weight = (Path(made) / "out" / "a.jpg").stat().st_size
        browser.close()
        serving.end()
    row = {"megapixels": WIDTH * HEIGHT / 1e6, "jpeg_bytes": weight, "dragged": dragged, "still": still}
    print(json.dumps(row, default=lambda one: round(one, 3)))


if __name__ == "__main__":
    helped(__doc__)
    main()
