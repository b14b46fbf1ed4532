"""`archive add`: photographs into an archive, each once, by whatever does many things at once.

Rule 1: a photograph's statement, where one lies beside it, is verified before the photograph is taken.
Rule 2: each photograph is committed when it is done: what was stopped goes on where it was.
Rule 3: one that cannot be taken is named, set aside, and not tried again until it changes; nor is it forgotten.
Rule 4: what the system refused is no fault of a file: it is named, and tried again the next time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from fifthfloor.engine.many import Executor, Lost, each
from fifthfloor.errors import BadInput, FactValue, FifthFloorError, reason_of
from fifthfloor.files import files_below
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.metadata.endings import is_picture, kind_of_name
from fifthfloor.redact.admission import MAX_STATEMENT_BYTES, STATEMENT_ENDING
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.trace.remote import info_at, listed, read_place, stamp_in
from fifthfloor.tasks.trace.store import Refusal, Stamp, Store
from fifthfloor.tasks.trace.store_places import Remote, StoredAt
from fifthfloor.trace.record import PhotoRecord, record_of

# These say something of this machine or this moment, not of the file.
_PASSING = ("trace.system", "files.missing", "files.unreadable", "redact.no_heif", "stores.refused")


@dataclass(frozen=True, slots=True)
class Added:
    """A photograph that was added: new, or another place of one that was there."""

    path: StoredAt
    is_new: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that could not be taken, and why: a key of `fifthfloor.words` and its facts."""

    path: StoredAt
    key: str
    facts: dict[str, FactValue]


@dataclass(frozen=True, slots=True)
class _Recorded:
    path: StoredAt
    stamp: Stamp
    record: PhotoRecord | None
    statement: bytes | None = None
    error: FifthFloorError | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be done.

    Args:
        files: that are new or changed.
        done: how many are in the archive as they are.
        aside: that were set aside and are as they were then.
        raws: raw files, which are not added.
    """

    files: tuple[StoredAt, ...]
    done: int
    aside: tuple[SetAside, ...]
    raws: int


def waiting(folders: Sequence[StoredAt], archive: Path) -> Waiting:
    """Find what is not in the archive yet.

    Args:
        folders: or single files, of a disk or of a store; links inside folders are not followed.
        archive: which may not be there yet; it is not searched.

    Raises:
        BadInput: a folder that is not there, or no photograph in any.
    """
    there = {file: stamp for folder in folders for file, stamp in _files(folder, archive.resolve())}
    found = {file: stamp for file, stamp in there.items() if kind_of_name(file.name) != "raw"}
    raws = len(there) - len(found)
    if not found:
        raise BadInput("trace.no_files", count=len(folders))
    if not (archive / "archive.sqlite").exists():
        return Waiting(tuple(found), 0, (), raws)
    with Store(archive) as store:
        left, aside = [], []
        for file, stamp in found.items():
            seen = store.seen(file, stamp or stamp_of(file))
            if seen is None:
                left.append(file)
            elif isinstance(seen, Refusal):
                aside.append(SetAside(file, seen.key, seen.facts))
    return Waiting(tuple(left), len(found) - len(left) - len(aside), tuple(aside), raws)


def add(
    files: Sequence[StoredAt], archive: Path, executor: Executor | None = None
) -> Generator[Added | SetAside, None, None]:
    """Add photographs; yields one result a file, in order. `look.trace` is the counterpart.

    Args:
        executor: what looks at the photographs; None: this process, one after the other.
    """
    with Store(archive, make=True) as store:
        store.forget_newer()
        done = map(_look, files) if executor is None else each(_look, files, executor)
        for looked in done:
            if isinstance(looked, Lost):
                killed = BadInput("trace.poisoned", count=looked.tries)
                looked = _Recorded(looked.task, stamp_of(looked.task), None, error=killed)
            if looked.record is not None:
                yield Added(looked.path, store.add(looked.path, looked.stamp, looked.record, looked.statement))
            elif looked.error is not None:
                refusal = Refusal(looked.error.key, looked.error.facts)
                if refusal.key not in _PASSING:
                    store.set_aside(looked.path, looked.stamp, refusal)
                yield SetAside(looked.path, refusal.key, refusal.facts)
        store.hashes()
        store.tables()


def _files(folder: StoredAt, archive: Path) -> Iterator[tuple[StoredAt, Stamp | None]]:
    """Yield photographs, each with its stamp where a listing tells it: a store is not asked for every file again."""
    if isinstance(folder, Remote):
        yield from _in_store(folder)
        return
    if folder.is_file():
        yield folder.resolve(), None
        return
    if not folder.is_dir():
        raise BadInput("files.missing", path=str(folder))
    for path in files_below(folder.resolve(), without=archive):
        if is_picture(path.name):
            yield path, None


def _in_store(folder: Remote) -> Iterator[tuple[Remote, Stamp]]:
    """Take the photographs of a store; of a folder's statements no more is kept than of one folder at a time."""
    for _, level in groupby(listed(folder), lambda one: one[0].url.rpartition("/")[0]):
        found = dict(level)
        for file, info in found.items():
            if is_picture(file.name):
                beside = found.get(file.with_name(file.name + STATEMENT_ENDING))
                yield file, stamp_in([info, beside] if beside else [info])


def stamp_of(path: StoredAt) -> Stamp:
    """Say as of when a photograph and the statement beside it are: of both the bytes, and the later moment."""
    name = path.name + STATEMENT_ENDING
    if isinstance(path, Remote):
        return stamp_in([info for info in map(info_at, (path, path.with_name(name))) if info])
    found = [_stat(path), _stat(path.with_name(name))]
    return Stamp(sum(length for length, _ in found), max(modified_ns for _, modified_ns in found))


def size_of(path: StoredAt) -> int:
    """Return how long a file is, in bytes; 0 where it is gone, and in a store, which is not asked for that."""
    return 0 if isinstance(path, Remote) else _stat(path)[0]


def _stat(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _look(path: StoredAt) -> _Recorded:
    stamp = Stamp(0, 0)
    try:
        stamp = stamp_of(path)
        data = read_place(path, MAX_PICTURE_BYTES)
        statement = _verified(path, data)
        return _Recorded(path, stamp, record_of(data), statement)
    except FifthFloorError as error:
        return _Recorded(path, stamp, None, error=error)
    except OSError as error:
        return _Recorded(path, stamp, None, error=BadInput("trace.system", reason=reason_of(error)))


def _verified(path: StoredAt, data: bytes) -> bytes | None:
    """Return the statement beside a photograph, if there is one. Raises as `verify` does where they do not fit."""
    beside = path.with_name(path.name + STATEMENT_ENDING)
    if not _is_file(beside):
        return None
    statement = read_place(beside, MAX_STATEMENT_BYTES)
    verify(data, statement)
    return statement


def _is_file(path: StoredAt) -> bool:
    return info_at(path) is not None if isinstance(path, Remote) else path.is_file()
