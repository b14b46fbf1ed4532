"""A page that shows what each outlet made of a photograph, with what was cut and what differs drawn on it.

Rule: the page is one file that fetches nothing; whatever another page said is text in it, never markup.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fifthfloor.trace.differing import Area, Differences

Sayer = Callable[..., str]
_LEAST_BOX_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class ToldCell:
    """What one page made of a photograph.

    Args:
        caption: with marks in it, where its words are no other caption's.
        seen: its picture, a small JPEG.
        lines: what is said of it.
    """

    title: str
    caption: Markup
    seen: bytes
    differences: Differences | None
    lines: tuple[str, ...]

    @property
    def drawn(self) -> bool:
        """Whether there is something to draw."""
        return bool(self.cut or self.areas)

    @property
    def areas(self) -> tuple[Area, ...]:
        """What differs."""
        return self.differences.areas if self.differences else ()

    @property
    def cut(self) -> list[tuple[float, float, float, float]]:
        """What was cut off, as boxes (x, y, width, height) in percent of the photograph."""
        if self.differences is None:
            return []
        left, top, right, bottom = (100 * min(1.0, max(0.0, side)) for side in self.differences.sides)
        boxes = [
            (0.0, 0.0, left, 100.0),
            (100 - right, 0.0, right, 100.0),
            (left, 0.0, max(0.0, 100 - left - right), top),
            (left, 100 - bottom, max(0.0, 100 - left - right), bottom),
        ]
        return [box for box in boxes if min(box[2:]) >= 100 * _LEAST_BOX_SHARE]


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A photograph, its thumbnail in the archive, and what each page made of it."""

    place: str
    thumbnail: bytes
    cells: tuple[ToldCell, ...]


def side_by_side(rows: Sequence[ToldRow], archive: str, say: Sayer) -> bytes:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("fifthfloor.trace"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("tellings.html")
    made = template.render(rows=rows, archive=archive, say=say, picture=_picture)
    return made.encode("utf-8", "backslashreplace")


def _picture(data: bytes, title: str) -> Markup:
    return Markup('<img src="data:image/jpeg;base64,{}" alt="{}">').format(base64.b64encode(data).decode(), title)
