"""Boxes that hide parts of a photograph, snapped outwards to restart intervals (`spec/statement.md` sections 2 and 4).

Rule 1: a box hides at least what it covers; what is hidden is replaced by the same grey, whatever it was.
Rule 2: boxes are in pixels of the full-size picture as it is shown (after EXIF orientation): what a person points at.
Rule 3: a box that hides nothing is refused: somebody meant something by it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture
from fifthfloor.statement.hidden_runs import HiddenRuns, from_marks

# A crowd has some hundred faces; a file with more boxes than this is an attack on the reader's time.
MAX_BOXES = 10_000
MAX_BOXES_FILE_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; `right` and `bottom` are the first ones outside of it."""

    left: int
    top: int
    right: int
    bottom: int


def runs_of(picture: CanonicalPicture, boxes: Sequence[Box]) -> HiddenRuns:
    """Return the intervals that boxes hide.

    Args:
        boxes: in pixels of the picture as it is shown; parts beyond its edges do not count.

    Raises:
        BadInput: more than MAX_BOXES, or a box that hides nothing.
    """
    if len(boxes) > MAX_BOXES:
        raise BadInput("redact.too_many_boxes", count=len(boxes), limit=MAX_BOXES)
    header = picture.header
    frame = header.frame
    across = 8 * max(h for h, _ in header.sampling)
    down = 8 * max(v for _, v in header.sampling)
    marks = np.zeros(header.intervals, dtype=np.bool_)
    for box in boxes:
        stored = as_stored(box, header)
        left, right = max(0, stored.left), min(header.width, stored.right)
        top, bottom = max(0, stored.top), min(header.height, stored.bottom)
        if left >= right or top >= bottom:
            wide, high = as_shown(header)
            raise BadInput(
                "redact.empty_box",
                left=box.left,
                top=box.top,
                right=box.right,
                bottom=box.bottom,
                width=wide,
                height=high,
            )
        for row in range(top // down, -(-bottom // down)):
            first = (row * frame.mcus_wide + left // across) // header.interval_mcus
            last = (row * frame.mcus_wide + -(-right // across) - 1) // header.interval_mcus
            marks[first : last + 1] = True
    return from_marks(marks)


def as_shown(header: CanonicalHeader) -> tuple[int, int]:
    """Return width and height as the picture is shown: orientations 5 to 8 lie on their side."""
    return (header.height, header.width) if header.orientation > 4 else (header.width, header.height)


def as_stored(box: Box, header: CanonicalHeader) -> Box:
    """Bring a box from the picture as it is shown to the picture as it is stored (EXIF 2.32, 4.6.4 Orientation)."""
    wide, high = header.width, header.height
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    turned = {
        1: (left, top, right, bottom),
        2: (wide - right, top, wide - left, bottom),
        3: (wide - right, high - bottom, wide - left, high - top),
        4: (left, high - bottom, right, high - top),
        5: (top, left, bottom, right),
        6: (top, high - right, bottom, high - left),
        7: (wide - bottom, high - right, wide - top, high - left),
        8: (wide - bottom, left, wide - top, right),
    }
    return Box(*turned[header.orientation])


def read_boxes(data: bytes) -> dict[str, tuple[Box, ...]]:
    """Read a file of boxes: `{"NAME.jpg": [{"left": 10, "top": 20, "right": 110, "bottom": 140}, ...], ...}`.

    Returns:
        Name of the photograph to its boxes.

    Raises:
        BadInput: too large, not JSON, or of another shape.
    """
    if len(data) > MAX_BOXES_FILE_BYTES:
        raise BadInput("redact.boxes_too_large", size=len(data), limit=MAX_BOXES_FILE_BYTES)
    try:
        document = json.loads(data)
        return {str(name): tuple(_box(box) for box in boxes) for name, boxes in document.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput("redact.boxes_malformed") from error


def _box(document: Any) -> Box:
    if not isinstance(document, dict) or set(document) != {"left", "top", "right", "bottom"}:
        raise ValueError
    for value in document.values():
        if type(value) is not int or abs(value) > 1 << 20:
            raise ValueError
    return Box(**document)
