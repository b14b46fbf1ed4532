"""Devices that fail on purpose: what a card, a reader and a full disk do, at a call of the test's choosing."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.errors import BadInput, DeviceRefused, NoRoom

Call = tuple[Literal["read", "write", "flush", "drop_cache"], int, int]
"""What was asked: kind, offset in bytes, length in bytes."""

Fault = Literal["eio", "enospc", "gone", "drop", "short", "grow", "shrink", "ctrl-c"]


@dataclass(frozen=True, slots=True)
class Fails:
    """One fault.

    Args:
        at_call: it happens at this call, counted from 0 over reads, writes and flushes.
        fault: "eio" a bad sector; "enospc" the disk of the image is full; "gone" it disappears for good; "drop" a
            write is acknowledged and lost; "short" half of a write reaches the card, then it is gone; "grow" and
            "shrink": it has another size from now on; "ctrl-c": no fault of the card, the person stops it there.
        lasting: whether every later call of the same kind fails like this one.
    """

    at_call: int
    fault: Fault
    lasting: bool = False


@dataclass(eq=False)
class FailingDevice:
    """A device in memory or on another device, that keeps a log and fails as told; satisfies `cards.device.Device`.

    Args:
        under: the device that really reads and writes.
        faults: what goes wrong, and when.
        bad_sectors: reading any of these sectors (numbers of 512 bytes) is EIO, always.
    """

    under: Device
    faults: tuple[Fails, ...] = ()
    bad_sectors: frozenset[int] = frozenset()
    log: list[Call] = field(default_factory=list)
    calls: int = 0
    gone: bool = False
    resized: bool = False

    @property
    def path(self) -> str:
        return self.under.path

    @property
    def size_bytes(self) -> int:
        return self.under.size_bytes

    @property
    def sector_bytes(self) -> int:
        return self.under.sector_bytes

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        self._before("read", offset_bytes, length_bytes)
        return self.under.read(offset_bytes, length_bytes)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        self._before("read", offset_bytes, buffer.nbytes)
        self.under.read_into(offset_bytes, buffer)

    def read_medium_into(self, offset_bytes: int, buffer: memoryview) -> None:
        self._before("read", offset_bytes, buffer.nbytes)
        self.under.read_medium_into(offset_bytes, buffer)

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        fault = self._before("write", offset_bytes, memoryview(data).nbytes)
        if fault == "drop":
            return
        if fault == "short":
            self.under.write(offset_bytes, memoryview(data)[: memoryview(data).nbytes // 2])
            self.gone = True
            raise DeviceRefused("cards.gone", path=self.path)
        self.under.write(offset_bytes, data)

    def flush(self) -> None:
        self._before("flush", 0, 0)
        self.under.flush()

    def drop_cache(self) -> None:
        self.log.append(("drop_cache", 0, 0))
        self.under.drop_cache()

    def close(self) -> None:
        self.under.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _before(self, kind: Literal["read", "write", "flush"], offset: int, length: int) -> Fault | None:
        """Count and log a call; raise what `OpenFile` raises for the same trouble."""
        self.log.append((kind, offset, length))
        number, self.calls = self.calls, self.calls + 1
        if self.gone:
            raise DeviceRefused("cards.gone", path=self.path)
        if kind == "read" and any(s in self.bad_sectors for s in range(offset // 512, -(-(offset + length) // 512))):
            raise OSError(errno.EIO, os.strerror(errno.EIO), self.path)
        for fails in self.faults:
            if number == fails.at_call or (fails.lasting and number > fails.at_call):
                return self._fail(fails.fault, kind, offset)
        if self.resized and kind == "flush":
            raise BadInput("cards.size_changed", path=self.path, was=self.size_bytes, now=self.size_bytes + 512)
        return None

    def _fail(self, fault: Fault, kind: str, offset: int) -> Fault | None:
        if fault == "gone":
            self.gone = True
            raise DeviceRefused("cards.gone", path=self.path)
        if fault == "ctrl-c":
            raise KeyboardInterrupt
        if fault == "eio" and kind == "read":
            raise OSError(errno.EIO, os.strerror(errno.EIO), self.path)
        if fault == "eio":
            raise BadInput("cards.write_failed", path=self.path, offset=offset)
        if fault == "enospc" and kind != "read":
            raise NoRoom("cards.disk_full", path=self.path, free=0, needed=self.size_bytes)
        if fault == "shrink":
            raise BadInput("cards.size_changed", path=self.path, was=self.size_bytes, now=self.size_bytes - 512)
        if fault == "grow":
            self.resized = True  # what the real device notices when it is flushed
            return None
        return fault if kind == "write" else None


class MemoryDevice(OpenFile):
    """A device in memory. One that nobody closes goes with its last user: a run makes more than it may have open."""

    def __del__(self) -> None:
        self.close()


def memory_device(contents: bytes, path: str = "memory", sector_bytes: int = 512) -> MemoryDevice:
    """A device that lives in memory and is gone with the test."""
    descriptor = os.memfd_create("card") if hasattr(os, "memfd_create") else _temporary()
    os.truncate(descriptor, len(contents))
    os.pwrite(descriptor, contents, 0)
    return MemoryDevice(descriptor, path, sector_bytes)


def _temporary() -> int:
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
