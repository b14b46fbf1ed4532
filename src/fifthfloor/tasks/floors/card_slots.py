"""The slots of one card, made as the sweep asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.device import Device
from fifthfloor.carriers.free_space import Layout
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.slot import RANDOM_BYTES, SLOT_BYTES, SlotCipher, heads_like, seal_ready
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.kept import Keeping
from fifthfloor.tasks.floors.place import CAPSULE, NEW, Placed, piece_of

_READY_SLOTS = 1_024  # nonces that are made ready together


class Feed(Protocol):
    """Gives the symbols of each group in order of writing (`tasks.floors.symbols.SymbolFeed`)."""

    def take(self, groups: Sequence[int]) -> list[memoryview]: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class NewShards:
    """The floor being written, as one card gets it.

    Args:
        header: of every slot, but for group and symbol number.
        numbers: symbol number of each of its slots, in order of writing.
        cipher: of its keys.
        feed: gives the symbols of each group in the order of these numbers.
        capsules: 16 KiB each, in order of writing, each taken once; none for a floor with a passphrase.
    """

    header: SlotHeader
    numbers: NDArray[np.int64]
    cipher: SlotCipher
    feed: Feed
    capsules: Iterator[bytes] = field(default_factory=lambda: iter(()))


class _Sealing:
    """Seals the shards of a new floor, each once, in order.

    Args:
        new: the floor, as this card gets it.
        groups: shape (n,), of each of its slots.
    """

    def __init__(self, new: NewShards, groups: NDArray[np.int64]) -> None:
        self._new = new
        self._groups = groups
        self._given = 0
        self._ready = new.cipher.ready(b"")
        self._used = 0

    def seal_into(self, places: Sequence[memoryview]) -> None:
        """Write the next shards into these 16 KiB each."""
        some = slice(self._given, self._given + len(places))
        if self._used + len(places) > len(self._ready.nonces):
            most = max(len(places), min(_READY_SLOTS, len(self._groups) - self._given))
            self._ready, self._used = self._new.cipher.ready(secret.RANDOM(RANDOM_BYTES * most)), 0
        groups = self._groups[some]
        heads = heads_like(self._new.header, groups, self._new.numbers[some])
        seal_ready(self._ready, self._used, heads, self._new.feed.take(groups.tolist()), places)
        self._given += len(places)
        self._used += len(places)


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
        self._sealing = _Sealing(new, placed.groups) if new is not None else None
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
        owners = self._placed.owner[first : first + len(into)]
        for owner in np.unique(owners).tolist():
            mine = np.flatnonzero(owners == owner)
            places = [into[index] for index in mine.tolist()]
            if owner == CAPSULE:
                for place in places:
                    place[:] = next(self._capsules)
            elif owner != NEW:
                self._keep(owner - 1, self._placed.source[first + mine].tolist(), places)
            elif self._sealing is not None:
                self._sealing.seal_into(places)

    def give_up(self) -> None:
        """Make whoever waits in `fill` stop waiting."""
        if self._new is not None:
            self._new.feed.close()

    def _keep(self, floor: int, sources: Sequence[int], places: Sequence[memoryview]) -> None:
        """Write shards of a kept floor, sealed anew, all together: one by one they cost a hundred times as much."""
        cipher = self._ciphers[floor]
        old = [self._waiting.pop(source, b"") or self._read(source) for source in sources if source >= 0]
        opened = iter(cipher.open_all(b"".join(old)))
        shards: list[tuple[SlotHeader, bytes | memoryview]] = []
        kept: list[memoryview] = []
        for source, place in zip(sources, places, strict=True):
            shard = self._renewed[floor][-1 - source] if source < 0 else next(opened)
            if shard is None:
                place[:] = secret.RANDOM(SLOT_BYTES)  # a bad sector: the shard is lost, and noise takes its place
            else:
                shards.append(shard)
                kept.append(place)
        cipher.seal_into(shards, secret.RANDOM(RANDOM_BYTES * len(shards)), kept)

    def _read(self, offset: int) -> bytes:
        try:
            return self._device.read(offset, SLOT_BYTES)
        except OSError:
            return bytes(SLOT_BYTES)
