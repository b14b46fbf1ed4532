"""Draws the pictures in README.md: a contact sheet of the synthetic roll. Run after a change of the scenes.

.venv/bin/python tools/pictures.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from fifthfloor_theatre.journey.scenes import draw_scene

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOWN = (
    ("river-day-left", "river-day-right", "river-night-left", "river-night-right"),
    ("train-window", "border-post", "square", "crossing"),
    ("bus", "market", "escalator", "apartments"),
    ("karaoke", "lift-panel", "corridor", "guide"),
)
WIDTH_PX, HEIGHT_PX, GAP_PX = 330, 220, 6
PAPER = 250


def main() -> None:
    rows, columns = len(SHOWN), len(SHOWN[0])
    size = (rows * (HEIGHT_PX + GAP_PX) - GAP_PX, columns * (WIDTH_PX + GAP_PX) - GAP_PX, 3)
    sheet = np.full(size, PAPER, np.uint8)
    for row, names in enumerate(SHOWN):
        for column, name in enumerate(names):
            picture = Image.fromarray(draw_scene(name, 4)).resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
            top, left = row * (HEIGHT_PX + GAP_PX), column * (WIDTH_PX + GAP_PX)
            sheet[top : top + HEIGHT_PX, left : left + WIDTH_PX] = np.asarray(picture)
    Image.fromarray(sheet).save(PICTURES / "roll.jpg", quality=82, optimize=True)


if __name__ == "__main__":
    main()
