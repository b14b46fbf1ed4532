"""A thousand source symbols, and repair symbols of far numbers up to the last, 2^20 - 1 (section 4)."""

from tools.vectors.build import code_vector

VECTOR = code_vector(1000, (0, 999, 1000, 1005, 2000, 70001, 524287, 524288, 999983, 1048574, 1048575))
