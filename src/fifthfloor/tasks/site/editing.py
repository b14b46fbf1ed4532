"""One telling under an editor's hands: changed piece by piece, undone, and written as it is changed.

Rule 1: what is written replaces only what was read: a file that somebody else changed meanwhile is never written over.
Rule 2: what was not touched is written back to the byte.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.essay import prose
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.pairs import PairState, paired, parted, states_of, title_of
from fifthfloor.essay.pieces import EDITED as EDITED  # for the layer above
from fifthfloor.essay.pieces import TextPiece, joined, moved, pieces_of, value_of, with_lines, with_value
from fifthfloor.essay.story import ALT_MAX_CHARACTERS, ALT_MIN_CHARACTERS, CLAIMS, Group, Photograph
from fifthfloor.essay.telling import MAX_TELLING_BYTES, read_as_far
from fifthfloor.files import beside, place_parts, read_whole, remove_parts
from fifthfloor.redact.admission import web_path_of
from fifthfloor.tasks.one_writer import writing_in

MOST_UNDONE = 200
ALT_CHARACTERS = (ALT_MIN_CHARACTERS, ALT_MAX_CHARACTERS)
CLAIM_WORDS = CLAIMS
_BYTE_ORDER = "\ufeff"

TextChange = Callable[[tuple[TextPiece, ...]], Sequence[TextPiece]]

# One for all: two windows may have opened the same file, and what is looked at must still be so when it is written.
_TURN = threading.Lock()
_MOST_WAIT_SECONDS = 0.5  # for another desk or command that writes into the folder; a page asks again by itself


@dataclass(frozen=True, slots=True)
class Written:
    """What a change made of a telling.

    Args:
        digest: of the file now.
        undone: how many changes can be taken back.
        lines: how many more there are than before; negative where there are fewer.
        renumbered: whether other photographs stand in it, or in another order.
    """

    digest: str
    undone: int
    lines: int
    renumbered: bool


@dataclass(eq=False)
class Editing:
    """A telling that is open.

    Args:
        file: `essay.md` or another telling.
        text: with lines ended by "\\n".
        digest: of the file as it was read or written last.
        before: texts that `undo` brings back.
    """

    file: Path
    text: str
    digest: str
    ends: str = "\n"
    before: list[str] = field(default_factory=list)

    @property
    def pieces(self) -> tuple[TextPiece, ...]:
        return pieces_of(self.text)

    @property
    def photographs(self) -> tuple[TextPiece, ...]:
        return tuple(piece for piece in self.pieces if piece.kind == "photo")

    def change(self, seen: str, action: TextChange) -> Written:
        """TextChange the telling and write it.

        Args:
            seen: the digest that the page was made of: another window may have changed it since.
            action: from the pieces to those that are to be.

        Raises:
            BadInput: it was changed elsewhere, by another window or another program; nothing is written.
        """
        with _TURN, writing_in(self.file.parent, wait_seconds=_MOST_WAIT_SECONDS):
            self._refuse_stale(seen)
            old = self.pieces
            text = joined(tuple(action(old)))
            if text != self.text:
                before = self.text
                self._write(text)
                self.before = [*self.before, before][-MOST_UNDONE:]
            return self._written(old)

    def undo(self, seen: str) -> Written:
        """Take the last change back, and write. Raises BadInput as `change`."""
        with _TURN, writing_in(self.file.parent, wait_seconds=_MOST_WAIT_SECONDS):
            self._refuse_stale(seen)
            old = self.pieces
            if self.before:
                self._write(self.before[-1])
                self.before.pop()
            return self._written(old)

    def _written(self, old: tuple[TextPiece, ...]) -> Written:
        new = self.pieces
        lines = sum(piece.line_count for piece in new) - sum(piece.line_count for piece in old)
        renumbered = [one.file for one in old if one.file] != [one.file for one in new if one.file]
        return Written(self.digest, len(self.before), lines, renumbered)

    def _refuse_stale(self, seen: str) -> None:
        if seen != self.digest:
            raise BadInput("writing.other_window", file=self.file.name)
        self._refuse_changed()

    def _refuse_changed(self) -> None:
        if _digest(read_whole(self.file, MAX_TELLING_BYTES)) != self.digest:
            raise BadInput("writing.conflict", file=self.file.name)

    def _write(self, text: str) -> None:
        data = text.replace("\n", self.ends).encode()
        try:
            with beside(self.file, private=True) as part:
                part.write(data)
                if sys.platform != "win32":  # whoever could read or write it can do so afterwards, and nobody else
                    os.fchmod(part.fileno(), stat.S_IMODE(self.file.stat().st_mode))
            self._refuse_changed()  # once more: flushing took milliseconds, and other programs save too
            place_parts([self.file])
        finally:
            remove_parts([self.file], ())
        self.text, self.digest = text, _digest(data)


def open_telling(file: Path) -> Editing:
    """Open a telling. Raises BadInput where it is not text, or its lines end in two ways."""
    data = read_whole(file, MAX_TELLING_BYTES)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput("essay.not_text", file=file.name, line=line) from None
    ends = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    if "\r" in plain or plain.replace("\n", ends) != text:
        raise BadInput("writing.line_ends", file=file.name)
    if plain.startswith(_BYTE_ORDER):
        raise BadInput("writing.byte_order", file=file.name)
    return Editing(file, plain, _digest(data), ends)


def set_values(number: int, name: str, values: dict[str, str]) -> TextChange:
    """Return the change that gives a photograph other values; `name` must be the file it is of."""

    def action(pieces: tuple[TextPiece, ...]) -> Sequence[TextPiece]:
        places = [place for place, piece in enumerate(pieces) if piece.kind == "photo"]
        if not 0 <= number < len(places) or pieces[places[number]].file != name:
            raise BadInput("writing.no_photo")
        made = list(pieces)
        for key, value in values.items():
            made[places[number]] = with_value(made[places[number]], key, value)
        return made

    return action


def set_place(number: int, to: int) -> TextChange:
    """Return the change that moves a photograph to the place of another."""
    return lambda pieces: moved(pieces, number, to)


def set_text(start: int, count: int, text: str) -> TextChange:
    """Return the change that gives some lines, of the head or of prose, other words."""
    return lambda pieces: with_lines(pieces, start, count, text)


def set_pair(number: int, name: str, title: str, labels: tuple[str, str]) -> TextChange:
    """Return the change that makes a photograph and the next one a pair; `name` must be the file of the first."""
    return lambda pieces: paired(_meant(pieces, number, name), number, title, labels)


def set_parted(number: int, name: str) -> TextChange:
    """Return the change that takes a pair apart. Counterpart: `set_pair`."""
    return lambda pieces: parted(_meant(pieces, number, name), number)


def _meant(pieces: tuple[TextPiece, ...], number: int, name: str) -> tuple[TextPiece, ...]:
    if [piece.file for piece in pieces if piece.kind == "photo"][number : number + 1] != [name]:
        raise BadInput("writing.no_photo")
    return pieces


def pair_states(editing: Editing) -> tuple[PairState, ...]:
    """Say of each photograph whether it and the next one are a pair ("is"), can be made one ("can"), or neither."""
    return states_of(editing.pieces)


def pair_title(editing: Editing, number: int) -> str:
    """Return the title of the pair that a photograph is the first of."""
    return title_of(editing.pieces, number)


def values_of(piece: TextPiece) -> dict[str, str]:
    """Return the fields of a photograph that an editor changes."""
    return {key: value_of(piece, key) for key in EDITED}


def shown_file(telling: Path, name: str) -> Path:
    """Return the picture of a photograph for a page: the smaller one where there is one, in the essay's folder.

    Raises:
        BadInput: it leads out of the folder, or is not there.
    """
    folder = telling.parent.resolve()
    picture = folder / name
    small = web_path_of(picture)
    found = small if small.is_file() else picture
    if not found.is_file() or not found.resolve().is_relative_to(folder):
        raise BadInput("writing.no_picture", name=name)
    return found


def preview(editing: Editing) -> tuple[dict[str, Any], tuple[FifthFloorError, ...]]:
    """Return a telling as it reads, with its texts as HTML that `prose` made, and what is wrong in it."""
    faults = Faults()
    try:
        telling = read_as_far(editing.file.name, editing.text.encode(), faults)
    except BadInput as error:
        return {"title": "", "standfirst": "", "byline": "", "blocks": []}, (error,)
    blocks: list[dict[str, Any]] = []
    for block in telling.blocks:
        if isinstance(block, Photograph):
            blocks.append({"photographs": [_shown(block)], "title": ""})
        elif isinstance(block, Group):
            blocks.append({"photographs": [_shown(one) for one in block.photographs], "title": block.title})
        else:
            blocks.append({"html": prose.html(block.markdown, links=False)})
    head = telling.head
    return {"title": head.title, "standfirst": head.standfirst, "byline": head.byline, "blocks": blocks}, faults.found


def _shown(one: Photograph) -> dict[str, str]:
    caption = prose.inline_html(one.caption, links=False)
    return {"file": one.file, "kicker": one.kicker, "caption": caption, "alt": one.alt, "claim": one.claim}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
