"""A slot of another passphrase."""

from tools.vectors.build import keys, sealed, slot_vector

VECTOR = slot_vector(sealed(by=keys("another passphrase altogether")))
