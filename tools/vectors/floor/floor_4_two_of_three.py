"""Version 4: three cards of which any two open; the third is not here (sections 3, 3.4 to 6)."""

from tools.vectors.build import FILES, Terms, archive, dealt_2, floor_vector, spread, tar

TERMS = Terms(carriers=3, threshold=2, number_bits=6, groups=1, symbols=1, first=0, shards=2)
SLOTS = dealt_2(
    archive(tar()), TERMS, {0xC3: ((0, 41), (0, 7)), 0x05: ((0, 0), (0, 63)), 0x71: ((0, 12), (0, 50))}, veiled=True
)
VECTOR = floor_vector("files", [spread(SLOTS[0x71], 8192), spread(SLOTS[0xC3])], FILES)
