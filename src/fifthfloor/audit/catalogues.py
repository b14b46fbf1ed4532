"""Names and paths in the catalogues of photo programs and the histories of browsers: SQLite files of known tables.

The caller opens the file read-only and immutable; here are only the questions. Tables are those that the programs of
the last ten years write; a catalogue of other tables is "not checked".
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

MAX_NAMES = 1_000_000  # the largest catalogues of agencies


@dataclass(frozen=True, slots=True)
class Program:
    """A program's catalogue or history.

    Args:
        name: of the program.
        table: one it is recognised by.
        question: selects one text column.
    """

    name: str
    table: str
    question: str


PROGRAMS: tuple[Program, ...] = (
    Program(
        "Lightroom",
        "AgLibraryFile",
        "SELECT coalesce(o.pathFromRoot, '') || f.baseName || '.' || f.extension FROM AgLibraryFile f "
        "LEFT JOIN AgLibraryFolder o ON o.id_local = f.folder",
    ),
    Program(
        "darktable",
        "film_rolls",
        "SELECT coalesce(r.folder, '') || '/' || i.filename FROM images i LEFT JOIN film_rolls r ON r.id = i.film_id",
    ),
    Program(
        "digiKam",
        "AlbumRoots",
        "SELECT coalesce(a.relativePath, '') || '/' || i.name FROM Images i LEFT JOIN Albums a ON a.id = i.album",
    ),
    Program(
        "Apple Photos",
        "ZADDITIONALASSETATTRIBUTES",
        "SELECT coalesce(x.ZORIGINALFILENAME, a.ZFILENAME) FROM ZASSET a "
        "LEFT JOIN ZADDITIONALASSETATTRIBUTES x ON x.ZASSET = a.Z_PK",
    ),
    Program("Shotwell", "PhotoTable", "SELECT filename FROM PhotoTable"),
    Program("Firefox", "moz_places", "SELECT url || ' ' || coalesce(title, '') FROM moz_places"),
    Program("Chromium", "urls", "SELECT url || ' ' || coalesce(title, '') FROM urls"),
    Program(
        "Safari",
        "history_items",
        "SELECT i.url || ' ' || coalesce(v.title, '') FROM history_items i "
        "LEFT JOIN history_visits v ON v.history_item = i.id",
    ),
)


def names_in_catalogue(connection: sqlite3.Connection) -> tuple[str, list[str]] | None:
    """Return the program and the names it lists; None where the tables are none we know or damaged.

    Args:
        connection: read-only; a step limit is set on it, since a hostile view could run for ever.
    """
    steps = 0

    def stop() -> int:
        nonlocal steps
        steps += 1
        return int(steps > 20_000)  # two thousand million machine steps: seconds

    connection.set_progress_handler(stop, 100_000)
    try:
        tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for program in PROGRAMS:
            if program.table in tables:
                rows = connection.execute(program.question).fetchmany(MAX_NAMES)
                return program.name, [str(row[0]) for row in rows if row[0]]
    except sqlite3.Error:
        return None
    return None
