"""The text of a telling in pieces that can be moved and changed one by one, for an editor that keeps all else as it is.

Rule 1: the pieces joined are the text, to the byte: what nobody touched is written back as it was.
Rule 2: a piece is what `telling.py` takes for one: the head, a photograph, a line of a group, prose, empty lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fifthfloor.errors import BadInput
from fifthfloor.essay.front import FENCE
from fifthfloor.essay.photo_lines import REPEATED, field_name

TextPieceKind = Literal["head", "photo", "group", "prose", "empty"]
# Fields an editor changes; a correction has a day and is written by hand.
EDITED = (
    "kicker",
    "caption",
    "alt",
    "claim",
    "credit",
    "place",
    "label",
    "consent",
    "risk",
    "rights",
    "embargo",
    "note",
)
# They stay where they are empty: the writer has still to fill them.
NEEDED = ("caption", "alt", "claim")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_CODE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Some lines of a telling, with their line ends."""

    kind: TextPieceKind
    text: str

    @property
    def file(self) -> str:
        """The photograph's file; empty for anything else."""
        return value_of(self, "photo") if self.kind == "photo" else ""

    @property
    def line_count(self) -> int:
        return len(_lines(self.text))


def pieces_of(text: str) -> tuple[TextPiece, ...]:
    """Part a text, lines ended by "\\n". Counterpart: `joined`."""
    lines = _lines(text)
    found: list[TextPiece] = []
    at = _head_end(lines)
    if at:
        found.append(TextPiece("head", "".join(lines[:at])))
    fence = ""
    while at < len(lines):
        marker = _CODE.match(lines[at])
        if marker and (not fence or marker[1] == fence):
            fence = "" if fence else marker[1]
        plain = not (fence or marker)
        if plain and field_name(lines[at].rstrip("\n")) == "photo":
            end = _photo_end(lines, at)
            found.append(TextPiece("photo", "".join(lines[at:end])))
            at = end
            continue
        kind: TextPieceKind = "group" if plain and lines[at].startswith(":::") else "prose"
        if plain and not lines[at].strip():
            kind = "empty"
        if found and found[-1].kind == kind and kind != "group":
            found[-1] = TextPiece(kind, found[-1].text + lines[at])
        else:
            found.append(TextPiece(kind, lines[at]))
        at += 1
    return tuple(found)


def joined(pieces: Sequence[TextPiece]) -> str:
    """Return the text of pieces. Counterpart: `pieces_of`."""
    return "".join(piece.text for piece in pieces)


def value_of(piece: TextPiece, field: str) -> str:
    """Return a field of a photograph as one line; empty where it has none."""
    found: list[str] = []
    for line in piece.text.split("\n"):
        if found and line[:1] in (" ", "\t"):
            found.append(line.strip())
        elif found:
            break
        elif field_name(line) == field:
            found.append(line.partition(":")[2].strip())
    return " ".join(part for part in found if part)


def with_value(piece: TextPiece, field: str, value: str) -> TextPiece:
    """Return a photograph with one field changed; the lines of its other fields stay as they are.

    Raises:
        BadInput: it is no field that may be changed so, or the text holds what no text may.
    """
    value = _one_line(value)
    if piece.kind != "photo" or field not in EDITED or field in REPEATED:
        raise BadInput("writing.field", field=field)
    if any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise BadInput("writing.control", field=field)
    if value == _one_line(value_of(piece, field)):
        return piece
    lines = _lines(piece.text)
    if not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = next((number for number, line in enumerate(lines) if field_name(line.rstrip("\n")) == field), len(lines))
    end = start + 1
    while end < len(lines) and lines[end][:1] in (" ", "\t"):
        end += 1
    new = [f"{field}: {value}".rstrip() + "\n"] if value or field in NEEDED else []
    return TextPiece("photo", "".join([*lines[:start], *new, *lines[end:]]))


def _one_line(value: str) -> str:
    """Return a value with single blanks; those that do not break (French puts one before ?) are letters of it."""
    return _BLANKS.sub(" ", value).strip(" ")


def moved(pieces: Sequence[TextPiece], at: int, to: int) -> tuple[TextPiece, ...]:
    """Return pieces with one photograph in the place of another; those between move up.

    Args:
        at, to: which photograph, counted from 0 among the photographs.

    Raises:
        BadInput: there is none of that number.
    """
    places = [number for number, piece in enumerate(pieces) if piece.kind == "photo"]
    if not (0 <= at < len(places) and 0 <= to < len(places)):
        raise BadInput("writing.no_photo")
    order = list(places)
    order.insert(to, order.pop(at))
    made = list(pieces)
    for place, source in zip(places, order, strict=True):
        text = pieces[source].text
        made[place] = TextPiece("photo", text if text.endswith("\n") or place == len(pieces) - 1 else text + "\n")
    return tuple(made)


def with_lines(pieces: Sequence[TextPiece], start: int, count: int, text: str) -> tuple[TextPiece, ...]:
    """Return pieces with some lines, the head or prose, in other words; what is in them now is found.

    Args:
        start, count: the lines, from 0. Lines, since one piece may become three and a piece without words none: what
            an editor shows as one text stays the same lines all the same.

    Raises:
        BadInput: there are no such lines, or the text holds what no text may.
    """
    lines = _lines(joined(pieces))
    if not (0 <= start < start + count <= len(lines)):
        raise BadInput("writing.no_photo")
    # Word's soft break (U+000B) and a page's end come in with what is pasted.
    text = re.sub(r"\r\n|[\r\v\f]", "\n", text).rstrip("\n") + "\n"
    if any((ord(c) < 32 and c not in "\t\n") or ord(c) == 127 for c in text):
        raise BadInput("writing.control", field="text")
    return pieces_of("".join([*lines[:start], text, *lines[start + count :]]))


def _lines(text: str) -> list[str]:
    # Not `splitlines`: it ends lines at characters that are none of ours.
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _head_end(lines: Sequence[str]) -> int:
    if not lines or lines[0].strip() != FENCE:
        return 0
    return next((number + 1 for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE), 0)


def _photo_end(lines: Sequence[str], at: int) -> int:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not lines[end].startswith(":::"):
        end += 1
    return end
