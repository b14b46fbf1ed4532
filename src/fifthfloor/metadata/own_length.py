"""Forms that carving does not look for and that say themselves where they end: sounds and films of RIFF, X3F, CIFF.

Sources: "Multimedia Programming Interface and Data Specifications 1.0" (RIFF); "X3F Raw Image File Format
Specification" (Foveon): the last four bytes lead to the directory; "CIFF Specification on Image Data File" 1.0 revision
4 (Canon, CRW): the last four bytes of a heap lead to its directory.
"""

from __future__ import annotations

from typing import Literal

from fifthfloor.metadata.tiff import Read

_RIFF_HEAD_BYTES, _CHUNK_HEAD_BYTES = 12, 8
_MOST_CHUNKS = 4096
_FIRST_OF_SOUND, _MOST_FIRST_BYTES = (b"fmt ", b"bext", b"JUNK", b"iXML"), 1 << 16
_CIFF_HEAP_BYTES = 26  # of the header before it
_CIFF_ENTRY_BYTES = 10


def ends_as_it_says(read: Read, size_bytes: int) -> bool | None:
    """Say whether a file is there to its end, by what it says itself; None where it is of none of these forms.

    Args:
        read: (offset_bytes, length_bytes) to bytes; less at the end.
        size_bytes: of the file, as its entry says.
    """
    head = read(0, 16)
    if head.startswith(b"RIFF"):
        return riff_end(read, 0) == size_bytes if leads_on(read, 0) else None
    if head.startswith(b"FOVb"):
        at = int.from_bytes(read(size_bytes - 4, 4), "little")
        return at < size_bytes and read(at, 4) == b"SECd"
    if head[6:14] == b"HEAPCCDR":
        return _ciff_leads_to_its_end(read, size_bytes, "little" if head.startswith(b"II") else "big")
    return None


def leads_on(read: Read, start: int) -> bool:
    """Whether the first chunk of the RIFF form at `start` is one that such a form begins with, with a likely length."""
    head = read(start + _RIFF_HEAD_BYTES, _RIFF_HEAD_BYTES)
    listed = head[:4] == b"LIST" and head[8:12] in (b"hdrl", b"movi", b"INFO")
    return listed or (head[:4] in _FIRST_OF_SOUND and int.from_bytes(head[4:8], "little") <= _MOST_FIRST_BYTES)


def riff_end(read: Read, start: int) -> int | None:
    """Follow the chunks of the RIFF form at `start` to where its head says it ends; None where they lead elsewhere."""
    head = read(start, _RIFF_HEAD_BYTES)
    end = start + _CHUNK_HEAD_BYTES + int.from_bytes(head[4:8], "little")
    at = start + _RIFF_HEAD_BYTES
    for _ in range(_MOST_CHUNKS):
        if at >= end - 1:  # a chunk of odd length may lack its filling at the very end
            return end if at <= end + 1 else None
        chunk = read(at, _CHUNK_HEAD_BYTES)
        if len(chunk) < _CHUNK_HEAD_BYTES or not all(0x20 <= letter < 0x7F for letter in chunk[:4]):
            return None
        length = int.from_bytes(chunk[4:], "little")
        at += _CHUNK_HEAD_BYTES + length + length % 2
    return None


def _ciff_leads_to_its_end(read: Read, size_bytes: int, endian: Literal["little", "big"]) -> bool:
    at = _CIFF_HEAP_BYTES + int.from_bytes(read(size_bytes - 4, 4), endian)
    count = int.from_bytes(read(at, 2), endian)
    return at < size_bytes and count > 0 and at + 2 + count * _CIFF_ENTRY_BYTES <= size_bytes - 4
