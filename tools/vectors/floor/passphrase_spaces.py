"""White space at both ends and inside, of many kinds (section 1.1, step 2)."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

TYPED = "\u3000stove \u2028\t orchid\u00a0lantern\x1c\x85\r\n"
VECTOR = slot_vector(sealed(by=keys("stove orchid lantern")), asking(TYPED), HEADER_BYTES)
