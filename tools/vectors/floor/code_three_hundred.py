"""A group of 300, padded to K' = 307 (section 4)."""

from tools.vectors.build import code_vector

VECTOR = code_vector(300, (299, 300, 301, 700))
