"""Boxes of JPEG XL files (ISO/IEC 18181-2, 9) and the metadata in them.

A bare codestream has none. Metadata packed with Brotli (`brob`) is told as "sealed": nothing here unpacks it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.metadata_block import MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

CONTAINER = bytes.fromhex("0000000c4a584c200d0a870a")
CODESTREAM = b"\xff\x0a"
JXL_PICTURES = frozenset([b"jxlc", b"jxlp"])
_MAX_JXL_BLOCK_BYTES = 8 << 20


def blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the metadata of a JPEG XL file."""
    if read(0, 12) != CONTAINER:
        return
    for kind, start, end in boxes(read, 12, size_bytes):
        length = min(_MAX_JXL_BLOCK_BYTES, end - start)
        if kind == b"Exif":
            skip = 4 + int.from_bytes(read(start, 4), "big")
            data = read(start + skip, length - skip)
            yield MetadataBlock("exif", start + skip, len(data), reader_of(data))
        elif kind == b"xml ":
            data = read(start, length)
            yield MetadataBlock("xmp", start, len(data), reader_of(data))
        elif kind == b"jumb":
            # The manifest is read with its box around it, as it stands in other containers.
            data = read(start - 8, length + 8)
            yield MetadataBlock("c2pa", start - 8, len(data), reader_of(data))
        elif kind == b"brob" and read(start, 4) in (b"Exif", b"xml ", b"jumb"):
            yield MetadataBlock("sealed", start, end - start, reader_of(b""))
