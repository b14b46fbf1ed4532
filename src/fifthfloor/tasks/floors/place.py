"""What stands at which place of a card: kept slots where they were, renewed and new ones at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.device import Device
from fifthfloor.floor.noise import choose, shuffled
from fifthfloor.floor.plan import Plan, deal
from fifthfloor.floor.slot import RANDOM_BYTES, SLOT_BYTES, Header, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.keep import Keeping, KeptCard, KeptSlot, sealed_again
from fifthfloor.tasks.floors.symbols import SymbolFeed


@dataclass(frozen=True, slots=True)
class Placed:
    """Where everything of one card goes; arrays of one length, by rising place.

    Args:
        offsets: device offsets.
        groups: of the new floor's shards alone, in order of their places.
        what: what stands there: -1 a new shard, i >= 0 the i-th of `kept` slots, then of `renewed` ones.
        kept, renewed: from the card's `KeptCard`.
    """

    offsets: NDArray[np.int64]
    groups: NDArray[np.int64]
    what: NDArray[np.int64]
    kept: tuple[KeptSlot, ...]
    renewed: tuple[tuple[Header, bytes, int], ...]


def place(plan: Plan, carrier: int, places: NDArray[np.int64], card: KeptCard) -> Placed:
    """Draw the places of one card (card-carrier.md, section 3).

    Args:
        plan: of the new floor.
        carrier: index of the card, from 0.
        places: device offsets of all its places, rising.
        card: what it carries over.
    """
    kept = tuple(sorted(card.slots, key=lambda slot: slot.new))
    held = np.array([slot.new for slot in kept], np.int64)
    free = np.setdiff1d(places, held, assume_unique=True)
    # Renewed shards and new ones are drawn together, then told apart by a second draw.
    drawn = free[choose(plan.slots[carrier] + len(card.renewed), len(free), secret.RANDOM)]
    renewed_at = choose(len(card.renewed), len(drawn), secret.RANDOM)
    what = np.full(len(drawn), -1, np.int64)
    what[renewed_at] = len(kept) + shuffled(np.arange(len(card.renewed), dtype=np.int64), secret.RANDOM)
    offsets = np.concatenate([held, drawn])
    order = np.argsort(offsets, kind="stable")
    everything = np.concatenate([np.arange(len(kept), dtype=np.int64), what])
    return Placed(offsets[order], deal(plan, carrier, secret.RANDOM), everything[order], kept, tuple(card.renewed))


class NewFloor:
    """The floor being written: counts symbols as they are given out, in order of writing."""

    def __init__(self, plan: Plan, carriers: int, floor_id: bytes, cipher: SlotCipher, feed: SymbolFeed) -> None:
        self.floor_id = floor_id
        self._plan = plan
        self._carriers = carriers
        self._cipher = cipher
        self._feed = feed
        self._given = [0] * len(plan.groups)

    def shard(self, carrier: int, share: bytes, group: int) -> tuple[Header, memoryview]:
        """Return the next shard of a group, to be sealed."""
        number = self._given[group]
        self._given[group] += 1
        header = Header(
            carriers=self._carriers,
            threshold=self._plan.threshold,
            carrier=carrier,
            floor_id=self.floor_id,
            groups=len(self._plan.groups),
            group=group,
            source_symbols=self._plan.groups[group],
            symbol=number,
            share=share,
        )
        return header, self._feed.take(group)

    def seal(self, shards: Sequence[tuple[Header, memoryview]], into: Sequence[memoryview]) -> None:
        """Seal shards of `shard`."""
        self._cipher.seal_into(shards, secret.RANDOM(RANDOM_BYTES * len(shards)), into)

    def give_up(self) -> None:
        """Let nobody wait for a shard any more."""
        self._feed.close()


class CardSlots:
    """One card's slots, for `carriers.free_space.sweep`; each is asked for once, in order.

    Args:
        floor: the new one.
        carrier: number of this card in it, from 1.
        share: of this carrier.
        placed: from `place`.
        keeping: ciphers of the kept floors.
        device: kept slots are read from it just before their piece is written.
    """

    def __init__(
        self, floor: NewFloor, carrier: int, share: bytes, placed: Placed, keeping: Keeping, device: Device
    ) -> None:
        self._floor = floor
        self._carrier = carrier
        self._share = share
        self._placed = placed
        self._keeping = keeping
        self._device = device
        self._new = iter(placed.groups.tolist())

    @property
    def offsets(self) -> NDArray[np.int64]:
        return self._placed.offsets

    def fill(self, first: int, into: Sequence[memoryview]) -> None:
        """Write slots `first`, `first` + 1, ... into these 16 KiB each."""
        shards, places = [], []
        for index, slot in enumerate(into, first):
            what = int(self._placed.what[index])
            if what < 0:
                shards.append(self._floor.shard(self._carrier, self._share, next(self._new)))
                places.append(slot)
            else:
                slot[:] = self._carried_over(what)
        if shards:
            self._floor.seal(shards, places)

    def give_up(self) -> None:
        """Make whoever waits in `fill` stop waiting."""
        self._floor.give_up()

    def _carried_over(self, what: int) -> bytes:
        if what < len(self._placed.kept):
            kept = self._placed.kept[what]
            return sealed_again(self._keeping.ciphers[kept.floor], self._read(kept.old))
        header, symbol, number = self._placed.renewed[what - len(self._placed.kept)]
        return self._keeping.ciphers[number].seal(header, symbol, secret.RANDOM(RANDOM_BYTES))

    def _read(self, offset: int) -> bytes:
        try:
            return self._device.read(offset, SLOT_BYTES)
        except OSError:
            return bytes(SLOT_BYTES)  # a bad sector: the shard is lost, and noise takes its place
