"""How files are opened to be read in parts, of whatever size, without a trace on them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_LONGEST_READ_BYTES = 1 << 24


class FileOnDisk:
    """A file as readers of parts want it. Reads fewer bytes where the file has become shorter."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self._descriptor = descriptor
        self.size_bytes = size_bytes

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        if offset_bytes < 0 or length_bytes <= 0:
            return b""
        os.lseek(self._descriptor, offset_bytes, os.SEEK_SET)
        parts = []
        while length_bytes > 0 and (part := os.read(self._descriptor, min(length_bytes, _LONGEST_READ_BYTES))):
            parts.append(part)
            length_bytes -= len(part)
        return b"".join(parts)


@contextmanager
def opened(path: Path, *, follow: bool = False) -> Iterator[FileOnDisk | None]:
    """Open a regular file without waiting for anything or touching its access time; None if it is none.

    Args:
        path: of the file.
        follow: also where it is a link.
    """
    read_only = _READ_ONLY if follow else _READ_ONLY | _NO_LINK
    descriptor = -1
    for flags in (read_only | getattr(os, "O_NOATIME", 0), read_only):
        with suppress(OSError, ValueError):
            descriptor = os.open(path, flags)
            break
    if descriptor < 0:
        yield None
        return
    try:
        state = os.fstat(descriptor)
        yield FileOnDisk(descriptor, state.st_size) if stat.S_ISREG(state.st_mode) else None
    finally:
        os.close(descriptor)
