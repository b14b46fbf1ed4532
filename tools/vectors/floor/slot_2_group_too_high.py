"""Version 2, group 2^20 (section 3)."""

from tools.vectors.build import HEADER_2_BYTES, changed, sealed, slot_vector

VECTOR = slot_vector(sealed(changed(HEADER_2_BYTES, 20, bytes.fromhex("00100000"))))
