"""`open`: from carriers to files (spec/floor.md, section 6)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from fifthfloor.cards.opening import is_folder
from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.carriers.collection import Collection, FloorFacts, Unlocked
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.files import files_below, make_folder
from fifthfloor.floor.slot import SMALL_SLOT_BYTES, SYMBOL_BYTES
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.collecting import collect
from fifthfloor.tasks.floors.here import ByIdentity, Here, Opener, floors_here, raise_nothing
from fifthfloor.tasks.floors.patterns import Fits, fitting
from fifthfloor.tasks.floors.restore import GroupMissing, Restored, archive_of, move_whole, restore
from fifthfloor.tasks.floors.sealed_shots import open_in_folder
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.progress import Progress

# What one floor can say of itself; it must not hide the others, which may be older or of somebody else's making.
_ITS_OWN_FAULT = {"floor.archive_broken", "open.shards_disagree"}


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A floor that is here and does not come back.

    Args:
        carriers_here: of its carriers.
        threshold: how many are needed; None while that is not known, which is until they are here (version 1 tells).
        groups_lost: groups without enough shards, 0 while carriers are missing.
        groups: in all; 0 while they are not known.
        here: what there is of it, where further carriers may help.
        broken: what is wrong with a floor that is whole and does not come back.
    """

    carriers_here: int
    threshold: int | None
    groups_lost: int
    groups: int
    here: Here | None = field(default=None, compare=False, repr=False)
    broken: BadInput | None = field(default=None, compare=False)

    @property
    def locked(self) -> bool:
        return self.threshold is None or self.carriers_here < self.threshold


def check_readable(paths: Sequence[Path]) -> None:
    """Open every carrier and read nothing, so that what is wrong with one is said before anybody types a secret.

    Raises:
        BadInput, DeviceRefused: as `open_raw_to_read`; or the card is empty.
    """
    for path in paths:
        if is_folder(path):
            list(files_below(path))
            continue
        with open_raw_to_read(path) as device:
            if not device.size_bytes:
                raise BadInput("cards.empty", path=str(path), size=device.size_bytes)


def check_can_hold(paths: Sequence[Path]) -> None:
    """Refuse to ask for a secret where none of the paths is large enough to hold anything: an empty folder, a note.

    Raises:
        BadInput: that is so.
    """

    def largest(path: Path) -> int:
        return max((file.stat().st_size for file in files_below(path)), default=0)

    if all((is_folder(path) or path.is_file()) for path in paths):
        sizes = (largest(path) if is_folder(path) else path.stat().st_size for path in paths)
        if all(size < SMALL_SLOT_BYTES for size in sizes):
            raise BadInput("open.can_hold_nothing", path=str(paths[0]))


def open_floors(
    paths: Sequence[Path],
    keys: Opener,
    out: Path,
    *,
    force: bool,
    progress: Progress,
    wanted: Sequence[str] = (),
    collection: Path | None = None,
) -> tuple[list[Restored], list[Incomplete]]:
    """Bring back every complete floor of one passphrase or identity; files appear whole or not at all.

    Args:
        paths: cards, images of cards or of partitions, folders of photographs, strangers among them.
        keys: of the floors, or the identity they are sealed to.
        out: made if it is not there; one floor goes straight into it, several each into `DATE-ID`.
        force: overwrite files that are there.
        progress: shown for each pass.
        wanted: patterns of names (`tasks.floors.patterns`); all files where there is none.
        collection: a new file that keeps what is here of floors that do not come back yet.

    Raises:
        NothingFound: nothing is recognised (the same for a wrong secret, an empty and a wiped card), or what is
            here is not enough.
        BadInput: files are in the way, another run writes there, or nothing is here but floors that are broken.
    """
    with writing_in(out), floors_here(paths, keys, progress) as floors:
        if not floors:
            raise_nothing(keys)
        with _workplace(out) as work:
            staged, incomplete = _stage(floors, work, progress, fitting(wanted))
            if collection is not None and (parts := [one.here for one in incomplete if one.here]):
                collect(parts, collection)
            if not staged:
                raise_incomplete(incomplete)
            if isinstance(keys, ByIdentity):
                staged = [(f, replace(one, unsealed=open_in_folder(f, keys.shots))) for f, one in staged]
            return _place(_of_use(staged, wanted), out, force=force), incomplete


def check_floors(
    paths: Sequence[Path], keys: Opener, wanted: Sequence[str], progress: Progress
) -> tuple[list[Restored], list[Incomplete]]:
    """Do what `open_floors` does, every hash compared, and write nothing; arguments and errors as there."""
    with floors_here(paths, keys, progress) as floors:
        if not floors:
            raise_nothing(keys)
        staged, incomplete = _stage(floors, None, progress, fitting(wanted))
        if not staged:
            raise_incomplete(incomplete)
        return [restored for _folder, restored in _of_use(staged, wanted)], incomplete


def would_open(here: Here, unlocked: Unlocked, progress: Progress) -> Restored | None:
    """Do with one floor what `open_floors` does, every hash compared, and write nothing; None where it is broken.

    So it is where too few shards of a group are left once wrong ones are left out.
    """
    try:
        return _restored(here.collection, here.facts, unlocked, None, progress, fitting(()))
    except GroupMissing:
        return None
    except BadInput as error:
        if error.key not in _ITS_OWN_FAULT:
            raise
        return None


def check_place(out: Path) -> None:
    """Refuse what can never be a folder of files, before anybody types a secret. Raises BadInput."""
    if out.exists() and not out.is_dir():
        raise BadInput("open.not_a_folder", path=str(out))


def _of_use(staged: Sequence[tuple[Path, Restored]], wanted: Sequence[str]) -> list[tuple[Path, Restored]]:
    """Leave out floors of which no file was wanted. Raises BadInput where that is all."""
    if not wanted:
        return list(staged)
    of_use = [(folder, restored) for folder, restored in staged if restored.files]
    if not of_use:
        raise BadInput("open.none_fit", count=sum(one.all_files for _, one in staged), wanted=", ".join(wanted))
    return of_use


def raise_incomplete(incomplete: Sequence[Incomplete]) -> None:
    """Say how much is missing of the floor that is nearest to coming back, or what is wrong where all are broken."""
    lacking = [one for one in incomplete if one.broken is None]
    if not lacking:
        raise next(one.broken for one in incomplete if one.broken is not None)
    nearest = min(lacking, key=lambda i: (i.locked, i.groups_lost / max(1, i.groups), -i.carriers_here))
    here, threshold = nearest.carriers_here, nearest.threshold
    if threshold is None:
        raise NothingFound("open.more_carriers_unknown", here=here)
    if here < threshold:
        raise NothingFound("open.more_carriers", here=here, threshold=threshold, missing=threshold - here)
    raise NothingFound("open.too_damaged", lost=nearest.groups_lost, groups=nearest.groups)


def _stage(
    floors: Sequence[Here], work: Path | None, progress: Progress, fits: Fits
) -> tuple[list[tuple[Path, Restored]], list[Incomplete]]:
    staged, incomplete = [], []
    for here in floors:
        collection, facts = here.collection, here.facts
        unlocked = facts.unlock()
        if unlocked is None:
            incomplete.append(_locked(here))
            continue
        folder = work / facts.floor_id.hex() if work else None
        if folder:
            folder.mkdir()
        try:
            staged.append((folder or Path(), _restored(collection, facts, unlocked, folder, progress, fits)))
        except BadInput as error:
            if error.key not in _ITS_OWN_FAULT:
                raise
            if folder:
                shutil.rmtree(folder)
            carriers, groups_in_all = len(facts.shares), unlocked.groups
            incomplete.append(Incomplete(carriers, unlocked.threshold, 0, groups_in_all, broken=error))
        except GroupMissing:
            if folder:
                shutil.rmtree(folder)
            groups = collection.groups_here(facts, unlocked.groups)
            lost = unlocked.groups - sum(collection.group(facts, unlocked, g) is not None for g in groups)
            incomplete.append(Incomplete(len(facts.shares), unlocked.threshold, lost, unlocked.groups, here))
    return staged, incomplete


def _restored(
    collection: Collection,
    facts: FloorFacts,
    unlocked: Unlocked,
    folder: Path | None,
    progress: Progress,
    fits: Fits,
) -> Restored:
    """Bring one floor back; if its archive is broken, once more with the shards of every group compared."""
    try:
        return _restored_once(collection, facts, unlocked, folder, progress, fits, compare=False)
    except BadInput as error:
        if error.key != "floor.archive_broken":  # such as a card that is not what it was
            raise
    for path in folder.iterdir() if folder else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return _restored_once(collection, facts, unlocked, folder, progress, fits, compare=True)


def _restored_once(
    collection: Collection,
    facts: FloorFacts,
    unlocked: Unlocked,
    folder: Path | None,
    progress: Progress,
    fits: Fits,
    *,
    compare: bool,
) -> Restored:
    collection.begin(compare=compare)
    with progress("work.open", _archive_bytes(facts, unlocked)) as advance:
        restored = restore(archive_of(collection, facts, unlocked, advance), facts.floor_id.hex()[:8], folder, fits)
    return replace(restored, wrong=tuple(collection.wrong), unreadable_bytes=collection.unreadable_bytes)


def _locked(here: Here) -> Incomplete:
    facts = here.facts
    if facts.old is None:
        return Incomplete(len(facts.shares), here.told.threshold if here.told else None, 0, 0, here)
    return Incomplete(len(facts.shares), facts.old.threshold, 0, facts.old.groups, here)


def _archive_bytes(facts: FloorFacts, unlocked: Unlocked) -> int:
    if facts.old is not None:
        return unlocked.groups * facts.old.source_symbols * SYMBOL_BYTES
    return next(iter(unlocked.terms.values())).symbols * facts.symbol_bytes


@contextmanager
def _workplace(out: Path) -> Iterator[Path]:
    """Make `out` and a folder in it for half-done work; whatever happens, nothing half-done stays."""
    made = _made(out)
    try:
        work = out / f".part-{secret.fresh_bytes(8).hex()}"
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _made(folder: Path) -> list[Path]:
    """Make a folder and its parents; returns those that were not there."""
    try:
        return make_folder(folder)
    except (FileExistsError, NotADirectoryError):
        raise BadInput("open.not_a_folder", path=str(folder)) from None


def _place(staged: Sequence[tuple[Path, Restored]], out: Path, *, force: bool) -> list[Restored]:
    """Give everything its name. Nothing is moved while anything is in the way."""
    targets = [out if len(staged) == 1 else out / f"{r.hidden}-{r.short_id}" for _folder, r in staged]
    pairs = [(folder, target) for (folder, _r), target in zip(staged, targets, strict=True)]
    if clashes := sum(_clashes(folder, target) for folder, target in pairs):
        raise BadInput("open.other_kind", count=clashes, path=str(out))
    if not force and (in_the_way := sum(_in_the_way(folder, target) for folder, target in pairs)):
        raise BadInput("open.exists", count=in_the_way, path=str(out))
    placed = []
    for (folder, restored), target in zip(staged, targets, strict=True):
        move_whole(folder, target)
        placed.append(replace(restored, folder=target))
    return placed


def _in_the_way(folder: Path, target: Path) -> int:
    """Count the files that a move would overwrite."""
    return sum(not path.is_dir() and os.path.lexists(target / path.relative_to(folder)) for path in folder.rglob("*"))


def _clashes(folder: Path, target: Path) -> int:
    """Count what not even --force overwrites: a folder where a file must go, a file or link where a folder must."""
    count = 0
    for path in folder.rglob("*"):
        there = target / path.relative_to(folder)
        is_folder = there.is_dir() and not there.is_symlink()
        count += os.path.lexists(there) and path.is_dir() != is_folder
    return count
