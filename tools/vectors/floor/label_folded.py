"""The label is typed in another case, with a sharp s and a Turkish dotted I (section 1.1, step 3)."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys(label="straße i̇zmi̇r")), asking(label="STRASSE İZMİR"), HEADER_BYTES)
