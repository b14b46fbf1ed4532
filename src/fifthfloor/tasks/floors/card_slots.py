"""The slots of one card, made as the sweep asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.device import Device
from fifthfloor.carriers.free_space import Layout
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.slot import RANDOM_BYTES, SLOT_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.kept import Keeping
from fifthfloor.tasks.floors.place import CAPSULE, NEW, Placed, piece_of
from fifthfloor.tasks.floors.symbols import SymbolFeed


@dataclass(frozen=True, slots=True)
class NewShards:
    """The floor being written, as one card gets it.

    Args:
        carrier, floor_id, share, terms: of every header.
        numbers: symbol number of each of its slots, in order of writing.
        cipher: of its keys.
        feed: gives the symbols of each group in the order of these numbers.
        capsules: 16 KiB each, in order of writing, each taken once; none for a floor with a passphrase.
    """

    carrier: int
    floor_id: bytes
    share: bytes
    terms: bytes
    numbers: NDArray[np.int64]
    cipher: SlotCipher
    feed: SymbolFeed
    capsules: Iterator[bytes] = field(default_factory=lambda: iter(()))

    def shard(self, index: int, group: int) -> tuple[SlotHeader, memoryview]:
        """Return a shard that was not given out yet; each once, in order."""
        number = int(self.numbers[index])
        header = SlotHeader(self.carrier, self.floor_id, group, number, self.share, self.terms)
        return header, self.feed.take(group)


class CardSlots:
    """One card's slots, for `carriers.free_space.sweep`; each is asked for once, in order.

    Args:
        new: shards of the new floor; None where there is none.
        card: index of this card.
        placed: from `place`.
        keeping: the kept floors.
        layout: of the card.
        device: kept slots are read from it before they are written over.
    """

    def __init__(
        self, new: NewShards | None, card: int, placed: Placed, keeping: Keeping, layout: Layout, device: Device
    ) -> None:
        self._new = new
        self._placed = placed
        self._ciphers = [floor.cipher for floor in keeping.floors]
        self._renewed = [floor.cards[card].renewed for floor in keeping.floors]
        self._device = device
        self._given = 0
        self._capsules = new.capsules if new is not None else iter(())
        self._waiting: dict[int, bytes] = {}  # old offset -> what stood there
        early = (placed.owner > NEW) & (placed.source >= 0) & (placed.dies <= piece_of(placed.offsets, layout))
        by_piece = np.flatnonzero(early)[np.argsort(placed.dies[early], kind="stable")]
        self._saved_at = placed.dies[by_piece]
        self._saved = placed.source[by_piece]

    @property
    def offsets(self) -> NDArray[np.int64]:
        return self._placed.offsets

    def save(self, piece: int) -> None:
        """Read what the next piece will write over and a later one, or itself, will hold."""
        low, high = np.searchsorted(self._saved_at, [piece, piece + 1]).tolist()
        for offset in self._saved[low:high].tolist():
            self._waiting[offset] = self._read(offset)

    def fill(self, first: int, into: Sequence[memoryview]) -> None:
        """Write slots `first`, `first` + 1, ... into these 16 KiB each."""
        shards, places = [], []
        for index, slot in enumerate(into, first):
            owner = int(self._placed.owner[index])
            if owner == NEW and self._new is not None:
                shards.append(self._new.shard(self._given, int(self._placed.groups[self._given])))
                self._given += 1
                places.append(slot)
            elif owner == CAPSULE:
                slot[:] = next(self._capsules)
            else:
                slot[:] = self._kept(owner - 1, int(self._placed.source[index]))
        if shards and self._new is not None:
            self._new.cipher.seal_into(shards, secret.RANDOM(RANDOM_BYTES * len(shards)), places)

    def give_up(self) -> None:
        """Make whoever waits in `fill` stop waiting."""
        if self._new is not None:
            self._new.feed.close()

    def _kept(self, floor: int, source: int) -> bytes:
        cipher = self._ciphers[floor]
        if source < 0:
            shard = self._renewed[floor][-1 - source]
        else:
            opened = cipher.open(self._waiting.pop(source, b"") or self._read(source))
            if opened is None:
                return secret.RANDOM(SLOT_BYTES)  # a bad sector: the shard is lost, and noise takes its place
            shard = opened
        return cipher.seal(shard[0], shard[1], secret.RANDOM(RANDOM_BYTES))

    def _read(self, offset: int) -> bytes:
        try:
            return self._device.read(offset, SLOT_BYTES)
        except OSError:
            return bytes(SLOT_BYTES)
