"""One card of three of which two are needed (section 5)."""

from tools.vectors.build import archive, dealt, floor_vector, spread, tar

SLOTS = dealt(archive(tar()), 3, 2, {1: (0, 1), 2: (2, 3), 3: (4, 5)})
VECTOR = floor_vector("incomplete", [spread(SLOTS[1])])
