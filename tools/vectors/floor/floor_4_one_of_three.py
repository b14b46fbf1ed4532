"""Version 4: one card of three of which two are needed; its terms stay closed (sections 3, 3.4 and 5)."""

from tools.vectors.build import Terms, archive, dealt_2, floor_vector, spread, tar

TERMS = Terms(carriers=3, threshold=2, number_bits=6, groups=1, symbols=1, first=0, shards=2)
SLOTS = dealt_2(
    archive(tar()), TERMS, {0xC3: ((0, 41), (0, 7)), 0x05: ((0, 0), (0, 63)), 0x71: ((0, 12), (0, 50))}, veiled=True
)
VECTOR = floor_vector("incomplete", [spread(SLOTS[0xC3])])
