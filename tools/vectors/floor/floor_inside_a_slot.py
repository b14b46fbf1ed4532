"""A whole slot begins inside what is left of another (section 2: positions are tried independently)."""

from tools.vectors.build import FILES, archive, dealt, floor_vector, tar

SLOT = dealt(archive(tar()), 1, 1, {1: (0,)})[1][0]
OTHER = dealt(archive(tar()), 1, 1, {1: (1,)})[1][0]
VECTOR = floor_vector("files", [{0: OTHER[:1024], 1024: SLOT}], FILES)
