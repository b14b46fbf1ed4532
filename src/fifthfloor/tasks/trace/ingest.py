"""`archive add`: photographs into an archive, each once, in as many processes as cores.

Rule 1: a photograph's statement, where one lies beside it, is verified before the photograph is taken.
Rule 2: each photograph is committed when it is done: what was stopped goes on where it was.
Rule 3: one that cannot be taken is named, set aside, and not tried again until it changes.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor import engine
from fifthfloor.errors import BadInput, Fact, FifthFloorError, reason_of
from fifthfloor.files import read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.trace.store import Store
from fifthfloor.trace.record import PhotoRecord, record_of

PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".mpo")
STATEMENT_ENDING = ".statement.json"
_MAX_STATEMENT_BYTES = (16 << 20) + 1
# So many are handed to the processes at once: what is done stays done, and nothing grows with the archive.
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Added:
    """A photograph that was added: new, or another place of one that was there."""

    path: Path
    is_new: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that could not be taken, and why: a key of `fifthfloor.words` and its facts."""

    path: Path
    key: str
    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True)
class _Looked:
    path: Path
    length_bytes: int
    modified_ns: int
    record: PhotoRecord | None
    statement: bytes | None = None
    error: FifthFloorError | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be done: files that are new or changed, and how many are there as they are."""

    files: tuple[Path, ...]
    done: int


def waiting(folders: Sequence[Path], archive: Path) -> Waiting:
    """Find what is not in the archive yet.

    Args:
        folders: or single files; links inside folders are not followed.
        archive: which may not be there yet; it is not searched.

    Raises:
        BadInput: a folder that is not there, or no photograph in any.
    """
    found = list(dict.fromkeys(file for folder in folders for file in _files(folder, archive.resolve())))
    if not found:
        raise BadInput("trace.no_files", count=len(folders))
    if not (archive / "archive.sqlite").exists():
        return Waiting(tuple(found), 0)
    with Store(archive) as store:
        left = tuple(file for file in found if not store.seen(file, *_stat(file)))
    return Waiting(left, len(found) - len(left))


def add(files: Sequence[Path], archive: Path) -> Generator[Added | SetAside, None, None]:
    """Add photographs; yields one result a file, in order. `look.trace` is the counterpart."""
    with Store(archive, make=True) as store:
        for first in range(0, len(files), _AT_ONCE):
            for looked in engine.map_processes(_look, files[first : first + _AT_ONCE]):
                if looked.record is not None:
                    yield Added(
                        looked.path, store.add(looked.path, looked.modified_ns, looked.record, looked.statement)
                    )
                elif looked.error is not None:
                    store.set_aside(looked.path, looked.length_bytes, looked.modified_ns, looked.error.key)
                    yield SetAside(looked.path, looked.error.key, looked.error.facts)
        store.hashes()
        store.tables()


def _files(folder: Path, archive: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder.resolve()
        return
    if not folder.is_dir():
        raise BadInput("files.missing", path=str(folder))
    for place, inner, names in os.walk(folder.resolve()):
        here = Path(place)
        inner[:] = sorted(name for name in inner if not (here / name).is_symlink() and here / name != archive)
        for name in sorted(names):
            path = here / name
            if path.suffix.lower() in PICTURE_ENDINGS and not path.is_symlink():
                yield path


def _stat(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _look(path: Path) -> _Looked:
    length_bytes, modified_ns = _stat(path)
    try:
        data = read_whole(path, MAX_PICTURE_BYTES)
        statement = _verified(path, data)
        return _Looked(path, length_bytes, modified_ns, record_of(data), statement)
    except FifthFloorError as error:
        return _Looked(path, length_bytes, modified_ns, None, error=error)
    except OSError as error:
        return _Looked(path, length_bytes, modified_ns, None, error=BadInput("trace.system", reason=reason_of(error)))


def _verified(path: Path, data: bytes) -> bytes | None:
    """Return the statement beside a photograph, if there is one. Raises as `verify` does where they do not fit."""
    beside = path.with_name(path.name + STATEMENT_ENDING)
    if not beside.is_file():
        return None
    statement = read_whole(beside, _MAX_STATEMENT_BYTES)
    verify(data, statement)
    return statement
