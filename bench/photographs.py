"""Real photographs for the benches of `trace`: in an order that is drawn, and of the size that outlets start from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageOps
from tests.trace.scenes import smaller

# What an outlet starts from is no larger.
COPY_PX = 1600
# Neighbouring views of one place are one scene: another frame of it is no false find, and is counted by itself.
SCENES = re.compile(r"alicevision|openMVG|mapillary")


def drawn(name: str) -> int:
    """Return a number that has nothing to do with what a photograph shows, the same for all frames of a scene."""
    return int.from_bytes(hashlib.sha256(scene_of(name).encode()).digest()[:4], "big")


def scene_of(name: str) -> str:
    found = SCENES.match(name)
    return found[0] if found else name


def half_of(name: str) -> str:
    """Return in which half of the photographs one is: thresholds may be chosen on a, not on b."""
    # The frames of a scene are on both sides of no line; of two scenes with many frames one is on each.
    return {"alicevision": "a", "openMVG": "b"}.get(scene_of(name)) or "ab"[drawn(name) // 10 % 2]


def photographs(folders: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield what each folder holds, in an order that is drawn; the same bytes in two folders are one."""
    seen = set[bytes]()
    for folder in folders:
        found = []
        for path in sorted(folder.iterdir(), key=lambda path: (drawn(path.name), path.name)):
            if path.suffix.lower() in (".jpg", ".jpeg"):
                digest = hashlib.sha256(path.read_bytes()).digest()
                if digest not in seen:
                    found.append(path)
                seen.add(digest)
        yield found


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        shown = ImageOps.exif_transpose(image).convert("RGB")
    return smaller(shown, COPY_PX) if max(shown.size) > COPY_PX else shown
