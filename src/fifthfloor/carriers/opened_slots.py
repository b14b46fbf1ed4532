"""Slots read from carriers and opened, some at once; whose memory is used again where a group follows the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from fifthfloor.cards.device import Readable
from fifthfloor.carriers.found_slots import slot_bytes_of
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.shards import SURPLUS
from fifthfloor.floor.slot import SlotCipher, plain_bytes

OPENED_AT_ONCE = 128  # slots; enough to share the cost of their subkeys (`floor.xchacha`)

OpenedSlot = tuple[SlotHeader, memoryview]
SlotPlace = tuple[int, int]
"""Which of the devices, and bytes from its beginning."""


class Lent:
    """Memory handed out in parts, and all of it anew after `again`.

    The first touch of what a group needs, 40 MB, costs as much as opening what is put there.
    """

    def __init__(self) -> None:
        self._parts: list[memoryview] = []
        self._given = 0

    def again(self) -> None:
        """Take back every part: whoever still holds one will find it overwritten."""
        self._given = 0

    def take(self, length_bytes: int) -> memoryview:
        """Return so many bytes of anything."""
        if self._given == len(self._parts):
            self._parts.append(memoryview(b""))
        if len(self._parts[self._given]) < length_bytes:
            self._parts[self._given] = np.empty(length_bytes, np.uint8).data
        self._given += 1
        return self._parts[self._given - 1][:length_bytes]


def opened_slots(
    devices: Sequence[Readable],
    cipher: SlotCipher,
    places: Sequence[SlotPlace],
    at_once: int | None = None,
    lent: Lent | None = None,
) -> Iterator[tuple[SlotPlace, OpenedSlot]]:
    """Open slots in order, some at once; whoever stops early has read at most a batch too many.

    Args:
        devices: in any order.
        cipher: of the floor's keys; what does not open under them is left out.
        places: of the slots.
        at_once: how many; `OPENED_AT_ONCE` where nothing is said.
        lent: what they are opened into; memory of their own where none is given.
    """
    sizes = [slot_bytes_of(device) for device in devices]
    for slot_bytes, run in groupby(places, key=lambda place: sizes[place[0]]):
        yield from _run(devices, cipher, list(run), slot_bytes, at_once or OPENED_AT_ONCE, lent)


def evenly(source_symbols: int | None) -> int | None:
    """Return how many slots to open at once, so that hardly one more is read than a group of K is tried with first."""
    if not source_symbols:
        return None
    most = source_symbols + SURPLUS
    return -(-most // -(-most // (2 * OPENED_AT_ONCE)))


def _run(
    devices: Sequence[Readable],
    cipher: SlotCipher,
    places: Sequence[SlotPlace],
    slot_bytes: int,
    at_once: int,
    lent: Lent | None,
) -> Iterator[tuple[SlotPlace, OpenedSlot]]:
    """Open slots of one size."""
    buffer = memoryview(bytearray(min(len(places), at_once) * slot_bytes))
    for start in range(0, len(places), at_once):
        batch = places[start : start + at_once]
        slots = buffer[: len(batch) * slot_bytes]
        for index, (source, offset) in enumerate(batch):
            slot = slots[index * slot_bytes : (index + 1) * slot_bytes]
            try:
                devices[source].read_into(offset, slot)
            except OSError:
                slot[:] = bytes(slot_bytes)  # no slot, whatever stood there before
        into = lent.take(len(batch) * plain_bytes(slot_bytes)) if lent is not None else None
        for where, opened in zip(batch, cipher.open_all(slots, slot_bytes, into), strict=True):
            if opened is not None:
                yield where, opened
