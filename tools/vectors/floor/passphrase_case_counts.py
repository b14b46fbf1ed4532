"""The case of a passphrase counts: only labels are folded (section 1.1)."""

from tools.vectors.build import PASSPHRASE, asking, sealed, slot_vector

VECTOR = slot_vector(sealed(), asking(PASSPHRASE.title()))
