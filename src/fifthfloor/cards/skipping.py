"""A device whose unreadable sectors cost only themselves: they read as zeros and are counted. For readers only."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from fifthfloor.cards.device import Device

GRAIN_BYTES = 512
COARSE_BYTES = 64 << 10
MAX_FAILURES = 20_000  # then pieces of COARSE_BYTES are given up whole: each failure may take a card reader seconds


class SkippingDevice:
    """Another device, read around what it cannot read.

    Args:
        device: from now on ours to close.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._bad: dict[int, int] = {}
        self._failures = 0

    @property
    def path(self) -> str:
        return self._device.path

    @property
    def size_bytes(self) -> int:
        return self._device.size_bytes

    @property
    def sector_bytes(self) -> int:
        return self._device.sector_bytes

    @property
    def unreadable(self) -> tuple[tuple[int, int], ...]:
        """What could not be read so far: (offset_bytes, length_bytes), rising, not touching."""
        joined: list[tuple[int, int]] = []
        for offset, length in sorted(self._bad.items()):
            if joined and joined[-1][0] + joined[-1][1] >= offset:
                first = joined[-1][0]
                joined[-1] = (first, max(sum(joined[-1]), offset + length) - first)
            else:
                joined.append((offset, length))
        return tuple(joined)

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        try:
            return self._device.read(offset_bytes, length_bytes)
        except OSError:
            buffer = bytearray(length_bytes)
            self._around(offset_bytes, memoryview(buffer))
            return bytes(buffer)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        try:
            self._device.read_into(offset_bytes, buffer)
        except OSError:
            self._around(offset_bytes, buffer)

    def read_medium_into(self, offset_bytes: int, buffer: memoryview) -> None:
        try:
            self._device.read_medium_into(offset_bytes, buffer)
        except OSError:
            self._around(offset_bytes, buffer)

    def _around(self, offset_bytes: int, buffer: memoryview) -> None:
        """Halve what failed until what cannot be read is a sector, or too much has failed for that."""
        waiting = [(0, buffer.nbytes)]
        while waiting:
            at, length = waiting.pop()
            try:
                self._device.read_into(offset_bytes + at, buffer[at : at + length])
            except OSError:
                self._failures += 1
                grain = COARSE_BYTES if self._failures > MAX_FAILURES else GRAIN_BYTES
                start = offset_bytes + at
                if start // grain == (start + length - 1) // grain or (grain > GRAIN_BYTES and length <= grain):
                    buffer[at : at + length] = bytes(length)
                    self._bad[start] = max(length, self._bad.get(start, 0))
                    continue
                half = self._middle(offset_bytes + at, length)
                waiting += [(at + half, length - half), (at, half)]

    def _middle(self, offset_bytes: int, length_bytes: int) -> int:
        """Where to divide: on a sector of the device, neither part empty."""
        middle = (offset_bytes + length_bytes // 2) // GRAIN_BYTES * GRAIN_BYTES - offset_bytes
        return middle if 0 < middle < length_bytes else length_bytes // 2

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        raise ValueError(f"{len(data)} bytes at {offset_bytes}: what was opened to be read leniently is never written")

    def flush(self) -> None:
        raise ValueError("what was opened to be read leniently is never written")

    def drop_cache(self) -> None:
        self._device.drop_cache()

    def close(self) -> None:
        self._device.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
