"""The largest lawful numbers: 255 carriers, 2^20 groups, 3,200 source symbols, symbol 2^20 - 1 (section 3)."""

from tools.vectors.build import HEADER_BYTES, changed, sealed, slot_vector

NUMBERS = bytes.fromhex("ffffffa0a1a2a3a4a5a6a7a8a9aaabacadaeaf00100000000fffff00000c80000fffff")
HEADER = changed(HEADER_BYTES, 1, NUMBERS)
VECTOR = slot_vector(sealed(HEADER), header=HEADER)
