"""Three cards of which any two open (sections 2 to 6)."""

from tools.vectors.build import FILES, archive, dealt, floor_vector, spread, tar

SLOTS = dealt(archive(tar()), 3, 2, {1: (0, 1), 2: (2, 3), 3: (4, 5)})
VECTOR = floor_vector("files", [spread(SLOTS[c], 8192 * c) for c in (1, 2, 3)], FILES)
