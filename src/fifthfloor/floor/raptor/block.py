"""The parameters of a source block (RFC 6330, sections 5.3.3.3 and 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from fifthfloor.floor.raptor.tables import SYSTEMATIC_INDICES

MAX_CODE_SYMBOLS = int(SYSTEMATIC_INDICES[-1, 0])


@dataclass(frozen=True, slots=True)
class Block:
    """What K' decides; upper-case letters of the RFC in brackets.

    Args:
        padded: source symbols with their padding (K').
        index: the systematic index (J).
        ldpc, hdpc: rows of the two pre-codes (S, H).
        lt: intermediate symbols that a tuple's first part may name, a prime (W).
    """

    padded: int
    index: int
    ldpc: int
    hdpc: int
    lt: int

    @property
    def intermediate(self) -> int:
        """L: intermediate symbols, and rows of the constraint matrix."""
        return self.padded + self.ldpc + self.hdpc

    @property
    def permanent(self) -> int:
        """P: permanently inactive symbols, the last of the intermediate ones."""
        return self.intermediate - self.lt

    @property
    def permanent_prime(self) -> int:
        """P1: the smallest prime not below P."""
        return next(n for n in range(self.permanent, 2 * self.permanent + 2) if _is_prime(n))

    @property
    def plain(self) -> int:
        """B: intermediate symbols that are neither LDPC symbols nor permanently inactive."""
        return self.lt - self.ldpc


@cache
def block_of(source_symbols: int) -> Block:
    """Return the parameters for K source symbols: those of the smallest K' not below K.

    Raises:
        ValueError: there are no, or more than 3,224.
    """
    if not 1 <= source_symbols <= MAX_CODE_SYMBOLS:
        raise ValueError(f"1 to {MAX_CODE_SYMBOLS} source symbols")
    row = int(np.searchsorted(SYSTEMATIC_INDICES[:, 0], source_symbols))
    return Block(*SYSTEMATIC_INDICES[row].tolist())


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % small for small in range(2, int(number**0.5) + 1))
