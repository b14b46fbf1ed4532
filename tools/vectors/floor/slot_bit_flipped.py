"""One bit of the ciphertext is flipped (section 2: the tag decides)."""

from tools.vectors.build import changed, sealed, slot_vector

SLOT = sealed()
VECTOR = slot_vector(changed(SLOT, 9000, bytes([SLOT[9000] ^ 4])))
