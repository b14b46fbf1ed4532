"""One bit of the masked hint is flipped: it is associated data (section 2)."""

from tools.vectors.build import changed, sealed, slot_vector

SLOT = sealed()
VECTOR = slot_vector(changed(SLOT, 31, bytes([SLOT[31] ^ 1])))
