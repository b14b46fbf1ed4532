"""`hide`: plan, say, sweep (spec/floor.md, spec/card-carrier.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import NoRoom
from fifthfloor.floor.archive import Digests, archive_bytes, group_hashes, pack
from fifthfloor.floor.plan import Plan, TooLittle, deal, largest_overwrite, make_plan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import (
    FLOOR_ID_BYTES,
    RANDOM_BYTES,
    SHARE_BYTES,
    SLOT_BYTES,
    SYMBOL_BYTES,
    Header,
    SlotCipher,
)
from fifthfloor.tasks import secret
from fifthfloor.tasks.sources import Sources
from fifthfloor.tasks.sweeping import OpenedCard, Progress, sweep_card
from fifthfloor.tasks.symbols import Archive, SymbolFeed, windows


@dataclass(frozen=True, slots=True)
class Intent:
    """What `hide` will do, before it does anything.

    Args:
        sources: what will be hidden.
        plan: how it is dealt.
        hidden: today, as it will stand in the manifest.
        lose: carriers that may be lost.
        overwrite: fraction of each other carrier's free bytes that may be overwritten.
    """

    sources: Sources
    plan: Plan
    hidden: str
    lose: int
    overwrite: float

    @property
    def written_bytes(self) -> int:
        return sum(self.plan.slots) * SLOT_BYTES


def intend(sources: Sources, cards: Sequence[OpenedCard], lose: int, overwrite: float) -> Intent:
    """Plan a floor without writing anything.

    Args:
        sources: what to hide.
        cards: where; order decides nothing but the numbers of the carriers.
        lose: less than the number of cards.
        overwrite: 0 to below 1.

    Raises:
        NoRoom: with what there is, what is needed, and the largest overwriting that would fit.
    """
    hidden = date.today().isoformat()
    symbols = archive_bytes(sources.entries, hidden) // SYMBOL_BYTES
    rooms = [opened.layout.room for opened in cards]
    plan = make_plan(rooms, symbols, lose, overwrite)
    if isinstance(plan, TooLittle):
        _refuse(plan, largest_overwrite(rooms, symbols, lose), len(cards), lose)
    return Intent(sources, plan, hidden, lose, overwrite)


def _refuse(little: TooLittle, fits: int | None, cards: int, lose: int) -> NoReturn:
    room, needed, left = little.room_bytes, little.needed_bytes, cards - lose
    if fits is None:
        raise NoRoom("hide.no_room_at_all", room=room, needed=needed, left=left)
    raise NoRoom("hide.no_room", room=room, needed=needed, left=left, fits=fits)


def hide(intent: Intent, cards: Sequence[OpenedCard], keys: FloorKeys, progress: Progress) -> bytes:
    """Sweep the cards with the floor among the noise; returns its id.

    Args:
        intent: from `intend` with the same cards.
        cards: opened.
        keys: of the floor.
        progress: shown for each pass.

    Raises:
        BadInput: a source changed while it was read, or a card does not keep what is written.
    """
    plan = intent.plan
    digests = Digests()
    with progress("reading the photographs", intent.sources.size_bytes) as advance:
        stream = _counted(pack(intent.sources.entries, intent.hidden, intent.sources.reader, digests), advance)
        hashes = group_hashes(stream, plan.groups)
    content_key = secret.RANDOM(SHARE_BYTES)
    dealt = [deal(plan, c, opened.layout.room, secret.RANDOM) for c, opened in enumerate(cards)]
    archive = Archive(
        intent.sources.entries,
        intent.hidden,
        intent.sources.reader,
        plan.groups,
        digests,
        tuple(hashes),
        content_key,
    )
    labels = np.concatenate([groups for _places, groups in dealt])
    feed = SymbolFeed(archive, windows(labels, plan.groups))
    try:
        shares = split(content_key, plan.threshold, len(cards), secret.RANDOM)
        floor = _Floor(plan, len(cards), secret.RANDOM(FLOOR_ID_BYTES), SlotCipher(keys), feed)
        for number, (opened, (places, groups)) in enumerate(zip(cards, dealt, strict=True), start=1):
            slots = _CardSlots(floor, number, shares[number - 1], opened.layout.places[places], groups)
            sweep_card(opened, slots, progress, f"sweeping {opened.path.name}")
    finally:
        feed.close()
    return floor.floor_id


class _Floor:
    """The floor being written: counts symbols as they are given out, in order of writing."""

    def __init__(self, plan: Plan, carriers: int, floor_id: bytes, cipher: SlotCipher, feed: SymbolFeed) -> None:
        self.plan = plan
        self.carriers = carriers
        self.floor_id = floor_id
        self._cipher = cipher
        self._feed = feed
        self._given = [0] * len(plan.groups)

    def slot(self, carrier: int, share: bytes, group: int) -> bytes:
        """Return the next sealed slot of a group."""
        number = self._given[group]
        self._given[group] += 1
        plan = self.plan
        header = Header(
            carriers=self.carriers,
            threshold=plan.threshold,
            carrier=carrier,
            floor_id=self.floor_id,
            groups=len(plan.groups),
            group=group,
            source_symbols=plan.groups[group],
            symbol=number,
            share=share,
        )
        return self._cipher.seal(header, self._feed.take(group), secret.RANDOM(RANDOM_BYTES))


@dataclass(frozen=True, slots=True)
class _CardSlots:
    """One carrier's slots, for `carriers.free_space.sweep`."""

    floor: _Floor
    carrier: int
    share: bytes
    offsets: NDArray[np.int64]
    groups: NDArray[np.int64]

    def slot(self, index: int) -> bytes:
        return self.floor.slot(self.carrier, self.share, int(self.groups[index]))


def _counted(pieces: Iterable[bytes], advance: Callable[[int], None]) -> Iterator[bytes]:
    for piece in pieces:
        advance(len(piece))
        yield piece
