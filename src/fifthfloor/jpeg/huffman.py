"""Huffman tables: as a file writes them, as a decoder looks codes up, as an encoder emits them (T.81 Annex C, K.3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput

# Codes up to this length are found in one small table that stays in the first-level cache.
FAST_BITS = 10


@dataclass(frozen=True)
class HuffmanTable:
    """One table.

    Args:
        counts: 16 numbers of codes, of 1 to 16 bits.
        symbols: the symbols in order of their codes, one byte each, as many as `counts` says.
    """

    counts: bytes
    symbols: bytes

    def payload(self, slot: int) -> bytes:
        """Write the table as the payload of a DHT segment; `slot` is Tc << 4 | Th. Counterpart: `read_tables`."""
        return bytes([slot]) + self.counts + self.symbols

    @cached_property
    def codes(self) -> tuple[tuple[int, int, int], ...]:
        """(code, length in bits, symbol) of each symbol. Raises BadInput if there are more codes than fit."""
        found = []
        code = at = 0
        for length, count in enumerate(self.counts, start=1):
            if code + count > 1 << length:
                raise BadInput("jpeg.table", what="jpeg.what.many_codes")
            for _ in range(count):
                found.append((code, length, self.symbols[at]))
                code += 1
                at += 1
            code <<= 1
        return tuple(found)

    @cached_property
    def lookup(self) -> NDArray[np.uint16]:
        """For each 16 bits the length << 8 | symbol of the code they begin with, 0 for none; shape (65536,)."""
        table = np.zeros(1 << 16, dtype=np.uint16)
        for code, length, symbol in self.codes:
            table[code << (16 - length) : (code + 1) << (16 - length)] = length << 8 | symbol
        return table

    @cached_property
    def fast_ac(self) -> NDArray[np.int32]:
        """For each FAST_BITS bits, if they hold a code and its value: value << 16 | run << 8 | bits of both.

        The end of a block is its length alone; whatever else is longer or rarer is 0. Shape (1 << FAST_BITS,).
        """
        codes = self.lookup[:: 1 << (16 - FAST_BITS)].astype(np.int32)
        run, size = codes >> 4 & 15, codes & 15
        table = self._with_values(codes >> 8, size) | run << 8
        table[(table >> 16 == 0) & (codes & 255 != 0)] = 0
        return table

    @cached_property
    def fast_dc(self) -> NDArray[np.int32]:
        """As `fast_ac`, with differences for values and without runs."""
        codes = self.lookup[:: 1 << (16 - FAST_BITS)].astype(np.int32)
        table = self._with_values(codes >> 8, codes & 255)
        table[codes & 255 > 15] = 0
        return table

    @staticmethod
    def _with_values(length: NDArray[np.int32], size: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return value << 16 | bits of code and value, 0 where there is no code or both are longer than FAST_BITS."""
        spare = FAST_BITS - length - size
        bits = np.arange(1 << FAST_BITS, dtype=np.int32) >> np.maximum(spare, 0) & (1 << np.minimum(size, 16)) - 1
        half = 1 << np.maximum(size - 1, 0)
        value = np.where((size > 0) & (bits < half), bits - 2 * half + 1, bits)
        return np.where((length > 0) & (spare >= 0), value << 16 | length + size, 0).astype(np.int32)

    @cached_property
    def emit(self) -> NDArray[np.uint64]:
        """For each symbol its length << 16 | code, 0 for a symbol without one; shape (256,)."""
        table = np.zeros(256, dtype=np.uint64)
        # A symbol listed twice is written with its first code.
        for code, length, symbol in reversed(self.codes):
            table[symbol] = length << 16 | code
        return table


def read_tables(payload: bytes) -> dict[int, HuffmanTable]:
    """Read the payload of a DHT segment.

    Returns:
        Tc << 4 | Th to table. `HuffmanTable.payload` is the counterpart.

    Raises:
        BadInput: lengths that do not fit, a slot outside of T.81 table B.5, or an impossible code.
    """
    found: dict[int, HuffmanTable] = {}
    at = 0
    while at < len(payload):
        slot, counts = payload[at], payload[at + 1 : at + 17]
        end = at + 17 + sum(counts)
        if len(counts) < 16 or end > len(payload) or sum(counts) > 256 or slot >> 4 > 1 or slot & 15 > 3:
            raise BadInput("jpeg.table", what="jpeg.what.huffman_cut")
        table = HuffmanTable(counts, payload[at + 17 : end])
        if not table.codes:
            raise BadInput("jpeg.table", what="jpeg.what.huffman_empty")
        found[slot] = table
        at = end
    return found


_AC_LUMA = """
01 02 03 00 04 11 05 12 21 31 41 06 13 51 61 07 22 71 14 32 81 91 a1 08 23 42 b1 c1 15 52 d1 f0 24 33 62 72 82 09 0a 16
17 18 19 1a 25 26 27 28 29 2a 34 35 36 37 38 39 3a 43 44 45 46 47 48 49 4a 53 54 55 56 57 58 59 5a 63 64 65 66 67 68 69
6a 73 74 75 76 77 78 79 7a 83 84 85 86 87 88 89 8a 92 93 94 95 96 97 98 99 9a a2 a3 a4 a5 a6 a7 a8 a9 aa b2 b3 b4 b5 b6
b7 b8 b9 ba c2 c3 c4 c5 c6 c7 c8 c9 ca d2 d3 d4 d5 d6 d7 d8 d9 da e1 e2 e3 e4 e5 e6 e7 e8 e9 ea f1 f2 f3 f4 f5 f6 f7 f8
f9 fa"""
_AC_CHROMA = """
00 01 02 03 11 04 05 21 31 06 12 41 51 07 61 71 13 22 32 81 08 14 42 91 a1 b1 c1 09 23 33 52 f0 15 62 72 d1 0a 16 24 34
e1 25 f1 17 18 19 1a 26 27 28 29 2a 35 36 37 38 39 3a 43 44 45 46 47 48 49 4a 53 54 55 56 57 58 59 5a 63 64 65 66 67 68
69 6a 73 74 75 76 77 78 79 7a 82 83 84 85 86 87 88 89 8a 92 93 94 95 96 97 98 99 9a a2 a3 a4 a5 a6 a7 a8 a9 aa b2 b3 b4
b5 b6 b7 b8 b9 ba c2 c3 c4 c5 c6 c7 c8 c9 ca d2 d3 d4 d5 d6 d7 d8 d9 da e2 e3 e4 e5 e6 e7 e8 e9 ea f2 f3 f4 f5 f6 f7 f8
f9 fa"""

# T.81 tables K.3, K.4 (DC, categories 0 to 11) and K.5, K.6 (AC, categories 1 to 10), by slot.
TYPICAL = {
    0x00: HuffmanTable(bytes.fromhex("00010501010101010100000000000000"), bytes(range(12))),
    0x01: HuffmanTable(bytes.fromhex("00030101010101010101010000000000"), bytes(range(12))),
    0x10: HuffmanTable(bytes.fromhex("0002010303020403050504040000017d"), bytes.fromhex(_AC_LUMA)),
    0x11: HuffmanTable(bytes.fromhex("00020102040403040705040400010277"), bytes.fromhex(_AC_CHROMA)),
}
