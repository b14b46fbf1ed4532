"""Version 2: one more carrier than the threshold; all shares together give the key (section 5)."""

from tools.vectors.build import FILES, Terms, archive, dealt_2, floor_vector, spread, tar

TERMS = Terms(carriers=3, threshold=2, number_bits=6, groups=1, symbols=1, first=0, shards=1)
SLOTS = dealt_2(archive(tar()), TERMS, {200: ((0, 41),), 5: ((0, 0),), 255: ((0, 12),)})
VECTOR = floor_vector("files", [spread(SLOTS[x]) for x in (5, 200, 255)], FILES)
