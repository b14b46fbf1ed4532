"""A threshold of 1: every share is the key (section 5)."""

from tools.vectors.build import CONTENT_KEY, chance, share_vector

from fifthfloor.floor.shares import split

SHARES = split(CONTENT_KEY, 1, 1, chance("share_one_of_one"))
VECTOR = share_vector(SHARES, (1,))
