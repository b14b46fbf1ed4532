"""The erasure code: one RaptorQ source block a group, `floor.raptor` does the work (spec/floor.md, section 4).

Rule 1: only authenticated symbols go in. Where there are more than the code needs, they are compared with each other,
        and a wrong one is named; with exactly as many nothing can tell.
Rule 2: symbols are what their numbers say, whoever made them, in whatever order, one or all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.header import MAX_NUMBER, MAX_SOURCE_SYMBOLS
from fifthfloor.floor.raptor import decoder, encoder
from fifthfloor.floor.raptor.block import block_of
from fifthfloor.floor.raptor.decoder import SURPLUS, WrongSymbols
from fifthfloor.floor.raptor.encoder import Solved
from fifthfloor.floor.raptor.replay import let_memory_go
from fifthfloor.floor.slot import SYMBOL_BYTES

__all__ = ["SURPLUS", "Solved", "WrongSymbols", "decode", "encode", "let_memory_go", "solve", "solved_symbols"]


def encode(group: bytes | memoryview, symbols: Sequence[int], symbol_bytes: int = SYMBOL_BYTES) -> NDArray[np.uint8]:
    """Make chosen symbols of a group.

    Args:
        group: K x 16,240 bytes, K from 1 to 3,200.
        symbols: symbol numbers below 2^20, in any order; what one costs does not depend on its number.
        symbol_bytes: of one symbol; 880 in floors that are in a roll too.

    Returns:
        shape (len(symbols), symbol_bytes), in the order asked for.

    Counterpart: `decode`. Source: RFC 6330.
    """
    source = np.frombuffer(group, np.uint8).reshape(-1, symbol_bytes)
    if not 1 <= len(source) <= MAX_SOURCE_SYMBOLS or any(not 0 <= s < MAX_NUMBER for s in symbols):
        raise ValueError("1 to 3,200 source symbols, numbers below 2^20")
    return encoder.encode(source, symbols)


def solve(group: bytes | memoryview, symbol_bytes: int = SYMBOL_BYTES, *, lent: bool = False) -> Solved:
    """Do the part of `encode` that all symbols of a group have in common (`encoder.solve`); arguments as there."""
    return encoder.solve(np.frombuffer(group, np.uint8).reshape(-1, symbol_bytes), lent=lent)


def solved_symbols(source_symbols: int) -> int:
    """Return how many symbols' memory `solve` takes for a group of K."""
    return block_of(source_symbols).intermediate


def decode(
    source_symbols: int, symbols: Mapping[int, bytes | memoryview], *, compare: bool = False
) -> memoryview | None:
    """Bring a group back from authenticated symbols.

    Args:
        source_symbols: K, from 1 to 3,200.
        symbols: symbol number -> its bytes, all of one length.
        compare: solve for the group even where every source symbol is here, so that the others are compared with them,
            and with every check there is.

    Returns:
        K symbols, the caller's to change, or None when these symbols are not enough (more may help).

    Raises:
        WrongSymbols: there are more than needed, and they contradict each other.

    Counterpart: `encode`.
    """
    if not 1 <= source_symbols <= MAX_SOURCE_SYMBOLS:
        raise ValueError("1 to 3,200 source symbols")
    if len(symbols) < source_symbols:
        return None
    if not compare and all(number in symbols for number in range(source_symbols)):
        return memoryview(bytearray().join(symbols[number] for number in range(source_symbols)))
    rows = {number: np.frombuffer(symbol, np.uint8) for number, symbol in symbols.items()}
    group = decoder.decode(source_symbols, rows, every_check=compare)
    return None if group is None else group.reshape(-1).data
