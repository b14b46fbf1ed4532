"""A slot of version 4 (section 3)."""

from tools.vectors.build import HEADER_4_BYTES, sealed, slot_vector

VECTOR = slot_vector(sealed(HEADER_4_BYTES), header=HEADER_4_BYTES)
