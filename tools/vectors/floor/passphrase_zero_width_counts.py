"""U+200B is not in the list of white space, so it stays (section 1.1, step 2)."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys("stove\u200borchid")), asking("stove\u200borchid"), HEADER_BYTES)
