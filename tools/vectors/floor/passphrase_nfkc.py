"""The passphrase is typed with decomposed accents, a ligature and superscripts (section 1.1, step 1)."""

from tools.vectors.build import HEADER_BYTES, asking, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys("caf\u00e9 fiord x2")), asking("cafe\u0301 \ufb01ord x\u00b2"), HEADER_BYTES)
