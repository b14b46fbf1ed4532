"""What is brought back, written: in batches, and a file has its name once all of its batch is on the medium.

Rule: no name before its bytes. A flush a file waits for the medium twice each time: a card of small photographs took
four times as long as PhotoRec, which flushes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from fifthfloor.cards.extents import Extent, read_extents
from fifthfloor.cards.image import Card
from fifthfloor.files import digest_of, flush_all, flushed, make_folder, opened, rename_all

MAX_NAME_CHARS = 100
_BATCH_FILES, _BATCH_BYTES = 512, 256 << 20  # a stop loses what has no name yet


@dataclass(frozen=True, slots=True)
class Recovered:
    """A photograph that was brought back.

    Args:
        path: where it is now.
        name: its name in the directory, or empty where it was carved.
        length_bytes: of it.
        whole: all of it is there, as far as its own structure and its directory entry tell.
        offset_bytes: where it starts on the card.
    """

    path: Path
    name: str
    length_bytes: int
    whole: bool
    offset_bytes: int


@dataclass(frozen=True, slots=True)
class ToWrite:
    """One file to write: where its contents are on the device, in order."""

    name: str
    folder: str
    extents: tuple[Extent, ...]
    whole: bool
    modified: datetime | None
    carved: bool = False

    @property
    def length_bytes(self) -> int:
        return sum(extent.length_bytes for extent in self.extents)

    @property
    def offset_bytes(self) -> int:
        return self.extents[0].offset_bytes


def written(card: Card, plans: Sequence[ToWrite], out: Path) -> Iterator[Recovered]:
    """Write what is planned; each is given once it has its name and is on the medium.

    A name that is taken gets a number. Where a sector of a file cannot be read it has zeros: partial.
    """
    for batch in _batches(plans):
        # Two damaged entries may begin at one place: the number keeps their parts apart.
        parts = [folder_of(plan, out) / f".{number:x}.part" for number, plan in enumerate(batch)]
        placed: list[Recovered] = []
        try:
            for plan, part in zip(batch, parts, strict=True):
                _write(card, plan, part)
            flush_all(parts)
            rename_all(_placing(card, batch, parts, placed))
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        yield from placed


def _batches(plans: Sequence[ToWrite]) -> Iterator[list[ToWrite]]:
    batch: list[ToWrite] = []
    length = 0
    for plan in plans:
        batch.append(plan)
        length += plan.length_bytes
        if len(batch) == _BATCH_FILES or length >= _BATCH_BYTES:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _write(card: Card, plan: ToWrite, part: Path) -> None:
    make_folder(part.parent)
    part.unlink(missing_ok=True)
    known = plan.modified is not None and plan.modified.year >= 1980
    modified = plan.modified.timestamp() if known and plan.modified else None
    with flushed(part, modified=modified, later=True) as file:
        for data in read_extents(card.device, plan.extents, plan.length_bytes):
            file.write(data)


def _placing(
    card: Card, batch: Sequence[ToWrite], parts: Sequence[Path], placed: list[Recovered]
) -> Iterator[tuple[Path, Path]]:
    """Give each part its name, once those before it have theirs: only the disk knows which names are one to it."""
    for plan, part in zip(batch, parts, strict=True):
        whole = plan.whole and not card.lacks(plan.extents)
        target = _name_for(part, _safe(plan.name), whole=whole)
        placed.append(_recovered(plan, target, whole=whole))
        yield part, target


def _name_for(part: Path, name: str, *, whole: bool) -> Path:
    """Choose a name, or one with a number where it is taken; what an earlier run brought back is not kept twice."""
    for target in _names(part.parent, name, whole=whole):
        # In the place of the same: whoever wrote the other may not have flushed it, and the card is wiped next.
        if not target.exists() or (target.is_file() and digest_of(part) == digest_of(target)):
            return target
    raise ValueError("a million equal names")


def _recovered(plan: ToWrite, target: Path, *, whole: bool) -> Recovered:
    return Recovered(target, "" if plan.carved else plan.name, plan.length_bytes, whole, plan.offset_bytes)


def folder_of(plan: ToWrite, out: Path) -> Path:
    """Say in which folder below `out` a file is written."""
    return out.joinpath(*(_safe(part) for part in PurePosixPath(plan.folder).parts if part != "/"))


def foretold(card: Card, plans: Sequence[ToWrite], out: Path) -> tuple[Recovered, ...]:
    """Say where `written` would put each file; nothing is read but what lies under its name already."""
    taken: set[Path] = set()
    foretold = []
    for plan in plans:
        whole = plan.whole and not card.lacks(plan.extents)
        for target in _names(folder_of(plan, out), _safe(plan.name), whole=whole):
            if target not in taken and (not target.exists() or _is_there(card, plan, target)):
                break
        taken.add(target)
        foretold.append(_recovered(plan, target, whole=whole))
    return tuple(foretold)


def _is_there(card: Card, plan: ToWrite, target: Path) -> bool:
    """Say whether a file holds what would be written under its name."""
    if not target.is_file() or target.stat().st_size != plan.length_bytes:
        return False
    with opened(target) as source:
        at = 0
        for data in read_extents(card.device, plan.extents, plan.length_bytes):
            if source is None or source.read(at, len(data)) != bytes(data):
                return False
            at += len(data)
    return True


def _safe(name: str) -> str:
    """Return a name that is one plain part of a path on every system; names on a card are written by others."""
    kept = re.sub(r"[^\w.()\- ]", "_", name, flags=re.ASCII if not name.isprintable() else 0).strip(" .")
    return kept[-MAX_NAME_CHARS:] or "_"


def _names(folder: Path, name: str, *, whole: bool) -> Iterator[Path]:
    """Give the names a file may get, in order: its own, then with numbers."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (ending, "")
    mark = "" if whole else ".partial"
    for number in range(1, 1_000_000):
        again = "" if number == 1 else f"~{number}"
        yield folder / f"{stem}{mark}{again}{ending}"
