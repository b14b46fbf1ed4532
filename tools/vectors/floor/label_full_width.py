"""The label is typed with full-width letters and an ideographic space (section 1.1, steps 1 and 2)."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys(label="Pyongyang 2026")), asking(label="\uff30yongyang\u30002026"), HEADER_BYTES)
