"""Drawings of a card: which of its bytes are visible or deleted photographs, hidden shards, noise, or damaged.

Only the journey can draw such a map, because it made the cards and knows what it hid: to everybody else, hidden and
random are the same noise.

Rule 1: later runs lie over earlier ones, so that damage is drawn over what it hit.
Rule 2: the number of cells of a kind is in proportion to its bytes, and no cell shows a kind it has none of.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from fifthfloor import words
from fifthfloor.errors import BadInput

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

MapKind = Literal["tables", "visible", "deleted", "hidden", "decoy", "random", "damaged"]
KINDS: tuple[MapKind, ...] = ("tables", "visible", "deleted", "hidden", "decoy", "random", "damaged")
BLOCKS = dict(zip(KINDS, " █▒▓▞░╳", strict=True))
LETTERS = dict(zip(KINDS, " #o+d.x", strict=True))
ANSI = dict(zip(KINDS, ("0", "34", "36", "33", "35", "90", "31"), strict=True))
# Apart for people who see colours differently: blue, amber and violet, with grey and dark red.
RGB: dict[MapKind, tuple[int, int, int]] = {
    "tables": (236, 235, 230),
    "visible": (52, 101, 164),
    "deleted": (150, 182, 216),
    "hidden": (233, 168, 32),
    "decoy": (128, 90, 170),
    "random": (200, 199, 193),
    "damaged": (160, 32, 32),
}
PAPER, MAP_INK = (250, 249, 246), (40, 40, 44)
MAX_GRAINS = 1 << 20  # finest division of a card, 1 MB of memory; one grain of a 64 GB card is 64 kB
MIN_GRAIN_BYTES = 512
MAP_CELL_PX, CELL_GAP_PX, MAP_MARGIN_PX, LINE_PX = 9, 1, 24, 26


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes of one kind on a card: `length_bytes` from `offset_bytes`, what is outside the card is not drawn."""

    offset_bytes: int
    length_bytes: int
    kind: MapKind


@dataclass(frozen=True, slots=True)
class CardMap:
    """What to draw of a card.

    Args:
        title: a line above the drawing.
        size_bytes: of the card, more than 0.
        runs: in the order in which they were laid; bytes in none are "tables" (boot sector, allocation tables, gaps).
    """

    title: str
    size_bytes: int
    runs: Sequence[Patch]


def render_text(
    card: CardMap, *, columns: int = 72, rows: int = 4, plain: bool = False, colour: bool = False
) -> list[str]:
    """Return a card's map as lines for a terminal: title, drawing, legend.

    Args:
        card: what to draw.
        columns, rows: size of the drawing in characters, each at least 1.
        plain: ASCII letters, for a terminal without block characters.
        colour: ANSI colours; only for a terminal.
    """
    signs = LETTERS if plain else BLOCKS
    grains = _grains(card)
    cells = _cells(grains, rows * columns).reshape(rows, columns)
    side = "|" if plain else "▏"
    lines = [card.title]
    for row in cells:
        drawn = "".join(_signs(row, signs, colour))
        lines.append(f"{side}{drawn}{side if plain else '▕'}")
    legend = []
    for kind in _present(grains):
        sign = _coloured(signs[kind], kind, colour)
        legend.append(f"{sign} {words.sentence(f'journey.map_{kind}')} {_share(grains, kind)}")
    return [*lines, "  ".join(legend)]


def needs_plain(encoding: str | None) -> bool:
    """Return whether a terminal of this encoding lacks the block characters."""
    try:
        "".join(BLOCKS.values()).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def render_png(cards: Sequence[CardMap], *, columns: int = 96, rows: int = 10) -> bytes:
    """Return the maps of several cards, one below the other with one legend, as a PNG.

    Args:
        cards: at least one.
        columns, rows: cells of each drawing.

    Raises:
        BadInput: Pillow is not installed ("journey.no_encoder").
    """
    image, draw = _sheet(len(cards), columns, rows)
    top = MAP_MARGIN_PX
    present: set[MapKind] = set()
    for card in cards:
        grains = _grains(card)
        present |= set(_present(grains))
        _write(draw, (MAP_MARGIN_PX, top), card.title, 15)
        top += LINE_PX
        pixels = _pixels(_cells(grains, rows * columns).reshape(rows, columns))
        image.paste(_picture(pixels), (MAP_MARGIN_PX, top))
        top += pixels.shape[0] + MAP_MARGIN_PX
    left = MAP_MARGIN_PX
    for kind in (kind for kind in KINDS if kind in present):
        draw.rectangle((left, top, left + 13, top + 13), fill=RGB[kind], outline=(150, 150, 146))
        text = words.sentence(f"journey.map_{kind}")
        _write(draw, (left + 22, top - 2), text, 14)
        left += 50 + round(draw.textlength(text, font=_font(14)))
    into = io.BytesIO()
    image.save(into, "PNG", optimize=True)
    return into.getvalue()


def _grains(card: CardMap) -> NDArray[np.uint8]:
    """Return the kind of each small equal piece of the card, as an index into `KINDS`."""
    if card.size_bytes < 1:
        raise ValueError("a card has at least one byte")
    grain = max(MIN_GRAIN_BYTES, -(-card.size_bytes // MAX_GRAINS))
    grains = np.zeros(-(-card.size_bytes // grain), np.uint8)
    for run in card.runs:
        if run.length_bytes > 0:
            first = max(0, run.offset_bytes) // grain
            grains[first : max(0, -(-(run.offset_bytes + run.length_bytes) // grain))] = KINDS.index(run.kind)
    return grains


def _cells(grains: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Choose one kind for each of `count` cells, so that over many cells each kind gets its share."""
    edges = np.linspace(0, len(grains), count + 1).astype(np.int64)
    owed = np.zeros(len(KINDS))
    chosen = np.zeros(count, np.uint8)
    for cell in range(count):
        piece = grains[edges[cell] : max(edges[cell] + 1, edges[cell + 1])]
        share = np.bincount(piece, minlength=len(KINDS)) / max(1, len(piece))
        owed += share
        # a kind that is not here waits for its next turn, and no debt grows beyond two cells
        best = int(np.argmax(np.where(share > 0, owed, -np.inf)))
        owed[best] -= 1.0
        np.clip(owed, -2.0, 2.0, out=owed)
        chosen[cell] = best
    return chosen


def _present(grains: NDArray[np.uint8]) -> list[MapKind]:
    there = set(np.unique(grains).tolist())
    return [kind for index, kind in enumerate(KINDS) if index in there and kind != "tables"]


def _share(grains: NDArray[np.uint8], kind: MapKind) -> str:
    percent = 100.0 * float(np.mean(grains == KINDS.index(kind)))
    return f"{percent:.0f} %" if percent >= 1 else "< 1 %"


def _signs(row: NDArray[np.uint8], signs: dict[MapKind, str], colour: bool) -> list[str]:
    """Write a row, one colour code for each stretch of a kind."""
    starts = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)]
    stretches = pairwise(starts)
    return [
        _coloured(signs[KINDS[row[first]]] * (last - first), KINDS[row[first]], colour) for first, last in stretches
    ]


def _coloured(text: str, kind: MapKind, colour: bool) -> str:
    return f"\x1b[{ANSI[kind]}m{text}\x1b[0m" if colour else text


def _pixels(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return squares with gaps between them, shape (height, width, 3)."""
    step = MAP_CELL_PX + CELL_GAP_PX
    large = np.asarray([RGB[kind] for kind in KINDS], np.uint8)[cells].repeat(step, 0).repeat(step, 1)
    for gap in range(MAP_CELL_PX, step):
        large[gap::step] = PAPER
        large[:, gap::step] = PAPER
    return large


def _sheet(maps: int, columns: int, rows: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    try:
        from PIL import Image, ImageDraw
    except ModuleNotFoundError:
        raise BadInput("journey.no_encoder") from None
    step = MAP_CELL_PX + CELL_GAP_PX
    height = MAP_MARGIN_PX + maps * (LINE_PX + rows * step + MAP_MARGIN_PX) + LINE_PX + MAP_MARGIN_PX // 2
    image = Image.new("RGB", (2 * MAP_MARGIN_PX + columns * step, height), PAPER)
    return image, ImageDraw.Draw(image)


def _picture(pixels: NDArray[np.uint8]) -> Image.Image:
    from PIL import Image

    return Image.fromarray(pixels)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _write(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int) -> None:
    draw.text(place, text, fill=MAP_INK, font=_font(size))
