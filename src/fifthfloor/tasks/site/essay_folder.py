"""Reading an essay's folder: its tellings, its theme, its photographs through the gate; what may not be published."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.essay.asset import Caution
from fifthfloor.essay.caution import look
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.story import Photograph, Telling
from fifthfloor.essay.style import check_theme
from fifthfloor.essay.telling import MAX_TELLING_BYTES, read_as_far, telling_name
from fifthfloor.essay.tellings import Essay, gather
from fifthfloor.files import read_whole
from fifthfloor.redact.admission import RedactedPhoto, admit
from fifthfloor.tasks.site.published import Heed, unheeded

THEME = "theme.css"
MAX_THEME_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Manuscript:
    """An essay that has been read, and the photographs that the gate let through.

    Args:
        photos: by the photograph's file.
        theme: CSS, checked; may be empty.
    """

    essay: Essay
    photos: Mapping[str, RedactedPhoto]
    theme: str = ""


def read_essay(folder: Path, faults: Faults, heed: Heed = unheeded) -> Essay:
    """Read every `essay*.md` of a folder, or one telling.

    Args:
        folder: the essay's folder, or the file of one telling in it.
        faults: takes what is wrong, where more is still to be looked at.
        heed: is told the cautions of all tellings where one cannot be read at all.

    Raises:
        BadInput: no folder, no telling, or anything wrong in one.
    """
    files = [folder] if folder.is_file() else sorted(folder.glob("essay*.md")) if folder.is_dir() else []
    if not folder.exists():
        raise BadInput("essay.no_folder", folder=str(folder))
    read = [faults.get(functools.partial(_telling, folder, file, faults), None) for file in files]
    tellings = [telling for telling in read if telling is not None]
    if len(tellings) < len(files):
        heed(cautions_of(tellings))
        faults.end()
    return gather(slug(essay_folder(folder).resolve().name), tellings, faults)


def cautions_of(tellings: Sequence[Telling]) -> tuple[Caution, ...]:
    """Return what in tellings is for the writer to think about."""
    return tuple(caution for telling in tellings for caution in look(telling))


def _telling(folder: Path, file: Path, faults: Faults) -> Telling:
    if folder.is_dir() and telling_name(file.name) is None:
        raise BadInput("essay.telling_name", file=file.name)
    return read_as_far(file.name, _read(file, MAX_TELLING_BYTES), faults)


def essay_folder(given: Path) -> Path:
    """Return the folder of what was given: it, or that of the telling."""
    return given.parent if given.is_file() else given


def slug(name: str) -> str:
    """Turn a folder's name into one that can stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "essay"


def refuse_held_back(essay: Essay, today: date, faults: Faults) -> None:
    """Stop what is under embargo or restricted. A note in any telling holds for the photograph in all.

    Args:
        faults: takes each, with the name and the line that says so.
    """
    for telling in essay.tellings:
        if telling.head.embargo and telling.head.embargo > today:
            day = telling.head.embargo.isoformat()
            line = telling.head.lines["embargo"]
            faults.add(BadInput("essay.embargo", file=telling.file, line=line, day=day, today=today.isoformat()))
        for photograph in telling.photographs:
            faults.get(functools.partial(_refuse_photograph, telling.file, photograph, today), None)


def _refuse_photograph(file: str, photograph: Photograph, today: date) -> None:
    notes, line, photo = photograph.notes, photograph.line, photograph.name
    if notes.embargo and notes.embargo > today:
        day = notes.embargo.isoformat()
        raise BadInput("essay.photo_embargo", file=file, line=line, photo=photo, day=day, today=today.isoformat())
    if notes.restricted:
        raise BadInput("essay.restricted", file=file, line=line, photo=photo, rights=notes.rights)


def read_manuscript(
    given: Path, today: date, gate: Callable[[Path], RedactedPhoto] = admit, heed: Heed = unheeded
) -> Manuscript:
    """Read an essay and take each of its photographs through the gate.

    Args:
        given: the folder, or one telling.
        today: decides embargoes.
        gate: the publish gate.
        heed: is told the cautions where the essay is refused; where it is read they are the caller's to say.

    Raises:
        BadInput: the essay, photographs that are missing, and what the gate says: all of it at once.
    """
    faults = Faults()
    essay = read_essay(given, faults, heed)
    refuse_held_back(essay, today, faults)
    folder = essay_folder(given)
    photos: dict[str, RedactedPhoto | None] = {}
    for telling in essay.tellings:
        for photograph in telling.photographs:
            if photograph.file not in photos:
                enter = functools.partial(_admit, folder, telling.file, photograph.line, photograph.file, gate)
                photos[photograph.file] = faults.get(enter, None)
    theme = faults.get(lambda: _theme(folder, faults), "")
    if faults:
        heed(cautions_of(essay.tellings))
    faults.end()
    return Manuscript(essay, {file: photo for file, photo in photos.items() if photo is not None}, theme)


def _admit(folder: Path, file: str, line: int, photo: str, gate: Callable[[Path], RedactedPhoto]) -> RedactedPhoto:
    path = folder / photo
    if not path.is_file():
        raise BadInput("essay.no_photo", file=file, line=line, photo=photo)
    if path.stat().st_size == 0:
        raise BadInput("essay.empty_photo", file=file, line=line, photo=photo)
    if not (folder / f"{photo}.statement.json").is_file():
        raise BadInput("essay.unprotected", file=file, line=line, photo=photo)
    try:
        return gate(path)
    except FifthFloorError as error:
        error.facts |= {"of_file": file, "of_line": line}
        if "name" not in error.facts:
            error.facts |= {"of_photo": photo}
        raise


def _theme(folder: Path, faults: Faults) -> str:
    path = folder / THEME
    if not path.is_file():
        return ""
    try:
        return check_theme(THEME, _read(path, MAX_THEME_BYTES).decode(), faults)
    except UnicodeDecodeError:
        raise BadInput("essay.not_text", file=THEME, line=1) from None


def _read(path: Path, most: int) -> bytes:
    size = path.stat().st_size
    if size > most:
        raise BadInput("essay.too_long", file=path.name, size=size, most=most)
    return read_whole(path, most)
