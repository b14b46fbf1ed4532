"""A slot that ends with the image, and one that would reach beyond it (section 2)."""

from tools.vectors.build import FILES, archive, dealt, floor_vector, tar

SLOT = dealt(archive(tar()), 1, 1, {1: (0,)})[1][0]
VECTOR = floor_vector("files", [{(1 << 20) - 16384: SLOT}, {(1 << 20) - 15872: SLOT[:15872]}], FILES)
