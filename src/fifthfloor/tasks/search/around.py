"""A file on a disk whose unreadable sectors cost only themselves: they read as zeros and are counted."""

from __future__ import annotations

from fifthfloor.metadata.source import Source

_WORN_BYTES = 512
_MAX_WORN_READS = (
    400  # that failed, each perhaps after seconds: some twenty sectors; of a file with more nothing is read
)


class ReadAround:
    """Another file, read around what cannot be read of it.

    Args:
        source: of the file.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._bad: set[int] = set()
        self._failures = 0

    @property
    def size_bytes(self) -> int:
        return self._source.size_bytes

    @property
    def unread_bytes(self) -> int:
        """How much could not be read so far."""
        return sum(min(_WORN_BYTES, self.size_bytes - at) for at in self._bad)

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        """Read as any source; raises OSError where too much of it cannot be read."""
        end = min(offset_bytes + length_bytes, self.size_bytes) if self._bad else offset_bytes + length_bytes
        parts, at = [], offset_bytes
        for bad in sorted(self._bad):
            if bad < end and at < bad + _WORN_BYTES and offset_bytes >= 0:
                parts += [self._tried(at, max(0, bad - at)), bytes(min(end, bad + _WORN_BYTES) - max(at, bad))]
                at = min(end, bad + _WORN_BYTES)
        return b"".join([*parts, self._tried(at, end - at)])

    def _tried(self, offset_bytes: int, length_bytes: int) -> bytes:
        """Halve what fails until it is a sector."""
        if length_bytes <= 0:
            return b""
        try:
            return self._source.read(offset_bytes, length_bytes)
        except OSError:
            self._failures += 1
            if self._failures > _MAX_WORN_READS:
                raise
        first, last = (at // _WORN_BYTES for at in (offset_bytes, offset_bytes + length_bytes - 1))
        if first == last:
            self._bad.add(first * _WORN_BYTES)
            return bytes(max(0, min(length_bytes, self.size_bytes - offset_bytes)))
        middle = (first + last + 1) // 2 * _WORN_BYTES - offset_bytes
        return self._tried(offset_bytes, middle) + self._tried(offset_bytes + middle, length_bytes - middle)
