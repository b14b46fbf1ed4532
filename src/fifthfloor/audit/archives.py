"""Names inside TAR archives with how each member begins, and the texts inside packed files, unpacked within limits.

A packer may shrink a gigabyte to a kilobyte; a reader that only wants names must unpack all of it. So unpacking is
counted, and whoever reaches the limit is told instead of read.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import Protocol

MAX_UNPACKED_BYTES = 128 << 20  # of one packed archive: a second of gzip, some seconds of bzip2
_MAX_MEMBER_NAMES = 20_000
MEMBER_LOOK_BYTES = 4096  # of a member
MAX_HEAD_BYTES = 8 << 20  # of a packed text: a novel is one
LZMA_MEMORY_BYTES = 80 << 20  # `xz -9` asks for 65 MiB to unpack
_UNPACK_STEP_BYTES = 64 << 10
_TAR_MARK = slice(257, 262)  # "ustar", POSIX.1-1988


class LimitError(Exception):
    """An archive unpacks to more than it may."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Unpacking:
    """The contents of a packed file, read forwards; after `limit_bytes` it raises LimitError.

    Args:
        data: the packed file: gzip, bzip2, xz, or anything else, which is given as it is.
        limit_bytes: how much may come out.
    """

    def __init__(self, data: bytes, limit_bytes: int = MAX_UNPACKED_BYTES) -> None:
        self._packed = io.BytesIO(data)
        self._unpacker = _unpacker_of(data)
        self._held = b""
        self._left_bytes = limit_bytes

    def read(self, length_bytes: int) -> bytes:
        """Return the next bytes, fewer at the end. Raises LimitError, and what a damaged file raises."""
        if self._unpacker is None:
            return self._packed.read(length_bytes)
        parts, wanted = [], length_bytes
        while wanted > 0 and (step := self._step(self._unpacker, wanted)):
            parts.append(step)
            wanted -= len(step)
            self._left_bytes -= len(step)
            if self._left_bytes < 0:
                raise LimitError
        return b"".join(parts)

    def _step(self, unpacker: _Unpacker, wanted: int) -> bytes:
        while not unpacker.eof:
            given = self._held or self._packed.read(_UNPACK_STEP_BYTES)
            out = unpacker.decompress(given, min(wanted, 1 << 20))
            # zlib hands back what it has not looked at, the others keep it.
            self._held = getattr(unpacker, "unconsumed_tail", b"")
            if out:
                return out
            if not given and getattr(unpacker, "needs_input", True):
                raise EOFError
        return b""


def _unpacker_of(data: bytes) -> _Unpacker | None:
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31)
    if data.startswith(b"BZh"):
        return bz2.BZ2Decompressor()
    if data.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor(memlimit=LZMA_MEMORY_BYTES)
    return None


def is_packed_or_tar(data: bytes) -> bool:
    """Say whether a file is a TAR archive or packed by one program that is known here."""
    return data[_TAR_MARK] == b"ustar" or _unpacker_of(data) is not None


def packed_text(data: bytes) -> bytes | None:
    """Return the first MAX_HEAD_BYTES of what is packed; None where it is a TAR archive, whose names are wanted.

    Raises: what a damaged file raises.
    """
    if _unpacker_of(data) is None:
        return None
    head = Unpacking(data).read(512)
    if head[_TAR_MARK] == b"ustar":
        return None
    return Unpacking(data).read(MAX_HEAD_BYTES)


def members_of_tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each member of a TAR archive, packed or not, and how it begins.

    Raises:
        LimitError: more members or more bytes than are read.
        tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError: a damaged archive.
    """
    with tarfile.open(fileobj=Unpacking(data), mode="r|", bufsize=_UNPACK_STEP_BYTES) as archive:  # type: ignore[call-overload]
        for number, member in enumerate(archive):
            if number >= _MAX_MEMBER_NAMES:
                raise LimitError
            opened = archive.extractfile(member) if member.isreg() and member.size else None
            yield member.name, opened.read(MEMBER_LOOK_BYTES) if opened is not None else b""
            # A stream has no use for the list that tarfile keeps of all it has passed.
            archive.members = []
