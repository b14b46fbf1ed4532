"""A plan done to data: rows of a thousand bytes and more, added with as few calls as there are additions.

A call of `np.bitwise_xor` on two rows of 16 KiB takes a microsecond, which is the speed of memory; so rows are views
that are made once, and `map` drives the calls.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from operator import itemgetter

import numpy as np

from fifthfloor.floor.raptor.block import Block
from fifthfloor.floor.raptor.matrix import hdpc_pairs
from fifthfloor.floor.raptor.octets import Octets, double
from fifthfloor.floor.raptor.solving import Additions, Bits, SolvePlan

_TABLE_BITS = 6  # a table of 64 rows of 16 KiB stays in a processor's second cache
_OCTET_BITS = 8


class _Memory(threading.local):
    """What one block after the other is worked out in: the first touch of 50 MB costs as much as half a block."""

    octets: Octets = np.zeros(0, np.uint8)

    def take(self, rows: int, width: int) -> Octets:
        if self.octets.size < rows * width:
            self.octets = np.zeros(0, np.uint8)  # the old ones go before the new ones come
            self.octets = np.empty(rows * width, np.uint8)
        return self.octets[: rows * width].reshape(rows, width)


_MEMORY = _Memory()


def let_memory_go() -> None:
    """Give back what this thread worked blocks out in; the next block takes it anew."""
    _MEMORY.octets = np.zeros(0, np.uint8)


def intermediate_symbols(
    plan: SolvePlan, given: Sequence[Octets], into: Octets | None = None
) -> tuple[list[Octets], Octets]:
    """Work out the intermediate symbols, and what the symbols given say twice.

    Args:
        plan: what to do.
        given: its symbols in order, all of one length.
        into: shape (L, length), what becomes the intermediate symbols, to be kept.

    Returns:
        L rows, those of `into`, or else in memory that is this thread's and overwritten by the next call; and a row for
        each of the plan's checks, all zero unless some symbol is not what the encoder made.
    """
    size, width, others = plan.block.intermediate, len(given[0]), 1 + plan.left_over
    memory = _MEMORY.take(others if into is not None else size + others, width)
    memory[0] = 0
    symbols = list(memory[others:] if into is None else into)
    rows = [*symbols, *given, *memory[:others]]
    add_all(plan.forward, rows)
    left_over = rows[len(rows) - plan.left_over :]
    checks = _inactive(plan, rows, left_over)
    add_all(plan.backward, rows)
    return symbols, checks


def add_all(additions: Additions, rows: Sequence[Octets]) -> None:
    """Do additions one after the other; rows are known by their numbers."""
    if len(additions.out) == 1:
        np.bitwise_xor(rows[additions.left[0]], rows[additions.right[0]], rows[additions.out[0]])
    elif additions.out:
        left, right, out = (itemgetter(*which)(rows) for which in (additions.left, additions.right, additions.out))
        deque(map(np.bitwise_xor, left, right, out), maxlen=0)


def sums(sparse: Sequence[Sequence[int]], rows: Sequence[Octets], out: Sequence[Octets]) -> None:
    """Write the sum of the rows that are named into each of `out`: encoding symbols of intermediate ones."""
    left, right, into = [], [], []
    for columns, made in zip(sparse, out, strict=True):
        first, second, *others = columns  # a tuple names three columns at least
        left += [rows[first], *[made] * len(others)]
        right += [rows[second], *(rows[other] for other in others)]
        into += [made] * (1 + len(others))
    deque(map(np.bitwise_xor, left, right, into), maxlen=0)


def _inactive(plan: SolvePlan, rows: Sequence[Octets], left_over: Sequence[Octets]) -> Octets:
    """Work out the inactive symbols from the rows left over and, where those do not suffice, the HDPC rows.

    Returns:
        what must be zero.
    """
    inputs = list(left_over)
    octets = np.concatenate([plan.by_hdpc, plan.hdpc_checks])
    if len(octets):
        inputs += _hdpc_sums(plan.block, [rows[row] if row >= 0 else None for row in plan.peeled], inputs[0])
    unknowns = [rows[column] for column in plan.inactive.tolist()]
    binary = np.concatenate([plan.solved, plan.checks])
    padding = np.zeros((len(binary), len(inputs) - binary.shape[1]), np.uint8)
    binary = np.concatenate([binary, padding], axis=1)
    made = np.empty((len(plan.checks) + _OCTET_BITS * len(octets), len(rows[0])), np.uint8)
    planes = (octets[:, None, :] >> np.arange(_OCTET_BITS, dtype=np.uint8)[None, :, None] & 1).reshape(-1, len(inputs))
    _binary_product(np.concatenate([binary, planes]), inputs, [*unknowns, *made])
    checked = list(made[: len(plan.checks)])
    by_octets = [_from_planes(made[at : at + _OCTET_BITS]) for at in range(len(checked), len(made), _OCTET_BITS)]
    free = by_octets[: len(plan.free)]
    if free:
        _binary_product(plan.of_free, free, unknowns, add=True)
        for unknown, row in zip(plan.free.tolist(), free, strict=True):
            unknowns[unknown][:] = row
    return np.array(checked + by_octets[len(free) :], np.uint8).reshape(-1, made.shape[1])


def _from_planes(planes: Octets) -> Octets:
    """Return the sum of alpha^i times row i, in the last row."""
    total: Octets = planes[-1]
    scratch = np.empty_like(total)
    for plane in planes[-2::-1]:
        double(total, scratch)
        np.bitwise_xor(total, plane, total)
    return total


def _binary_product(bits: Bits, rows: Sequence[Octets], out: Sequence[Octets], *, add: bool = False) -> None:
    """Multiply a binary matrix with rows, by tables of the sums of six rows ("four Russians").

    Args:
        bits: shape (len(out), len(rows)).
        rows: to be added.
        out: what becomes the sums; with `add` the sums are added to what stands there.
    """
    if not add:
        for row in out:
            row[:] = 0
    table = list(np.zeros((1 << _TABLE_BITS, len(out[0])), np.uint8)) if out else []
    for begin in range(0, len(rows), _TABLE_BITS):
        some = rows[begin : begin + _TABLE_BITS]
        for bit, row in enumerate(some):
            table[1 << bit][:] = row
            for low in range(1, 1 << bit):
                np.bitwise_xor(table[low], row, table[low | 1 << bit])
        which = np.packbits(bits[:, begin : begin + len(some)], axis=1, bitorder="little")[:, 0].tolist()
        pairs = [(row, table[entry]) for row, entry in zip(out, which, strict=True) if entry]
        for row, entry in pairs:
            np.bitwise_xor(row, entry, row)


def _hdpc_sums(block: Block, peeled: Sequence[Octets | None], like: Octets) -> list[Octets]:
    """Return each HDPC row's sum over the peeled symbols, MT x GAMMA by Horner's rule along the columns of GAMMA."""
    sums = list(np.zeros((block.hdpc, len(like)), np.uint8))
    first, second = (rows.tolist() for rows in hdpc_pairs(block))
    carried, scratch = np.zeros_like(like), np.empty_like(like)
    for symbol, one, other in zip(peeled, first, second, strict=False):
        double(carried, scratch)
        if symbol is not None:
            np.bitwise_xor(carried, symbol, carried)
        np.bitwise_xor(sums[one], carried, sums[one])
        np.bitwise_xor(sums[other], carried, sums[other])
    double(carried, scratch)
    last = peeled[len(first)]
    if last is not None:
        np.bitwise_xor(carried, last, carried)
    for row in sums:
        np.bitwise_xor(row, carried, row)
        double(carried, scratch)
    return sums
