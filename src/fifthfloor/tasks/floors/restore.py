"""One floor from its groups to a folder of files (spec/floor.md, section 6)."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.carriers.ahead import Ahead
from fifthfloor.carriers.collection import Collection, FloorFacts, Unlocked, WrongShard
from fifthfloor.errors import BadInput
from fifthfloor.files import flush_folder, flushed, make_folder, rename_all, set_time
from fifthfloor.floor.lawful import LawfulNames
from fifthfloor.floor.tar_stream import Entry, Unpacked, opener, unpack
from fifthfloor.tasks.floors.patterns import Fits, everything


class GroupMissing(Exception):  # noqa: N818 - not an error of the person's, only the end of a try
    """A group has too few shards."""


@dataclass(frozen=True, slots=True)
class Restored:
    """One floor brought back.

    Args:
        short_id: eight hexadecimal digits of the floor id.
        hidden: the date it was hidden.
        folder: where its files are.
        files, size_bytes: how much came back of what was wanted; every file's SHA-256 was compared.
        all_files: how many there are, wanted or not.
        wrong: shards that were left out because they were not what had been written.
        renamed: how many of the files have another name here, because Windows forbids theirs.
        unsealed: how many of them were sealed shots, and are open now.
        unreadable_bytes: how much of the carriers could not be read, and was passed over.
    """

    short_id: str
    hidden: str
    folder: Path
    files: int
    size_bytes: int
    wrong: tuple[WrongShard, ...] = ()
    all_files: int = 0
    renamed: int = 0
    unsealed: int = 0
    unreadable_bytes: int = 0


# Tests say otherwise; nothing else does.
ON_WINDOWS = sys.platform == "win32"


def archive_of(
    collection: Collection, facts: FloorFacts, unlocked: Unlocked, advance: Callable[[int], None]
) -> Iterator[memoryview]:
    """Give the archive of a floor, decrypted, a group at a time; the next is brought back while the last is used.

    Raises:
        GroupMissing: a group cannot be brought back.
    """
    decrypt = opener(unlocked.content_key)
    with Ahead(_groups(collection, facts, unlocked)) as groups:
        for group in groups:
            advance(len(group))
            decrypt(group)
            yield group


def _groups(collection: Collection, facts: FloorFacts, unlocked: Unlocked) -> Iterator[memoryview]:
    for number in range(unlocked.groups):
        group = collection.group(facts, unlocked, number)
        if group is None:
            raise GroupMissing
        yield group


def restore(
    archive: Iterable[bytes | memoryview], short_id: str, folder: Path | None, fits: Fits = everything
) -> Restored:
    """Write the files of an archive into an empty folder and compare every SHA-256, of those that are not written too.

    Args:
        archive: decrypted, in pieces.
        short_id: of its floor.
        folder: empty; None to write nothing.
        fits: says by its name whether a file is wanted.

    Raises:
        BadInput: the archive is not what its manifest says; the folder must be thrown away.
        GroupMissing: from `archive`.
    """
    unpacked = Unpacked()
    hashes: dict[str, str] = {}
    files = size = renamed = 0
    names = LawfulNames()
    folders: list[tuple[Path, Entry]] = []
    for entry, contents in unpack(archive, unpacked):
        name = names.of(entry.name) if ON_WINDOWS else entry.name
        path = folder.joinpath(*name.split("/")) if folder and fits(entry.name) else None
        if entry.is_directory:
            if path:
                path.mkdir(parents=True, exist_ok=True)
                folders.append((path, entry))
            continue
        hashes[entry.name] = _write(path, entry, contents) if path else _hashed(contents)
        if fits(entry.name):
            files, size, renamed = files + 1, size + entry.size_bytes, renamed + (name != entry.name)
    if hashes != unpacked.hashes:
        raise BadInput("floor.archive_broken")
    # Inner folders first, and after their files: writing into a folder changes its time.
    for path, entry in reversed(folders):
        set_time(path, entry.modified)
    return Restored(short_id, unpacked.hidden, folder or Path(), files, size, renamed=renamed, all_files=len(hashes))


def _write(path: Path, entry: Entry, contents: Iterator[bytes]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    # A name that is a file and a folder at once, or equal to another on this system, is an error and no overwrite.
    with flushed(path, modified=entry.modified) as file:
        for piece in contents:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _hashed(contents: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in contents:
        digest.update(piece)
    return digest.hexdigest()


def move_whole(folder: Path, target: Path) -> None:
    """Move everything in `folder` into `target` on the same disk, file by file, each appearing whole.

    The files were flushed when they were written; when this returns, their names are on the medium too.
    """
    make_folder(target)
    times = []
    pairs = []
    for path in sorted(folder.rglob("*")):
        there = target / path.relative_to(folder)
        if path.is_dir():
            facts = path.stat()
            times.append((there, (facts.st_mtime_ns, facts.st_mtime_ns)))
            make_folder(there)
        else:
            pairs.append((path, there))
    rename_all(pairs)
    for there, when in reversed(times):
        os.utime(there, ns=when)
        flush_folder(there)
