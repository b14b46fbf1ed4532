"""Which intermediate symbols an encoding symbol is the sum of (RFC 6330, sections 5.3.5.1 to 5.3.5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.raptor.block import Block
from fifthfloor.floor.raptor.tables import DEGREE_LIMITS, RAND

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse binary rows, one after the other.

    Args:
        columns: shape (n,), the columns with a one.
        starts: shape (rows + 1,), where in `columns` each row begins; the last is n.
    """

    columns: Int64s
    starts: Int64s

    def lists(self) -> list[list[int]]:
        """Return the columns of each row."""
        flat, starts = self.columns.tolist(), self.starts.tolist()
        return [flat[begin:end] for begin, end in pairwise(starts)]


def rows_of(parts: list[tuple[Int64s, Int64s]], count: int) -> Rows:
    """Make rows of (row, column) pairs; within a row the pairs keep their order."""
    rows = np.concatenate([row for row, _ in parts])
    columns = np.concatenate([column for _, column in parts])
    order = np.argsort(rows, kind="stable")
    return Rows(columns[order], np.searchsorted(rows[order], np.arange(count + 1)))


def rand(y: Int64s, i: int, m: int | Int64s) -> Int64s:
    """Rand[y, i, m] of section 5.3.5.1, for many y below 2^32."""
    bytes_of_y = [(y >> shift) + i & 0xFF for shift in (0, 8, 16, 24)]
    mixed: Int64s = RAND[0][bytes_of_y[0]]
    for table, byte in zip(RAND[1:], bytes_of_y[1:], strict=True):
        mixed = mixed ^ table[byte]
    drawn: Int64s = mixed % m
    return drawn


def lt_rows(block: Block, internal: Int64s) -> Rows:
    """Return the intermediate symbols of encoding symbols.

    Args:
        block: its parameters.
        internal: shape (n,), internal symbol ids (ISI): the symbol number below K, and K' - K more above.

    Source: sections 5.3.5.3 (`Enc`) and 5.3.5.4 (`Tuple`); d, a, b, d1, a1 and b1 are the RFC's.
    """
    w, p, p1 = block.lt, block.permanent, block.permanent_prime
    first = 53591 + block.index * 997 | 1  # made odd; + 1 where it is even
    y = 10267 * (block.index + 1) + internal * first & 0xFFFFFFFF
    d = np.minimum(np.searchsorted(DEGREE_LIMITS, rand(y, 0, 1 << 20), side="right"), w - 2)
    a, b = 1 + rand(y, 1, w - 1), rand(y, 2, w)
    d1 = np.where(d < 4, 2 + rand(internal, 3, 2), 2)
    a1, b1 = 1 + rand(internal, 4, p1 - 1), rand(internal, 5, p1)
    row = np.repeat(np.arange(len(internal)), d)
    step = np.arange(len(row)) - np.repeat(np.cumsum(d) - d, d)
    parts = [(row, (b[row] + step * a[row]) % w)]
    for j in range(3):
        while (beyond := b1 >= p).any():
            b1 = np.where(beyond, (b1 + a1) % p1, b1)
        asked = np.flatnonzero(d1 > j)
        parts.append((asked, w + b1[asked]))
        b1 = (b1 + a1) % p1
    return rows_of(parts, len(internal))
