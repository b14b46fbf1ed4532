"""The files to be hidden: from what a person names to the entries of an archive."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path

from fifthfloor.errors import BadInput, reason_of
from fifthfloor.files import reading
from fifthfloor.floor.again import Reader
from fifthfloor.floor.tar_stream import Entry, check_name

_SOURCE_PIECE_BYTES = 1 << 20


def read_exactly(file: RawIOBase | BufferedReader, offset_bytes: int, buffer: memoryview) -> None:
    """Fill a buffer from an open file. Raises BadInput where the file ends before it."""
    file.seek(offset_bytes)
    while buffer:
        got = file.readinto(buffer)
        if not got:
            raise BadInput("hide.changed")
        buffer = buffer[got:]


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Reads entries from files; goes to the worker process, so it holds paths and nothing open.

    Args:
        paths: stored name -> file.
    """

    paths: dict[str, Path]

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        try:
            with reading(self.paths[entry.name]) as file:
                while piece := file.read(_SOURCE_PIECE_BYTES):
                    yield piece
        except OSError as error:
            raise self._unreadable(entry, error) from error

    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        try:
            with reading(self.paths[entry.name]) as file:
                if file.seek(0, os.SEEK_END) != entry.size_bytes:
                    raise BadInput("hide.changed")
                read_exactly(file, offset_bytes, buffer)
        except OSError as error:
            raise self._unreadable(entry, error) from error

    def _unreadable(self, entry: Entry, error: OSError) -> BadInput:
        reason = reason_of(error)
        return BadInput("hide.unreadable", path=str(self.paths[entry.name]), reason=reason)


@dataclass(frozen=True, slots=True)
class Sources:
    """What will be hidden, in the order it is stored, and how to read it."""

    entries: tuple[Entry, ...]
    reader: Reader

    @property
    def files(self) -> int:
        return sum(not entry.is_directory for entry in self.entries)

    @property
    def size_bytes(self) -> int:
        return sum(entry.size_bytes for entry in self.entries)


def gather(files: Sequence[Path]) -> Sources:
    """Turn files and folders into entries (spec/floor.md, section 6: base names, a folder as NAME/relative/path).

    Raises:
        BadInput: one is missing, is neither file nor folder, is a link inside a folder, or two have one name.
    """
    entries: list[Entry] = []
    paths: dict[str, Path] = {}
    for given in files:
        for name, path in _walk(given):
            if name in paths:
                raise BadInput("hide.same_name", name=name, first=str(paths[name]), second=str(path))
            if not check_name(name):
                raise BadInput("hide.bad_name", path=str(path))
            paths[name] = path
            entries.append(_entry(name, path))
    if not any(not entry.is_directory for entry in entries):
        raise BadInput("hide.no_files", count=len(files))
    return Sources(tuple(entries), FolderReader(paths))


def _walk(given: Path) -> Iterator[tuple[str, Path]]:
    try:
        top = given.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise BadInput("hide.missing", path=str(given)) from error
    yield top.name, top
    if top.is_dir():
        yield from _below(top, top.name)


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    try:
        listed = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise BadInput("hide.unreadable", path=str(folder), reason=reason_of(error)) from error
    for path in listed:
        yield f"{name}/{path.name}", path
        # A link is refused in `_entry`; it must not be followed here.
        if path.is_dir() and not path.is_symlink():
            yield from _below(path, f"{name}/{path.name}")


def _entry(name: str, path: Path) -> Entry:
    try:
        facts = path.lstat()
    except OSError as error:
        raise BadInput("hide.missing", path=str(path)) from error
    modified = facts.st_mtime_ns // 1000 / 1e6
    if stat.S_ISDIR(facts.st_mode):
        return Entry(name, 0, modified, is_directory=True)
    if not stat.S_ISREG(facts.st_mode):
        raise BadInput("hide.not_a_file", path=str(path))
    try:
        with reading(path):  # told before anybody types a secret, and by --dry-run too
            pass
    except OSError as error:
        raise BadInput("hide.unreadable", path=str(path), reason=reason_of(error)) from error
    return Entry(name, facts.st_size, modified)
