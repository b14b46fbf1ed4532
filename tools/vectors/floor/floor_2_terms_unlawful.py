"""Version 2: terms with a threshold above the carriers are none, so nothing opens (section 3)."""

from tools.vectors.build import Terms, archive, dealt_2, floor_vector, spread, tar

TERMS = Terms(carriers=1, threshold=1, number_bits=6, groups=1, symbols=1, first=0, shards=1)
BAD = Terms(carriers=1, threshold=2, number_bits=6, groups=1, symbols=1, first=0, shards=1)
BROKEN = dealt_2(archive(tar()), TERMS, {9: ((0, 1),)}, said=BAD)
VECTOR = floor_vector("incomplete", [spread(BROKEN[9])])
