"""The same under the real cost of section 1.2."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys(real=True)), asking(real=True), HEADER_BYTES)
