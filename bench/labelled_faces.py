"""Faces in real photographs, labelled by eye before any finder was asked: `real_faces.json` beside this file.

The photographs are those of ../shared/photos and of four packages (pictures are never copied into the project):
`npm pack @vladmandic/face-api@1.7.15 tracking@1.1.3` and
`pip download --no-deps insightface==2.1 scikit-image==0.26.0`, unpacked into FOLDER/@vladmandic/face-api,
FOLDER/tracking, FOLDER/insightface and FOLDER/skimage (each with its `data`), and named with `--packages FOLDER`.

Each face: left, top, right, bottom in pixels as the photograph is shown (hairline to chin, what is visible of it from
ear to ear), its kind, and "doubtful" where a person cannot be sure that a face is seen at all. "picture" is a face in
a picture, on a screen, or of a doll. People seen from behind and faces under 8 pixels are not labelled. "second look"
is a face that the person overlooked and a finder found: it is no false box, and counts for nobody's recall.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

PHOTOS = Path(os.environ.get("FIFTHFLOOR_PHOTOS", Path(__file__).resolve().parents[2] / "shared/photos"))
LABELS = Path(__file__).with_name("real_faces.json")
OVERLOOKED = "second look"
KINDS = ("frontal", "profile", "turned", "dark", "covered", "picture")
ROLL_STEP = 5  # the photographs of a roll are alike
# A face is hidden if one box covers this much of it and is not larger than a head by far.
COVERED, LARGEST = 0.8, 4

Pixels = NDArray[np.uint8]
Sides = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A face that a person saw."""

    box: Sides
    kind: str
    doubtful: bool

    @property
    def height_px(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photograph and its faces; `pixels` are as it is shown, uint8 (height, width, 3)."""

    name: str
    pixels: Pixels
    faces: tuple[Label, ...]


def photographs(packages: Path | None = None, *, empty: bool = True) -> Iterator[Labelled]:
    """Read every labelled photograph, and (`empty`) those of ../shared/photos in which there is nobody."""
    labels = {
        name: tuple(Label((row[0], row[1], row[2], row[3]), row[4], len(row) > 5) for row in rows)
        for name, rows in json.loads(LABELS.read_bytes()).items()
    }
    shared = [*sorted((PHOTOS / "cameras").glob("*.jpg")), *sorted((PHOTOS / "roll").glob("*.JPG"))[::ROLL_STEP]]
    for path in shared:
        name = f"{path.parent.name}/{path.name}"
        if empty or name in labels:
            yield Labelled(name, read(path), labels.pop(name, ()))
    for name, faces in labels.items():
        if packages is not None and not name.startswith(("cameras/", "roll/")):
            yield Labelled(name, read(packages / name), faces)


def read(path: Path) -> Pixels:
    """Read a photograph as it is shown."""
    return np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))


def is_hidden(face: Sides, boxes: Sequence[tuple[int, int, int, int]]) -> bool:
    """Tell whether one of the boxes hides a face."""
    height, area = face[3] - face[1], (face[2] - face[0]) * (face[3] - face[1])
    for left, top, right, bottom in boxes:
        wide = min(right, face[2]) - max(left, face[0])
        high = min(bottom, face[3]) - max(top, face[1])
        if wide > 0 and high > 0 and wide * high >= COVERED * area and bottom - top < LARGEST * height:
            return True
    return False


def interval(hits: int, count: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 % for a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)
