"""How often histograms say "compressed twice" of photographs as cameras wrote them, and of the same written again.

    python bench/compressed_twice.py FOLDER [--quality 85]

Originals are files that name a camera and no editor; files that are there twice count once. Each is written again by
Pillow at some qualities: that of the second compression, the first is the camera's.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
from pathlib import Path

from PIL import Image

from fifthfloor.carriers.roll.covers import cover_of
from fifthfloor.carriers.roll.judging import is_edited
from fifthfloor.errors import FifthFloorError
from fifthfloor.jpeg.history import is_compressed_twice
from fifthfloor.metadata.exif import taken_of
from fifthfloor.metadata.jpeg_head import exif_in


def says_twice(data: bytes) -> bool:
    """Say what the histograms of a file say."""
    cover = cover_of(data)
    return is_compressed_twice(cover.picture.coefficients[cover.rows])


def share(hits: int, of: int) -> str:
    """Return a share with its Wilson interval of 95 %."""
    if not of:
        return "none"
    p, z = hits / of, 1.96
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{hits} of {of} ({p:.3f} [{middle - half:.3f}, {middle + half:.3f}])"


def main() -> None:
    """Print a line for originals, for edited files, and for each quality."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--quality", default="85")
    parser.add_argument("--every", type=int, default=1, help="write only every so many originals again")
    given = parser.parse_args()
    qualities = [int(number) for number in given.quality.split(",")]
    found: dict[str, list[bool]] = {name: [] for name in ("originals", "edited", *map(str, qualities))}
    seen: set[bytes] = set()
    for path in sorted(path for folder in given.folders for path in folder.iterdir()):
        data = path.read_bytes()
        if (digest := hashlib.sha256(data).digest()) in seen:
            continue
        seen.add(digest)
        try:
            cover = cover_of(data)
        except FifthFloorError:
            continue
        original = bool(taken_of(exif_in(cover.picture.pieces)).camera) and not is_edited(cover)
        found["originals" if original else "edited"].append(says_twice(data))
        if original and len(found["originals"]) % given.every == 0:
            picture = Image.open(io.BytesIO(data))
            for quality in qualities:
                again = io.BytesIO()
                picture.save(again, "JPEG", quality=quality)
                found[str(quality)].append(says_twice(again.getvalue()))
    for name, said in found.items():
        what = f"written again at quality {name}" if name.isdigit() else name
        print(f"{what}: {share(sum(said), len(said))}")


if __name__ == "__main__":
    main()
