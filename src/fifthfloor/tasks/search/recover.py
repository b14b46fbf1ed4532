"""`recover`: brings deleted photographs back, by their directory entries and by carving.

The card is only read: while it is mounted it is refused, so `--out` cannot be on it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fifthfloor.audit.agreement import first_bytes
from fifthfloor.audit.card_names import OrphanFinder
from fifthfloor.audit.carve import carve
from fifthfloor.audit.carved import Carved
from fifthfloor.audit.free_bytes import FreePiece, FreeSpace
from fifthfloor.audit.grounds import elsewhere
from fifthfloor.audit.inner_lengths import checked
from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.rejoin import in_one_piece_again, to_be_followed
from fifthfloor.audit.small import small_of
from fifthfloor.audit.tangled import Tangled
from fifthfloor.audit.used_again import Judge
from fifthfloor.cards.bearing import Borne
from fifthfloor.cards.deleted import DeletedEntry, State, deleted_entries
from fifthfloor.cards.extents import read_extents
from fifthfloor.cards.image import Card, card_on
from fifthfloor.cards.reading import RESCUED, read_card
from fifthfloor.cards.unchained import unchained_entries, unchained_left_out
from fifthfloor.cards.volume import Volume
from fifthfloor.errors import BadInput, NoRoom, NothingFound
from fifthfloor.files import make_folder
from fifthfloor.metadata.endings import is_of_a_frame, is_shot
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.progress import Progress, silent
from fifthfloor.tasks.search.placing import Recovered, ToWrite, folder_of, foretold, written

_RECOVERED_HEAD_BYTES = 128 << 10
_MOST_LOOKED_BYTES = 8 << 20  # of each, for a small picture of it


@dataclass(frozen=True, slots=True)
class Recovery:
    """What `recover` did.

    Args:
        files: what was brought back.
        overwritten: deleted photographs whose names are left and whose contents are not.
        unplaced: deleted photographs whose names are left and no longer say where they lay.
        borne: faults of the card that were borne.
        unreadable: what of the card could not be read: (offset_bytes, length_bytes), rising.
        left_out: visible files without a chain whose names were not used: behind the first ones of a volume.
        there: how many of the files lay there already, byte for byte.
    """

    files: tuple[Recovered, ...]
    overwritten: int
    unplaced: int
    borne: tuple[Borne, ...] = ()
    unreadable: tuple[tuple[int, int], ...] = ()
    left_out: int = 0
    there: int = 0

    @property
    def unreadable_bytes(self) -> int:
        """How much of the card could not be read."""
        return sum(length for _, length in self.unreadable)


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
        plans, _lost = _plan(card, progress)
        if not plans:
            raise NothingFound("recover.nothing", path=str(path), free=int(card.free[:, 1].sum()))
        return tuple(
            Regainable(plan.name, plan.length_bytes, plan.whole, plan.offset_bytes, _small(card, plan))
            for plan in plans
        )


def _small(card: Card, plan: ToWrite) -> bytes:
    extents = [(extent.offset_bytes, extent.length_bytes) for extent in plan.extents]
    space = FreeSpace(card.device, extents, piece_bytes=_RECOVERED_HEAD_BYTES, kept_pieces=2)
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
        BadInput: the card is not there, or another run writes into `out`.
        NothingFound: nothing can be brought back.
        NoRoom: `out` has less room than is needed.
    """
    with read_card(path) as card, writing_in(out, dry_run=dry_run):
        plans, lost = _plan(card, progress)
        plans = [plan for plan in plans if only is None or plan.offset_bytes in only]
        if not plans:
            raise NothingFound("recover.nothing", path=str(path), free=int(card.free[:, 1].sum()))
        if not dry_run:
            make_folder(out)
        there = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
        needed, free = sum(plan.length_bytes for plan in plans), shutil.disk_usage(there).free
        if needed > free:
            raise NoRoom("recover.no_room", needed=needed, free=free, path=str(out))
        folders = {folder_of(plan, out) for plan in plans}
        before = {path for folder in folders if folder.is_dir() for path in folder.iterdir()}
        files = foretold(card, plans, out) if dry_run else tuple(written(card, plans, out))
        left_out = sum(unchained_left_out(volume) for volume in card.volumes)
        # A name that was taken is a file's only where it held the same (`written`).
        lay_there = len({file.path for file in files} & before)
        return Recovery(files, lost["gone"], lost["unplaced"], card.borne, card.unreadable, left_out, lay_there)


def _plan(card: Card, progress: Progress) -> tuple[list[ToWrite], Counter[State]]:
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
    found = [checked(card.device, item) for item in [*found, *elsewhere(card, look).carved]]
    carved = {item.offset_bytes: item for item in found}
    judge = Judge(card, carved)
    plans: list[ToWrite] = []
    lost, taken = Counter[State](), set[int]()
    for agreed in judge.agreed(_named(card, finders)):
        entry = agreed.entry
        if entry.is_directory or not is_of_a_frame(entry.path):
            continue
        if not agreed.extents:
            lost[agreed.state] += is_shot(entry.path)
            continue
        path = PurePosixPath(entry.path)
        plan = ToWrite(path.name, str(path.parent), agreed.extents, agreed.state == "whole", entry.modified)
        if plan.offset_bytes not in taken:
            taken.add(plan.offset_bytes)
            plans.append(plan)
    plans = _longest([*plans, *_visible(card)])
    taken.update(plan.offset_bytes for plan in plans)
    plans += [_carved_plan(card, item) for offset, item in sorted(carved.items()) if offset not in taken]
    return plans, lost


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


def _longest(plans: list[ToWrite]) -> list[ToWrite]:
    """Keep one of those that start at one place: a whole one, then the longest; of several the first."""
    longest: dict[int, ToWrite] = {}
    for plan in plans:
        before = longest.get(plan.offset_bytes)
        if before is None or (plan.whole, plan.length_bytes) > (before.whole, before.length_bytes):
            longest[plan.offset_bytes] = plan
    return list(longest.values())


def _visible(card: Card) -> Iterator[ToWrite]:
    """Plan to copy every visible file, where somebody is told to format the card once `recover` has run.

    Of others those alone that do not copy: their chains lead into other clusters than their own.
    """
    given_up = _is_given_up(card)
    for volume in card.volumes:
        claimed_twice = Tangled(volume)
        short = {file.path for file in volume.bearing.unchained}
        for file in volume.files() if given_up or claimed_twice else ():
            path = PurePosixPath(file.path)
            size = file.size_bytes if file.written_bytes is None else file.written_bytes
            extents = first_bytes(file.extents, size)
            if file.is_directory or not extents:
                continue
            tangled = claimed_twice.touches(extents) or (given_up and claimed_twice.contradicts(extents))
            own = claimed_twice.own_of(file, size) if tangled else ()
            if given_up or (own and own != extents):
                whole = file.path not in short and sum(extent.length_bytes for extent in extents) >= size
                yield ToWrite(
                    path.name, str(path.parent), own or extents, bool(own) or (whole and not tangled), file.modified
                )


def _is_given_up(card: Card) -> bool:
    """Whether a fault that was borne, or the one that a writer refuses for, is answered by a format."""
    if any(fault.key in RESCUED for fault in card.borne):
        return True
    try:
        card_on(card.device)
    except BadInput as error:
        return error.key in RESCUED
    return False


_ENDING_OF_FORM = {"jpeg": "jpg", "tiff": "tif"}


def _carved_plan(card: Card, item: Carved) -> ToWrite:
    """Plan to bring back what was carved; its name is when it was taken, as it says itself, and where it lay."""
    head = b"".join(read_extents(card.device, item.runs, min(item.found.length_bytes, 256 << 10)))
    facts = read_photo(BytesSource(head))
    taken = f"{facts.taken:%Y-%m-%d_%H%M%S}_" if facts is not None and facts.taken is not None else ""
    ending = _ENDING_OF_FORM.get(item.found.form, item.found.form)
    place = "" if item.where == "free" else f"{item.where}_"
    moment = facts.taken if facts is not None else None
    name = f"{taken}{place}at_{item.offset_bytes:012x}.{ending}"
    return ToWrite(name, "carved", item.runs, item.found.whole, moment, carved=True)
