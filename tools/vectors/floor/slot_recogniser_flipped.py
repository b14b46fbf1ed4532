"""One bit of the recogniser is flipped."""

from tools.vectors.build import changed, sealed, slot_vector

SLOT = sealed()
VECTOR = slot_vector(changed(SLOT, 16, bytes([SLOT[16] ^ 128])))
