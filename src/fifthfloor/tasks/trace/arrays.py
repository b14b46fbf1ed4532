"""The arrays of an archive on the disk (`spec/archive.md`): whose they are, how far they go, and that of hashes.

Rule 1: an array is made of the database and says of which, and how many photographs it holds.
Rule 2: what is added is appended; whoever is cut off while he appends leaves what was there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthfloor.files import growing, placed, read_head
from fifthfloor.unreadable import may_be_swapped

ARCHIVE_MARK_BYTES = 16
ARRAY_HEAD_BYTES = 32
HASHED_BYTES = 32
_ARRAY_HEAD = struct.Struct(f"<{ARCHIVE_MARK_BYTES}sQ8x")
# Hashes written at once.
_HASHES_AT_ONCE = 1 << 15

Hashes = Callable[[int], Iterator[bytes]]
"""PDQ of every photograph from a number on, rising."""


def head(mark: bytes, photographs: int) -> bytes:
    """Return how an array begins; `photographs_in` is the counterpart."""
    return _ARRAY_HEAD.pack(mark, photographs)


def photographs_in(path: Path, mark: bytes) -> int:
    """Return how many photographs an array says it holds; -1 where it is none, or of another archive."""
    begin = read_head(path, ARRAY_HEAD_BYTES) if path.is_file() else b""
    if len(begin) < ARRAY_HEAD_BYTES:
        return -1
    found, count = _ARRAY_HEAD.unpack(begin)
    return count if found == mark else -1


def forget_newer(paths: Iterable[Path], mark: bytes, count: int) -> None:
    """Remove arrays of more photographs than the database has: it is an older one that was put back."""
    for path in paths:
        if photographs_in(path, mark) > count:
            path.unlink()


def hash_array(path: Path, mark: bytes, counted: Callable[[], int], hashes: Hashes) -> NDArray[np.uint64]:
    """Return PDQ of every photograph, (n, 4), mapped from the disk; what the file lacks is appended.

    Args:
        mark: of the archive.
        counted: says how many photographs the database has now; another process may add some meanwhile.
    """
    held = photographs_in(path, mark)
    if held >= 0 and path.stat().st_size < ARRAY_HEAD_BYTES + held * HASHED_BYTES:
        held = -1
    count = counted()
    if not 0 <= held <= count:
        with placed(path, replace=True) as file:
            file.write(head(mark, 0))
        held = 0
    if held < count:
        _append(path, mark, held, islice(hashes(held), count - held))
    if not count:
        return np.zeros((0, 4), np.uint64)
    mapped = np.memmap(path, np.uint64, "r", ARRAY_HEAD_BYTES, (count, 4))
    may_be_swapped(mapped.ctypes.data, mapped.nbytes)
    return mapped


def _append(path: Path, mark: bytes, held: int, hashes: Iterator[bytes]) -> None:
    """Append hashes, and say so when they are on the medium."""
    with growing(path, ARRAY_HEAD_BYTES + held * HASHED_BYTES) as file:
        while few := list(islice(hashes, _HASHES_AT_ONCE)):
            file.write(b"".join(few))
            held += len(few)
    with growing(path, 0) as file:
        file.write(head(mark, held))
