"""What a person decided: which boxes to hide and which finds to show, in a file that can be used again.

The same file serves `protect --boxes` and is written by the review page. Per photograph either a list of boxes to hide
(as `sign --boxes` reads it), or `{"hide": [boxes], "show": [boxes]}`:

    {"DSC_0001.jpg": {"hide": [{"left": 10, "top": 20, "right": 110, "bottom": 140}], "show": [], "looked": "5f0c..."}}

`looked` is the SHA-256 of the full-size picture that a person looked at, as it was written: a tick counts for that
picture and for no later one. The review page writes only what the person changed.

Rule 1: boxes are in pixels of the full-size picture as it is shown, with orientation applied.
Rule 2: "hide" always hides. "show" only takes back what the finder found, never a box under "hide".
Rule 3: with `--faces none` the file alone decides: the same file gives the same hidden parts, whatever the finder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fifthfloor.errors import BadInput
from fifthfloor.redact.boxes import MAX_BOXES, MAX_BOXES_FILE_BYTES, Box

_SHA256 = re.compile("[0-9a-f]{64}")
SIDES = ("left", "top", "right", "bottom")
# Box sides beyond any picture; bounds the numbers before they are worked with.
MAX_SIDE_PX = 1 << 20
# A find is taken back by a box that shares this much of their union.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided for one photograph; `looked` is the SHA-256 (hex) of the picture looked at, or empty."""

    hide: tuple[Box, ...] = ()
    show: tuple[Box, ...] = ()
    looked: str = ""


def read_decisions(data: bytes) -> dict[str, Decision]:
    """Read a file of decisions, of an unknown source.

    Returns:
        Name of the photograph ("DSC_0001.jpg") to its decision; the review page writes such files.

    Raises:
        BadInput: too large, not JSON, or of another shape; the photograph is named.
    """
    if len(data) > MAX_BOXES_FILE_BYTES:
        raise BadInput("redact.boxes_too_large", size=len(data), limit=MAX_BOXES_FILE_BYTES)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise BadInput("redact.boxes_malformed") from None
    if not isinstance(document, dict):
        raise BadInput("redact.boxes_malformed")
    return {name: _decision(name, given) for name, given in document.items()}


def written(decisions: Mapping[str, Decision]) -> bytes:
    """Return the file of decisions. Counterpart: `read_decisions`."""
    document: dict[str, dict[str, Any]] = {}
    for name, one in decisions.items():
        document[name] = {"hide": [_sides(box) for box in one.hide], "show": [_sides(box) for box in one.show]}
        if one.looked:
            document[name]["looked"] = one.looked
    return (json.dumps(document, indent=1) + "\n").encode()


def is_taken_back(box: Box, show: Sequence[Box]) -> bool:
    """Tell whether a find is one that a person wants shown."""
    return any(_union_share(box, other) >= SAME for other in show)


def is_covered(box: Box, boxes: Sequence[Box]) -> bool:
    """Tell whether one of the boxes covers at least half of a box."""
    return any(_common(box, other) >= SAME * _area(box) for other in boxes)


def merged(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Make one box of those that overlap by half of the smaller one: many finds of one thing are one to a person."""
    made: list[Box] = []
    for box in boxes:
        while (other := next((other for other in made if _overlap(box, other) >= SAME), None)) is not None:
            made.remove(other)
            box = Box(
                min(box.left, other.left),
                min(box.top, other.top),
                max(box.right, other.right),
                max(box.bottom, other.bottom),
            )
        made.append(box)
    return tuple(made)


def _overlap(one: Box, other: Box) -> float:
    """Return the share of the smaller box that both cover."""
    return _common(one, other) / max(1, min(_area(one), _area(other)))


def _union_share(one: Box, other: Box) -> float:
    common = _common(one, other)
    return common / (_area(one) + _area(other) - common) if common else 0.0


def _common(one: Box, other: Box) -> int:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, wide) * max(0, high)


def _area(box: Box) -> int:
    return (box.right - box.left) * (box.bottom - box.top)


def _decision(name: str, given: Any) -> Decision:
    if isinstance(given, list):
        given = {"hide": given}
    if not isinstance(given, dict) or not given.keys() <= {"hide", "show", "looked"}:
        raise BadInput("redact.boxes_of", name=name)
    hide, show = (given.get(kind, []) for kind in ("hide", "show"))
    if not isinstance(hide, list) or not isinstance(show, list) or len(hide) + len(show) > MAX_BOXES:
        raise BadInput("redact.boxes_of", name=name)
    looked = given.get("looked", "")
    if not isinstance(looked, str) or not (looked == "" or _SHA256.fullmatch(looked)):
        raise BadInput("redact.boxes_of", name=name)
    return Decision(tuple(_box(name, box) for box in hide), tuple(_box(name, box) for box in show), looked)


def _box(name: str, given: Any) -> Box:
    if not isinstance(given, dict) or given.keys() != set(SIDES):
        raise BadInput("redact.boxes_of", name=name)
    sides = [given[side] for side in SIDES]
    if any(type(side) is not int or abs(side) > MAX_SIDE_PX for side in sides):
        raise BadInput("redact.boxes_of", name=name)
    box = Box(*sides)
    if box.left >= box.right or box.top >= box.bottom:
        raise BadInput("redact.boxes_of", name=name)
    return box


def _sides(box: Box) -> dict[str, int]:
    return {side: getattr(box, side) for side in SIDES}
