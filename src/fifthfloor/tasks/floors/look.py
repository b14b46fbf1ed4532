"""The look at a card before it is swept: which deleted photographs would go, and whether floors of our own are there.

Both come from one reading of at most 2 GiB. Places are uniform, so where that was not all of the free space a sample of
16 KiB in each of 32,768 equal parts follows, until a slot is met: what may go unseen by both is in
docs/decisions/0140-a-sample-tells-whether-a-floor-is-there.md. Only where a slot was met is the whole card read.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.audit.card import QUICK_BUDGET_BYTES, Recoverable, recoverable
from fifthfloor.carriers.free_space import STRETCH_BYTES
from fifthfloor.floor.noise import random_keys
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SECTOR_BYTES, SLOT_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.sweep import OpenedCard
from fifthfloor.tasks.progress import Progress

SAMPLED_PLACES = 32_768  # half a gigabyte: some ten seconds of a card


@dataclass(frozen=True, slots=True)
class Looked:
    """What a card holds before its sweep.

    Args:
        stake: deleted photographs that would go; None where the card cannot be read whole.
        met: whether a slot of one of the keys was met.
        everything: whether all free space was read, so that nothing can have gone unseen.
    """

    stake: Recoverable | None
    met: bool
    everything: bool


def look_bytes(opened: OpenedCard) -> int:
    """Return how much `look_at` reads at most."""
    return bytes_looked_at(opened.layout.free_bytes)


def bytes_looked_at(free: int) -> int:
    """Return how much of so many free bytes is read at most."""
    return free if free <= QUICK_BUDGET_BYTES else QUICK_BUDGET_BYTES + SAMPLED_PLACES * SLOT_BYTES


def look_at(opened: OpenedCard, keys: Sequence[FloorKeys], advance: Callable[[int], None]) -> Looked:
    """Look at a card's free space; nothing is written.

    Args:
        opened: the card.
        keys: of floors to be met; none for a plain wipe.
        advance: told the bytes just read.
    """
    watching = _Watching(opened, [SlotCipher(one) for one in keys], advance)
    everything = opened.layout.free_bytes <= QUICK_BUDGET_BYTES
    stake: Recoverable | None = None
    # A bad sector is no reason not to sweep: writing may mend it, and if not, the read-back says so.
    with suppress(OSError):
        stake = recoverable(opened.card, watching)
    if keys and not watching.met and not (everything and stake is not None):
        _sample(opened.layout.places, watching)
    return Looked(stake, watching.met, everything and stake is not None)


def look_all(cards: Sequence[OpenedCard], keys: Sequence[FloorKeys], progress: Progress) -> list[Looked]:
    """Look at every card before it is swept; arguments as `look_at`, `progress` shown for each."""
    looked = []
    for opened in cards:
        with progress("work.look", look_bytes(opened)) as advance:
            looked.append(look_at(opened, keys, advance))
    return looked


class _Watching:
    """Reads a card's free space past the cache, and looks for slots in all it reads."""

    def __init__(self, opened: OpenedCard, ciphers: Sequence[SlotCipher], advance: Callable[[int], None]) -> None:
        self._device = opened.card.device
        self._ciphers = ciphers
        self._advance = advance
        # Fresh pages for every read cost as much as copying the card; its cache would take a third of the time.
        self._pages = memoryview(mmap.mmap(-1, STRETCH_BYTES))
        self.met = False

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        if length_bytes > len(self._pages):
            return self._device.read(offset_bytes, length_bytes)
        page = self._pages[:length_bytes]
        self._device.read_medium_into(offset_bytes, page)
        whole = length_bytes // SECTOR_BYTES * SECTOR_BYTES
        if whole and offset_bytes % SECTOR_BYTES == 0 and not self.met:
            buffer = np.frombuffer(page[:whole], np.uint8)
            self.met = any(len(cipher.recognise(buffer).sector) for cipher in self._ciphers)
        self._advance(length_bytes)
        return bytes(page)


def _sample(places: NDArray[np.int64], watching: _Watching) -> None:
    """Read one place of each of many equal parts, until a slot is met. Slots off the grid begin in some window too."""
    for offset in _drawn(places):
        with suppress(OSError):
            watching.read(offset, SLOT_BYTES)
        if watching.met:
            return


def _drawn(places: NDArray[np.int64]) -> Iterator[int]:
    count = min(SAMPLED_PLACES, len(places))
    bounds = np.arange(count + 1, dtype=np.int64) * len(places) // max(1, count)
    within = (random_keys(count, secret.RANDOM) % np.maximum(1, np.diff(bounds)).astype(np.uint64)).astype(np.int64)
    yield from places[bounds[:-1] + within].tolist()
