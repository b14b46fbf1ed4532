"""The index of points on the disk (`spec/archive.md`): made of the database, mapped, and a few photographs behind it.

Rule 1: photographs that were added since are looked up beside it, in memory; a day's work does not make all anew.
Rule 2: making it needs as much memory as one table is long, whatever an archive holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.files import placed
from fifthfloor.tasks.trace.arrays import ARRAY_HEAD_BYTES, head, photographs_in
from fifthfloor.trace.buckets import BUCKETS, POINT_TABLES, Table, buckets_of
from fifthfloor.trace.likeness import read_likeness

Rows = Callable[[int], Iterator[tuple[int, bytes]]]
"""Numbers and likenesses from one number on, rising."""

# A tenth of a second at each opening.
MOST_BEHIND = 2000
# Photographs whose points are sorted at once.
_CHUNK = 20_000
# A place in a table is a 32-bit number.
MOST_ENTRIES = (1 << 32) - 1


def point_tables(folder: Path, mark: bytes, count: int, rows: Rows) -> list[Table]:
    """Return the tables of an archive of `count` photographs: one a kind for most of it, one for what came since.

    Raises:
        BadInput: more points than a table can number.
    """
    made = {_made_of(path, mark) for path in table_paths(folder)}
    first = made.pop() if len(made) == 1 else -1
    if not 0 <= first <= count or count - first > MOST_BEHIND or (first == 0 and count):
        for table, path in enumerate(table_paths(folder)):
            _write(path, mark, table, count, rows)
        first = count
    mapped = [_mapped(path) for path in table_paths(folder)]
    return mapped if first == count else [*mapped, *(_table(table, rows, first) for table in range(len(POINT_TABLES)))]


def table_paths(folder: Path) -> list[Path]:
    """Return where the tables lie."""
    return [_path(folder, table) for table in range(len(POINT_TABLES))]


def _path(folder: Path, table: int) -> Path:
    return folder / f"points-{table}.bin"


def _made_of(path: Path, mark: bytes) -> int:
    """Return of how many photographs a file was made; -1 where it is none, or shorter than it says."""
    held = photographs_in(path, mark)
    if held < 0 or path.stat().st_size < ARRAY_HEAD_BYTES + 4 * (BUCKETS + 1):
        return -1
    made = _mapped(path)
    return held if len(made.entries) == made.starts[-1] else -1


def _mapped(path: Path) -> Table:
    whole = np.memmap(path, np.uint32, "r", ARRAY_HEAD_BYTES)
    return Table(whole[: BUCKETS + 1], whole[BUCKETS + 1 :])


def _write(path: Path, mark: bytes, table: int, count: int, rows: Rows) -> None:
    made = _table(table, rows, 0)
    with placed(path, replace=True) as file:
        file.write(head(mark, count))
        made.starts.tofile(file)
        made.entries.tofile(file)


def _table(table: int, rows: Rows, first: int) -> Table:
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
