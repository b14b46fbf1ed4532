"""An authenticated hint that names another symbol than the header (section 2)."""

from tools.vectors.build import sealed, slot_vector

VECTOR = slot_vector(sealed(hint=bytes.fromhex("a0a1a2000050000c")))
