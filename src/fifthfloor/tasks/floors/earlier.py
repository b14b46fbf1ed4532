"""What a passphrase hid before on the cards that are swept now: kept unless it is let go by name.

Keeping is the default. Hiding is a habit of every evening, done in haste with the same passphrase; one word that was
forgotten must not cost the photographs of the days before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks.floors.keep import FoundFloor, KeysAgain, carry_over, find, never
from fifthfloor.tasks.floors.kept import Keeping
from fifthfloor.tasks.floors.listing import Listed, in_order
from fifthfloor.tasks.floors.look import Looked
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.progress import Progress


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
        kept: lists of those of the same passphrase.
        kept_others: lists of those whose passphrases were given.
        discarded: lists of those of the same passphrase that are not carried over.
        asked: whether floors of other passphrases were shown as well.
        labelled: whether a label was given with the passphrase.
    """

    keeping: Keeping
    looked: Sequence[Looked]
    kept: tuple[Listed, ...] = ()
    kept_others: tuple[Listed, ...] = ()
    discarded: tuple[Listed, ...] = ()
    asked: bool = False
    labelled: bool = True

    @property
    def stopped_key(self) -> str:
        """The sentence that is true where the sweep is stopped: what came through, what may be lost, how to see."""
        if self.discarded:
            return "hide.stopped_discarding"
        return "hide.stopped_keeping" if self.keeping.floors else "hide.stopped"


def decide(
    cards: Sequence[OpenedCard],
    looked: Sequence[Looked],
    own: FloorKeys,
    given: Sequence[FloorKeys],
    letting_go: LettingGo,
    progress: Progress,
    again: KeysAgain = never,
) -> Earlier:
    """Find what is already there and decide what becomes of it; nothing is written.

    Args:
        cards: opened.
        looked: what the look at each card met of `own`.
        own: keys of what is hidden now.
        given: keys of floors that are to be kept by name.
        letting_go: what of `own` is not.
        progress: shown for each reading.
        again: asked for other keys where one of `given` finds nothing.

    Raises:
        NothingFound: one of `given` finds nothing, and there is no other.
        NoRoom: what is to be kept cannot be.
    """
    found = find(cards, given, progress, again)
    # Whoever names the passphrase of today among those to keep has said it twice; one floor is carried over once.
    here = [one for one in found if _same(one.keys, own)]
    named = [one for one in found if not _same(one.keys, own)]
    let_all = letting_go.all and not here
    if not here and any(one.met for one in looked):
        here = find(cards, [own], progress)
    let_go = [one for one in here if let_all or (letting_go.broken and one.trouble)]
    kept = [one for one in here if one not in let_go]
    keeping = carry_over(kept, named)
    return Earlier(keeping, looked, _listed(kept), _listed(named), _listed(let_go), bool(named))


def _same(one: FloorKeys, other: FloorKeys) -> bool:
    return (one.recogniser, one.seal) == (other.recogniser, other.seal)


def _listed(floors: Sequence[FoundFloor]) -> tuple[Listed, ...]:
    return tuple(sorted((one.listed for one in floors), key=in_order))
