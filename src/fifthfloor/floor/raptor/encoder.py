"""Encoding symbols of a source block (RFC 6330, section 5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fifthfloor.floor.raptor.block import Block, block_of
from fifthfloor.floor.raptor.octets import Octets
from fifthfloor.floor.raptor.replay import intermediate_symbols, sums
from fifthfloor.floor.raptor.solving import encoding_plan
from fifthfloor.floor.raptor.tuples import Int64s, lt_rows


def encode(source: Octets, numbers: Sequence[int]) -> Octets:
    """Make encoding symbols.

    Args:
        source: shape (K, T), the source symbols.
        numbers: encoding symbol ids (ESI) in any order; what one costs does not depend on its number.

    Returns:
        shape (len(numbers), T), in the order asked for.

    Counterpart: `decoder.decode`.
    """
    count, width = source.shape
    wanted = np.asarray(numbers, np.int64)
    made = np.empty((len(wanted), width), np.uint8)
    plain = wanted < count
    made[plain] = source[wanted[plain]]
    repair = np.flatnonzero(~plain)
    if len(repair):
        solve(source, lent=True).encode_into(wanted[repair], [made[row] for row in repair.tolist()])
    return made


@dataclass(frozen=True, slots=True)
class Solved:
    """A source block as its intermediate symbols, of which any symbol is a short sum.

    Args:
        source_symbols: K.
        known: the intermediate symbols, L rows.
    """

    source_symbols: int
    known: Sequence[Octets]

    def encode_in_parts(self, numbers: Int64s, most: int) -> Iterator[Octets]:
        """Make encoding symbols, at most so many at once; arguments and results as of `encoder.encode`."""
        columns = self._columns(numbers)
        for start in range(0, len(columns), most):
            some = columns[start : start + most]
            made = np.empty((len(some), len(self.known[0])), np.uint8)
            sums(some, self.known, list(made))
            yield made

    def encode_into(self, numbers: Int64s, made: Sequence[Octets]) -> None:
        """Write encoding symbols into these rows."""
        sums(self._columns(numbers), self.known, made)

    def _columns(self, numbers: Int64s) -> list[list[int]]:
        block = block_of(self.source_symbols)
        return lt_rows(block, internal(block, self.source_symbols, numbers)).lists()


def solve(source: Octets, *, lent: bool = False) -> Solved:
    """Work out the intermediate symbols of a source block, after which the source symbols are needed no more.

    Args:
        source: shape (K, T), the source symbols.
        lent: in memory that is this thread's, until the next block is solved; else in their own, some 6 % more than
            those of the source symbols.
    """
    count, width = source.shape
    block = block_of(count)
    into = None if lent else np.empty((block.intermediate, width), np.uint8)
    given = [*source, *padding(block, count, width)]
    return Solved(count, intermediate_symbols(encoding_plan(block), given, into)[0])


def internal(block: Block, source_symbols: int, numbers: Int64s) -> Int64s:
    """Return internal symbol ids (ISI): those of the padding stand between source and repair symbols (5.3.1)."""
    return np.where(numbers < source_symbols, numbers, numbers + block.padded - source_symbols)


def padding(block: Block, source_symbols: int, width: int) -> list[Octets]:
    """Return the rows of the padding, zero and never sent."""
    return [np.zeros(width, np.uint8)] * (block.padded - source_symbols)
