"""An authenticated hint that names another floor than the header (section 2)."""

from tools.vectors.build import sealed, slot_vector

VECTOR = slot_vector(sealed(hint=bytes.fromhex("a0a1a3000050000b")))
