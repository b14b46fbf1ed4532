"""What a person decides of each photograph that waits, kept in `boxes.json` in its folder: for pages that are served.

Rule 1: that file is all that is kept; the same one goes to `protect --boxes` and `approve --boxes`.
Rule 2: what a page saw of it must still be so when it is written: nothing that another window or run decided is lost.
Rule 3: what is shown is what `protect` wrote, and then what the file says otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fifthfloor.errors import BadInput
from fifthfloor.files import place_together, read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.boxes import MAX_BOXES_FILE_BYTES, Box
from fifthfloor.redact.decisions import SIDES, Decision, is_taken_back, read_decisions, written
from fifthfloor.redact.review import SHARED
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.people.earlier_redactions import refuse_link
from fifthfloor.tasks.people.reviewing import documents_of

BOXES = "boxes.json"
SHARED_SCRIPTS = range(len(SHARED))
GRID_PX = 360
NOTHING_SEEN: Mapping[str, str] = MappingProxyType({})
HIDDEN = ("sure", "unasked", "given")
_BOXES_WAIT_SECONDS = 2.0  # for a window or a run that writes at the same moment


@dataclass(frozen=True, slots=True)
class Judged:
    """A part of a photograph as it is decided now.

    Args:
        box: in pixels of the full-size picture as shown.
        why: as `redact.hidden_parts.Part` says, or "drawn".
        found: where the program found it; None for one that a person drew.
        answered: a person has said so; a question is none any more then.
    """

    box: Box
    why: str
    score: float
    found: Box | None
    hide: bool
    answered: bool

    @property
    def asks(self) -> bool:
        return self.why == "uncertain" and not self.answered

    @property
    def is_as_written(self) -> bool:
        return self.hide == (self.why in HIDDEN) and (not self.hide or self.box == self.found)


@dataclass(frozen=True, slots=True)
class Look:
    """A photograph that waits, as it is decided now.

    Args:
        digest: of the picture as it was written; a tick counts for this one.
        decided: stands for what was decided of it as it was read (`mark_of`).
        removed: a box that was given earlier is taken away.
        not_shown: how many finds are not among the parts.
    """

    name: str
    width: int
    height: int
    digest: str
    looked: bool
    decided: str
    removed: bool
    not_shown: int
    parts: tuple[Judged, ...]

    @property
    def questions(self) -> int:
        return sum(part.asks for part in self.parts)

    @property
    def hidden(self) -> int:
        return sum(part.hide for part in self.parts)

    @property
    def differs(self) -> bool:
        """Whether the picture as written is not what is decided now: then `protect` has to run again."""
        return self.removed or not all(part.is_as_written for part in self.parts)


def looks_of(folder: Path) -> dict[str, Look]:
    """Return the photographs of a folder that wait for a person, by name."""
    decisions = decisions_of(folder)
    return {str(one["name"]): _look(one, decisions.get(str(one["name"]))) for one in documents_of(folder)}


def decisions_of(folder: Path) -> dict[str, Decision]:
    """Read the folder's `boxes.json`; nothing where there is none. Raises BadInput if it is not one."""
    path = folder / BOXES
    refuse_link(path)
    return read_decisions(read_whole(path, MAX_BOXES_FILE_BYTES)) if path.is_file() else {}


def decide(folder: Path, given: Mapping[str, Decision], seen: Mapping[str, str] = NOTHING_SEEN) -> None:
    """Keep decisions; those of other photographs stay. Raises BadInput as `unchanged`, or where a run writes there."""
    with writing_in(folder, wait_seconds=_BOXES_WAIT_SECONDS):
        before = unchanged(folder, seen)
        place_together({folder / BOXES: written({**before, **given})}, replace=True, private=True)


def unchanged(folder: Path, seen: Mapping[str, str] = NOTHING_SEEN) -> dict[str, Decision]:
    """Return what is decided, if it is what a page was made of; call it while the folder is held (`writing_in`).

    Args:
        seen: the marks of the photographs that the page showed (`mark_of`), by name.

    Raises:
        BadInput: something else was decided of one of them since.
    """
    decisions = decisions_of(folder)
    if any(mark_of(decisions.get(name)) != mark for name, mark in seen.items()):
        raise BadInput("looking.changed")
    return decisions


def mark_of(decision: Decision | None) -> str:
    """Return what stands for a decision in a form: another one has another mark."""
    return hashlib.sha256(written({"": decision} if decision else {})).hexdigest()[:32]


def read_decision(name: str, text: str) -> Decision:
    """Read what a page's script says of one photograph. Raises BadInput, also where it is of another one."""
    given = read_decisions(text.encode())
    if not given.keys() <= {name}:
        raise BadInput("looking.stale")
    return given.get(name, Decision())


def answered(look: Look, hide: Mapping[int, bool], *, looked: bool) -> Decision:
    """Return a decision from answers alone: whether to hide each part, by its number; others stay as they are."""
    parts = tuple(
        replace(part, hide=hide[number], answered=True) if number in hide else part
        for number, part in enumerate(look.parts)
    )
    return decision_of(replace(look, parts=parts, looked=looked))


def decision_of(look: Look) -> Decision:
    """Return only what the person changed, now or in an earlier round. The page's twin: `page/decisions.js`, `file`."""

    def moved(part: Judged) -> bool:
        return part.found is not None and part.box != part.found

    hide = [one for one in look.parts if one.hide and one.why != "unasked" and (one.why != "sure" or moved(one))]
    # What is not hidden without a person's word needs none.
    never = ("given", "drawn", "doubtful", "writing")
    show = [
        part
        for part in look.parts
        if (not part.hide and part.why not in never and (part.why != "uncertain" or part.answered))
        or (part.hide and moved(part) and part.why != "given")
    ]
    taken = tuple(part.found or part.box for part in show)
    return Decision(tuple(part.box for part in hide), taken, look.digest if look.looked else "")


def _look(document: Mapping[str, Any], decision: Decision | None) -> Look:
    given = [_shown(part) for part in document["parts"]]
    looked, removed = bool(document["looked"]), False
    if decision is not None:
        left = list(decision.hide)
        parts: list[Judged] = []
        for part in given:
            if part.box in left:
                left.remove(part.box)
                parts.append(replace(part, hide=True, answered=True))
            elif part.why == "given":
                removed = True
            elif is_taken_back(part.box, decision.show):
                parts.append(replace(part, hide=False, answered=True))
            else:
                parts.append(part)
        given = [*parts, *(Judged(box, "drawn", 1.0, None, hide=True, answered=True) for box in left)]
        looked = decision.looked == document["digest"]
    return Look(
        name=str(document["name"]),
        width=int(document["width"]),
        height=int(document["height"]),
        digest=str(document["digest"]),
        looked=looked,
        decided=mark_of(decision),
        removed=removed,
        not_shown=int(document["not_shown"]),
        parts=tuple(given),
    )


def _shown(part: Mapping[str, Any]) -> Judged:
    box = Box(*(int(part[side]) for side in SIDES))
    return Judged(box, str(part["why"]), float(part["score"]), box, part["why"] in HIDDEN, answered=False)


def small_of(picture: Path) -> bytes:
    """Return a small JPEG of a picture as it was written, for a grid."""
    from fifthfloor.redact.resizing import small

    return small(read_whole(picture, MAX_PICTURE_BYTES), GRID_PX)


def contents_of(picture: Path) -> bytes:
    """Return a picture as it was written."""
    return read_whole(picture, MAX_PICTURE_BYTES)


def shared_script(number: int) -> bytes:
    """Return a script that pages share (`redact.review`), by its place in the order in which a page takes them."""
    return resources.files("fifthfloor.redact").joinpath("page", SHARED[number]).read_bytes()
