"""`hide --in FOLDER`: plan, say, write each photograph whole (spec/roll-carrier.md, section 6)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fifthfloor.carriers.found_slots import FoundSlots
from fifthfloor.carriers.roll.covers import cover_of
from fifthfloor.carriers.roll.embedding import embed, extract
from fifthfloor.errors import BadInput, NoRoom
from fifthfloor.files import beside, place_parts, read_whole, remove_parts
from fifthfloor.floor.roll_floor import Sealed, seal_rolls
from fifthfloor.floor.roll_plan import RollPlan, TooFew, bytes_of, make_roll_plan, most_symbols
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import FINE_SYMBOL_BYTES, SlotCipher
from fifthfloor.floor.tar_stream import TAR_BLOCK_BYTES, Digests, Entry, archive_bytes, pack
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.open import check_floors
from fifthfloor.tasks.floors.roll_covers import Roll, RollPhotograph
from fifthfloor.tasks.floors.roll_reading import MAX_COVER_BYTES, each, read_roll
from fifthfloor.tasks.floors.sources import Sources
from fifthfloor.tasks.progress import Progress

# The archive of a roll is made in memory, in one reading; thousands of photographs hold no more.
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class RollIntent:
    """What `hide` will do to rolls, before it does anything.

    Args:
        sources: what will be hidden.
        rolls: in which folders.
        plan: how many slots each photograph gets.
        hidden: today, as it will stand in the manifest.
        lose: rolls that may be lost.
        lose_photographs: share of the photographs of each other roll that may be lost.
    """

    sources: Sources
    rolls: tuple[Roll, ...]
    plan: RollPlan
    hidden: str
    lose: int
    lose_photographs: float

    @property
    def written(self) -> list[tuple[RollPhotograph, int]]:
        """The photographs that will be written anew, and how many slots each gets."""
        pairs = [
            (one, slots)
            for roll, counts in zip(self.rolls, self.plan.slots, strict=True)
            for one, slots in zip(roll.photographs, counts, strict=True)
        ]
        return [(one, slots) for one, slots in pairs if slots]


def intend_rolls(sources: Sources, rolls: Sequence[Roll], lose: int, lose_photographs: float) -> RollIntent:
    """Plan a floor for rolls; nothing is written.

    Raises:
        NoRoom: with what the rolls hold after the promised loss, and what is needed.
        BadInput: there is no photograph at all.
    """
    hidden = date.today().isoformat()
    plan = make_roll_plan([roll.offers for roll in rolls], symbols_of(sources, hidden), lose, lose_photographs)
    if isinstance(plan, TooFew):
        covers = covers_of(rolls)
        room, needed = bytes_of(plan.left), bytes_of(plan.needed)
        raise NoRoom("roll.no_room", room=room, needed=needed, covers=covers)
    return RollIntent(sources, tuple(rolls), plan, hidden, lose, lose_photographs)


def symbols_of(sources: Sources, hidden: str) -> int:
    """Count the symbols of 880 bytes of an archive. Raises NoRoom where it is too large to be made in memory."""
    size = archive_bytes(sources.entries, hidden, FINE_SYMBOL_BYTES)
    if size > MOST_BYTES:
        raise NoRoom("roll.too_much", size=size, limit=MOST_BYTES)
    return size // FINE_SYMBOL_BYTES


def covers_of(rolls: Sequence[Roll]) -> int:
    """Count the photographs that may hold anything. Raises NoRoom or BadInput where none may, or there is none."""
    covers = sum(bool(one.offer.most) for roll in rolls for one in roll.photographs)
    if not covers:
        count = sum(len(roll.photographs) for roll in rolls)
        raise NoRoom("roll.no_covers", count=count) if count else BadInput("roll.empty", path=str(rolls[0].folder))
    return covers


def most_bytes(roll: Roll, lose_photographs: float) -> int:
    """Return how large a file may be that fits one roll alone, whatever it is called up to 100 letters."""
    room = most_symbols(roll.offers, lose_photographs) * FINE_SYMBOL_BYTES
    room = min(room, MOST_BYTES)
    beside = archive_bytes([Entry("x" * 100, 1 << 30, 1.5e9 + 1e-6)], "2026-11-30", TAR_BLOCK_BYTES) - (1 << 30)
    return max(0, (room - beside) // TAR_BLOCK_BYTES * TAR_BLOCK_BYTES)


def refuse_taken(rolls: Sequence[Roll], keys: FloorKeys, progress: Progress) -> None:
    """Refuse rolls that hold something of this passphrase: a photograph carries once. Raises BadInput."""
    for roll in rolls:
        found: FoundSlots = read_roll(roll.folder, keys, progress)
        if found.size_bytes:
            raise BadInput("roll.taken", path=str(roll.folder))


def hide_in_rolls(intent: RollIntent, keys: FloorKeys, progress: Progress) -> int:
    """Write the photographs, all beside their places first, then open the floor from them and compare every hash.

    A photograph that fails takes none with it: not one has its place before all are made and read again.

    Returns:
        how many coefficients were changed.

    Raises:
        BadInput: a source or a photograph changed meanwhile, or a photograph cannot hold what it was to hold.
    """
    sealed = seal_rolls(packed(intent, progress), intent.plan, keys, secret.RANDOM)
    changes = write_photographs(intent, sealed, keys, progress)
    check_kept([roll.folder for roll in intent.rolls], keys, sealed.floor_id, progress)
    return changes


def is_untouched(intent: RollIntent) -> bool:
    """Say whether no photograph has been written anew: one that has is another file, whatever its times."""
    return all(one.path.stat().st_ino == one.facts.st_ino for one, _ in intent.written)


def packed(intent: RollIntent, progress: Progress) -> bytes:
    """Read what is hidden, once. Raises BadInput where it changed since it was looked at."""
    sources, pieces = intent.sources, []
    with progress("work.sources", sources.size_bytes) as advance:
        for piece in pack(sources.entries, intent.hidden, sources.reader, Digests(), FINE_SYMBOL_BYTES):
            pieces.append(piece)
            advance(len(piece))
    return b"".join(pieces)


def write_photographs(
    intent: RollIntent,
    sealed: Sealed,
    keys: FloorKeys,
    progress: Progress,
    between: Callable[[], None] = lambda: None,
) -> int:
    """Write the photographs beside their places, and put them there.

    Args:
        intent: which photographs.
        sealed: what they hold.
        keys: of the floor.
        progress: shown for it.
        between: done when all are made and read again, and none has its place.

    Returns:
        how many coefficients were changed.

    Raises:
        BadInput: as `hide_in_rolls`.
    """
    slots = iter([slot for roll in sealed.rolls for slot in roll])
    tasks = [(one, [next(slots) for _ in range(count)], keys) for one, count in intent.written]
    paths = [one.path for one, _ in intent.written]
    looked_at = [one.path for roll in intent.rolls for one in roll.photographs]
    with _times_kept({path.parent for path in looked_at}):
        remove_parts(looked_at, keep=paths)
        try:
            with progress("work.roll_write", sum(one.facts.st_size for one, _ in intent.written)) as advance:
                changes = sum(each(_write_beside, tasks, paths, advance))
            for one, _ in intent.written:
                _refuse_changed(one)
            between()
            place_parts(paths)
        finally:
            remove_parts(paths, keep=paths)
        return changes


@contextmanager
def _times_kept(folders: Iterable[Path]) -> Iterator[None]:
    """Give some folders their times back when the block ends, whatever was done in them: to the nanosecond."""
    before = [(folder, folder.stat()) for folder in folders]
    try:
        yield
    finally:
        for folder, facts in before:
            with suppress(OSError):  # one that is another's
                os.utime(folder, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def check_kept(carriers: Sequence[Path], keys: FloorKeys, floor_id: bytes, progress: Progress) -> None:
    """Open a floor again and compare every hash. Raises BadInput where it does not come back."""
    restored, _ = check_floors(carriers, keys, (), progress)
    if floor_id.hex()[:8] not in [one.short_id for one in restored]:
        raise BadInput("roll.not_kept")


def _write_beside(task: tuple[RollPhotograph, list[bytes], FloorKeys]) -> int:
    one, slots, keys = task
    data = read_whole(one.path, MAX_COVER_BYTES)
    _refuse_changed(one)
    made = embed(cover_of(data), slots, keys.roll)
    if made is None or extract(cover_of(made.data), SlotCipher(keys), keys) != slots:
        raise BadInput("roll.cannot_hold", path=str(one.path), slots=len(slots))
    with beside(one.path, like=one.facts) as file:
        file.write(made.data)
    return made.changes


def _refuse_changed(one: RollPhotograph) -> None:
    now = one.path.stat()
    if (now.st_size, now.st_mtime_ns) != (one.facts.st_size, one.facts.st_mtime_ns):
        raise BadInput("roll.changed", path=str(one.path))
