"""`hide`: plan, say, sweep (spec/floor.md, spec/card-carrier.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

import numpy as np

from fifthfloor.errors import NoRoom
from fifthfloor.floor.again import batch_marks
from fifthfloor.floor.archive import Digests, archive_bytes, pack
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.plan import Plan, Room, TooLittle, largest_overwrite, make_plan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import (
    FLOOR_ID_BYTES,
    SHARE_BYTES,
    SLOT_BYTES,
    SYMBOL_BYTES,
    SlotCipher,
)
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.keep import Keeping, nothing_kept
from fifthfloor.tasks.floors.place import CardSlots, NewFloor, Placed, place
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard, Progress, sweep_card
from fifthfloor.tasks.floors.symbols import MARK_KEY_BYTES, Archive, SymbolFeed, windows


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


def intend(
    sources: Sources, cards: Sequence[OpenedCard], lose: int, overwrite: float, keeping: Keeping | None = None
) -> Intent:
    """Plan a floor without writing anything.

    Args:
        sources: what to hide.
        cards: where; order decides nothing but the numbers of the carriers.
        lose: less than the number of cards.
        overwrite: 0 to below 1.
        keeping: floors to carry over; their places are not free.

    Raises:
        NoRoom: with what there is, what is needed, and the largest overwriting that would fit.
    """
    hidden = date.today().isoformat()
    symbols = archive_bytes(sources.entries, hidden) // SYMBOL_BYTES
    kept = (keeping or nothing_kept(len(cards))).cards
    # All the damage may fall on what is not reserved, so the free bytes stay whole.
    rooms = [
        Room(max(0, len(opened.layout.places) - card.reserved), opened.layout.free_bytes)
        for opened, card in zip(cards, kept, strict=True)
    ]
    plan = make_plan(rooms, symbols, lose, overwrite)
    if isinstance(plan, TooLittle):
        _refuse(plan, largest_overwrite(rooms, symbols, lose), len(cards), lose)
    return Intent(sources, plan, hidden, lose, overwrite)


def _refuse(little: TooLittle, fits: int | None, cards: int, lose: int) -> NoReturn:
    room, needed, left = little.room_bytes, little.needed_bytes, cards - lose
    if fits is None:
        raise NoRoom("hide.no_room_at_all", room=room, needed=needed, left=left)
    raise NoRoom("hide.no_room", room=room, needed=needed, left=left, fits=fits)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What was hidden.

    Args:
        floor_id: 16 bytes.
        file_hashes: SHA-256 of every entry, as it was read.
    """

    floor_id: bytes
    file_hashes: tuple[str, ...]


def hide(
    intent: Intent,
    cards: Sequence[OpenedCard],
    keys: FloorKeys,
    progress: Progress,
    keeping: Keeping | None = None,
    begun: Begun | None = None,
) -> Hidden:
    """Sweep the cards with the floor among the noise.

    Args:
        intent: from `intend` with the same cards and the same `keeping`.
        cards: opened.
        keys: of the floor.
        progress: shown for each pass.
        keeping: floors to carry over.
        begun: what was done before the keys were there (`tasks.floors.quick`); done here where it is not given.

    Raises:
        BadInput: a source changed while it was read, or a card does not keep what is written.
    """
    plan = intent.plan
    keeping = keeping or nothing_kept(len(cards))
    if begun is None:
        archive = first_pass(intent, progress)
        begun = begin(archive, [place(plan, c, one.layout.places, keeping.cards[c]) for c, one in enumerate(cards)])
    try:
        shares = split(begun.archive.content_key, plan.threshold, len(cards), secret.RANDOM)
        floor = NewFloor(plan, len(cards), secret.RANDOM(FLOOR_ID_BYTES), SlotCipher(keys), begun.feed)
        for c, opened in enumerate(cards):
            slots = CardSlots(floor, c + 1, shares[c], begun.placed[c], keeping, opened.card.device)
            sweep_card(opened, slots, progress)
    finally:
        begun.feed.close()
    return Hidden(floor.floor_id, tuple(begun.archive.digests.files))


@dataclass(frozen=True, slots=True)
class Begun:
    """What needs neither keys nor cards; nothing is written yet.

    Args:
        archive: after its first pass.
        placed: what stands where on each card.
        feed: makes the first symbols already; it must be closed.
    """

    archive: Archive
    placed: tuple[Placed, ...]
    feed: SymbolFeed


def begin(archive: Archive, placed: Sequence[Placed]) -> Begun:
    """Start making the symbols of the first window."""
    labels = np.concatenate([one.groups for one in placed])
    return Begun(archive, tuple(placed), SymbolFeed(archive, windows(labels, archive.groups)))


def first_pass(intent: Intent, progress: Progress) -> Archive:
    """Read everything once: hashes for the manifest, and fingerprints that every later reading is compared with."""
    sources, groups = intent.sources, intent.plan.groups
    digests, mark_key = Digests(), secret.RANDOM(MARK_KEY_BYTES)
    with progress("work.sources", sources.size_bytes) as advance:
        stream = _counted(pack(sources.entries, intent.hidden, sources.reader, digests), advance)
        marks = batch_marks(stream, groups, Fingerprinter(lambda _: mark_key))
    content_key = secret.RANDOM(SHARE_BYTES)
    return Archive(sources.entries, intent.hidden, sources.reader, groups, digests, marks, mark_key, content_key)


def _counted(pieces: Iterable[bytes], advance: Callable[[int], None]) -> Iterator[bytes]:
    for piece in pieces:
        advance(len(piece))
        yield piece
