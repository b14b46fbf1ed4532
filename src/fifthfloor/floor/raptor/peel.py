"""Inactivation: an order in which rows give intermediate symbols one by one (RFC 6330, section 5.4.2.2).

Plain lists: some 3,300 rows with 15,000 ones are done before numpy has been called often enough. A row is known by the
number and the sum of the columns it still lacks, so that a row that lacks one names it without a search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fifthfloor.floor.raptor.block import Block
from fifthfloor.floor.raptor.tuples import Rows

# Of rows that lack two columns so many are looked at. The exact graph of them leaves 1 to 10 columns fewer inactive and
# takes 2.5 times as long.
_ROWS_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Peeled:
    """How far the sparse rows go.

    Args:
        pivots: (row, column) in order; each row names but this column, earlier ones, and inactive ones.
        inactive: the other columns, permanently inactive ones first.
    """

    pivots: list[tuple[int, int]]
    inactive: list[int]


def peel(block: Block, sparse: Rows, light: int) -> Peeled:
    """Peel sparse rows.

    Args:
        block: its parameters.
        sparse: the rows.
        light: so many rows are LT rows; those that follow, LDPC rows with 80 ones, are pivots only when no LT row is.
    """
    work = _Peeling(block, sparse, light)
    while work.advance():
        pass
    taken = {column for _, column in work.pivots}
    inactive = [*range(block.lt, block.intermediate), *work.set_aside]
    known = taken.union(inactive)
    inactive += [column for column in range(block.lt) if column not in known]
    return Peeled(work.pivots, inactive)


class _Peeling:
    def __init__(self, block: Block, sparse: Rows, light: int) -> None:
        active = sparse.columns < block.lt
        row = np.repeat(np.arange(len(sparse.starts) - 1), np.diff(sparse.starts))[active]
        column = sparse.columns[active]
        order = np.argsort(column, kind="stable")
        self._rows_of = Rows(row[order], np.searchsorted(column[order], np.arange(block.lt + 1))).lists()
        self._count: list[int] = np.bincount(row, minlength=len(sparse.starts) - 1).tolist()
        self._sum: list[int] = np.bincount(row, column, len(sparse.starts) - 1).astype(np.int64).tolist()
        self._sparse, self._light, self._width = sparse, light, block.lt
        self._active = bytearray(b"\1" * block.lt)
        self.pivots: list[tuple[int, int]] = []
        self.set_aside: list[int] = []
        # Rows that lacked one or two columns when they were put here; LT and LDPC rows apart.
        self._ones: tuple[list[int], list[int]] = ([], [])
        self._twos: tuple[list[int], list[int]] = ([], [])
        for index, count in enumerate(self._count):
            if count in (1, 2):
                (self._ones if count == 1 else self._twos)[index >= light].append(index)

    def advance(self) -> bool:
        """Take all rows that lack one column, then set one column aside; returns whether anything was left."""
        return self._take(0) or self._set_aside(0) or self._take(1) or self._set_aside(1) or self._thin_out()

    def _take(self, kind: int) -> bool:
        ready, count, named = self._ones[kind], self._count, self._sum
        begun = len(self.pivots)
        while ready:
            row = ready.pop()
            if count[row] == 1:
                column = named[row]
                self.pivots.append((row, column))
                self._forget(column)
                if kind and self._ones[0]:
                    break
        return len(self.pivots) > begun

    def _forget(self, column: int) -> None:
        self._active[column] = 0
        count, named, light = self._count, self._sum, self._light
        for row in self._rows_of[column]:
            count[row] = left = count[row] - 1
            named[row] -= column
            if left <= 2:
                if left == 1:
                    self._ones[row >= light].append(row)
                elif left == 2:
                    self._twos[row >= light].append(row)

    def _set_aside(self, kind: int) -> bool:
        twos = self._twos[kind]
        seen: list[int] = []
        while twos and len(seen) < _ROWS_LOOKED_AT:
            row = twos.pop()
            if self._count[row] == 2:
                seen.append(row)
        twos.extend(reversed(seen))
        return self._inactivate(seen)

    def _inactivate(self, rows: Sequence[int]) -> bool:
        """Set the column aside that most of these rows lack."""
        counted = Counter(column for row in rows for column in self._lacks(row))
        if not counted:
            return False
        column = counted.most_common(1)[0][0]
        self.set_aside.append(column)
        self._forget(column)
        return True

    def _lacks(self, row: int) -> list[int]:
        begin, end = self._sparse.starts[row : row + 2].tolist()
        columns: list[int] = self._sparse.columns[begin:end].tolist()
        return [column for column in columns if column < self._width and self._active[column]]

    def _thin_out(self) -> bool:
        """No row lacks fewer than three: set a column of the row aside that lacks fewest."""
        left = [(count, row) for row, count in enumerate(self._count) if count > 2]
        return bool(left) and self._inactivate([min(left)[1]])
