"""The screenshots of docs/pictures: the journey's essay, protected, approved and published by the program itself.

    python tools/essay_screens.py --work DIR [--out docs/pictures]

Leaves DIR/site, so that the pages can be looked at. Wants the fonts that Tor Browser brings (Debian: fonts-croscore).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from fifthfloor_theatre.essay_sample import sample_scenes
from fifthfloor_theatre.journey.scenes import photograph, scene_faces

# file -> (page and fragment, width, height, what to scroll to, scheme)
SCREENS: dict[str, tuple[str, int, int, str, Literal["light", "dark"]]] = {
    "essay-phone": ("index.html", 390, 844, "", "light"),
    "essay-phone-pair": ("index.html", 390, 1060, ".pair", "light"),
    "essay-tablet": ("index.html", 820, 1180, "#p4", "light"),
    "essay-desk": ("index.html", 1440, 900, "", "light"),
    "essay-desk-caption": ("index.html", 1440, 900, "#p4", "light"),
    "essay-desk-dark": ("index.html", 1440, 900, ".pair", "dark"),
    "essay-desk-night": ("index.html", 1440, 900, ".pair >> nth=1", "light"),
    "essay-full-screen": ("index.html#view-8", 1440, 900, "", "light"),
    "essay-side-by-side": ("side-by-side.html", 1200, 900, "", "light"),
    "essay-proof": ("proof.html", 1000, 1250, ".check", "light"),
}


def make(work: Path) -> Path:
    """Draw, protect, approve and publish; return the site."""
    drawn, protected = work / "drawn", work / "protected"
    drawn.mkdir(parents=True, exist_ok=True)
    boxes = {}
    for number, scene in enumerate(sample_scenes(), start=1):
        (drawn / f"{scene}.jpg").write_bytes(photograph(scene, number, datetime(2010, 9, 1, 8, number)))
        boxes[f"{scene}.jpg"] = {"hide": [_around(face) for face in scene_faces(scene, 0)], "show": []}
    (work / "boxes.json").write_text(json.dumps(boxes))
    program = [sys.executable, "-m", "fifthfloor"]
    files = [str(path) for path in sorted(drawn.glob("*.jpg"))]
    options = [
        "--faces",
        "none",
        "--boxes",
        str(work / "boxes.json"),
        "--names",
        "source",
        "--out",
        str(protected),
        "--yes",
    ]
    subprocess.run([*program, "protect", *files, *options], check=True)
    subprocess.run(
        [*program, "approve", str(protected), "--by", "The Traveller", "--all-looked-at", "--yes"], check=True
    )
    sample = resources.files("fifthfloor_theatre") / "sample"
    for name in ("essay.md", "essay.wire.md"):
        (protected / name).write_bytes((sample / name).read_bytes())
    subprocess.run([*program, "publish", str(protected), "--out", str(work / "site")], check=True)
    return work / "site"


def _around(face: Any) -> dict[str, int]:
    wide, high = face.width_px * 0.25, face.height_px * 0.3
    left, top = int(face.left_px - wide), int(face.top_px - high)
    right, bottom = int(face.left_px + face.width_px + wide), int(face.top_px + face.height_px + high)
    return {"left": max(0, left), "top": max(0, top), "right": min(1944, right), "bottom": min(1296, bottom)}


def shoot(site: Path, out: Path) -> None:
    """Take the screenshots."""
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (page_name, width, height, place, scheme) in SCREENS.items():
            seen: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            context = browser.new_context(**seen)
            page = context.new_page()
            file, _, fragment = page_name.partition("#")
            page.goto((site / file).as_uri() + (f"#{fragment}" if fragment else ""))
            if place:
                page.locator(place).first.evaluate("e => { e.scrollIntoView({block: 'start'}); scrollBy(0, -40); }")
            page.wait_for_timeout(900)
            page.screenshot(path=out / f"{name}.png")
            context.close()
            with Image.open(out / f"{name}.png") as shot:
                shot.convert("RGB").save(out / f"{name}.jpg", quality=82, optimize=True)
            (out / f"{name}.png").unlink()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    given = parser.parse_args()
    shoot(make(given.work), given.out)


if __name__ == "__main__":
    main()
