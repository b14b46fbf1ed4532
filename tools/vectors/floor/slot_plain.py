"""A slot as sections 2 and 3 say."""

from tools.vectors.build import HEADER_BYTES, sealed, slot_vector

VECTOR = slot_vector(sealed(), header=HEADER_BYTES)
