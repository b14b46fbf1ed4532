"""The one hand that writes during a sweep, and can only reach free clusters."""

from __future__ import annotations

import numpy as np

from fifthfloor.cards.image import Card


class FreeWriter:
    """Writes to a card, inside its free extents and nowhere else (the third law).

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
