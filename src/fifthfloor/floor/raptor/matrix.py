"""The pre-code: what the intermediate symbols of every block satisfy (RFC 6330, section 5.3.3.3)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from fifthfloor.floor.raptor.block import Block
from fifthfloor.floor.raptor.octets import POWERS, REDUCTION, Octets
from fifthfloor.floor.raptor.tuples import Int64s, Rows, rand, rows_of


def ldpc_rows(block: Block) -> Rows:
    """Return the S rows whose sum is zero, the LDPC symbol itself (column B + i of row i) among the columns."""
    i, s = np.arange(block.plain), block.ldpc
    a = 1 + i // s
    parts = [((i + times * a) % s, i) for times in range(3)]
    own = np.arange(s)
    parts.append((own, block.plain + own))
    parts += [(own, block.lt + (own + k) % block.permanent) for k in range(2)]
    return rows_of(parts, s)


def hdpc_pairs(block: Block) -> tuple[Int64s, Int64s]:
    """Return the two rows in which each column of MT has a one, the last column (alpha^i) left out."""
    j = np.arange(block.padded + block.ldpc - 1)
    first = rand(j + 1, 6, block.hdpc)
    return first, (first + rand(j + 1, 7, block.hdpc - 1) + 1) % block.hdpc


@lru_cache(maxsize=4)
def hdpc_coefficients(block: Block) -> Octets:
    """Return G_HDPC beside I_H: shape (L, H), the coefficient of each intermediate symbol in each HDPC row.

    Column j of MT x GAMMA is column j of MT plus alpha times column j + 1, so one octet a row is carried from the last
    column to the first: all of them at once, as the bytes of one integer.
    """
    first, second = (rows.tolist() for rows in hdpc_pairs(block))
    size = block.hdpc
    low = int.from_bytes(b"\x7f" * size, "little")
    top = int.from_bytes(b"\x01" * size, "little")
    carried = int.from_bytes(POWERS[:size].tobytes(), "little")
    made = [carried]
    for one, other in zip(reversed(first), reversed(second), strict=True):
        carried = (carried & low) << 1 ^ (carried >> 7 & top) * REDUCTION ^ 1 << 8 * one ^ 1 << 8 * other
        made.append(carried)
    dense = np.frombuffer(b"".join(row.to_bytes(size, "little") for row in reversed(made)), np.uint8).reshape(-1, size)
    return np.concatenate([dense, np.eye(size, dtype=np.uint8)])
