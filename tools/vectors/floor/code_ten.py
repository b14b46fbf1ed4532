"""A group of ten source symbols, with repair symbols (section 4)."""

from tools.vectors.build import code_vector

VECTOR = code_vector(10, (0, 9, 10, 11, 12, 25, 1000))
