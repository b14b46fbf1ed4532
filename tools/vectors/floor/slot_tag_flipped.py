"""One bit of the tag is flipped."""

from tools.vectors.build import changed, sealed, slot_vector

SLOT = sealed()
VECTOR = slot_vector(changed(SLOT, 16383, bytes([SLOT[16383] ^ 1])))
