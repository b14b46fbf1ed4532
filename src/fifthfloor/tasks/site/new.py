"""`essay new`: a first `essay.md` for a folder of protected photographs, in shooting order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.essay.labels import ENGLISH, Labels
from fifthfloor.essay.original_captions import OriginalCaptions, read_captions
from fifthfloor.essay.photo_lines import can_name
from fifthfloor.essay.telling import template
from fifthfloor.files import files_below, opened, place_together
from fifthfloor.metadata.blocks import blocks_of
from fifthfloor.metadata.endings import JPEGS, PICTURES, ending_of
from fifthfloor.metadata.exif import parse_time, taken_of
from fifthfloor.metadata.source import BytesSource, Source, head_reader
from fifthfloor.metadata.tiff import Read
from fifthfloor.metadata.xmp import MAX_PACKET_BYTES
from fifthfloor.redact.admission import STATEMENT_ENDING, WEB_ENDING, RedactedPhoto, admit
from fifthfloor.tasks.called import read_list, sources_of
from fifthfloor.tasks.one_writer import writing_in

_ESSAY_NAME = "essay.md"
_FRONT = """\
+++
title = "{title}"
standfirst = ""
byline = ""
place = "withheld"
date = "withheld"
language = "{language}"
licence = ""
published = {today}
+++

{about} {paragraphs}
{claim} {alt}
"""


@dataclass(frozen=True, slots=True)
class NewEssay:
    """What `essay new` wrote.

    Args:
        photographs: their file names, in shooting order.
        captions: how many got a caption from their originals.
        guessed: those in whose texts letters are a guess: their originals do not say in which code page they are.
        unnamed: those that were left out, because no line of a text can name them.
    """

    file: str
    photographs: tuple[str, ...]
    captions: int
    guessed: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Described:
    photo: RedactedPhoto
    captions: OriginalCaptions
    taken: datetime | None


def new_essay(
    folder: Path,
    originals: Path | None,
    today: Callable[[], date] = date.today,
    *,
    dry_run: bool = False,
    links: bool = True,
) -> NewEssay:
    """Write a first `essay.md`.

    It names English as its language and is written in it: which one the essay will have, nobody has said yet.

    Args:
        folder: what `protect` and `approve` made.
        originals: where the photographs came from; captions are read from files of the same name there, or of the one
            that the folder's list gives (`tasks.called`).
        today: for `published`.
        dry_run: write nothing.
        links: read captions also of what links among the originals lead to.

    Raises:
        BadInput: no such folder, no protected photograph, none that can be named, an essay that is there already, or
            another run writes there.
        NothingFound: a photograph that nobody approved.
    """
    file = folder / _ESSAY_NAME
    if not folder.is_dir():
        raise BadInput("essay.no_folder", folder=str(folder))
    with writing_in(folder, dry_run=dry_run):
        return _begun(file, originals, today, dry_run=dry_run, links=links)


def _begun(file: Path, originals: Path | None, today: Callable[[], date], *, dry_run: bool, links: bool) -> NewEssay:
    folder = file.parent
    if file.exists():
        raise BadInput("essay.is_there", file=str(file))
    sources = {name: source for source, name in read_list(folder).items()}
    paths = protected_in(folder)
    if not paths:
        raise BadInput("essay.nothing_protected", folder=str(folder))
    unnamed = tuple(path.name for path in paths if not can_name(path.name))
    if len(unnamed) == len(paths):
        raise BadInput("essay.unnameable", name=unnamed[0])
    photos = [admit(path) for path in paths if path.name not in unnamed]
    found = sorted(
        (_find(photo, sources.get(photo.name, photo.name), originals, links=links) for photo in photos),
        key=_shooting_order,
    )
    text = _FRONT.format(
        title=_title(folder),
        today=today().isoformat(),
        language=ENGLISH,
        **template(ENGLISH),
    )
    place_together({file: (text + "".join(_lines(one) for one in found)).encode()}, dry_run=dry_run)
    return NewEssay(
        str(file),
        tuple(one.photo.name for one in found),
        sum(bool(one.captions.caption) for one in found),
        tuple(one.photo.name for one in found if one.captions.guessed),
        unnamed,
    )


def protected_in(folder: Path) -> list[Path]:
    """List the full-size photographs of a folder that have a statement beside them."""
    names = sorted(path.name.removesuffix(STATEMENT_ENDING) for path in folder.glob(f"*{STATEMENT_ENDING}"))
    full = [name for name in names if not name.endswith(WEB_ENDING)]
    return [folder / name for name in full if (folder / name).is_file()]


def _find(photo: RedactedPhoto, source_name: str, originals: Path | None, *, links: bool) -> _Described:
    path, sidecar = _original_of(source_name, originals, links=links) if originals else (None, None)
    if path is None and sidecar is None:
        return _Described(photo, OriginalCaptions(), photo.taken)
    with _source(path) as source, _source(sidecar) as beside:
        read = head_reader(source)
        captions = read_captions(read, source.size_bytes, beside.read(0, min(beside.size_bytes, MAX_PACKET_BYTES)))
        return _Described(photo, captions, photo.taken or _taken(read, source.size_bytes))


@contextmanager
def _source(path: Path | None) -> Iterator[Source]:
    if path is None:
        yield BytesSource(b"")
        return
    with opened(path, follow=True) as source:
        if source is None:
            raise BadInput("files.not_a_file", path=str(path))
        yield source


def _original_of(name: str, originals: Path, *, links: bool) -> tuple[Path | None, Path | None]:
    """Return the original of a photograph, a JPEG before others, and its sidecar: a.xmp or a.jpg.xmp."""
    wanted = Path(name).stem.casefold()
    found: dict[bool, Path] = {}
    sidecar = None
    for path in sorted(files_below(originals, links=links)):
        ending = ending_of(path.name)
        if ending == "xmp" and path.name.casefold().split(".")[0] == wanted.split(".")[0] and path.is_file():
            beside = path.stem.casefold()
            if beside == wanted or (Path(beside).stem == wanted and ending_of(beside) in PICTURES):
                sidecar = sidecar or path
        elif ending in PICTURES and path.is_file() and _may_be(path, wanted):
            found.setdefault(ending in JPEGS, path)
    return found.get(True, found.get(False)), sidecar


def _may_be(path: Path, wanted: str) -> bool:
    return wanted in {Path(source).stem.casefold() for source in sources_of(path)}


def _taken(read: Read, size_bytes: int) -> datetime | None:
    for block in blocks_of(read, size_bytes):
        if block.kind == "exif":
            return parse_time(taken_of(block.read).captured)
    return None


def _shooting_order(one: _Described) -> tuple[datetime, list[int | str], str]:
    # Cameras count up in names; what has no time stands by its name, after what has one.
    parts = re.split(r"(\d+)", one.photo.name.casefold())
    natural: list[int | str] = [int(part) if number % 2 else part for number, part in enumerate(parts)]
    return (one.taken or datetime.max, natural, one.photo.name)


def _lines(one: _Described) -> str:
    said = one.captions
    rows = [("photo", one.photo.name), ("kicker", said.kicker), ("caption", said.caption), ("alt", said.alt)]
    rows += [("claim", "")] + ([("credit", said.credit)] if said.credit else [])
    return "\n" + "".join(f"{key}: {value}".rstrip() + "\n" for key, value in rows)


def _title(folder: Path) -> str:
    name = re.sub(r"[-_\s]+", " ", folder.resolve().name).strip()
    return "".join(c for c in name if c.isprintable() and c not in '"\\') or Labels(ENGLISH).say("untitled")
