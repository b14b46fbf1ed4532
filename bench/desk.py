"""The desk with 5,000 photographs: how soon the first screen of the contact sheet is there, and in how much memory.

    PYTHONPATH=. python bench/desk.py

A card of 5,000 small JPEGs is made, the desk is begun as a program, and a real Chromium opens its contact sheet.
Printed: seconds from the click to the pictures of the first screen, the peak memory of the server's process, and what
was sent for the page itself. The peer is the same browser with a small page of the same desk.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from measure import helped

from fifthfloor_theatre.cards.format import FatWriter, format_fat32
from fifthfloor_theatre.journey.scenes import UNWANTED, roll

COUNT = 5_000
DRAWN = "[...document.querySelectorAll('.sheet img')].slice(0, 15).every((one) => one.naturalWidth > 0)"


def card(path: Path) -> None:
    """A camera's card with 5,000 frames, of eight drawings and as many moments as frames."""
    drawn = [file.content for file in roll(list(UNWANTED)[:8], 8, datetime(2026, 5, 3, 8), size_px=(320, 208))]
    format_fat32(path, max(80 << 20, COUNT * (len(max(drawn, key=len)) + 40_000)), label="CAMERA")
    with FatWriter(path) as writer:
        for number in range(COUNT):
            when = datetime(2026, 5, 3, 8) + timedelta(seconds=20 * number)
            folder = 100 + number // 999
            writer.add_file(f"DCIM/{folder}CAMRA/IMG_{number % 9999 + 1:04d}.JPG", drawn[number % len(drawn)], when)


def peak_bytes(pid: int) -> int:
    """Return the peak of a process's memory."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(told[1]) * 1000 if told else 0


def opened(page: Any, address: str) -> dict[str, float]:
    """Open the sheet; return seconds to its first screen and to an empty page of the desk."""
    page.goto(address)
    page.get_by_role("link", name="Check").click()
    begun = time.perf_counter()
    page.get_by_role("link", name="Hide").click()
    page.locator("h1", has_text="Hide photographs").wait_for()
    empty = time.perf_counter() - begun
    page.locator("label.card", has_text="camera.img").locator("input").check()
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(_sent(answer)))
    begun = time.perf_counter()
    page.get_by_role("button", name="Show the photographs").click()
    while not (page.locator(".sheet").count() and page.evaluate(DRAWN)):
        time.sleep(0.01)
    return {"first_screen_s": time.perf_counter() - begun, "empty_page_s": empty, "sent_bytes": sum(weights)}


def _sent(answer: Any) -> int:
    if answer.headers.get("content-type") == "image/jpeg":
        return 0
    sizes = answer.request.sizes()
    return int(sizes["responseBodySize"])


def main() -> None:
    """Measure once, and print the row."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        card(Path(made) / "camera.img")
        command = [sys.executable, "-m", "fifthfloor", "desk", made, "--no-browser", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            text = ""
            while not text.rstrip().endswith("}"):
                text += process.stdout.readline() if process.stdout else "}"
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            row = opened(page, json.loads(text)["address"])
            row["server_peak_bytes"] = peak_bytes(process.pid)
            browser.close()
            process.terminate()
    print(json.dumps({"photographs": COUNT, **{name: round(value, 3) for name, value in row.items()}}))


if __name__ == "__main__":
    helped(__doc__)
    main()
