"""Version 2, carrier number 0 (section 3)."""

from tools.vectors.build import HEADER_2_BYTES, changed, sealed, slot_vector

VECTOR = slot_vector(sealed(changed(HEADER_2_BYTES, 1, bytes.fromhex("00"))))
