"""The same card and another passphrase."""

from tools.vectors.build import archive, asking, dealt, floor_vector, spread, tar

SLOTS = dealt(archive(tar()), 3, 2, {1: (0, 1), 2: (2, 3), 3: (4, 5)})
VECTOR = floor_vector("nothing", [spread(SLOTS[1])], asked=asking("another passphrase altogether"))
