"""A slot that would reach one sector beyond the image (section 2)."""

from tools.vectors.build import archive, dealt, floor_vector, tar

SLOT = dealt(archive(tar()), 1, 1, {1: (0,)})[1][0]
VECTOR = floor_vector("nothing", [{(1 << 20) - 15872: SLOT[:15872]}])
