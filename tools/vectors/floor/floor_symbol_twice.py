"""A symbol that is there twice counts once (section 3)."""

from tools.vectors.build import archive, big_tar, dealt, floor_vector, spread

FILES, TAR = big_tar()
SLOTS = dealt(archive(TAR), 1, 1, {1: (0, 1, 3)})[1]
VECTOR = floor_vector("incomplete", [spread([*SLOTS, SLOTS[0], SLOTS[2]])])
