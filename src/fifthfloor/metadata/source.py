"""Files wherever they are: on a card, a disk, in an archive, in memory; and how heads are read at once."""

from __future__ import annotations

from typing import Protocol

from fifthfloor.metadata.tiff import Read

_KEPT_HEAD_BYTES = 128 << 10  # holds all metadata of nearly every photograph in one read


class Source(Protocol):
    """A file, wherever it is."""

    @property
    def size_bytes(self) -> int: ...
    def read(self, offset_bytes: int, length_bytes: int) -> bytes: ...


class BytesSource:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        return self._data[offset_bytes : offset_bytes + length_bytes] if offset_bytes >= 0 else b""


def head_reader(source: Source) -> Read:
    """Return a Read that answers from one read of the head where it can."""
    head = source.read(0, min(_KEPT_HEAD_BYTES, source.size_bytes))

    def read(offset: int, length: int) -> bytes:
        if offset < 0 or length <= 0:
            return b""
        if offset + length <= len(head) or len(head) == source.size_bytes:
            return head[offset : offset + length]
        return source.read(offset, min(length, max(0, source.size_bytes - offset)))

    return read
