"""A group of eleven: the first K that RFC 6330 pads, to K' = 12 (section 4)."""

from tools.vectors.build import code_vector

VECTOR = code_vector(11, (0, 10, 11, 12, 22))
