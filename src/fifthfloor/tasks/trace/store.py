"""An archive on the disk: one database, and flat arrays made of it (`spec/archive.md`).

Rule 1: the database is the record; whatever else lies beside it can be thrown away and is made anew.
Rule 2: a photograph is one record however often it is added: its SHA-256 is unique.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput, FactValue
from fifthfloor.files import make_folder
from fifthfloor.tasks.secret import fresh_bytes
from fifthfloor.tasks.trace.arrays import ARCHIVE_MARK_BYTES, forget_newer, hash_array
from fifthfloor.tasks.trace.point_tables import point_tables, table_paths
from fifthfloor.tasks.trace.store_places import Stamp, StoredAt
from fifthfloor.trace.buckets import Table
from fifthfloor.trace.record import PhotoRecord

_DATABASE = "archive.sqlite"
_HASHES = "pdq.bin"
_STORE_FORMAT = 3
# Of format 2: its arrays did not say of which archive they were.
_FORMER_HASHES = "hashes.bin"
# Where a photograph lay until another one was added from there; archives of earlier versions get it with the next one.
_FORMER = "CREATE TABLE IF NOT EXISTS former (path TEXT, number INTEGER, PRIMARY KEY (number, path)) WITHOUT ROWID"
_MARKED = "CREATE TABLE archive (mark BLOB NOT NULL)"
# Another process may be adding; each of its changes takes milliseconds.
_DATABASE_PATIENCE_S = 30.0
_SCHEMA = """
CREATE TABLE photograph (number INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, bytes INTEGER NOT NULL,
  pdq BLOB NOT NULL, difference BLOB NOT NULL, iscc TEXT NOT NULL, likeness BLOB NOT NULL, thumbnail BLOB NOT NULL,
  statement BLOB);
CREATE TABLE place (path TEXT PRIMARY KEY, number INTEGER NOT NULL, bytes INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL);
CREATE INDEX place_number ON place (number);
CREATE TABLE aside (path TEXT PRIMARY KEY, error TEXT NOT NULL, facts TEXT NOT NULL, bytes INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file was set aside: a key of `fifthfloor.words` and its facts."""

    key: str
    facts: dict[str, FactValue]


@dataclass(frozen=True, slots=True)
class Known:
    """What an archive knows of a photograph that was found: its number, where it lies, and what it looks like.

    Args:
        places: where it was when files were last added.
        former: where another photograph was added since.
    """

    number: int
    sha256: bytes
    length_bytes: int
    places: tuple[str, ...]
    former: tuple[str, ...]
    likeness: bytes
    thumbnail: bytes
    statement: bytes | None


class Store:
    """An open archive; a context manager. What was committed stays, whatever happens then."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        self._folder = folder
        path = folder / _DATABASE
        if make:
            for made in make_folder(folder):
                if made == folder:
                    made.chmod(0o700)  # thumbnails, and where photographs lie
        elif not path.is_file():
            raise BadInput("trace.no_archive", path=str(folder))
        with _damage_named(folder):
            # Transactions are begun here, not by the library: it would begin them at the first change.
            self._database = sqlite3.connect(path, isolation_level=None, timeout=_DATABASE_PATIENCE_S)
            found = self._version()
            if found == 2 or (found == 0 and make):
                found = self._made()
            if found != _STORE_FORMAT:
                raise BadInput("trace.archive_version", path=str(folder), found=found, known=_STORE_FORMAT)
            self._mark = bytes(self._database.execute("SELECT mark FROM archive").fetchone()[0])

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._database.close()

    def _version(self) -> int:
        return int(self._database.execute("PRAGMA user_version").fetchone()[0])

    def _made(self) -> int:
        """Make what is not there yet, or what format 2 lacked; another process may have been first."""
        with self._writing():
            found = self._version()
            if found in (0, 2):
                for statement in (_SCHEMA if found == 0 else "").split(";"):
                    self._database.execute(statement)
                self._database.execute(_MARKED)
                self._database.execute("INSERT INTO archive VALUES (?)", (fresh_bytes(ARCHIVE_MARK_BYTES),))
                self._database.execute(f"PRAGMA user_version = {_STORE_FORMAT}")
        (self._folder / _FORMER_HASHES).unlink(missing_ok=True)
        return self._version()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Do all of a change or nothing, one process after the other."""
        with _damage_named(self._folder):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @property
    def count(self) -> int:
        """How many photographs there are; their numbers are 0 to this, without a gap."""
        return int(self._database.execute("SELECT COALESCE(MAX(number) + 1, 0) FROM photograph").fetchone()[0])

    @property
    def stamp(self) -> tuple[int, int]:
        """Change when photographs are added, and when another archive lies there."""
        return self.count, (self._folder / _DATABASE).stat().st_ino

    def seen(self, path: StoredAt, stamp: Stamp) -> bool | Refusal | None:
        """Say whether a file was added (True) or set aside, as it is now; None where it is to be looked at."""
        wanted = (_stored(path), stamp.length_bytes, stamp.modified_ns)
        with _damage_named(self._folder):
            of_file = "WHERE path = ? AND bytes = ? AND modified_ns = ?"
            if self._database.execute(f"SELECT 1 FROM place {of_file}", wanted).fetchone():
                return True
            row = self._database.execute(f"SELECT error, facts FROM aside {of_file}", wanted).fetchone()
            return Refusal(row[0], json.loads(row[1])) if row else None

    def add(self, path: StoredAt, stamp: Stamp, record: PhotoRecord, statement: bytes | None) -> bool:
        """Add a photograph and where it lies; False where it was known, then only its place is added."""
        with self._writing():
            row = self._database.execute("SELECT number FROM photograph WHERE sha256 = ?", (record.sha256,)).fetchone()
            number = self.count if row is None else row[0]
            if row is None:
                self._database.execute(
                    "INSERT INTO photograph VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        number,
                        record.sha256,
                        record.length_bytes,
                        record.pdq,
                        record.difference,
                        record.iscc,
                        record.likeness,
                        record.thumbnail,
                        statement,
                    ),
                )
            elif statement is not None:
                self._database.execute("UPDATE photograph SET statement = ? WHERE number = ?", (statement, number))
            self._database.execute("DELETE FROM aside WHERE path = ?", (_stored(path),))
            self._move(_stored(path), number)
            self._database.execute(
                "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)",
                (_stored(path), number, stamp.length_bytes, stamp.modified_ns),
            )
        return row is None

    def _move(self, path: str, number: int) -> None:
        """Remember of whom a place was that another photograph takes."""
        self._database.execute(_FORMER)
        self._database.execute(
            "INSERT OR IGNORE INTO former SELECT path, number FROM place WHERE path = ? AND number != ?", (path, number)
        )
        self._database.execute("DELETE FROM former WHERE path = ? AND number = ?", (path, number))

    def set_aside(self, path: StoredAt, stamp: Stamp, refusal: Refusal) -> None:
        """Remember that a file cannot be taken as it is now, and why; what was added from there before stays."""
        with self._writing():
            self._database.execute(
                "INSERT OR REPLACE INTO aside VALUES (?, ?, ?, ?, ?)",
                (_stored(path), refusal.key, json.dumps(refusal.facts), stamp.length_bytes, stamp.modified_ns),
            )

    def known(self, number: int) -> Known:
        """Return what is known of a photograph."""
        with _damage_named(self._folder):
            row = self._database.execute(
                "SELECT sha256, bytes, likeness, thumbnail, statement FROM photograph WHERE number = ?", (number,)
            ).fetchone()
            places = self._paths("place", number)
            has_former = self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'former'").fetchone()
            former = self._paths("former", number) if has_former else ()
        return Known(number, row[0], row[1], places, former, row[2], row[3], row[4])

    def _paths(self, table: str, number: int) -> tuple[str, ...]:
        rows = self._database.execute(f"SELECT path FROM {table} WHERE number = ? ORDER BY path", (number,))
        return tuple(path for (path,) in rows)

    def number_of(self, sha256: bytes) -> int | None:
        """Return the number of the photograph that is this very file."""
        row = self._database.execute("SELECT number FROM photograph WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else int(row[0])

    def forget_newer(self) -> None:
        """Remove arrays of photographs that this database does not know; before others get their numbers."""
        forget_newer([self._folder / _HASHES, *table_paths(self._folder)], self._mark, self.count)

    def hashes(self) -> NDArray[np.uint64]:
        """Return PDQ of every photograph, (n, 4), mapped from the disk."""
        return hash_array(self._folder / _HASHES, self._mark, lambda: self.count, self._hashes)

    def tables(self) -> list[Table]:
        """Return the index of points, mapped from the disk, and of what was added since (`point_tables`)."""
        return point_tables(self._folder, self._mark, self.count, self._likenesses)

    def _likenesses(self, first: int) -> Iterator[tuple[int, bytes]]:
        with _damage_named(self._folder):
            yield from self._database.execute(
                "SELECT number, likeness FROM photograph WHERE number >= ? ORDER BY number", (first,)
            )

    def _hashes(self, first: int) -> Iterator[bytes]:
        with _damage_named(self._folder):
            for (pdq,) in self._database.execute(
                "SELECT pdq FROM photograph WHERE number >= ? ORDER BY number", (first,)
            ):
                yield pdq


def _stored(path: StoredAt) -> str:
    """Return a path or an address as the database keeps it: bytes that are no UTF-8 written out, it takes no others."""
    return os.fsencode(str(path)).decode("utf-8", "backslashreplace")


@contextmanager
def _damage_named(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BadInput("trace.archive_damaged", path=str(folder), reason=str(error)[:200]) from error
