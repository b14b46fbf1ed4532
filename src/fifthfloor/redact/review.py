"""What a person looks at before anything is published: each photograph, each hidden part, each doubtful one.

Rule 1: these pictures show the faces. They are for the photographer's eyes, and `approve` removes them.
Rule 2: faces are shown at 1:1, hidden ones beside those that are not, so that the eye compares like with like.
Rule 3: the page holds no picture itself; a browser loads those in sight and no others.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from fifthfloor.redact.boxes import Box
from fifthfloor.redact.faces import Pixels
from fifthfloor.redact.hiding import Part
from fifthfloor.redact.profiles import ProfileVerdict

OVERVIEW_PX = 1280
SHEET_PX = 1280
_QUALITY = 80
# Around each face at 1:1, so that a person sees what it belongs to.
MARGIN_SHARE, MARGIN_PX = 0.25, 12
# A face this large is recognised at any size; at 1:1 one would fill the page.
LARGEST_PX = 320
# The doubtful ones with the highest scores; the rest are stones and leaves (docs/performance/people.md).
DOUBTFUL_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A photograph as it was decided: its name, its parts, and what became of its colour profile."""

    name: str
    parts: tuple[Part, ...]
    profile: ProfileVerdict


@dataclass(frozen=True, slots=True)
class ReviewPictures:
    """What is written for one photograph: an overview, a sheet of faces at 1:1 (JPEG), and what the page needs."""

    name: str
    overview: bytes
    faces: bytes
    document: bytes


def render(reviewed: Reviewed, pixels: Pixels) -> ReviewPictures:
    """Make the pictures a person looks at.

    Args:
        reviewed: the photograph's parts, in pixels as shown.
        pixels: the photograph as shown, uint8 (height, width, 3), with nothing hidden.
    """
    photograph = Image.fromarray(pixels)
    shown = _worth_showing(reviewed.parts)
    crops = [_crop(photograph, part.box) for part in shown]
    places, size = _shelves([crop.size for crop in crops])
    sheet = Image.new("RGB", size, (24, 24, 24))
    for crop, place in zip(crops, places, strict=True):
        sheet.paste(crop, place)
    overview = photograph.copy()
    overview.thumbnail((OVERVIEW_PX, OVERVIEW_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)
    document: dict[str, Any] = {
        "name": reviewed.name,
        "width": photograph.width,
        "height": photograph.height,
        "profile": reviewed.profile,
        "not_shown": len(reviewed.parts) - len(shown),
        "parts": [
            _sides(part.box) | {"why": part.why, "score": part.score, "at": [*place, *crop.size]}
            for part, place, crop in zip(shown, places, crops, strict=True)
        ],
    }
    written = json.dumps(document, separators=(",", ":")).encode()  # escapes also what is not UTF-8
    return ReviewPictures(reviewed.name, _jpeg(overview), _jpeg(sheet), written)


def _worth_showing(parts: Sequence[Part]) -> list[Part]:
    doubtful = sorted((part for part in parts if part.why == "doubtful"), key=lambda part: -part.score)
    return [part for part in parts if part.why != "doubtful"] + doubtful[:DOUBTFUL_SHOWN]


def _crop(photograph: Image.Image, box: Box) -> Image.Image:
    margin = MARGIN_PX + round(MARGIN_SHARE * max(box.right - box.left, box.bottom - box.top))
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    right, bottom = min(photograph.width, box.right + margin), min(photograph.height, box.bottom + margin)
    crop = photograph.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    crop.thumbnail((LARGEST_PX, LARGEST_PX), Image.Resampling.BOX)
    return crop


def _shelves(sizes: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Place crops in rows; return their places and the size of the sheet."""
    places = []
    x = y = row = 0
    for width, height in sizes:
        if x and x + width > SHEET_PX:
            x, y, row = 0, y + row, 0
        places.append((x, y))
        x, row = x + width, max(row, height)
    return places, (SHEET_PX, max(1, y + row))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _sides(box: Box) -> dict[str, Any]:
    return {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
