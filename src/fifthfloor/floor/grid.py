"""Where capsules may stand, and how many of them the promised damage leaves one of (spec/sealed.md, section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from fifthfloor.floor.odds import all_lost
from fifthfloor.floor.plan import OVERWRITTEN_RUN_BYTES
from fifthfloor.floor.slot import SLOT_BYTES

STRIDE_PLACES = 64
STRIDE_BYTES = STRIDE_PLACES * SLOT_BYTES
LOST_ODDS = 2.0**-41
# Volumes of one device that hold capsules; a hostile table may name a hundred that overlap, and each would cost a
# trial of the whole. Writers put none where readers look for none.
MOST_VOLUMES = 8


@dataclass(frozen=True, slots=True)
class Grid:
    """What a carrier offers to capsules.

    Args:
        places: free places whose index is a multiple of 64.
        free_bytes: free bytes in all, at sweep time.
    """

    places: int
    free_bytes: int

    @property
    def most(self) -> int:
        """Capsules at most: half of these places; the others are for the shares of floors that are kept beside it."""
        return self.places // 2

    def hit(self, overwrite: float) -> int:
        """Return how many of these places the promised overwriting may hit.

        Args:
            overwrite: fraction of the free bytes, 0 to below 1: one burst, or runs of 4 MiB or more.
        """
        if overwrite == 0:
            return 0
        runs = int(-(-overwrite * self.free_bytes // OVERWRITTEN_RUN_BYTES)) + 1
        damaged = overwrite * self.free_bytes + runs * SLOT_BYTES
        return min(self.places, int(-(-damaged // STRIDE_BYTES)) + runs)

    def needed(self, overwrite: float) -> int | None:
        """Return how many capsules of one recipient are never all lost but with odds of 2^-41.

        Returns:
            1 or more; None where not even one at each of these places would do.
        """
        hit = self.hit(overwrite)
        for count in range(1, self.places + 1):
            if count > hit or all_lost(self.places, hit, count) <= LOST_ODDS:
                return count
        return None
