"""What slots are read from: a card, any byte of it, or what was found in the photographs of a roll."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from fifthfloor.cards.device import Readable
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.slot import FINE_IN_SLOT, FINE_SYMBOL_BYTES, SLOT_BYTES, SMALL_SLOT_BYTES


class FoundSlots:
    """The slots that were recognised in a roll, one after the other: what `Collection` reads of it.

    Args:
        photographs: of each photograph that was read, its slots of 1,024 bytes.
    """

    slot_bytes = SMALL_SLOT_BYTES

    def __init__(self, photographs: Sequence[Sequence[bytes]]) -> None:
        self._data = memoryview(b"".join(slot for slots in photographs for slot in slots))
        self._photograph = np.repeat(np.arange(len(photographs)), [len(slots) for slots in photographs])

    def photograph(self, offset_bytes: int) -> int:
        """Return which photograph a slot is in."""
        return int(self._photograph[offset_bytes // self.slot_bytes])

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        buffer[:] = self._data[offset_bytes : offset_bytes + len(buffer)]


def slot_bytes_of(device: Readable) -> int:
    """Return the size of the slots on a carrier."""
    return device.slot_bytes if isinstance(device, FoundSlots) else SLOT_BYTES


def parts_of(header: SlotHeader, symbol: memoryview) -> Iterator[tuple[SlotHeader, memoryview]]:
    """Yield what a slot holds: one symbol, or of a fine floor on a card eighteen (spec/floor.md, section 3.3)."""
    if not header.fine or len(symbol) == FINE_SYMBOL_BYTES:
        yield header, symbol
        return
    for part in range(FINE_IN_SLOT):
        start = part * FINE_SYMBOL_BYTES
        yield replace(header, symbol=header.symbol * FINE_IN_SLOT + part), symbol[start : start + FINE_SYMBOL_BYTES]
