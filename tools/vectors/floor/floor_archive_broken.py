"""A floor that comes back whole, and whose archive must be rejected (section 6)."""

from tools.vectors.build import archive, dealt, floor_vector, spread, tar

SLOTS = dealt(archive(tar(), digest=bytes(32)), 1, 1, {1: (0,)})
VECTOR = floor_vector("rejected", [spread(SLOTS[1])])
