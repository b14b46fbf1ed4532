"""The smallest lawful numbers: one carrier, one group, one source symbol, symbol 0 (section 3)."""

from tools.vectors.build import HEADER_BYTES, changed, sealed, slot_vector

NUMBERS = bytes.fromhex("010101a0a1a2a3a4a5a6a7a8a9aaabacadaeaf00000001000000000000000100000000")
HEADER = changed(HEADER_BYTES, 1, NUMBERS)
VECTOR = slot_vector(sealed(HEADER), header=HEADER)
