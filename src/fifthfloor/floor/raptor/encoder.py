"""Encoding symbols of a source block (RFC 6330, section 5.3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fifthfloor.floor.raptor.block import Block, block_of
from fifthfloor.floor.raptor.octets import Octets
from fifthfloor.floor.raptor.replay import intermediate_symbols, sums
from fifthfloor.floor.raptor.solving import encoding_plan
from fifthfloor.floor.raptor.tuples import Numbers, lt_rows


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
        block = block_of(count)
        known, _ = intermediate_symbols(encoding_plan(block), [*source, *padding(block, count, width)])
        sums(lt_rows(block, internal(block, count, wanted[repair])), known, [made[row] for row in repair.tolist()])
    return made


def internal(block: Block, source_symbols: int, numbers: Numbers) -> Numbers:
    """Return internal symbol ids (ISI): those of the padding stand between source and repair symbols (5.3.1)."""
    return np.where(numbers < source_symbols, numbers, numbers + block.padded - source_symbols)


def padding(block: Block, source_symbols: int, width: int) -> list[Octets]:
    """Return the rows of the padding, zero and never sent."""
    return [np.zeros(width, np.uint8)] * (block.padded - source_symbols)
