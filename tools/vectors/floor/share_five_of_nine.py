"""Five of nine shares, in an order of their own (section 5)."""

from tools.vectors.build import CONTENT_KEY, chance, share_vector

from fifthfloor.floor.shares import split

SHARES = split(CONTENT_KEY, 5, 9, chance("share_five_of_nine"))
VECTOR = share_vector(SHARES, (9, 2, 7, 4, 5))
