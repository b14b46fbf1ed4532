"""What a person looks at before anything is published: each photograph as it was, and as it was written.

Rule 1: these pictures show the faces. They are for the photographer's eyes, and `approve` removes them.
Rule 2: the page shows the very file that was written beside the original, never a drawing of what is in it.
Rule 3: the page holds no picture itself, and one photograph at a time: a browser loads those and no others.

The parts of the page are made to be shared (`page/`): `decisions.js` (what a person decides, and boxes.json) knows no
page; `originals.js` turns a photograph into a URL; `picture.js` draws two views of it into elements that it is given.
Another page, as the desk's, takes these three in the order of `SHARED`, describes each photograph as `render` does with
`original` and `written` as URLs, and uses the style of `review.html`; `words.js` and `review.js` are this page's own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fifthfloor.redact.boxes import Box, as_shown
from fifthfloor.redact.hidden_parts import Part
from fifthfloor.redact.prepare import Prepared

# The doubtful ones with the highest scores; the rest are stones and leaves (docs/performance/people.md).
DOUBTFUL_SHOWN = 24
# A page of a newspaper is hidden with one box of the person's own.
WRITING_SHOWN = 24
SHARED = ("originals.js", "decisions.js", "picture.js")
SCRIPTS = ("words.js", *SHARED, "review.js")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A photograph as it was decided.

    Args:
        name: of the file written.
        parts: hidden, asked and shown ones.
        digest: SHA-256 (hex) of the full-size picture as written: a tick counts for it and no other.
        looked: a person has ticked this very picture before.
    """

    name: str
    parts: tuple[Part, ...]
    digest: str
    looked: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPictures:
    """What is written for one photograph: the original with nothing hidden (JPEG), and what the page needs."""

    name: str
    original: bytes
    document: bytes


def render(reviewed: Reviewed, prepared: Prepared) -> ReviewPictures:
    """Make what a person looks at; parts are in pixels as shown."""
    shown = _worth_showing(reviewed.parts)
    width, height = as_shown(prepared.picture.header)
    document: dict[str, Any] = {
        "name": reviewed.name,
        "width": width,
        "height": height,
        "digest": reviewed.digest,
        "looked": reviewed.looked,
        "not_shown": len(reviewed.parts) - len(shown),
        "parts": [_sides(part.box) | {"why": part.why, "score": part.score} for part in shown],
    }
    # Escapes also what is not UTF-8.
    written = json.dumps(document, separators=(",", ":")).encode()
    return ReviewPictures(reviewed.name, prepared.picture.to_bytes(), written)


def _worth_showing(parts: Sequence[Part]) -> list[Part]:
    surest = sorted(parts, key=lambda part: -part.score)
    shown = [part for part in parts if part.why not in ("doubtful", "writing")]
    for why, most in (("doubtful", DOUBTFUL_SHOWN), ("writing", WRITING_SHOWN)):
        shown += [part for part in surest if part.why == why][:most]
    return shown


def _sides(box: Box) -> dict[str, Any]:
    return {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
