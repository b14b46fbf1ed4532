"""`hide`: plan, say, sweep (spec/floor.md, spec/card-carrier.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.opening import short_name
from fifthfloor.errors import NoRoom
from fifthfloor.floor.again import batch_marks
from fifthfloor.floor.header import FLOOR_ID_BYTES, SHARE_BYTES, SlotHeader, Terms
from fifthfloor.floor.noise import Fingerprinter, shuffled
from fifthfloor.floor.plan import Plan, TooLittle, largest_overwrite, make_plan
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES, SlotCipher
from fifthfloor.floor.symbol_numbers import LIST_BITS, dealt_numbers
from fifthfloor.floor.tar_stream import Digests, archive_bytes, pack
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.card_slots import CardSlots, NewShards
from fifthfloor.tasks.floors.kept import NOTHING_KEPT, Keeping
from fifthfloor.tasks.floors.place import Placed, place_all
from fifthfloor.tasks.floors.sealing import SealedFloor, capsule_counts
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.floors.sweep import OpenedCard, sweep_card
from fifthfloor.tasks.floors.symbols import MARK_KEY_BYTES, Archive, SymbolFeed, windows
from fifthfloor.tasks.progress import Progress


@dataclass(frozen=True, slots=True)
class Intent:
    """What `hide` will do, before it does anything.

    Args:
        sources: what will be hidden.
        plan: how it is dealt.
        hidden: today, as it will stand in the manifest.
        lose: carriers that may be lost.
        overwrite: fraction of each other carrier's free bytes that may be overwritten.
        placed: what will stand where, one for each card.
        capsules: how many of `placed` are capsules, for each card; none for a floor with a passphrase.
        sealed_to: fingerprints of those it is sealed to.
    """

    sources: Sources
    plan: Plan
    hidden: str
    lose: int
    overwrite: float
    placed: tuple[Placed, ...]
    capsules: tuple[int, ...] = ()
    sealed_to: tuple[str, ...] = ()

    @property
    def written_bytes(self) -> int:
        return (sum(self.plan.slots) + sum(self.capsules)) * SLOT_BYTES


def intend(
    sources: Sources,
    cards: Sequence[OpenedCard],
    lose: int,
    overwrite: float,
    keeping: Keeping = NOTHING_KEPT,
    sealed_to: Sequence[str] = (),
) -> Intent:
    """Plan a floor, as if nothing were kept beside it, and draw its places; nothing is written.

    Args:
        sources: what to hide.
        cards: where; order decides nothing.
        lose: less than the number of cards.
        overwrite: 0 to below 1.
        keeping: floors to carry over.
        sealed_to: fingerprints of those it is sealed to; none for a floor with a passphrase.

    Raises:
        NoRoom: with what there is, what is needed, and the largest overwriting that would fit; or not all of it fits
            beside what is kept, or what is kept could be lost on the way.
    """
    hidden = date.today().isoformat()
    symbols = archive_bytes(sources.entries, hidden) // SYMBOL_BYTES
    layouts = [opened.layout for opened in cards]
    capsules = capsule_counts([one.grid for one in layouts], len(sealed_to), overwrite) if sealed_to else ()
    taken = capsules or (0,) * len(layouts)
    rooms = [replace(one.room, places=one.room.places - many) for one, many in zip(layouts, taken, strict=True)]
    plan = make_plan(rooms, symbols, lose, overwrite)
    if isinstance(plan, TooLittle):
        _refuse(plan, largest_overwrite(rooms, symbols, lose), len(cards), lose)
    names = [short_name(opened.path) for opened in cards]
    placed = place_all(plan, layouts, keeping, names, capsules)
    return Intent(sources, plan, hidden, lose, overwrite, placed, capsules, tuple(sealed_to))


def _refuse(little: TooLittle, fits: int | None, cards: int, lose: int) -> NoReturn:
    room, needed, left = little.room_bytes, little.needed_bytes, cards - lose
    where = "hide.what.on_left" if lose else "hide.what.on_all"
    if fits is None:
        less = "hide.what.lose_fewer" if lose else "hide.what.larger"
        raise NoRoom("hide.no_room_at_all", room=room, needed=needed, left=left, where=where, less=less)
    raise NoRoom("hide.no_room", room=room, needed=needed, left=left, where=where, fits=fits)


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
    keys: FloorKeys | SealedFloor,
    progress: Progress,
    keeping: Keeping = NOTHING_KEPT,
    begun: Begun | None = None,
) -> Hidden:
    """Sweep the cards with the floor among the noise.

    Args:
        intent: from `intend` with the same cards and the same `keeping`.
        cards: opened.
        keys: of the floor; or the floor that is sealed, with as many recipients as it was intended for.
        progress: shown for each pass.
        keeping: floors to carry over.
        begun: what was done before the keys were there (`tasks.floors.quick`); done here where it is not given.

    Raises:
        BadInput: a source changed while it was read, or a card does not keep what is written.
    """
    begun = begun or begin(intent, first_pass(intent, progress))
    try:
        new = _new_shards(intent.plan, begun, SlotCipher(keys.keys if isinstance(keys, SealedFloor) else keys))
        if isinstance(keys, SealedFloor):
            count, threshold = len(cards), intent.plan.threshold
            new = [
                replace(one, capsules=keys.capsules(many, count, threshold))
                for one, many in zip(new, intent.capsules, strict=True)
            ]
        for c, opened in enumerate(cards):
            slots = CardSlots(new[c], c, intent.placed[c], keeping, opened.layout, opened.card.device)
            sweep_card(opened, slots, progress)
    finally:
        begun.feed.close()
    return Hidden(new[0].header.floor_id, tuple(begun.archive.digests.files))


def _new_shards(plan: Plan, begun: Begun, cipher: SlotCipher) -> list[NewShards]:
    """Draw floor id, shares and the carriers' numbers, and say what the content key opens (floor.md, 3 and 5)."""
    count, key = len(plan.shards), begun.archive.content_key
    at = shuffled(np.arange(1, 256, dtype=np.int64), secret.RANDOM)[:count].tolist()
    shares = split(key, plan.threshold, count, secret.RANDOM, at)
    floor_id = secret.RANDOM(FLOOR_ID_BYTES)
    made, first = [], 0
    for c, x in enumerate(at):
        terms = Terms(count, plan.threshold, LIST_BITS, len(plan.groups), sum(plan.groups), first, plan.shards[c])
        sealed = terms.seal(key, x)
        header = SlotHeader(x, floor_id, 0, 0, shares[c], sealed, veiled=True)
        made.append(NewShards(header, begun.numbers[c], cipher, begun.feed))
        first += plan.shards[c]
    return made


@dataclass(frozen=True, slots=True)
class Begun:
    """What needs no keys of the floor; nothing is written yet.

    Args:
        archive: after its first pass.
        numbers: symbol number of each slot, in order of writing, one array for each card.
        feed: makes the first symbols already; it must be closed.
    """

    archive: Archive
    numbers: tuple[NDArray[np.int64], ...]
    feed: SymbolFeed


def begin(intent: Intent, archive: Archive) -> Begun:
    """Deal the symbol numbers, and start making the symbols of the first window."""
    labels, groups = [one.groups for one in intent.placed], len(archive.groups)
    numbers = dealt_numbers(labels, groups, LIST_BITS, archive.content_key, secret.RANDOM)
    rows = windows(np.concatenate(labels), np.concatenate(numbers), groups, archive.window_slots)
    return Begun(archive, tuple(numbers), SymbolFeed(archive, rows))


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
