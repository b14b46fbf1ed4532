"""A slot of the same passphrase and another label."""

from tools.vectors.build import LABEL, PASSPHRASE, keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys(PASSPHRASE, LABEL + " b")))
