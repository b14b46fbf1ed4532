"""What a passphrase hid before on the cards that are swept now: kept unless it is let go by name.

Keeping is the default. Hiding is a habit of every evening, done in haste with the same passphrase; one word that was
forgotten must not cost the photographs of the days before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks.floors.keep import FoundFloor, carry_over, find
from fifthfloor.tasks.floors.kept import Keeping
from fifthfloor.tasks.floors.listing import Listed, in_order
from fifthfloor.tasks.floors.look import Looked
from fifthfloor.tasks.floors.sweep import OpenedCard, Progress


@dataclass(frozen=True, slots=True)
class LettingGo:
    """What a person lets go of what the same passphrase hid before.

    Args:
        all: everything.
        broken: what does not come back from these cards.
    """

    all: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What becomes of floors that are already there.

    Args:
        keeping: those that are carried over.
        looked: what the look at each card saw.
        kept: their lists.
        discarded: lists of those of the same passphrase that are not.
        asked: whether floors of other passphrases were shown as well.
    """

    keeping: Keeping
    looked: Sequence[Looked]
    kept: tuple[Listed, ...] = ()
    discarded: tuple[Listed, ...] = ()
    asked: bool = False


def decide(
    cards: Sequence[OpenedCard],
    looked: Sequence[Looked],
    own: FloorKeys,
    others: Sequence[FloorKeys],
    letting_go: LettingGo,
    progress: Progress,
) -> Earlier:
    """Find what is already there and decide what becomes of it; nothing is written.

    Args:
        cards: opened.
        looked: what the look at each card met of `own`.
        own: keys of what is hidden now.
        others: keys of other floors that are to be kept.
        letting_go: what of `own` is not.
        progress: shown for each reading.

    Raises:
        NothingFound: one of `others` finds nothing.
        NoRoom: what is to be kept cannot be.
    """
    here = find(cards, [own], progress) if any(one.met for one in looked) else []
    let_go = [one for one in here if letting_go.all or (letting_go.broken and one.trouble)]
    kept = [one for one in here if one not in let_go]
    keeping = carry_over([*kept, *(find(cards, others, progress) if others else ())])
    return Earlier(keeping, looked, _listed(kept), _listed(let_go), bool(others))


def _listed(floors: Sequence[FoundFloor]) -> tuple[Listed, ...]:
    return tuple(sorted((one.listed for one in floors), key=in_order))
