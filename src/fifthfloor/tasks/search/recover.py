"""`recover`: brings deleted photographs back, by their directory entries and by carving.

The card is only read: while it is mounted it is refused, so `--out` cannot be on it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from fifthfloor.audit.card_names import OrphanFinder
from fifthfloor.audit.carve import carve, follow, starts_in
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_map import BLOCK_BYTES, says_nothing
from fifthfloor.audit.free_space import FreeSpace, Piece
from fifthfloor.audit.photo import read_photo
from fifthfloor.cards.deleted import DeletedEntry, dead_chain, deleted_entries
from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.volume import Extent
from fifthfloor.errors import NoRoom, NothingFound
from fifthfloor.files import make_folder, placed
from fifthfloor.metadata.endings import is_of_a_frame, is_shot
from fifthfloor.metadata.source import BytesSource

COPY_BYTES = 4 << 20
MAX_NAME_CHARS = 100
SECTOR_BYTES = 512
Progress = Callable[[int], None]


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
    """

    files: tuple[Recovered, ...]
    overwritten: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """One file to write: its parts are (position, length) in the sequence of free bytes."""

    name: str
    folder: str
    parts: tuple[tuple[int, int], ...]
    whole: bool
    modified: datetime | None

    @property
    def length_bytes(self) -> int:
        return sum(length for _, length in self.parts)

    @property
    def position(self) -> int:
        return self.parts[0][0]


def recover(path: Path, out: Path, *, progress: Progress = lambda _done: None) -> Recovery:
    """Bring back every deleted photograph and film of a card.

    Args:
        path: the card, a device or an image; nothing is written to it.
        out: a folder, made if it is not there.
        progress: called with the free bytes just passed.

    Raises:
        BadInput: the card does not hold together.
        NothingFound: nothing can be brought back.
        NoRoom: `out` has less room than is needed.
    """
    with open_card(path) as card:
        space, plans, overwritten = _plan(card, progress)
        if not plans:
            raise NothingFound("recover.nothing", path=str(path), free=space.length_bytes)
        make_folder(out)
        needed, free = sum(plan.length_bytes for plan in plans), shutil.disk_usage(out).free
        if needed > free:
            raise NoRoom("recover.no_room", needed=needed, free=free, path=str(out))
        return Recovery(tuple(_write(space, plan, out) for plan in plans), overwritten)


def _plan(card: Card, progress: Progress) -> tuple[FreeSpace, list[_Plan], int]:
    finders = [OrphanFinder(volume) for volume in card.volumes]
    extents = [(int(offset), int(length)) for offset, length in card.free]

    def look(piece: Piece, data: bytes) -> None:
        for finder in finders:
            finder.feed(piece, data)

    space = FreeSpace(card.device, extents, look)
    carved = {item.start: item for item in carve(space, progress)}
    named = [(volume, entry) for volume in card.volumes for entry in deleted_entries(volume)]
    known = {offset for _, entry in named for offset in entry.offsets_bytes}
    for volume, finder in zip(card.volumes, finders, strict=True):
        named += [(volume, entry) for entry in finder.names() if not known.intersection(entry.offsets_bytes)]
    plans: list[_Plan] = []
    overwritten, taken = 0, set[int]()
    steps = sum(volume.cluster_count for volume in card.volumes)  # of chains, all together
    for volume, entry in named:
        if entry.is_directory or not is_of_a_frame(entry.path):
            continue
        chain = dead_chain(volume, entry, steps)
        steps -= len(chain) and -(-entry.size_bytes // volume.cluster_bytes)
        plan = _undelete(space, entry, carved, chain)
        if plan is None:
            overwritten += is_shot(entry.path)
        elif plan.position not in taken:
            taken.add(plan.position)
            plans.append(plan)
    plans += [_carved_plan(space, item) for start, item in sorted(carved.items()) if start not in taken]
    return space, plans, overwritten


def _undelete(
    space: FreeSpace, entry: DeletedEntry, carved: dict[int, Carved], chain: tuple[Extent, ...]
) -> _Plan | None:
    """Plan to bring back what an entry names, if that is still there; the entry knows its length.

    A photograph of a form that is known must begin as one; of what has no form of ours all clusters must be free,
    and what lies there neither blank nor noise.
    """
    if not entry.size_bytes or not (chain or (entry.extents and entry.state != "gone")):
        return None
    parts = _parts(space, entry, chain)
    if not parts:
        return None
    position = parts[0][0]
    whole = bool(chain) or entry.state == "whole"
    item = carved.get(position)
    if starts_in(space.read(position, SECTOR_BYTES).ljust(SECTOR_BYTES, b"\0")):
        found = item.found if item is not None else follow(space, position)
        # What is carved ends where another file lies between its parts; the chain knows better.
        whole = whole and (len(chain) > 1 or found is None or found.whole)
    elif not whole or says_nothing(space.read(position, min(parts[0][1], BLOCK_BYTES))):
        return None
    folder = str(PurePosixPath(entry.path).parent)
    return _Plan(PurePosixPath(entry.path).name, folder, parts, whole, entry.modified)


def _parts(space: FreeSpace, entry: DeletedEntry, chain: tuple[Extent, ...]) -> tuple[tuple[int, int], ...]:
    """Return where the contents lie among the free bytes: along their chain, or in one run over used clusters."""
    left, parts = entry.size_bytes, []
    for extent in chain:
        position, length = space.position_of(extent.offset_bytes), min(left, extent.length_bytes)
        if position is None:
            return ()
        parts.append((position, length))
        left -= length
    if not chain:
        position = space.position_of(entry.extents[0].offset_bytes)
        if position is None or position + left > space.length_bytes:
            return ()
        parts.append((position, left))
    return tuple(parts)


_ENDINGS = {"jpeg": "jpg", "tiff": "tif"}


def _carved_plan(space: FreeSpace, item: Carved) -> _Plan:
    """Plan to bring back what was carved; its name is when it was taken, as it says itself, and where it lay."""
    facts = read_photo(BytesSource(space.read(item.start, min(item.found.length_bytes, 256 << 10))))
    taken = f"{facts.taken:%Y-%m-%d_%H%M%S}_" if facts is not None and facts.taken is not None else ""
    ending = _ENDINGS.get(item.found.form, item.found.form)
    return _Plan(
        f"{taken}at_{item.offset_bytes:012x}.{ending}",
        "carved",
        ((item.start, item.found.length_bytes),),
        item.found.whole,
        facts.taken if facts is not None else None,
    )


def _write(space: FreeSpace, plan: _Plan, out: Path) -> Recovered:
    """Write one file; a name that is taken gets a number."""
    folder = out.joinpath(*(_safe(part) for part in PurePosixPath(plan.folder).parts if part != "/"))
    make_folder(folder)
    target = _free_name(folder, _safe(plan.name), plan.whole)
    known = plan.modified is not None and plan.modified.year >= 1980
    with placed(target, modified=plan.modified.timestamp() if known and plan.modified else None) as file:
        for data in _contents(space, plan):
            file.write(data)
    offset = space.runs(plan.position, 1)[0].offset_bytes
    name = "" if plan.folder == "carved" else plan.name
    return Recovered(target, name, plan.length_bytes, plan.whole, offset)


def _contents(space: FreeSpace, plan: _Plan) -> Iterator[bytes]:
    for position, length in plan.parts:
        for at in range(0, length, COPY_BYTES):
            yield space.read(position + at, min(COPY_BYTES, length - at))


def _safe(name: str) -> str:
    """Return a name that is one plain part of a path on every system; names on a card are written by others."""
    kept = re.sub(r"[^\w.()\- ]", "_", name, flags=re.ASCII if not name.isprintable() else 0).strip(" .")
    return kept[-MAX_NAME_CHARS:] or "_"


def _free_name(folder: Path, name: str, whole: bool) -> Path:
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (ending, "")
    mark = "" if whole else ".partial"
    for number in range(1, 1_000_000):
        again = "" if number == 1 else f"~{number}"
        target = folder / f"{stem}{mark}{again}{ending}"
        if not target.exists():
            return target
    raise ValueError("a million equal names")
