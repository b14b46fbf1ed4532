"""What is carried over from floors that are kept: types only (spec/card-carrier.md, section 3.1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.slot import SlotCipher


@dataclass(frozen=True, slots=True)
class KeptCard:
    """What one floor has on one card.

    Args:
        old: device offsets of its slots as they are now, rising; on the grid or not.
        groups: of each of them.
        renewed: lost shards made anew.
    """

    old: NDArray[np.int64]
    groups: NDArray[np.int64]
    renewed: tuple[tuple[SlotHeader, bytes], ...] = ()

    @property
    def slots(self) -> int:
        return len(self.old) + len(self.renewed)


@dataclass(frozen=True, slots=True)
class KeptHealth:
    """Shards of one kept floor, all groups together.

    Args:
        before: on these cards now.
        after: on these cards when the sweep is done.
        needed: to bring it back, if they are evenly spread.
        lost: how many these cards once held and do not any more.
    """

    before: int
    after: int
    needed: int
    lost: int


@dataclass(frozen=True, slots=True)
class KeptFloor:
    """One floor that is kept.

    Args:
        cipher: of its keys.
        cards: one for each card that is swept, in order.
        spare: of each group, how many shards these cards may miss at any moment of the sweep.
        health: of the floor.
    """

    cipher: SlotCipher
    cards: tuple[KeptCard, ...]
    spare: NDArray[np.int64]
    health: KeptHealth


@dataclass(frozen=True, slots=True)
class Keeping:
    """All floors to be kept; none for a plain `hide` or `wipe`."""

    floors: tuple[KeptFloor, ...] = ()

    @property
    def health(self) -> tuple[KeptHealth, ...]:
        return tuple(floor.health for floor in self.floors)

    @property
    def lost(self) -> int:
        return sum(one.lost for one in self.health)

    @property
    def renewed(self) -> int:
        return sum(one.after - one.before for one in self.health)

    def slots(self, card: int) -> int:
        """Return how many places of a card all of them take."""
        return sum(floor.cards[card].slots for floor in self.floors)


NOTHING_KEPT = Keeping()
