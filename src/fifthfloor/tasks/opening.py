"""`open`: from carriers to files (spec/floor.md, section 6)."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.cards.image import open_raw
from fifthfloor.carriers.collection import Collection, FloorFacts, Readable, scan
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.floor.archive import Entry, Unpacked, opener, unpack
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks.sweeping import Progress


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A floor that is here and does not come back.

    Args:
        carriers_here, threshold: of its carriers.
        groups_lost: groups without enough shards, 0 while carriers are missing.
        groups: in all.
    """

    carriers_here: int
    threshold: int
    groups_lost: int
    groups: int


@dataclass(frozen=True, slots=True)
class Restored:
    """One floor brought back.

    Args:
        short_id: eight hexadecimal digits of the floor id.
        hidden: the date it was hidden.
        folder: where its files are.
        files, size_bytes: how much came back; every file's SHA-256 was compared.
    """

    short_id: str
    hidden: str
    folder: Path
    files: int
    size_bytes: int


@contextmanager
def collected(paths: Sequence[Path], keys: FloorKeys, progress: Progress) -> Iterator[tuple[Collection, int]]:
    """Read carriers whole and index what the keys recognise; gives the collection and the number of slots."""
    with ExitStack() as stack:
        devices: list[Readable] = [stack.enter_context(open_raw(path)) for path in paths]
        cipher = SlotCipher(keys)
        with progress("reading the carriers", sum(device.size_bytes for device in devices)) as advance:
            index = scan(devices, cipher, advance)
        yield Collection(devices, cipher, index), len(index)


def open_floors(
    paths: Sequence[Path], keys: FloorKeys, out: Path, *, force: bool, progress: Progress
) -> tuple[list[Restored], list[Incomplete]]:
    """Bring back every complete floor of one passphrase; files appear whole or not at all.

    Args:
        paths: cards, images of cards or of partitions, strangers among them.
        keys: of the floors.
        out: made if it is not there; one floor goes straight into it, several each into `DATE-ID`.
        force: overwrite files that are there.
        progress: shown for each pass.

    Raises:
        NothingFound: nothing is recognised (the same for a wrong passphrase, an empty and a wiped card), or what is
            here is not enough.
        BadInput: files are in the way, or an archive is not what its manifest says.
    """
    with collected(paths, keys, progress) as (collection, found):
        floors = collection.floors() if found else []
        if not floors:
            raise NothingFound("open.nothing")
        with _workplace(out) as work:
            staged, incomplete = _stage(collection, floors, work, progress)
            if not staged:
                raise_incomplete(incomplete)
            return _place(staged, out, force=force), incomplete


def raise_incomplete(incomplete: Sequence[Incomplete]) -> None:
    """Say how much is missing of the floor that is nearest to coming back."""
    nearest = min(incomplete, key=lambda i: (max(0, i.threshold - i.carriers_here), i.groups_lost / i.groups))
    if nearest.carriers_here < nearest.threshold:
        missing = nearest.threshold - nearest.carriers_here
        raise NothingFound(
            "open.more_carriers", here=nearest.carriers_here, threshold=nearest.threshold, missing=missing
        )
    raise NothingFound("open.too_damaged", lost=nearest.groups_lost, groups=nearest.groups)


def _stage(
    collection: Collection, floors: Sequence[FloorFacts], work: Path, progress: Progress
) -> tuple[list[tuple[Path, Restored]], list[Incomplete]]:
    staged, incomplete = [], []
    for facts in floors:
        here = len(facts.shares)
        if not facts.can_unlock:
            incomplete.append(Incomplete(here, facts.threshold, 0, facts.groups))
            continue
        folder = work / facts.floor_id.hex()
        folder.mkdir()
        try:
            with progress("bringing back", facts.groups) as advance:
                staged.append((folder, _restore(_Groups(collection, facts, advance), folder)))
        except _GroupMissing:
            shutil.rmtree(folder)
            lost = sum(collection.group(facts, g) is None for g in range(facts.groups))
            incomplete.append(Incomplete(here, facts.threshold, lost, facts.groups))
    return staged, incomplete
