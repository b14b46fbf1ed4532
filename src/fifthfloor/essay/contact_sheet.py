"""The contact sheet: every photograph small, with number, kicker, caption, claim and what to check it by, as PDF.

The fonts are those every PDF reader has: nothing is embedded, the file is small, and it names no machine. They know
Western European letters; Chinese, Japanese and Korean captions have such fonts too. Of other scripts the sheet gives
the number and `…`: the caption is in the essay (`unwritable`), rather than print boxes. Emoji are left out.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import escape
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from fifthfloor.essay import prose
from fifthfloor.essay.labels import Labels
from fifthfloor.essay.shown import Shown
from fifthfloor.essay.story import Head

COLUMNS, ROWS = 3, 4
MARGIN_PT, GUTTER_PT, HEAD_PT = 42.0, 14.0, 58.0
TEXT_PT = 7.2
# Fonts that PDF readers bring along for scripts of their own (reportlab.pdfbase.cidfonts).
_BY_LANGUAGE = {"ja": "HeiseiMin-W3", "zh": "STSong-Light", "ko": "HYSMyeongJo-Medium"}
_INK, _SOFT, _EMPTY_TONE = HexColor("#1b1a18"), HexColor("#5c5952"), HexColor("#e4e1d9")


@dataclass(frozen=True, slots=True)
class _Faces:
    text: str
    bold: str
    wraps: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One essay on the sheet.

    Args:
        head: of its first telling.
        shown: in reading order.
        read: returns a published file by its path in the essay's folder.
    """

    head: Head
    shown: Sequence[Shown]
    read: Callable[[str], bytes]


def contact_sheet(sheets: Sequence[Sheet]) -> bytes:
    """Draw the sheet; the same photographs give the same bytes."""
    target = io.BytesIO()
    # invariant: no time of making, no random id.
    canvas = Canvas(target, pagesize=A4, invariant=1, pageCompression=1)
    first = sheets[0].head
    canvas.setTitle(_safe(first.title, _faces(first.language)))
    canvas.setAuthor(_safe(first.byline, _faces(first.language)))
    canvas.setCreator("Fifth Floor")
    canvas.setProducer("Fifth Floor")
    for sheet in sheets:
        _draw(canvas, sheet)
    canvas.save()
    return target.getvalue()


def _draw(canvas: Any, sheet: Sheet) -> None:
    faces = _faces(sheet.head.language)
    each = COLUMNS * ROWS
    pages = [sheet.shown[at : at + each] for at in range(0, len(sheet.shown), each)]
    for number, page in enumerate(pages, start=1):
        _head(canvas, sheet.head, faces, number, len(pages))
        for place, one in enumerate(page):
            _cell(canvas, one, sheet.head, faces, place, sheet.read)
        canvas.showPage()


def unwritable(text: str, language: str) -> bool:
    """Whether the sheet has no letters for a text in this language."""
    primary = language.partition("-")[0].casefold()
    if primary in _BY_LANGUAGE:
        return False
    try:
        _without_symbols(text).encode("cp1252")
    except UnicodeEncodeError:
        return True
    return False


def _without_symbols(text: str) -> str:
    """Leave out emoji, their joiners and selectors, where the font has none of them; no letter is ever one."""
    kept = (c for c in text if c.isascii() or unicodedata.category(c) not in ("So", "Sk", "Cf", "Mn", "Me") or _has(c))
    return "".join(kept)


def _has(character: str) -> bool:
    return character.encode("cp1252", "replace") != b"?"


def _faces(language: str) -> _Faces:
    primary = language.partition("-")[0].casefold()
    if primary not in _BY_LANGUAGE:
        return _Faces("Times-Roman", "Times-Bold", None)
    name = _BY_LANGUAGE[primary]
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return _Faces(name, name, "CJK")


def _safe(text: str, faces: _Faces) -> str:
    return text if faces.wraps else _without_symbols(text).encode("cp1252", "replace").decode("cp1252")


def _head(canvas: Any, head: Head, faces: _Faces, number: int, count: int) -> None:
    width, height = A4
    canvas.setFillColor(_INK)
    canvas.setFont(faces.bold, 15)
    title = _safe(head.title, faces)
    while canvas.stringWidth(title, faces.bold, 15) > width - 2 * MARGIN_PT - 60 and len(title) > 4:
        title = title[:-2].rstrip() + "…"
    canvas.drawString(MARGIN_PT, height - MARGIN_PT - 12, title)
    canvas.setFont(faces.text, 8.5)
    canvas.setFillColor(_SOFT)
    canvas.drawString(
        MARGIN_PT, height - MARGIN_PT - 26, _safe(Labels(head.language).say("by", name=head.byline), faces)
    )
    canvas.drawRightString(width - MARGIN_PT, height - MARGIN_PT - 26, f"{number} / {count}")
    canvas.setStrokeColor(_SOFT)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN_PT, height - MARGIN_PT - 34, width - MARGIN_PT, height - MARGIN_PT - 34)


def _cell(canvas: Any, one: Shown, head: Head, faces: _Faces, place: int, read: Callable[[str], bytes]) -> None:
    width, height = A4
    wide = (width - 2 * MARGIN_PT - (COLUMNS - 1) * GUTTER_PT) / COLUMNS
    high = (height - 2 * MARGIN_PT - HEAD_PT - (ROWS - 1) * GUTTER_PT) / ROWS
    left = MARGIN_PT + (place % COLUMNS) * (wide + GUTTER_PT)
    top = height - MARGIN_PT - HEAD_PT - (place // COLUMNS) * (high + GUTTER_PT)
    box = wide * 2 / 3
    shrink = min(wide / one.picture.width_px, box / one.picture.height_px)
    across, down = one.picture.width_px * shrink, one.picture.height_px * shrink
    canvas.setFillColor(_EMPTY_TONE)
    canvas.rect(left, top - box, wide, box, stroke=0, fill=1)
    image = ImageReader(io.BytesIO(read(one.smallest)))
    canvas.drawImage(image, left + (wide - across) / 2, top - box + (box - down) / 2, across, down)
    paragraph, used = _fitting(one, head, faces, wide, high - box - 4)
    paragraph.drawOn(canvas, left, top - box - 4 - used)


def _fitting(one: Shown, head: Head, faces: _Faces, wide: float, room: float) -> tuple[Any, float]:
    """Shorten a caption until it fits, so that the mark and the hash under it are always there."""
    own = faces if faces.wraps else _faces(one.photograph.language or head.language)
    caption = prose.plain(one.photograph.caption)
    while True:
        paragraph = Paragraph(_words(one, caption, head, faces, own), _style(faces, own))
        _, used = paragraph.wrap(wide, room)
        if used <= room or len(caption) < 8:
            return paragraph, used
        caption = f"{caption[: len(caption) * 9 // 10].rstrip(' …')}…"


def _words(one: Shown, caption: str, head: Head, faces: _Faces, own: _Faces) -> str:
    """Write what stands under a picture: number and mark in the letters of the sheet, the caption in its own."""
    label = Labels(head.language)
    language = one.photograph.language or head.language
    parts = [f'<font name="{faces.bold}" color="#8e1b12">{one.number}</font>&nbsp; ']
    if unwritable(f"{one.photograph.kicker} {caption}", language):
        parts.append("…")
    else:
        kicker = f'<font name="{own.bold}">{escape(_safe(one.photograph.kicker, own))}:</font> '
        text = f'<font name="{own.text}">{escape(_safe(caption, own))}</font>'
        parts.append(f"{kicker if one.photograph.kicker else ''}{text}")
    mark = _safe(label.say(one.photograph.claim), faces)
    parts.append(f'<br/><font color="#5c5952">{escape(mark)} · {one.picture.proof.sha256[:16]}</font>')
    return "".join(parts)


def _style(faces: _Faces, own: _Faces) -> ParagraphStyle:
    return ParagraphStyle(
        "caption",
        fontName=faces.text,
        fontSize=TEXT_PT,
        leading=TEXT_PT * 1.25,
        textColor=_INK,
        alignment=TA_LEFT,
        wordWrap=own.wraps,
        splitLongWords=1,
    )
