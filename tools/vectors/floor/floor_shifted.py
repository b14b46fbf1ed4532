"""Slots 63 sectors beside where they were written (section 2)."""

from tools.vectors.build import FILES, archive, dealt, floor_vector, spread, tar

SLOTS = dealt(archive(tar()), 1, 1, {1: (3, 4)})
VECTOR = floor_vector("files", [spread(SLOTS[1], 63 * 512)], FILES)
