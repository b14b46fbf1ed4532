"""Version 2, the last of the four zero bytes is 1 (section 3)."""

from tools.vectors.build import HEADER_2_BYTES, changed, sealed, slot_vector

VECTOR = slot_vector(sealed(changed(HEADER_2_BYTES, 95, bytes.fromhex("01"))))
