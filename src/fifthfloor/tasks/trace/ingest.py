"""`archive add`: photographs into an archive, each once, by whatever does many things at once.

Rule 1: each photograph is committed when it is done: what was stopped goes on where it was.
Rule 2: one that cannot be taken is named, set aside, and not tried again until it changes; nor is it forgotten.
        But what killed the workers of a cluster, whose memory is bounded, this machine tries once more by itself.
Rule 3: what the system refused is no fault of a file: it is named, and tried again the next time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from fifthfloor.engine.many import Executor, Lost, Workers, each
from fifthfloor.errors import BadInput, FactValue
from fifthfloor.files import files_below
from fifthfloor.metadata.endings import is_picture, kind_of_name
from fifthfloor.redact.admission import STATEMENT_ENDING
from fifthfloor.tasks.trace.added_photo import Recorded, look, stamp_of
from fifthfloor.tasks.trace.remote import listed, stamp_in
from fifthfloor.tasks.trace.store import Refusal, Store
from fifthfloor.tasks.trace.store_places import Remote, Stamp, StoredAt

_DIED_ELSEWHERE = "trace.poisoned_there"
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


def waiting(folders: Sequence[StoredAt], archive: Path, *, is_here: bool = True) -> Waiting:
    """Find what is not in the archive yet.

    Args:
        folders: or single files, of a disk or of a store; links inside folders are not followed.
        archive: which may not be there yet; it is not searched.
        is_here: this machine looks at them, and so tries again what killed the workers of a cluster.

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
            if seen is None or (is_here and isinstance(seen, Refusal) and seen.key == _DIED_ELSEWHERE):
                left.append(file)
            elif isinstance(seen, Refusal):
                aside.append(SetAside(file, seen.key, seen.facts))
    return Waiting(tuple(left), len(found) - len(left) - len(aside), tuple(aside), raws)


def add(
    files: Sequence[StoredAt], archive: Path, executor: Executor | None = None
) -> Generator[Added | SetAside, None, None]:
    """Add photographs; yields one result a file, in order. `trace.trace` is the counterpart.

    Args:
        executor: what looks at the photographs; None: this process, one after the other.
    """
    with Store(archive, make=True) as store:
        store.forget_newer()
        done = map(look, files) if executor is None else each(look, files, executor)
        for looked in done:
            if isinstance(looked, Lost):
                killed = BadInput("trace.poisoned", count=looked.tries)
                if isinstance(executor, Workers) and not executor.is_here:
                    killed = BadInput("trace.poisoned_there", count=looked.tries)
                looked = Recorded(looked.task, stamp_of(looked.task), None, error=killed)
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
