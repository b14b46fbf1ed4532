"""Octets: the field GF(256) of RFC 6330, section 5.7, whose alpha is 2 and whose polynomial is 0x11D."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Octets = NDArray[np.uint8]

REDUCTION = 0x1D  # what x^8 becomes


def _powers() -> list[int]:
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] << 1 ^ (0x11D if powers[-1] & 0x80 else 0))
    return powers


POWERS = np.array(_powers() * 2, np.uint8)  # alpha^i, twice over, so that a sum of two logarithms needs no modulus
_LOGARITHMS = np.zeros(256, np.int64)
_LOGARITHMS[POWERS[:255]] = np.arange(255)


def times(a: Octets, b: Octets) -> Octets:
    """Multiply arrays of octets element by element, as numpy broadcasts them."""
    product = POWERS[_LOGARITHMS[a] + _LOGARITHMS[b]]
    return np.where((a == 0) | (b == 0), np.uint8(0), product)


_OCTETS = np.arange(256, dtype=np.uint8)
PRODUCTS_OF_OCTETS = times(
    _OCTETS[:, None], _OCTETS[None, :]
)  # of two octets; a row of it multiplies a row in one look


def inverse(a: Octets | np.uint8) -> Octets:
    """Invert octets, none of them 0."""
    inverted: Octets = POWERS[255 - _LOGARITHMS[a]]
    return inverted


def product(left: Octets, right: Octets) -> Octets:
    """Multiply matrices."""
    made: Octets = np.bitwise_xor.reduce(times(left[:, :, None], right[None, :, :]), axis=1)
    return made


@dataclass(frozen=True, slots=True)
class Reduced:
    """A matrix after row operations over the octets.

    Args:
        matrix: shape (m, n), every pivot column a unit column, rows without pivot zero and last.
        operations: shape (m, m), with operations x (what it was) = matrix.
        pivots: column of the pivot of row 0, 1, ...
    """

    matrix: Octets
    operations: Octets
    pivots: list[int]

    @property
    def annihilators(self) -> Octets:
        """Shape (m - rank, m): all combinations of rows that were zero."""
        return self.operations[len(self.pivots) :]


def reduced(matrix: Octets) -> Reduced:
    """Bring a matrix of few rows into reduced echelon form."""
    rows, columns = matrix.shape
    work = np.concatenate([matrix, np.eye(rows, dtype=np.uint8)], axis=1)
    pivots = eliminate(work, columns)
    return Reduced(work[:, :columns].copy(), work[:, columns:].copy(), pivots)


def eliminate(work: Octets, columns: int) -> list[int]:
    """Bring the first columns of a matrix into reduced echelon form where they stand, and take the others along.

    Args:
        work: shape (m, n), changed.
        columns: how many of the n are to have pivots.

    Returns:
        column of the pivot of row 0, 1, ...
    """
    pivots: list[int] = []
    for column in range(columns):
        at = len(pivots)
        below = work[at:, column].nonzero()[0]
        if not len(below):
            continue
        work[[at, at + below[0]]] = work[[at + below[0], at]]
        row = PRODUCTS_OF_OCTETS[inverse(work[at, column])].take(work[at])
        factors = work[:, column].copy()
        factors[at] = 0
        work ^= PRODUCTS_OF_OCTETS[factors].take(row, axis=1)
        work[at] = row
        pivots.append(column)
    return pivots


def double(row: Octets, scratch: Octets) -> None:
    """Multiply a row by alpha where it stands; no table, so it runs at the speed of memory.

    Args:
        row: changed.
        scratch: of the same length, overwritten.
    """
    signed = row.view(np.int8)
    np.less(signed, 0, out=scratch.view(np.bool_))  # 1 where an x^8 will appear
    np.negative(scratch, out=scratch)
    np.bitwise_and(scratch, REDUCTION, out=scratch)
    np.add(row, row, out=row)
    np.bitwise_xor(row, scratch, out=row)
