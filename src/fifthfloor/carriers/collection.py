"""Reading: recognised slots of any number of carriers, sorted into floors and groups (spec/floor.md, sections 2 to 5).

Pass one (`scan`) reads everything once and opens nothing. Pass two (`Collection.group`) opens what one group needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.device import Readable
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.carriers.found_slots import FoundSlots, parts_of, slot_bytes_of
from fifthfloor.carriers.free_space import Advance
from fifthfloor.carriers.opened_slots import Lent, OpenedSlot, SlotPlace, evenly, opened_slots
from fifthfloor.errors import BadInput
from fifthfloor.floor.header import OldTerms, SlotHeader, Terms, open_terms
from fifthfloor.floor.shards import SURPLUS, WrongSymbols, decode
from fifthfloor.floor.shares import combine
from fifthfloor.floor.slot import (
    FINE_IN_SLOT,
    FINE_SYMBOL_BYTES,
    SECTOR_BYTES,
    SLOT_BYTES,
    SYMBOL_BYTES,
    SlotCipher,
    floor_tag,
    prefixes_of,
)
from fifthfloor.floor.veil import Veil

READ_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Index:
    """Recognised slots, not yet opened; all arrays of shape (n,).

    Args:
        source: which of the devices, from 0.
        offset: bytes on that device.
        floor_tag, group, symbol: by the hint, not to be believed before opening.
    """

    source: NDArray[np.int64]
    offset: NDArray[np.int64]
    floor_tag: NDArray[np.int64]
    group: NDArray[np.int64]
    symbol: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Index:
        """Return the chosen rows."""
        return Index(
            self.source[chosen], self.offset[chosen], self.floor_tag[chosen], self.group[chosen], self.symbol[chosen]
        )

    def __len__(self) -> int:
        return len(self.source)


def scan(devices: Sequence[Readable], cipher: SlotCipher, advance: Advance) -> Index:
    """Find every recognised slot of one cipher; arguments as `scan_for`."""
    return scan_for(devices, [cipher], advance)[0]


def scan_for(devices: Sequence[Readable], ciphers: Sequence[SlotCipher], advance: Advance) -> list[Index]:
    """Find every recognised slot of the devices, at any 512-byte phase, in one reading for all ciphers.

    Args:
        devices: in any order, strangers among them.
        ciphers: each of a floor's keys.
        advance: told the bytes just read.

    Returns:
        what each of them recognises.

    The reads are the same whatever is found. Sectors that cannot be read are passed over.
    """
    rows: list[list[NDArray[np.int64]]] = [[np.zeros((5, 0), np.int64)] for _ in ciphers]
    buffer = memoryview(bytearray(READ_BYTES))
    for source, device in enumerate(devices):
        whole = device.size_bytes // SECTOR_BYTES * SECTOR_BYTES
        for start in range(0, whole, READ_BYTES):
            length = min(READ_BYTES, whole - start)
            _read_round(device, start, buffer[:length])
            prefixes = prefixes_of(np.frombuffer(buffer[:length], np.uint8))
            for cipher, found in zip(ciphers, rows, strict=True):
                hits = cipher.recognise_prefixes(prefixes)
                if not len(hits.sector):
                    continue
                offset = start + hits.sector * SECTOR_BYTES
                inside = offset + slot_bytes_of(device) <= device.size_bytes
                row = np.stack([np.full(len(offset), source), offset, hits.floor_tag, hits.group, hits.symbol])
                found.append(row[:, inside])
            advance(length)
    return [Index(*np.concatenate(found, axis=1)) for found in rows]


def _read_round(device: Readable, start: int, buffer: memoryview) -> None:
    """Read, with zeros for sectors that cannot be read; halves the range until the bad sectors are alone."""
    try:
        device.read_into(start, buffer)
    except OSError:
        if len(buffer) <= SECTOR_BYTES:
            buffer[:] = bytes(len(buffer))
            return
        half = max(SECTOR_BYTES, len(buffer) // 2 // SECTOR_BYTES * SECTOR_BYTES)
        _read_round(device, start, buffer[:half])
        _read_round(device, start + half, buffer[half:])


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What as many carriers as the threshold tell of their floor.

    Args:
        content_key: of the archive.
        carriers, threshold, groups: of the floor.
        terms: by carrier, of those that are here; none in version 1.
    """

    content_key: bytes
    carriers: int
    threshold: int
    groups: int
    terms: dict[int, Terms]

    def source_symbols(self, group: int) -> int | None:
        """Return K of a group; None where the terms do not tell it."""
        terms = next(iter(self.terms.values()), None)
        return terms.source_symbols(group) if terms is not None and group < terms.groups else None


@dataclass(frozen=True, slots=True)
class FloorFacts:
    """What the slots of one floor id say of it, authenticated.

    Args:
        floor_id: 16 bytes.
        shares: carrier number -> its share, for the carriers that are here.
        sealed_terms: carrier number -> what the content key opens; empty in version 1.
        old: what version 1 says openly, by one of its slots.
        fine: whether its symbols are those of a floor that is in a roll too.
        veiled: whether they are veiled.
    """

    floor_id: bytes
    shares: dict[int, bytes]
    sealed_terms: dict[int, bytes]
    old: OldTerms | None
    fine: bool = False
    veiled: bool = False

    @property
    def symbol_bytes(self) -> int:
        """Bytes of one symbol."""
        return FINE_SYMBOL_BYTES if self.fine else SYMBOL_BYTES

    def unlock(self) -> Unlocked | None:
        """Return what the shares that are here open together; None while they are too few."""
        if self.old is not None:
            if len(self.shares) < self.old.threshold:
                return None
            key = combine(dict(sorted(self.shares.items())[: self.old.threshold]))
            return Unlocked(key, self.old.carriers, self.old.threshold, self.old.groups, {})
        # Nothing says how many are needed: all that are here give the key, or nothing does.
        key = combine(self.shares)
        terms = {x: open_terms(sealed, key, x) for x, sealed in self.sealed_terms.items()}
        lawful = {x: one for x, one in terms.items() if one is not None}
        if (
            len(lawful) < len(terms)
            or len({(t.carriers, t.threshold, t.groups, t.symbols) for t in lawful.values()}) != 1
        ):
            return None
        one = next(iter(lawful.values()))
        return Unlocked(key, one.carriers, one.threshold, one.groups, lawful)

    def source_symbols(self, header: SlotHeader, unlocked: Unlocked | None) -> int | None:
        """Return K of the group of a slot; None while nobody can know it."""
        if header.old is not None:
            return header.old.source_symbols
        return unlocked.source_symbols(header.group) if unlocked is not None else None


@dataclass(frozen=True, slots=True)
class WrongShard:
    """A shard that opens and is not what the code made of its group.

    Args:
        source: which of the devices, from 0.
        offset: bytes on that device.
        group, symbol: as its header says.
    """

    source: int
    offset: int
    group: int
    symbol: int


class Collection:
    """The recognised slots of some devices, opened as they are needed."""

    def __init__(self, devices: Sequence[Readable], cipher: SlotCipher, index: Index) -> None:
        self._devices = devices
        self._cipher = cipher
        self._compare = False
        self._lent = Lent()  # of the group that is brought back
        self.wrong: list[WrongShard] = []
        # By floor, group, then symbol: source symbols first, because a group that has them all needs no decoding.
        self._index = index.where(np.lexsort((index.symbol, index.group, index.floor_tag)))

    @property
    def unreadable_bytes(self) -> int:
        """How much of its devices could not be read so far, and was passed over."""
        skipping = (device for device in self._devices if isinstance(device, SkippingDevice))
        return sum(length for device in skipping for _, length in device.unreadable)

    def begin(self, *, compare: bool) -> None:
        """Forget which shards were `wrong`: found while groups were brought back, and left out.

        Args:
            compare: from now on, whether shards are compared with each other even where the source symbols, which need
                no code, are all here; that takes as long as decoding.
        """
        self._compare = compare
        self.wrong = []

    def __len__(self) -> int:
        return len(self._index)

    def floors(self) -> list[FloorFacts]:
        """Return every floor of which a slot opens, in order of floor id.

        Opens slots of each floor tag until every carrier's share is known or the slots are used up.
        """
        found: dict[bytes, FloorFacts] = {}
        for tag in np.unique(self._index.floor_tag).tolist():
            found |= self._learnt(self._of_tag(tag))
        return [found[key] for key in sorted(found)]

    def _learnt(self, rows: Index) -> dict[bytes, FloorFacts]:
        """Learn the floors of one tag; whoever has the keys may have made thousands of floors, with a tag each."""
        found: dict[bytes, FloorFacts] = {}
        first = rows.where(rows.group == rows.group.min())
        # One group shows all floors of a tag and most shares; a card that lost that group is sampled over its length.
        for header, _ in self._opened(first):
            _note(header, found)
        known = set(first.source.tolist())
        for source in np.unique(rows.source).tolist():
            if source not in known:
                others = rows.where(rows.source == source)
                for header, _ in self._opened(others):
                    _note(header, found)
                    break
        if any(floor.unlock() is None for floor in found.values()):
            for header, _ in self._opened(rows):
                _note(header, found)
        return found

    def photograph(self, where: tuple[int, int]) -> int | None:
        """Return the photograph of a slot (device, offset); None for one that is on a card."""
        device = self._devices[where[0]]
        return device.photograph(where[1]) if isinstance(device, FoundSlots) else None

    def groups_here(self, facts: FloorFacts, groups: int) -> list[int]:
        """Return the groups of which a slot is recognised, rising; a header may claim a million others."""
        found = np.unique(self._of_tag(floor_tag(facts.floor_id)).group)
        return [int(group) for group in found if group < groups]

    def pieces(self, facts: FloorFacts) -> int:
        """Count the slots that are recognised as its own; nothing is opened."""
        return len(self._of_tag(floor_tag(facts.floor_id)))

    def _symbols(self, facts: FloorFacts, group: int, at_once: int | None) -> Iterator[OpenedSlot]:
        """Open the slots of one group, source symbols first, each symbol number once; lent until the next group."""
        self._lent.again()
        seen: set[int] = set()
        for _where, (header, symbol) in self._opened_at(self._rows(facts, group), at_once, self._lent):
            if header.floor_id == facts.floor_id and header.kind == (facts.fine, facts.veiled):
                for one, part in parts_of(header, symbol):
                    if one.symbol not in seen:
                        seen.add(one.symbol)
                        yield one, part

    def placed(self, facts: FloorFacts, group: int) -> Iterator[tuple[tuple[int, int], SlotHeader]]:
        """Open the slots of one group and say where each is: ((device, offset), header), each symbol number once."""
        seen: set[int] = set()
        for where, (header, symbol) in self._opened_at(self._rows(facts, group)):
            if header.floor_id == facts.floor_id and header.kind == (facts.fine, facts.veiled):
                for one, _part in parts_of(header, symbol):
                    if one.symbol not in seen:
                        seen.add(one.symbol)
                        yield where, one

    def raw(self, facts: FloorFacts) -> Iterator[bytes]:
        """Give every slot of a floor that opens, sealed as it stands, each symbol once."""
        rows = self._of_tag(floor_tag(facts.floor_id))
        seen: set[tuple[int, int]] = set()
        for (source, offset), (header, _symbol) in self._opened_at(rows):
            if header.floor_id != facts.floor_id or (header.group, header.symbol) in seen:
                continue
            seen.add((header.group, header.symbol))
            slot = bytearray(SLOT_BYTES)
            self._devices[source].read_into(offset, memoryview(slot))
            yield bytes(slot)

    def group(self, facts: FloorFacts, unlocked: Unlocked, group: int) -> memoryview | None:
        """Bring one encrypted group back, opening hardly more slots than it needs; None if they are too few.

        Raises:
            BadInput: shards contradict each other, and these do not tell which are wrong. Those that can be told are
                left out and noted in `wrong`.
        """
        held: dict[int, memoryview] = {}
        veil = Veil(unlocked.content_key) if facts.veiled else None
        needed = unlocked.source_symbols(group) or 0  # version 1 says it in each slot
        at_once = None if facts.fine else evenly(needed)  # a slot may hold many fine symbols
        tries = (SURPLUS, 2 * SURPLUS, 4 * SURPLUS)  # more than K; a failure at the first is a wrong shard
        for header, symbol in self._symbols(facts, group, at_once):
            if veil:
                veil.over_rows(group, [header.symbol], [symbol])
            held[header.symbol] = symbol
            needed = needed or facts.source_symbols(header, unlocked) or 0
            if len(held) == needed and max(held) < needed and not self._compare:
                break
            if needed and len(held) - needed in tries:
                with suppress(BadInput):
                    if (whole := self._decoded(facts, unlocked, group, needed, held)) is not None:
                        return whole
        return self._decoded(facts, unlocked, group, needed, held) if needed else None

    def _decoded(
        self, facts: FloorFacts, unlocked: Unlocked, group: int, needed: int, held: dict[int, memoryview]
    ) -> memoryview | None:
        while True:
            try:
                return decode(needed, held, compare=self._compare)
            except WrongSymbols as error:
                if not error.numbers:
                    raise BadInput("open.shards_disagree", group=group + 1, groups=unlocked.groups) from error
                for number in error.numbers:
                    del held[number]
                    self._note_wrong(facts, group, number)

    def _note_wrong(self, facts: FloorFacts, group: int, number: int) -> None:
        rows = self._rows(facts, group)
        # A card's slot of a fine floor is indexed under its own number, which is that of its symbols divided.
        same = rows.symbol == number
        if not same.any():
            same = rows.symbol == number // FINE_IN_SLOT
        row = int(np.flatnonzero(same)[0])
        self.wrong.append(WrongShard(int(rows.source[row]), int(rows.offset[row]), group, number))

    def _of_tag(self, tag: int) -> Index:
        """Return the slots whose hint has a tag; the index is sorted by it."""
        low, high = np.searchsorted(self._index.floor_tag, [tag, tag + 1]).tolist()
        return self._index.where(np.arange(low, high))

    def _rows(self, facts: FloorFacts, group: int) -> Index:
        tag = floor_tag(facts.floor_id)
        return self._index.where(np.arange(self._lower(tag, group), self._lower(tag, group + 1)))

    def _lower(self, tag: int, group: int) -> int:
        index = self._index
        low = int(np.searchsorted(index.floor_tag, tag))
        high = int(np.searchsorted(index.floor_tag, tag, side="right"))
        return low + int(np.searchsorted(index.group[low:high], group))

    def _opened(self, rows: Index) -> Iterator[OpenedSlot]:
        return (opened for _where, opened in self._opened_at(rows))

    def _opened_at(
        self, rows: Index, at_once: int | None = None, lent: Lent | None = None
    ) -> Iterator[tuple[SlotPlace, OpenedSlot]]:
        places = list(zip(rows.source.tolist(), rows.offset.tolist(), strict=True))
        return opened_slots(self._devices, self._cipher, places, at_once, lent)


def _note(header: SlotHeader, found: dict[bytes, FloorFacts]) -> None:
    facts = found.setdefault(header.floor_id, FloorFacts(header.floor_id, {}, {}, header.old, *header.kind))
    facts.shares.setdefault(header.carrier, header.share)
    if header.old is None:
        facts.sealed_terms.setdefault(header.carrier, header.terms)
