"""`--keep`: floors that are carried over while everything around them is swept (spec/card-carrier.md, section 3.1).

The sweep writes what it always writes. Every kept floor gets new places on all of the card, drawn together with
everything else that is written; what its slots hold is read before the piece they stand in is written, and sealed again
under fresh chance. So who can open one of the floors sees the same whether others were kept beside it or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.errors import NothingFound
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.tasks.floors.census import Census, count
from fifthfloor.tasks.floors.kept import Keeping, KeptCard, KeptFloor, KeptHealth
from fifthfloor.tasks.floors.renewal import Renewed, renew
from fifthfloor.tasks.floors.sweep import OpenedCard, Progress


def prepare(cards: Sequence[OpenedCard], keys: Sequence[FloorKeys], progress: Progress) -> Keeping:
    """Find the floors of some passphrases on the cards, and make anew what they lost; nothing is written.

    Args:
        cards: opened.
        keys: of the floors to be kept.
        progress: shown for each reading.

    Raises:
        NothingFound: a passphrase finds nothing.
        NoRoom: these cards alone do not bring a floor back.
    """
    devices = [opened.card.device for opened in cards]
    places = tuple(len(opened.layout.places) for opened in cards)
    distinct = {(one.recogniser, one.seal): one for one in keys}  # a floor named twice is one floor
    floors: list[KeptFloor] = []
    for one in distinct.values():
        cipher = SlotCipher(one)
        with progress("work.find", sum(d.size_bytes for d in devices)) as advance:
            index = scan(devices, cipher, advance)
        collection = Collection(devices, cipher, index)
        found = collection.floors() if len(index) else []
        if not found:
            raise NothingFound("open.nothing")
        for facts in found:
            census = count(collection, facts, places)
            floors.append(_kept(cipher, census, *renew(collection, census)))
    return Keeping(tuple(floors))


def _kept(cipher: SlotCipher, census: Census, renewed: Sequence[Renewed], lost: int) -> KeptFloor:
    cards = []
    for card in range(len(census.places)):
        mine = census.slots[census.slots[:, 0] == card]
        new = tuple((header, symbol) for where, header, symbol in renewed if where == card)
        cards.append(KeptCard(mine[:, 1], mine[:, 2], new))
    have = len(census.slots)
    health = KeptHealth(have, have + len(renewed), int(census.source.sum()), lost)
    return KeptFloor(cipher, tuple(cards), census.spare, health)
