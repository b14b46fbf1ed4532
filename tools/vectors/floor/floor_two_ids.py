"""Two floors of one passphrase, and a third of which too little is left (section 3)."""

from tools.vectors.build import FILES, archive, dealt, floor_vector, spread, tar

SECOND = (("c.jpg", b"of another day"),)
SLOTS = dealt(archive(tar()), 1, 1, {1: (0, 1)})[1]
SLOTS += dealt(archive(tar(files=SECOND)), 1, 1, {1: (2,)}, bytes(range(16)))[1]
SLOTS += dealt(archive(tar()), 2, 2, {1: (5,)}, bytes(range(16, 32)))[1]
VECTOR = floor_vector("files", [spread(SLOTS)], (*FILES, *SECOND))
