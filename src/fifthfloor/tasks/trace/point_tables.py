"""The index of points on the disk (`spec/archive.md`): parts made of the database, mapped, and a few more behind.

Rule 1: photographs that were added since are looked up beside it, in memory; when they are many they become a part.
Rule 2: a part takes up those before it that are no longer than it, so that an archive that grows by some thousands at
        a time makes each point a few times anew, not each time, and there are few parts to look into.
Rule 3: making one needs as much memory as one table of it is long, whatever an archive holds.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.files import placed
from fifthfloor.tasks.trace.arrays import ARRAY_HEAD_BYTES, head, photographs_in
from fifthfloor.trace.buckets import BUCKETS, POINT_TABLES, Table, buckets_of
from fifthfloor.trace.likeness import read_likeness
from fifthfloor.unreadable import may_be_swapped

RowsFrom = Callable[[int], Iterator[tuple[int, bytes]]]
"""Wholes and likenesses from one number on, rising."""

# A tenth of a second at each opening.
MOST_BEHIND = 2000
# Photographs whose points are sorted at once.
_CHUNK = 20_000
# A place in a table is a 32-bit number.
MOST_ENTRIES = (1 << 32) - 1


def point_tables(folder: Path, mark: bytes, count: int, rows: RowsFrom) -> list[Table]:
    """Return the tables of an archive of `count` photographs: one a kind for each part, and for what came since.

    Raises:
        BadInput: more points than a table can number.
    """

    def known(first: int) -> Iterator[tuple[int, bytes]]:
        return takewhile(lambda row: row[0] < count, rows(first))  # another process may be adding

    edges = _edges(folder, mark, count)
    behind = count - edges[-1]
    if behind > MOST_BEHIND or (len(edges) == 1 and count):
        while len(edges) > 1 and edges[-1] - edges[-2] <= count - edges[-1]:
            edges.pop()
        for table in range(len(POINT_TABLES)):
            _write(_path(folder, table, edges[-1]), mark, count, _table(table, known, edges[-1]))
        edges, behind = [*edges, count], 0
        _forget_parts(folder, edges)
    tables = [_mapped(_path(folder, table, first)) for first in edges[:-1] for table in range(len(POINT_TABLES))]
    if behind:
        tables += [_table(table, known, edges[-1]) for table in range(len(POINT_TABLES))]
    return tables


def table_paths(folder: Path) -> list[Path]:
    """Return where tables lie: those of the first part, and all others that there are."""
    return [path for table in range(len(POINT_TABLES)) for path in (_path(folder, table, 0), *_later(folder, table))]


def _path(folder: Path, table: int, first: int) -> Path:
    """Return where the table of the part that begins with a photograph lies."""
    return folder / (f"points-{table}-{first}.bin" if first else f"points-{table}.bin")


def _later(folder: Path, table: int) -> list[Path]:
    return sorted(folder.glob(f"points-{table}-*.bin"))


def _edges(folder: Path, mark: bytes, count: int) -> list[int]:
    """Return where the parts begin, and where the last one ends: [0] where there is none."""
    edges = [0]
    while True:
        ends = {_made_of(_path(folder, table, edges[-1]), mark) for table in range(len(POINT_TABLES))}
        end = ends.pop()
        if ends or not edges[-1] < end <= count:
            return edges
        edges.append(end)


def _forget_parts(folder: Path, edges: list[int]) -> None:
    """Remove parts that another one took up; one that is mapped by somebody stays, and is not read."""
    for table in range(len(POINT_TABLES)):
        used = {_path(folder, table, first) for first in edges[:-1]}
        for path in _later(folder, table):
            if path not in used:
                with contextlib.suppress(OSError):
                    path.unlink()


def _made_of(path: Path, mark: bytes) -> int:
    """Return up to which photograph a file goes; -1 where it is none, or shorter than it says."""
    held = photographs_in(path, mark)
    if held < 0 or path.stat().st_size < ARRAY_HEAD_BYTES + 4 * (BUCKETS + 1):
        return -1
    made = _mapped(path)
    return held if len(made.entries) == made.starts[-1] else -1


def _mapped(path: Path) -> Table:
    whole = np.memmap(path, np.uint32, "r", ARRAY_HEAD_BYTES)
    may_be_swapped(whole.ctypes.data, whole.nbytes)
    return Table(whole[: BUCKETS + 1], whole[BUCKETS + 1 :])


def _write(path: Path, mark: bytes, count: int, made: Table) -> None:
    with placed(path, replace=True) as file:
        file.write(head(mark, count))
        made.starts.tofile(file)
        made.entries.tofile(file)


def _table(table: int, rows: RowsFrom, first: int) -> Table:
    """Count what each bucket gets, then put it there."""
    counts = np.zeros(BUCKETS, np.int64)
    for buckets, _ in _chunks(table, rows(first)):
        counts += np.bincount(buckets, minlength=BUCKETS)
    total = int(counts.sum())
    if total > MOST_ENTRIES:
        raise BadInput("trace.archive_full", points=total, limit=MOST_ENTRIES)
    starts = np.zeros(BUCKETS + 1, np.uint32)
    starts[1:] = counts.cumsum()
    entries, free = np.empty(total, np.uint32), starts[:-1].astype(np.int64)
    for buckets, numbers in _chunks(table, rows(first)):
        order = np.argsort(buckets, kind="stable")
        ranked = buckets[order]
        # How many of the same bucket are before it in this chunk.
        before = np.arange(len(ranked)) - np.searchsorted(ranked, ranked)
        entries[free[ranked] + before] = numbers[order]
        free += np.bincount(buckets, minlength=BUCKETS)
    return Table(starts, entries)


def _chunks(table: int, rows: Iterator[tuple[int, bytes]]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint32]]]:
    """Yield the buckets of points and whose they are, some photographs at a time."""
    buckets, numbers = list[NDArray[np.int64]](), list[NDArray[np.uint32]]()
    for number, likeness in rows:
        points = read_likeness(likeness).points
        buckets.append(buckets_of(points.values > 0, table))
        numbers.append(np.full(len(points.x), number, np.uint32))
        if len(buckets) == _CHUNK:
            yield np.concatenate(buckets), np.concatenate(numbers)
            buckets, numbers = [], []
    if buckets:
        yield np.concatenate(buckets), np.concatenate(numbers)
