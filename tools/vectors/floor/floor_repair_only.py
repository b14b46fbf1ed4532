"""Only repair symbols are left (section 4)."""

from tools.vectors.build import archive, big_tar, dealt, floor_vector, spread

FILES, TAR = big_tar()
SLOTS = dealt(archive(TAR), 1, 1, {1: (12, 13, 15, 40, 99, 1000)})
VECTOR = floor_vector("files", [spread(SLOTS[1])], FILES)
