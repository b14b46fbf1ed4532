"""A way past the system's cache: what is read comes from the medium, and what is written is not copied on its way.

Linux only. Everything here may be refused by the file system, and then the ordinary way is taken; which way a write
goes is decided by its place and length alone, never by what is in it.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "linux":
    import fcntl

_WORTH_IT_BYTES = 64 << 10  # below this the cache is faster than the medium
_ALIGNMENT_BYTES = 512


class PastCache:
    """A second descriptor on an open file or device, with O_DIRECT; opened when it is first wanted.

    A flag set on the one descriptor for the time of a call would hit whoever else reads with it meanwhile.

    Args:
        descriptor: of the file; stays the caller's to close.
        own: the second one, where whoever opened the file has opened it as well; closed here.
    """

    def __init__(self, descriptor: int, own: int | None = None) -> None:
        self._of = descriptor
        self._own = own  # -1 when this file has none

    def read_into(self, offset_bytes: int, buffer: memoryview) -> bool:
        """Fill `buffer`, which begins at a memory page or a sector after one; False where that cannot be done so."""
        if sys.platform != "linux" or not _suits(offset_bytes, buffer.nbytes):
            return False
        try:
            return (own := self._opened()) >= 0 and os.preadv(own, [buffer], offset_bytes) == buffer.nbytes
        except OSError:
            # Larger sectors, memory that is no page; or a bad sector, which the ordinary way meets again and names.
            return False

    def write(self, offset_bytes: int, data: memoryview) -> bool:
        """Write all of `data`; False where that cannot be done so, and then any part of it may have been written."""
        if sys.platform != "linux" or not _suits(offset_bytes, data.nbytes):
            return False
        try:
            return (own := self._opened()) >= 0 and os.pwrite(own, data, offset_bytes) == data.nbytes
        except OSError:
            return False

    def second(self) -> int:
        """Return the second descriptor, -1 where there is none; still ours to close."""
        return self._opened()

    def close(self) -> None:
        if self._own is not None and self._own >= 0:
            os.close(self._own)
        self._own = -1

    def _opened(self) -> int:
        if self._own is None:
            self._own = _second(self._of)
        return self._own


def _suits(offset_bytes: int, length_bytes: int) -> bool:
    return length_bytes >= _WORTH_IT_BYTES and (offset_bytes | length_bytes) % _ALIGNMENT_BYTES == 0


if sys.platform == "linux":

    def _second(descriptor: int) -> int:
        # By its descriptor and not by its name: a name may lead elsewhere by now.
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
        try:
            return os.open(f"/proc/self/fd/{descriptor}", flags | os.O_DIRECT | os.O_CLOEXEC)
        except OSError:
            return -1

else:

    def _second(descriptor: int) -> int:  # noqa: ARG001
        return -1
