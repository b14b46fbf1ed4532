"""A group of one source symbol: symbols 0 to 3 (section 4)."""

from tools.vectors.build import code_vector

VECTOR = code_vector(1, (0, 1, 2, 3))
