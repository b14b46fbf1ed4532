"""`--keep`: floors that are carried over while everything around them is swept (spec/card-carrier.md, section 3.1).

The sweep writes what it always writes. Every kept floor gets new places on all of the card, drawn together with
everything else that is written; what its slots hold is read before the piece they stand in is written, and sealed again
under fresh chance. So who can open one of the floors sees the same whether others were kept beside it or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fifthfloor.carriers.collection import Collection, FloorFacts, scan
from fifthfloor.errors import NoRoom, NothingFound
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shards import let_memory_go
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks.floors.census import Census, count
from fifthfloor.tasks.floors.kept import Keeping, KeptCard, KeptFloor, KeptHealth
from fifthfloor.tasks.floors.listing import Listed, listed_floor
from fifthfloor.tasks.floors.renewal import Renewed, renew
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.progress import Progress
from fifthfloor.unreadable import take_the_place_of_what_was_let_go

KeysAgain = Callable[[int], FloorKeys | None]


@dataclass(frozen=True, slots=True)
class FoundFloor:
    """A floor that is on the cards, before it is decided what becomes of it.

    Args:
        keys: of its passphrase.
        cipher, collection: of its passphrase.
        listed: its date and files, as far as they can be read.
        census: its shards; None where it does not come back from these cards.
        trouble: why it does not; None where it does.
    """

    keys: FloorKeys
    cipher: SlotCipher
    collection: Collection
    listed: Listed
    census: Census | None
    trouble: NoRoom | None


def never(_number: int) -> FloorKeys | None:
    """Ask nobody again: the passphrase came from a file."""
    return None


def find(
    cards: Sequence[OpenedCard], keys: Sequence[FloorKeys], progress: Progress, again: KeysAgain = never
) -> list[FoundFloor]:
    """Find the floors of some passphrases on the cards; nothing is written.

    Args:
        cards: opened.
        keys: of the floors.
        progress: shown for each reading.
        again: asked for other keys where those of that number, from 1, find nothing.

    Raises:
        NothingFound: a passphrase finds nothing, and there is no other.
    """
    found: dict[tuple[bytes | bytearray, bytes | bytearray], list[FoundFloor]] = {}  # a floor named twice is one floor
    for number, given in enumerate(keys, start=1):
        one: FloorKeys | None = given
        while one and (one.recogniser, one.seal) not in found:
            if here := _find_one(cards, one, progress):
                found[one.recogniser, one.seal] = here
            else:
                one = again(number)
        if one is None:
            raise NothingFound("open.nothing")
    return [one for floors in found.values() for one in floors]


def _find_one(cards: Sequence[OpenedCard], keys: FloorKeys, progress: Progress) -> list[FoundFloor]:
    """Read the cards whole for one passphrase."""
    devices = [opened.card.device for opened in cards]
    places = tuple(len(opened.layout.places) for opened in cards)
    cipher = SlotCipher(keys)
    take_the_place_of_what_was_let_go()
    with progress("work.find", sum(d.size_bytes for d in devices)) as advance:
        index = scan(devices, cipher, advance)
    collection = Collection(devices, cipher, index)
    floors = collection.floors() if len(index) else []
    return [FoundFloor(keys, cipher, collection, *_stand(collection, facts, places)) for facts in floors]


def _stand(
    collection: Collection, facts: FloorFacts, places: tuple[int, ...]
) -> tuple[Listed, Census | None, NoRoom | None]:
    listed = listed_floor(collection, facts)
    try:
        return listed, count(collection, facts, places), None
    except NoRoom as trouble:
        return listed, None, trouble


def carry_over(own: Sequence[FoundFloor], named: Sequence[FoundFloor]) -> Keeping:
    """Decide to keep floors, and make anew what they lost.

    Args:
        own: those of the passphrase that is hidden with now.
        named: those whose passphrases were given to be kept.

    Raises:
        NoRoom: these cards alone do not bring one back, or do with nothing to spare.
    """
    kept = []
    for trouble in (one.trouble for one in named if one.trouble):
        raise _of_named(trouble)
    for one in (*own, *named):
        if one.census is None:
            raise one.trouble or ValueError("a floor without a census has its trouble")
        if (one.census.spare < 0).any():
            raise NoRoom("keep.nothing_spare")
        kept.append(_kept(one.cipher, one.census, *renew(one.collection, one.census)))
    let_memory_go()  # what groups were read in is wanted for the new floor's symbols
    return Keeping(tuple(kept))


def _of_named(trouble: NoRoom) -> NoRoom:
    """Say the same of a passphrase that was given to `--keep`: `--discard-broken` is not for it."""
    facts = trouble.facts
    if trouble.key == "keep.locked":
        return NoRoom("keep.locked_named", here=facts["here"], size=facts["size"], needed=facts["needed"])
    group, groups, have = facts["group"], facts["groups"], facts["have"]
    return NoRoom("keep.incomplete_named", group=group, groups=groups, have=have, needed=facts["needed"])


def prepare(
    cards: Sequence[OpenedCard], keys: Sequence[FloorKeys], progress: Progress, again: KeysAgain = never
) -> Keeping:
    """Do `find` and `carry_over` with all that is found; arguments and errors as theirs."""
    return carry_over([], find(cards, keys, progress, again))


def _kept(cipher: SlotCipher, census: Census, renewed: Sequence[Renewed], lost: int) -> KeptFloor:
    cards = []
    for card in range(len(census.places)):
        mine = census.slots[census.slots[:, 0] == card]
        new = tuple((header, symbol) for where, header, symbol in renewed if where == card)
        cards.append(KeptCard(mine[:, 1], mine[:, 2], new))
    have = len(census.slots)
    health = KeptHealth(have, have + len(renewed), int(census.source.sum()), lost)
    return KeptFloor(cipher, tuple(cards), census.spare, health)
