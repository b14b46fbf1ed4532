"""Version 4: numbers from all over 2^20, as every writer of today hands them out (section 4.1)."""

from tools.vectors.build import FILES, Terms, archive, dealt_2, floor_vector, spread, tar

TERMS = Terms(carriers=2, threshold=2, number_bits=20, groups=1, symbols=1, first=0, shards=2)
SLOTS = dealt_2(archive(tar()), TERMS, {0xC3: ((0, 1_048_575), (0, 616_304)), 0x05: ((0, 33_333),)}, veiled=True)
VECTOR = floor_vector("files", [spread(SLOTS[0xC3], 8192), spread(SLOTS[0x05])], FILES)
