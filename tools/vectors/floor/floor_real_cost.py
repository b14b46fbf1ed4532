"""Two cards under the real cost of section 1.2."""

from tools.vectors.build import FILES, archive, asking, dealt, floor_vector, keys, spread, tar

SLOTS = dealt(archive(tar()), 2, 2, {1: (7,), 2: (8,)}, by=keys(real=True))
VECTOR = floor_vector("files", [spread(SLOTS[1]), spread(SLOTS[2])], FILES, asking(real=True))
