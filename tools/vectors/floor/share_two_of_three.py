"""Any two of three shares give the content key (section 5)."""

from tools.vectors.build import CONTENT_KEY, chance, share_vector

from fifthfloor.floor.shares import split

SHARES = split(CONTENT_KEY, 2, 3, chance("share_two_of_three"))
VECTOR = share_vector(SHARES, (1, 3))
