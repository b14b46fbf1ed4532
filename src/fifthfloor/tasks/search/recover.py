"""`recover`: brings deleted photographs back, by their directory entries and by carving.

The card is only read: while it is mounted it is refused, so `--out` cannot be on it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from fifthfloor.audit.agreement import Judge, first_bytes
from fifthfloor.audit.card_names import OrphanFinder
from fifthfloor.audit.carve import carve
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_bytes import FreePiece, FreeSpace
from fifthfloor.audit.grounds import elsewhere
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.rejoin import in_one_piece_again, to_be_followed
from fifthfloor.audit.small import small_of
from fifthfloor.cards.bearing import Borne
from fifthfloor.cards.deleted import DeletedEntry, behind_the_end, deleted_entries
from fifthfloor.cards.extents import Extent, read_extents
from fifthfloor.cards.image import Card
from fifthfloor.cards.reading import UNMOUNTABLE, read_card
from fifthfloor.cards.unchained import unchained_entries, unchained_left_out
from fifthfloor.cards.volume import Volume
from fifthfloor.errors import NoRoom, NothingFound
from fifthfloor.files import digest_of, flushed, make_folder, opened, rename_all
from fifthfloor.metadata.endings import is_of_a_frame, is_shot
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.progress import Progress, silent

MAX_NAME_CHARS = 100
_HEAD_BYTES = 128 << 10
_MOST_LOOKED_BYTES = 8 << 20  # of each, for a small picture of it


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
class Recovery:
    """What `recover` did.

    Args:
        files: what was brought back.
        overwritten: deleted photographs whose names are left and whose contents are not.
        borne: faults of the card that were borne.
        unreadable: what of the card could not be read: (offset_bytes, length_bytes), rising.
        left_out: visible files without a chain whose names were not used: behind the first ones of a volume.
        there: how many of the files lay there already, byte for byte.
    """

    files: tuple[Recovered, ...]
    overwritten: int
    borne: tuple[Borne, ...] = ()
    unreadable: tuple[tuple[int, int], ...] = ()
    left_out: int = 0
    there: int = 0

    @property
    def unreadable_bytes(self) -> int:
        """How much of the card could not be read."""
        return sum(length for _, length in self.unreadable)


@dataclass(frozen=True, slots=True)
class _ToWrite:
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


@dataclass(frozen=True, slots=True)
class Regainable:
    """Something that can be brought back, before it is.

    Args:
        name: its name in the directory, or where it lies.
        length_bytes: of it.
        whole: as far as its own structure and its directory entry tell.
        offset_bytes: where it starts on the card; no two start at one place.
        small: a small JPEG of it; empty where it has none.
    """

    name: str
    length_bytes: int
    whole: bool
    offset_bytes: int
    small: bytes


def look(path: Path, *, progress: Progress = silent) -> tuple[Regainable, ...]:
    """Find what `recover` would bring back, to be picked by looking; nothing is written. Arguments, errors as there."""
    with read_card(path) as card:
        plans, _overwritten = _plan(card, progress)
        if not plans:
            raise NothingFound("recover.nothing", path=str(path), free=int(card.free[:, 1].sum()))
        return tuple(
            Regainable(plan.name, plan.length_bytes, plan.whole, plan.offset_bytes, _small(card, plan))
            for plan in plans
        )


def _small(card: Card, plan: _ToWrite) -> bytes:
    extents = [(extent.offset_bytes, extent.length_bytes) for extent in plan.extents]
    space = FreeSpace(card.device, extents, piece_bytes=_HEAD_BYTES, kept_pieces=2)
    return small_of(BytesSource(space.read(0, min(plan.length_bytes, _MOST_LOOKED_BYTES))))


def recover(
    path: Path,
    out: Path,
    *,
    progress: Progress = silent,
    dry_run: bool = False,
    only: Container[int] | None = None,
) -> Recovery:
    """Bring back every deleted photograph and film of a card, and what lies in lost clusters, slack and gaps.

    Args:
        path: the card, a device or an image; nothing is written to it. Faults are borne, sectors that cannot be read
            cost themselves, and where there is no file system the whole device is carved.
        out: a folder, made if it is not there.
        progress: shows the two steps: reading what is free, and putting together what lies in pieces.
        dry_run: write nothing; the paths are those that would be written.
        only: places where what is wanted starts (`look`); all where it is not given.

    Raises:
        BadInput: the card is not there.
        NothingFound: nothing can be brought back.
        NoRoom: `out` has less room than is needed.
    """
    with read_card(path) as card:
        plans, overwritten = _plan(card, progress)
        plans = [plan for plan in plans if only is None or plan.offset_bytes in only]
        if not plans:
            raise NothingFound("recover.nothing", path=str(path), free=int(card.free[:, 1].sum()))
        if not dry_run:
            make_folder(out)
        there = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
        needed, free = sum(plan.length_bytes for plan in plans), shutil.disk_usage(there).free
        if needed > free:
            raise NoRoom("recover.no_room", needed=needed, free=free, path=str(out))
        folders = {_folder_of(plan, out) for plan in plans}
        before = {path for folder in folders if folder.is_dir() for path in folder.iterdir()}
        files = _foretold(card, plans, out) if dry_run else tuple(_write(card, plan, out) for plan in plans)
        left_out = sum(unchained_left_out(volume) for volume in card.volumes)
        # A name that was taken is a file's only where it held the same (`_placed`).
        lay_there = len({file.path for file in files} & before)
        return Recovery(files, overwritten, card.borne, card.unreadable, left_out, lay_there)


def _plan(card: Card, progress: Progress) -> tuple[list[_ToWrite], int]:
    finders = [OrphanFinder(volume) for volume in card.volumes]
    extents = [(int(offset), int(length)) for offset, length in card.free]

    def look(piece: FreePiece, data: bytes) -> None:
        for finder in finders:
            finder.feed(piece, data)

    space = FreeSpace(card.device, extents, look)
    with progress("audit.reading", space.length_bytes) as advance:
        found = list(carve(space, advance))
    with progress("recover.pieces", to_be_followed(found)) as advance:
        found = in_one_piece_again(space, found, _cluster_bytes(card), advance)
    carved = {item.offset_bytes: item for item in [*found, *elsewhere(card, look).carved]}
    judge = Judge(card, carved)
    plans: list[_ToWrite] = []
    overwritten, taken = 0, set[int]()
    for agreed in judge.agreed(_named(card, finders)):
        entry = agreed.entry
        if entry.is_directory or not is_of_a_frame(entry.path):
            continue
        if not agreed.extents:
            overwritten += is_shot(entry.path)
            continue
        path = PurePosixPath(entry.path)
        plan = _ToWrite(path.name, str(path.parent), agreed.extents, agreed.state == "whole", entry.modified)
        if plan.offset_bytes not in taken:
            taken.add(plan.offset_bytes)
            plans.append(plan)
    plans += [plan for plan in _unseen(card) if plan.offset_bytes not in taken]
    taken.update(plan.offset_bytes for plan in plans)
    plans += [_carved_plan(card, item) for offset, item in sorted(carved.items()) if offset not in taken]
    return plans, overwritten


def _cluster_bytes(card: Card) -> int:
    """What pieces of a file are multiples of; where there is no file system, what most are."""
    return min((volume.cluster_bytes for volume in card.volumes), default=4096)


def _named(card: Card, finders: Sequence[OrphanFinder]) -> list[tuple[Volume, DeletedEntry]]:
    """Every name without a place: deleted, of an earlier roll, or visible and without its chain."""
    named = [(volume, entry) for volume in card.volumes for entry in deleted_entries(volume)]
    known = {offset for _, entry in named for offset in entry.offsets_bytes}
    for volume, finder in zip(card.volumes, finders, strict=True):
        named += [(volume, entry) for entry in finder.names() if not known.intersection(entry.offsets_bytes)]
    named += [(volume, entry) for volume in card.volumes for entry in unchained_entries(volume)]
    return named


def _unseen(card: Card) -> Iterator[_ToWrite]:
    """Plan to bring back files that are in the directories and that some systems, or all, do not show."""
    nowhere = any(fault.key in UNMOUNTABLE for fault in card.borne)
    for volume in card.volumes:
        hidden = behind_the_end(volume)
        for file in volume.files():
            path = PurePosixPath(file.path)
            here = nowhere or any(str(part) in hidden for part in (path, *path.parents))
            size = file.size_bytes if file.written_bytes is None else file.written_bytes
            extents = first_bytes(file.extents, size)
            if here and extents and not file.is_directory:
                whole = sum(extent.length_bytes for extent in extents) >= size
                yield _ToWrite(path.name, str(path.parent), extents, whole, file.modified)


_ENDINGS = {"jpeg": "jpg", "tiff": "tif"}


def _carved_plan(card: Card, item: Carved) -> _ToWrite:
    """Plan to bring back what was carved; its name is when it was taken, as it says itself, and where it lay."""
    head = b"".join(read_extents(card.device, item.runs, min(item.found.length_bytes, 256 << 10)))
    facts = read_photo(BytesSource(head))
    taken = f"{facts.taken:%Y-%m-%d_%H%M%S}_" if facts is not None and facts.taken is not None else ""
    ending = _ENDINGS.get(item.found.form, item.found.form)
    place = "" if item.where == "free" else f"{item.where}_"
    moment = facts.taken if facts is not None else None
    name = f"{taken}{place}at_{item.offset_bytes:012x}.{ending}"
    return _ToWrite(name, "carved", item.runs, item.found.whole, moment, carved=True)


def _write(card: Card, plan: _ToWrite, out: Path) -> Recovered:
    """Write one file; a name that is taken gets a number. Where a sector of it cannot be read it has zeros: partial."""
    folder = _folder_of(plan, out)
    make_folder(folder)
    part = folder / f".{plan.offset_bytes:x}.part"
    part.unlink(missing_ok=True)
    known = plan.modified is not None and plan.modified.year >= 1980
    with flushed(part, modified=plan.modified.timestamp() if known and plan.modified else None) as file:
        for data in read_extents(card.device, plan.extents, plan.length_bytes):
            file.write(data)
    whole = plan.whole and not _touched(card.unreadable, plan.extents)
    target = _placed(part, folder, _safe(plan.name), whole)
    return _recovered(plan, target, whole=whole)


def _recovered(plan: _ToWrite, target: Path, *, whole: bool) -> Recovered:
    return Recovered(target, "" if plan.carved else plan.name, plan.length_bytes, whole, plan.offset_bytes)


def _folder_of(plan: _ToWrite, out: Path) -> Path:
    return out.joinpath(*(_safe(part) for part in PurePosixPath(plan.folder).parts if part != "/"))


def _foretold(card: Card, plans: Sequence[_ToWrite], out: Path) -> tuple[Recovered, ...]:
    """Say where `_write` would put each file; nothing is read but what lies under its name already."""
    taken: set[Path] = set()
    foretold = []
    for plan in plans:
        whole = plan.whole and not _touched(card.unreadable, plan.extents)
        for target in _names(_folder_of(plan, out), _safe(plan.name), whole=whole):
            if target not in taken and (not target.exists() or _is_there(card, plan, target)):
                break
        taken.add(target)
        foretold.append(_recovered(plan, target, whole=whole))
    return tuple(foretold)


def _is_there(card: Card, plan: _ToWrite, target: Path) -> bool:
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


def _touched(unreadable: Sequence[tuple[int, int]], extents: Sequence[Extent]) -> bool:
    return any(
        offset < extent.offset_bytes + extent.length_bytes and extent.offset_bytes < offset + length
        for offset, length in unreadable
        for extent in extents
    )


def _safe(name: str) -> str:
    """Return a name that is one plain part of a path on every system; names on a card are written by others."""
    kept = re.sub(r"[^\w.()\- ]", "_", name, flags=re.ASCII if not name.isprintable() else 0).strip(" .")
    return kept[-MAX_NAME_CHARS:] or "_"


def _placed(part: Path, folder: Path, name: str, whole: bool) -> Path:
    """Give a file its name, or a number where the name is taken; what an earlier run brought back is not kept twice."""
    for target in _names(folder, name, whole=whole):
        if not target.exists():
            rename_all([(part, target)])
            return target
        if target.is_file() and digest_of(part) == digest_of(target):
            # In its place: whoever wrote the other one may not have flushed it, and the card is wiped next.
            rename_all([(part, target)])
            return target
    raise ValueError("a million equal names")


def _names(folder: Path, name: str, *, whole: bool) -> Iterator[Path]:
    """Give the names a file may get, in order: its own, then with numbers."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (ending, "")
    mark = "" if whole else ".partial"
    for number in range(1, 1_000_000):
        again = "" if number == 1 else f"~{number}"
        yield folder / f"{stem}{mark}{again}{ending}"
