"""The hands that write noise: one can only reach free clusters, the other only clusters that belong to no file."""

from __future__ import annotations

import numpy as np

from fifthfloor.cards.extents import merged
from fifthfloor.cards.image import Card
from fifthfloor.cards.remove import lost_extents
from fifthfloor.errors import BadInput, reason_of


class FreeWriter:
    """Writes to a card, inside its free extents and nowhere else (law 3 of docs/architecture.md).

    Args:
        card: opened writable; stays the caller's to close.
    """

    def __init__(self, card: Card) -> None:
        self._device = card.device
        self._starts = np.ascontiguousarray(card.free[:, 0])
        self._ends = self._starts + card.free[:, 1]

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        """Write `data` at a place that is wholly free.

        Raises:
            ValueError: a byte of it would lie outside the free extents; nothing was written.
            BadInput, NoRoom, DeviceRefused: as `Device.write`.
        """
        length = memoryview(data).nbytes
        index = int(np.searchsorted(self._starts, offset_bytes, side="right")) - 1
        if index < 0 or offset_bytes + length > int(self._ends[index]):
            raise ValueError(f"{length} bytes at {offset_bytes} are not inside one free extent")
        self._device.write(offset_bytes, data)

    def flush(self) -> None:
        """Return when everything written has reached the medium."""
        self._device.flush()


class CardMedium:
    """A card as a sweep sees it: writes go through the guard of free extents, reads to the medium."""

    def __init__(self, card: Card) -> None:
        self._writer = FreeWriter(card)
        self._device = card.device

    def write(self, offset_bytes: int, data: memoryview) -> None:
        self._writer.write(offset_bytes, data)

    def flush(self) -> None:
        self._writer.flush()

    def drop_cache(self) -> None:
        self._device.drop_cache()

    def read_into(self, offset_bytes: int, view: memoryview) -> None:
        """Read what is on the medium and not what the system remembers; `view` is whole pages of memory, or a part."""
        try:
            self._device.read_medium_into(offset_bytes, view)
        except OSError as error:
            reason = reason_of(error)
            raise BadInput("cards.unreadable", path=self._device.path, reason=reason) from error


class LostWriter(FreeWriter):
    """The same for clusters that are taken and belong to no file: an interrupted deletion, or one half done.

    Args:
        card: opened writable, with `mending`; stays the caller's to close.
    """

    def __init__(self, card: Card) -> None:
        self._device = card.device
        lost = merged([lost_extents(volume) for volume in card.volumes])
        self._starts = np.ascontiguousarray(lost[:, 0])
        self._ends = self._starts + lost[:, 1]
