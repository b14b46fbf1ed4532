"""Boxes of ISO media files (ISO/IEC 14496-12, 4.2): HEIF, CR3, MOV, MP4; every length in them may lie."""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata.tiff import Read

_MAX_ISO_BOXES = 4096
CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")  # uuid of Canon's metadata in moov
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # uuid of a manifest (C2PA 2.1, A.5)
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # uuid of a packet (XMP Part 3, 1.2.7)
HOLDERS = frozenset([b"moov", b"trak", b"mdia", b"minf", b"stbl"])

IsoBox = tuple[bytes, int, int]
"""Kind, first byte of the contents, end."""


def header_of(head: bytes) -> tuple[bytes, int, int]:
    """Read up to 16 bytes of a box: kind, its length with the header (0: to the end), and the header's own length.

    Returns:
        A length below the header's for bytes that are no box.
    """
    if len(head) < 8:
        return b"", -1, 8
    length, kind = int.from_bytes(head[:4], "big"), head[4:8]
    if length == 1:
        return kind, int.from_bytes(head[8:16], "big") if len(head) >= 16 else -1, 16
    return kind, length, 8


def boxes(read: Read, start: int, end: int) -> Iterator[IsoBox]:
    """Yield the boxes between two offsets; one that is cut by the end is given up to it, then the walk ends."""
    for _ in range(_MAX_ISO_BOXES):
        if start >= end:
            return
        kind, length, skip = header_of(read(start, 16))
        if length == 0:
            length = end - start
        if length < skip:
            return
        yield kind, start + skip, min(end, start + length)
        start += length


def boxes_within(read: Read, start: int, end: int, depth: int) -> Iterator[IsoBox]:
    """Yield the boxes between two offsets and, each after its holder, those in `HOLDERS` and in Canon's box."""
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"uuid" and read(inside, 16) == CANON:
            inside, kind = inside + 16, b"moov"
        yield kind, inside, box_end
        if kind in HOLDERS and depth:
            yield from boxes_within(read, inside, box_end, depth - 1)
