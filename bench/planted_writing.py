"""Number plates planted into photographs, and how many are suggested: the rows of docs/performance/people.md.

    python bench/planted_writing.py [--heights 8 12 ...] [--scales 1] PHOTO [PHOTO ...]

All heights at all scales take a minute or so for a photograph of 6 MP and each scale.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fifthfloor.redact import lettering

SCALES = ((1.0, 1 / 4), (1 / 2, 1 / 8), (1 / 3, 1 / 9))
HEIGHTS_PX = (8, 12, 16, 20, 24, 32, 48, 96)
PLATES, TURN_DEGREES, TRIES = 24, 12, 50
# Capitals are about 0.73 of the size of a font.
FONT_OF_CAPITALS = 1.37
LETTERS = list("ABCDEFGHKLMNPRSTUVXYZ0123456789")

Place = tuple[int, int, int, int]


def plate(height_px: int, chance: np.random.Generator) -> Image.Image:
    """Draw a plate whose letters are that high, turned a little."""
    text = "".join(chance.choice(LETTERS, 7))
    font = ImageFont.load_default(height_px * FONT_OF_CAPITALS)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    drawn = Image.new("RGBA", (right - left + height_px, bottom - top + height_px), (225, 225, 215, 255))
    ImageDraw.Draw(drawn).text((height_px // 2 - left, height_px // 2 - top), text, font=font, fill=(20, 20, 25))
    return drawn.rotate(chance.uniform(-TURN_DEGREES, TURN_DEGREES), expand=True, resample=Image.Resampling.BICUBIC)


def planted(photo: Image.Image, height_px: int, chance: np.random.Generator) -> tuple[Image.Image, list[Place]]:
    """Return the photograph with plates, and left, top, width, height of each."""
    made, places = photo.copy(), list[Place]()
    for _ in range(PLATES):
        one = plate(height_px, chance)
        for _ in range(TRIES):
            x, y = int(chance.integers(0, made.width - one.width)), int(chance.integers(0, made.height - one.height))
            if all(abs(x - at[0]) > one.width * 1.3 or abs(y - at[1]) > one.height * 1.5 for at in places):
                made.paste(one, (x, y), one)
                places.append((x, y, one.width, one.height))
                break
    return made, places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heights", type=int, nargs="+", default=HEIGHTS_PX, help="of the letters, in pixels")
    parser.add_argument("--scales", type=int, default=len(SCALES), help="so many of the pairs of scales")
    parser.add_argument("files", type=Path, nargs="+", metavar="PHOTO")
    given = parser.parse_args()
    for scales in SCALES[: given.scales]:
        measure(given.files, scales, given.heights)


def measure(files: list[Path], scales: tuple[float, float], heights_px: Sequence[int]) -> None:
    """Print a row for each height of letters, looked at in two sizes."""
    lettering._TEXT_SCALES = scales
    for height_px in heights_px:
        chance = np.random.default_rng(3)
        hit = all_plates = false = 0
        cpu = megapixels = 0.0
        for file in files:
            made, places = planted(Image.open(file).convert("RGB"), height_px, chance)
            coded = io.BytesIO()
            made.save(coded, "JPEG", quality=90)
            pixels = np.asarray(Image.open(coded))
            begun = time.process_time()
            found = [one.box for one in lettering.find_writing(pixels)]
            cpu += time.process_time() - begun
            megapixels += made.width * made.height / 1e6
            all_plates += len(places)
            for x, y, wide, high in places:
                hit += any(
                    box.left <= x + wide * 0.2
                    and box.right >= x + wide * 0.8
                    and box.top <= y + high * 0.4
                    and box.bottom >= y + high * 0.6
                    for box in found
                )
            false += sum(
                not any(
                    box.left < x + wide and box.right > x and box.top < y + high and box.bottom > y
                    for x, y, wide, high in places
                )
                for box in found
            )
        scale = " and ".join(f"{share:.2f}" for share in scales)
        print(f"{scale}: {height_px} px {hit}/{all_plates}, false {false}, {megapixels / cpu:.2f} MP a CPU second")


if __name__ == "__main__":
    main()
