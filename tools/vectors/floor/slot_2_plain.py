"""A slot of version 2 (section 3)."""

from tools.vectors.build import HEADER_2_BYTES, sealed, slot_vector

VECTOR = slot_vector(sealed(HEADER_2_BYTES), header=HEADER_2_BYTES)
