"""A device that reads and writes whole sectors only, as raw disks of Windows and macOS do: bytes at any place over it.

Rule: what a caller asks for goes through one page-aligned buffer; a write of part of a sector reads the sector first.
"""

from __future__ import annotations

import mmap
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import NoReturn, Self

from fifthfloor.cards.device import check_range
from fifthfloor.errors import BadInput

_SECTOR_BUFFER_BYTES = 1 << 20


class SectorDevice(ABC):
    """The part of `Device` that knows only sectors; below it two calls of the system.

    Args:
        path: as the person named it.
        size_bytes: of the device, a multiple of its sectors.
        sector_bytes: what the hardware reads and writes at once; at most 1 MiB.
    """

    def __init__(self, path: str, size_bytes: int, sector_bytes: int) -> None:
        self.path = path
        self.sector_bytes = sector_bytes
        self.size_bytes = size_bytes // sector_bytes * sector_bytes
        # Raw disks want memory that begins at a sector, which the caller's need not; pages do.
        self._buffer = memoryview(mmap.mmap(-1, _SECTOR_BUFFER_BYTES))
        self._one_at_a_time = threading.Lock()

    @abstractmethod
    def _fill(self, offset_bytes: int, sectors: memoryview, /) -> int:
        """Read whole sectors into `sectors`; returns how many bytes there were."""

    @abstractmethod
    def _put(self, offset_bytes: int, sectors: memoryview, /) -> int:
        """Write whole sectors; returns how many bytes were taken."""

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        buffer = bytearray(length_bytes)
        self.read_into(offset_bytes, memoryview(buffer))
        return bytes(buffer)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        view = buffer.cast("B")
        check_range(self, offset_bytes, view.nbytes)
        done = 0
        with self._one_at_a_time:
            while done < view.nbytes:
                skipped, sectors = self._span(offset_bytes + done, view.nbytes - done)
                got = self._fill(offset_bytes + done - skipped, sectors)
                taken = min(got - skipped, view.nbytes - done)
                if taken <= 0:
                    self._refuse_new_size(offset_bytes + done)
                view[done : done + taken] = sectors[skipped : skipped + taken]
                done += taken

    def read_medium_into(self, offset_bytes: int, buffer: memoryview) -> None:
        # Raw devices of both systems have no cache of their own.
        self.read_into(offset_bytes, buffer)

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        view = memoryview(data).cast("B")
        check_range(self, offset_bytes, view.nbytes)
        done = 0
        with self._one_at_a_time:
            while done < view.nbytes:
                skipped, sectors = self._span(offset_bytes + done, view.nbytes - done)
                at = offset_bytes + done - skipped
                piece = view[done : done + len(sectors) - skipped]
                if len(piece) < len(sectors) and self._fill(at, sectors) < len(sectors):
                    self._refuse_new_size(at)
                sectors[skipped : skipped + len(piece)] = piece
                self._put_whole(at, sectors)
                done += len(piece)

    def _put_whole(self, offset_bytes: int, sectors: memoryview) -> None:
        done = 0
        while done < len(sectors):
            taken = self._put(offset_bytes + done, sectors[done:])
            if taken <= 0 or taken % self.sector_bytes:
                raise BadInput("cards.write_failed", path=self.path, offset=offset_bytes + done)
            done += taken

    def _span(self, offset_bytes: int, length_bytes: int) -> tuple[int, memoryview]:
        """Return how far into its sector a place lies, and the buffer for the sectors from there on."""
        skipped = offset_bytes % self.sector_bytes
        whole = -(-(skipped + length_bytes) // self.sector_bytes) * self.sector_bytes
        return skipped, self._buffer[: min(whole, _SECTOR_BUFFER_BYTES // self.sector_bytes * self.sector_bytes)]

    @abstractmethod
    def flush(self) -> None:
        """Have all that was written on the medium."""

    def drop_cache(self) -> None:  # noqa: B027 - nothing to do is what every raw device does
        """There is none."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _refuse_new_size(self, now_bytes: int) -> NoReturn:
        raise BadInput("cards.size_changed", path=self.path, was=self.size_bytes, now=now_bytes)
