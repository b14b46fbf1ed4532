"""A card with nothing on it."""

from tools.vectors.build import floor_vector

VECTOR = floor_vector("nothing", [{0: bytes(16384)}])
