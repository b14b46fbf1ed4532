"""No label at all (section 1.1)."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys(label="")), asking(label="  \t"), HEADER_BYTES)
