"""Version 2, the first two zero bytes are not (section 3)."""

from tools.vectors.build import HEADER_2_BYTES, changed, sealed, slot_vector

VECTOR = slot_vector(sealed(changed(HEADER_2_BYTES, 3, bytes.fromhex("01"))))
