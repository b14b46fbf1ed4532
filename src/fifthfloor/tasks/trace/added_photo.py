"""What a worker does of `archive add`: one photograph is looked at, and nothing is written.

Rule 1: a photograph's statement, where one lies beside it, is verified before the photograph is taken.
Rule 2: what this imports, every worker imports before its first photograph: no database, no tables, no numba.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError, reason_of
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.admission import MAX_STATEMENT_BYTES, STATEMENT_ENDING
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.trace.remote import info_at, read_place, stamp_in
from fifthfloor.tasks.trace.store_places import Remote, Stamp, StoredAt
from fifthfloor.trace.record import PhotoRecord, record_of


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was found out about a file: its record, or why there is none."""

    path: StoredAt
    stamp: Stamp
    record: PhotoRecord | None
    statement: bytes | None = None
    error: FifthFloorError | None = None


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


def look(path: StoredAt) -> Recorded:
    """Look at one photograph; whatever is wrong with it is in the result."""
    stamp = Stamp(0, 0)
    try:
        stamp = stamp_of(path)
        data = read_place(path, MAX_PICTURE_BYTES)
        statement = _verified(path, data)
        return Recorded(path, stamp, record_of(data), statement)
    except FifthFloorError as error:
        return Recorded(path, stamp, None, error=error)
    except OSError as error:
        return Recorded(path, stamp, None, error=BadInput("trace.system", reason=reason_of(error)))


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
