"""255 of 255 (section 5)."""

from tools.vectors.build import CONTENT_KEY, chance, share_vector

from fifthfloor.floor.shares import split

SHARES = split(CONTENT_KEY, 255, 255, chance("share_all_of_255"))
VECTOR = share_vector(SHARES, tuple(range(1, 256)))
