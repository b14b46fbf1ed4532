"""Version 4: four symbols in three groups, the sizes of which follow from the terms (section 4)."""

from tools.vectors.build import Terms, archive, big_tar, dealt_2, floor_vector, spread

FILES, TAR = big_tar()
TERMS = Terms(carriers=1, threshold=1, number_bits=6, groups=3, symbols=4, first=0, shards=2)
SLOTS = dealt_2(archive(TAR), TERMS, {9: ((0, 1), (0, 33), (1, 20), (1, 0), (2, 63), (2, 2))}, veiled=True)
VECTOR = floor_vector("files", [spread(SLOTS[9])], FILES)
