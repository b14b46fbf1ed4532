"""A source block from any of its encoding symbols (RFC 6330, section 5.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from fifthfloor.floor.raptor.block import block_of
from fifthfloor.floor.raptor.encoder import internal, padding
from fifthfloor.floor.raptor.octets import Octets
from fifthfloor.floor.raptor.replay import intermediate_symbols, sums
from fifthfloor.floor.raptor.solving import SolvePlan, plan
from fifthfloor.floor.raptor.suspects import wrong_rows
from fifthfloor.floor.raptor.tuples import lt_rows

# With so many more than K the binary rows mostly suffice, which saves the octets' work (a fifth), and a handful of rows
# is left over to check the symbols with.
SURPLUS = 16
_MOST_COMPARED = 192  # beyond K, to find a wrong symbol among; with more checks, more wrong ones are told


class WrongSymbols(Exception):  # noqa: N818 - a finding; whoever has more symbols goes on without these
    """Symbols contradict each other.

    Args:
        numbers: of those that are wrong; empty when these symbols do not tell which.
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(f"{len(numbers)} wrong symbols")
        self.numbers = tuple(numbers)


def decode(source_symbols: int, symbols: Mapping[int, Octets], *, every_check: bool = False) -> Octets | None:
    """Bring a source block back.

    Args:
        source_symbols: K.
        symbols: encoding symbol id (ESI) -> symbol, all of one length T.
        every_check: check the symbols on the HDPC rows as well. The binary rows that are left over of K + 16 miss one
            wrong symbol in some sixty; these miss one in millions, and cost a tenth of the time more.

    Returns:
        shape (K, T), or None when these symbols are not enough (more may help).

    Raises:
        WrongSymbols: there are more than needed, and they contradict each other.

    Counterpart: `encoder.encode`.
    """
    numbers = sorted(symbols)  # source symbols first: each spares making it
    for most in dict.fromkeys((source_symbols + SURPLUS, len(numbers))):
        chosen = numbers[:most]
        made = _planned(source_symbols, chosen, every_check=every_check)
        if made is not None:
            return _decoded(source_symbols, symbols, chosen, made)
    return None


def _planned(source_symbols: int, numbers: Sequence[int], *, every_check: bool = False) -> SolvePlan | None:
    if len(numbers) < source_symbols:
        return None
    block = block_of(source_symbols)
    given = internal(block, source_symbols, np.asarray(numbers, np.int64))
    return plan(block, np.concatenate([given, np.arange(source_symbols, block.padded)]), every_check=every_check)


def _given(source_symbols: int, symbols: Mapping[int, Octets], numbers: Sequence[int]) -> list[Octets]:
    rows = [symbols[number] for number in numbers]
    return rows + padding(block_of(source_symbols), source_symbols, len(rows[0]))


def _decoded(source_symbols: int, symbols: Mapping[int, Octets], numbers: Sequence[int], made: SolvePlan) -> Octets:
    given = _given(source_symbols, symbols, numbers)
    known, checks = intermediate_symbols(made, given)
    if checks.any():
        raise WrongSymbols(_named(source_symbols, symbols))
    block = np.empty((source_symbols, len(given[0])), np.uint8)
    for number, row in zip(numbers, given, strict=False):
        if number < source_symbols:
            block[number] = row
    missing = np.setdiff1d(np.arange(source_symbols), numbers)
    sums(lt_rows(made.block, missing).lists(), known, [block[number] for number in missing.tolist()])
    return block


def _named(source_symbols: int, symbols: Mapping[int, Octets]) -> list[int]:
    """Find the wrong ones among all symbols there are, with every check there is."""
    numbers = sorted(symbols)[: source_symbols + _MOST_COMPARED]
    made = _planned(source_symbols, numbers, every_check=True)
    if made is None:
        return []
    _, checks = intermediate_symbols(made, _given(source_symbols, symbols, numbers))
    rows = wrong_rows(made, checks)
    return [numbers[row] for row in rows if row < len(numbers)]
