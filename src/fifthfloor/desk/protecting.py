"""What a person protects: from which folder into which, with whose key; and the grid of what is there."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor.desk.asked import Asked
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.errors import BadInput
from fifthfloor.words import error, sentence
from fifthfloor.words.lines.proved import proved_lines
from fifthfloor.words.review import on_the_page

if TYPE_CHECKING:
    from fifthfloor.tasks.people.looking import Look
    from fifthfloor.tasks.people.prove import Signer


@dataclass(eq=False)
class Protecting:
    """One folder of photographs under review.

    Args:
        source: where the originals are; None where that is not known any more.
        out: what `protect` wrote.
        signer: whose key signs; in memory only.
        by: who looks, as typed last.
        shown: pictures that a page has shown, by what stands for their names.
    """

    source: Path | None
    out: Path
    signer: Signer
    find_faces: bool = True
    find_writing: bool = True
    by: str = ""
    shown: dict[str, Path] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Return all protected photographs of the folder as they are now."""
        rows = rows_of(self.out)
        self.shown = {row.photo: row.picture for row in rows}
        return rows

    def picture(self, photo: str) -> Path:
        """Return a picture that was shown; the folder is not read again for each of them. Raises BadInput."""
        from fifthfloor.tasks.people.earlier_redactions import refuse_link

        found = self.shown.get(photo)
        if found is None:
            raise BadInput("desk.no_page")
        refuse_link(found)
        return found


def signer_of(desk: Desk, asked: Asked) -> Signer:
    """Return the signer of a form: the identity that is named there, or a key for this run."""
    from fifthfloor.tasks.people.identity import open_identity
    from fifthfloor.tasks.people.prove import Signer, signer_for_this_run

    typed = asked.one("identity").strip()
    if not typed:
        return signer_for_this_run()
    return Signer(open_identity(desk.places.inside(typed), asked.one("passphrase")), "story")


def run(chosen: Protecting, job: Job) -> dict[str, Any]:
    """Protect, and say what became of each; decisions of earlier rounds hold."""
    from fifthfloor.tasks.called import names_in
    from fifthfloor.tasks.people.beside import LeftAlone
    from fifthfloor.tasks.people.looking import decisions_of
    from fifthfloor.tasks.people.photographs import Refused, frames
    from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect

    if chosen.source is None:
        raise BadInput("looking.no_source")
    meant = frames([chosen.source], chosen.out, numbered=True).frames
    names = set(names_in(chosen.out, [frame.name for frame in meant]).values())
    sizes = {frame.path: frame.path.stat().st_size for frame in meant}
    decisions = {name: one for name, one in decisions_of(chosen.out).items() if name in names}
    intent = ProtectIntent(chosen.out, chosen.find_faces, decisions, suggest_writing=chosen.find_writing, numbered=True)
    job.if_stopped, job.wrote = sentence("looking.stopped"), True
    done: list[Protected] = []
    refused: list[tuple[str, str, str]] = []
    left: list[LeftAlone] = []
    # Closed at once where it is stopped: what shows faces must go before anything else is done.
    with (
        job.progress("protect.progress", sum(sizes.values())) as step,
        contextlib.closing(protect([chosen.source], intent, chosen.signer, said=on_the_page())) as results,
    ):
        for one in results:
            if isinstance(one, LeftAlone):
                left.append(one)
                continue
            if isinstance(one, Refused):
                refused.append((one.path.name, *error(one.key, one.facts)))
            else:
                done.append(one)
            step(sizes.get(one.path, 0))
    return {"done": done, "remarks": [line for one in done for line in remarks_of(one)], "refused": refused}


def remarks_of(one: Any) -> list[str]:
    """Return what a person is told beside of a photograph."""
    lines = [sentence("protect.profile", name=one.name)] if one.profile == "unknown" else []
    return [*lines, *(sentence(key, name=one.name) for key in one.remarks)]


@dataclass(frozen=True, slots=True)
class Row:
    """A photograph in the grid.

    Args:
        look: how it waits; None where it is approved, and where a stopped run took what a person looks at.
        approved: its statement says that a person looked.
    """

    number: int
    picture: Path
    look: Look | None
    approved: bool

    @property
    def photo(self) -> str:
        """Return what stands for its name in a form: names may hold what a page cannot carry."""
        return hashlib.sha256(os.fsencode(self.picture.name)).hexdigest()[:32]


def rows_of(folder: Path) -> list[Row]:
    """Return all protected photographs of a folder."""
    from fifthfloor.tasks.people.earlier_redactions import told_in
    from fifthfloor.tasks.people.looking import looks_of

    looks = looks_of(folder)
    return [
        Row(number, path, looks.get(path.name), told.looked_at)
        for number, (path, told) in enumerate(told_in(folder), 1)
    ]


def verifiable(picture: Path) -> list[str]:
    """Return what a reader will be able to verify of a picture as it lies there, in the sentences of `verify`."""
    from fifthfloor.tasks.people.prove import converted_from, verdict, verified_file

    found = verified_file(picture)
    converted = converted_from(dict(found.facts).get("original", "")) or ""
    lines = [sentence(f"verdict.{verdict(found, None)}"), *proved_lines(found, converted)]
    return [line.strip() for line in lines]
