"""A plan: which rows are added where so that the intermediate symbols come out, worked out without data.

(RFC 6330, section 5.4.2, in an order that suits long rows.) Pivots of the peeled rows come first, with inactive
symbols taken as zero; the sparse rows left over then say what the inactive symbols are, with the HDPC rows where they
do not suffice; a second pass over the pivots puts the inactive symbols in. Dense masks are used to plan only: on the
data a sparse row costs seven additions and a mask fifty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.raptor.block import Block
from fifthfloor.floor.raptor.matrix import hdpc_coefficients, ldpc_rows
from fifthfloor.floor.raptor.octets import Octets, product, reduced
from fifthfloor.floor.raptor.peel import Peeled, peel
from fifthfloor.floor.raptor.tuples import Int64s, Rows, lt_rows

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Additions:
    """Rows to be made of rows, in order: row `out[i]` becomes the sum of rows `left[i]` and `right[i]`.

    Rows are known by number: intermediate symbols below L, then the symbols given, then a row of zeros, then the rows
    that are left over.
    """

    left: list[int]
    right: list[int]
    out: list[int]


@dataclass(frozen=True, slots=True)
class SolvePlan:
    """How the intermediate symbols follow from the symbols given.

    Args:
        block: its parameters.
        given: how many symbols it takes.
        forward: every peeled symbol but for the inactive ones, and the rows left over.
        peeled: number of the row in which `forward` leaves each intermediate symbol, -1 for inactive ones.
        left_over: how many rows are left over.
        inactive: shape (u,), intermediate symbols.
        solved: shape (u, left over), bits: which rows left over make an inactive symbol, those of `free` aside.
        checks: shape (c, left over), bits: sums of rows left over that are zero if no symbol is wrong.
        free: shape (f,), which of the inactive symbols the HDPC rows decide.
        by_hdpc: shape (f, left over + H), octets: of which rows left over and HDPC sums they are made.
        hdpc_checks: shape (H - f, left over + H), octets: what is zero if no symbol is wrong.
        of_free: shape (u, f), bits: what the free symbols add to each inactive one.
        backward: every peeled symbol, now that the inactive ones are known.
    """

    block: Block
    given: int
    forward: Additions
    peeled: list[int]
    left_over: int
    inactive: Int64s
    solved: Bits
    checks: Bits
    free: Int64s
    by_hdpc: Octets
    hdpc_checks: Octets
    of_free: Bits
    backward: Additions


@lru_cache(maxsize=4)
def encoding_plan(block: Block) -> SolvePlan:
    """Return the plan for the K' source symbols themselves; the RFC's table of indices is such that there is one."""
    made = plan(block, np.arange(block.padded))
    if made is None:
        raise ValueError("the source symbols of a block always give its intermediate symbols")
    return made


def plan(block: Block, internal: Int64s, *, every_check: bool = False) -> SolvePlan | None:
    """Plan for some encoding symbols.

    Args:
        block: its parameters.
        internal: shape (n,), different internal symbol ids; those of the padding must be among them.
        every_check: check the HDPC rows on the data even where nothing else depends on them; that costs a tenth more.

    Returns:
        None when they are not enough.
    """
    sparse = _joined(lt_rows(block, internal), ldpc_rows(block))
    peeled = peel(block, sparse, len(internal))
    lists = sparse.lists()
    masks = _masks(block, peeled, lists)
    pivot_rows = {row for row, _ in peeled.pivots}
    left = [row for row in range(len(lists)) if row not in pivot_rows]
    solved = _gauss_jordan([_sum_of(masks, lists[row]) for row in left], len(peeled.inactive))
    hdpc = _by_hdpc(block, peeled, masks, solved, every_check)
    if hdpc is None:
        return None
    forward, where = _forward(block, peeled, lists, left, len(internal))
    return SolvePlan(
        block=block,
        given=len(internal),
        forward=forward,
        peeled=where,
        left_over=len(left),
        inactive=np.array(peeled.inactive, np.int64),
        solved=solved.solved,
        checks=solved.checks,
        free=solved.free,
        by_hdpc=hdpc[0],
        hdpc_checks=hdpc[1],
        of_free=solved.of_free,
        backward=_backward(block, peeled, lists, len(internal)),
    )


def _joined(above: Rows, below: Rows) -> Rows:
    return Rows(
        np.concatenate([above.columns, below.columns]),
        np.concatenate([above.starts, below.starts[1:] + above.starts[-1]]),
    )


def _sum_of(masks: Sequence[int], columns: Sequence[int]) -> int:
    total = 0
    for column in columns:
        total ^= masks[column]
    return total


def _masks(block: Block, peeled: Peeled, lists: Sequence[Sequence[int]]) -> list[int]:
    """Return for each intermediate symbol the inactive ones it depends on, a bit each."""
    masks = [0] * block.intermediate
    for bit, column in enumerate(peeled.inactive):
        masks[column] = 1 << bit
    for row, column in peeled.pivots:
        masks[column] = _sum_of(masks, lists[row])
    return masks


@dataclass(frozen=True, slots=True)
class _Eliminated:
    """See `SolvePlan` for the fields."""

    solved: Bits
    checks: Bits
    free: Int64s
    of_free: Bits


def _gauss_jordan(rows: Sequence[int], width: int) -> _Eliminated:
    """Solve binary rows for `width` unknowns; each row is an integer, and which rows it is the sum of stands above."""
    basis: dict[int, int] = {}
    pivots, checks, below = 0, [], (1 << width) - 1
    for number, mask in enumerate(rows):
        row = mask | 1 << width + number
        known = row & pivots
        while known:
            bit = known & -known
            row ^= basis[bit]
            known ^= bit
        left = row & below
        if not left:
            checks.append(row)
            continue
        pivot = left & -left
        for bit, other in basis.items():
            if other & pivot:
                basis[bit] = other ^ row
        basis[pivot] = row
        pivots |= pivot
    rows_by_unknown = [basis.get(1 << bit, 0) for bit in range(width)]
    free = [bit for bit in range(width) if not rows_by_unknown[bit]]
    of_unknowns = _bits([row & below for row in rows_by_unknown], width)
    return _Eliminated(
        _bits([row >> width for row in rows_by_unknown], len(rows)),
        _bits([row >> width for row in checks], len(rows)),
        np.array(free, np.int64),
        of_unknowns[:, free],
    )


def _bits(rows: Sequence[int], width: int) -> Bits:
    size = (width + 7) // 8
    packed = np.frombuffer(b"".join(row.to_bytes(size, "little") for row in rows), np.uint8).reshape(len(rows), size)
    return np.unpackbits(packed, axis=1, count=width, bitorder="little")


def _by_hdpc(
    block: Block, peeled: Peeled, masks: list[int], solved: _Eliminated, every_check: bool
) -> tuple[Octets, Octets] | None:
    """Solve the HDPC rows for the free unknowns; None when they do not suffice."""
    size, left_over, count = block.hdpc, solved.solved.shape[1], len(solved.free)
    if not count and not every_check:
        return np.zeros((0, left_over + size), np.uint8), np.zeros((0, left_over + size), np.uint8)
    if count > size:
        return None
    coefficients = hdpc_coefficients(block)
    # What each HDPC row is in terms of the inactive symbols, every peeled one replaced by those it depends on.
    depends = np.negative(_bits(masks, len(peeled.inactive)))  # 0xFF where it does
    onto = np.stack([np.bitwise_xor.reduce(depends & row[:, None], axis=0) for row in coefficients.T])
    square = reduced(onto[:, solved.free] ^ product(onto, solved.of_free))
    if len(square.pivots) < count:
        return None
    # The sums over peeled symbols, and what the rows left over add to them by way of the inactive symbols.
    sides = np.concatenate([product(onto, solved.solved), np.eye(size, dtype=np.uint8)], axis=1)
    return product(square.operations[:count], sides), product(square.annihilators, sides)


def _forward(
    block: Block, peeled: Peeled, lists: Sequence[Sequence[int]], left: Sequence[int], given: int
) -> tuple[Additions, list[int]]:
    base = block.intermediate
    zeros = base + given
    where = [-1] * base
    made = Additions([], [], [])
    for row, column in peeled.pivots:
        inputs = [where[other] for other in lists[row] if where[other] >= 0]
        if row < given:
            inputs.append(base + row)
        if len(inputs) == 1:
            where[column] = inputs[0]  # the same bytes; no need to copy them
        else:
            _add(made, inputs or [zeros], column, zeros)
            where[column] = column
    for number, row in enumerate(left):
        inputs = [where[other] for other in lists[row] if where[other] >= 0]
        if row < given:
            inputs.append(base + row)
        _add(made, inputs or [zeros], zeros + 1 + number, zeros)
    return made, where


def _backward(block: Block, peeled: Peeled, lists: Sequence[Sequence[int]], given: int) -> Additions:
    base = block.intermediate
    made = Additions([], [], [])
    for row, column in peeled.pivots:
        inputs = [other for other in lists[row] if other != column]
        if row < given:
            inputs.append(base + row)
        _add(made, inputs or [base + given], column, base + given)
    return made


def _add(additions: Additions, inputs: Sequence[int], out: int, zeros: int) -> None:
    """Say that a row is the sum of these."""
    first, *others = inputs
    for number, other in enumerate(others or [zeros]):
        additions.left.append(out if number else first)
        additions.right.append(other)
        additions.out.append(out)
