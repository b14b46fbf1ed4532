"""One symbol fewer than the group's source symbols (section 4)."""

from tools.vectors.build import archive, big_tar, dealt, floor_vector, spread

FILES, TAR = big_tar()
SLOTS = dealt(archive(TAR), 1, 1, {1: (0, 1, 3)})
VECTOR = floor_vector("incomplete", [spread(SLOTS[1])])
