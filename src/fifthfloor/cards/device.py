"""Bytes at places: the one door to an image file or a block device.

Rule 1: a read or write is whole or an error; what the system calls short is carried on or named.
Rule 2: no TRIM, discard, zero-out or punched hole, ever: what the tool wrote must stay written.
Rule 3: a device that is mounted, held by another, or not what it was when opened is refused.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Protocol, Self

from fifthfloor.cards.past_cache import PastCache
from fifthfloor.errors import BadInput, DeviceRefused, NoRoom

# What Linux says when a card is pulled, a reader unplugged, or a loop device detached.
GONE = {errno.ENODEV, errno.ENXIO, errno.ESTALE, getattr(errno, "ENOMEDIUM", errno.ENXIO)}


class _Sized(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...


def check_range(device: _Sized, offset_bytes: int, length_bytes: int) -> None:
    """Refuse what is not wholly on a device. Raises BadInput."""
    end = offset_bytes + length_bytes
    if offset_bytes < 0 or end > device.size_bytes:
        raise BadInput("cards.beyond_end", path=device.path, end=end, size=device.size_bytes)


class Readable(Protocol):
    """Something of a fixed size that can be read at any byte: a device, or what is read as if it were one."""

    @property
    def size_bytes(self) -> int: ...
    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        """Fill `buffer`; raises like `Device.read`."""


class Device(Readable, Protocol):
    """What can be written, too."""

    @property
    def path(self) -> str: ...
    @property
    def sector_bytes(self) -> int:
        """What the hardware writes at once: 512 or 4096; 512 for images."""

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        """Read exactly so much.

        Raises:
            OSError: EIO, a bad sector; its `filename` is `path`.
            BadInput: beyond the end, or the device became shorter.
            DeviceRefused: the device is gone.
        """

    def read_medium_into(self, offset_bytes: int, buffer: memoryview) -> None:
        """Fill `buffer` past the system's cache, where that can be; it must begin at a memory page for that."""

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        """Write all of `data`.

        Raises:
            BadInput: beyond the end, or the device cannot write there.
            NoRoom: the disk that holds the image is full.
            DeviceRefused: the device is gone.
        """

    def flush(self) -> None:
        """Return when everything written has reached the medium; raises like `write`."""

    def drop_cache(self) -> None:
        """Ask the system to forget what it has cached, so that the next read meets the medium."""

    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class OpenFile:
    """An image file or block device that is open; made by `image.open_raw` and `image.open_card`.

    Args:
        descriptor: an open file descriptor, from now on ours to close.
        path: as the person named it.
        sector_bytes: 512 or 4096.
        past_cache: a second descriptor, as `PastCache` says; None where it is to be opened when it is wanted.
    """

    _has_a_name = False  # a file in memory never has one

    def __init__(self, descriptor: int, path: str, sector_bytes: int = 512, past_cache: int | None = None) -> None:
        self._descriptor = descriptor
        self._past_cache = PastCache(descriptor, past_cache)
        self.path = path
        self.sector_bytes = sector_bytes
        self.size_bytes = self._measure()
        self._has_a_name = os.fstat(descriptor).st_nlink > 0

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        check_range(self, offset_bytes, length_bytes)
        try:
            data = _bytes_at(self._descriptor, length_bytes, offset_bytes)
        except OSError as error:
            self._refuse_read(error)
        if len(data) == length_bytes:
            return data
        buffer = bytearray(length_bytes)  # in parts, as it comes
        self.read_into(offset_bytes, memoryview(buffer))
        return bytes(buffer)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        check_range(self, offset_bytes, buffer.nbytes)
        done = 0
        while done < buffer.nbytes:
            try:
                got = _read_at(self._descriptor, buffer[done:], offset_bytes + done)
            except OSError as error:
                self._refuse_read(error)
            if got == 0:
                self._refuse_new_size()
            done += got

    def read_medium_into(self, offset_bytes: int, buffer: memoryview) -> None:
        check_range(self, offset_bytes, buffer.nbytes)
        if not self._past_cache.read_into(offset_bytes, buffer):
            self.read_into(offset_bytes, buffer)

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        view = memoryview(data).cast("B")
        check_range(self, offset_bytes, view.nbytes)
        done = view.nbytes if self._past_cache.write(offset_bytes, view) else 0
        while done < view.nbytes:
            try:
                got = _write_at(self._descriptor, view[done:], offset_bytes + done)
            except OSError as error:
                self._refuse_write(error, offset_bytes + done)
            if got == 0:
                raise BadInput("cards.write_failed", path=self.path, offset=offset_bytes + done)
            done += got

    def flush(self) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self._refuse_write(error, 0)
        if self._measure() != self.size_bytes:
            self._refuse_new_size()
        # What is written can be read back, and nobody finds it again.
        if self._has_a_name and os.fstat(self._descriptor).st_nlink == 0:
            raise BadInput("cards.deleted", path=self.path)

    def drop_cache(self) -> None:
        if sys.platform == "linux":
            # A file system that cannot (FUSE, tmpfs) leaves the pages; the read-back is then only as good as it is.
            with contextlib.suppress(OSError):
                os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def descriptors(self) -> tuple[int, int]:
        """Return the descriptor and the one past the cache (-1: none), for another process too; ours to close."""
        return self._descriptor, self._past_cache.second()

    def close(self) -> None:
        self._past_cache.close()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _measure(self) -> int:
        # The end of a block device is found by seeking; its stat says 0.
        return os.lseek(self._descriptor, 0, os.SEEK_END)

    def _refuse_new_size(self) -> NoReturn:
        raise BadInput("cards.size_changed", path=self.path, was=self.size_bytes, now=self._measure())

    def _refuse_read(self, error: OSError) -> NoReturn:
        if error.errno in GONE:
            raise DeviceRefused("cards.gone", path=self.path) from error
        error.filename = self.path
        raise error

    def _refuse_write(self, error: OSError, offset_bytes: int) -> NoReturn:
        if error.errno in GONE:
            raise DeviceRefused("cards.gone", path=self.path) from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("cards.disk_full", path=self.path, free=_room(self.path), needed=self.size_bytes) from error
        raise BadInput("cards.write_failed", path=self.path, offset=offset_bytes) from error


def _room(path: str) -> int:
    return shutil.disk_usage(Path(path).resolve().parent).free


if sys.platform == "win32":
    # Here the position belongs to the file, and a sweep reads kept slots while it writes.
    _ONE_AT_A_TIME = threading.Lock()

    def _bytes_at(descriptor: int, length_bytes: int, offset_bytes: int) -> bytes:
        with _ONE_AT_A_TIME:
            os.lseek(descriptor, offset_bytes, os.SEEK_SET)
            return os.read(descriptor, length_bytes)

    def _read_at(descriptor: int, buffer: memoryview, offset_bytes: int) -> int:
        data = _bytes_at(descriptor, buffer.nbytes, offset_bytes)
        buffer[: len(data)] = data
        return len(data)

    def _write_at(descriptor: int, data: memoryview, offset_bytes: int) -> int:
        with _ONE_AT_A_TIME:
            os.lseek(descriptor, offset_bytes, os.SEEK_SET)
            return os.write(descriptor, data)

else:

    def _bytes_at(descriptor: int, length_bytes: int, offset_bytes: int) -> bytes:
        # The system writes into the object that is returned: filling a buffer and copying it takes twice as long.
        return os.pread(descriptor, length_bytes, offset_bytes)

    def _read_at(descriptor: int, buffer: memoryview, offset_bytes: int) -> int:
        return os.preadv(descriptor, [buffer], offset_bytes)

    def _write_at(descriptor: int, data: memoryview, offset_bytes: int) -> int:
        return os.pwrite(descriptor, data, offset_bytes)
