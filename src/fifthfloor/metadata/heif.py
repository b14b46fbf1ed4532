"""Metadata in HEIF files (ISO/IEC 23008-12), found by how it begins.

An item's place is in `iloc` and may be anywhere; its first bytes are always the same, so that the head of the file is
searched for them. What lies behind SEARCHED_BYTES is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata.metadata_block import MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

_SEARCHED_BYTES = 1 << 20


def blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the first Exif block and the first XMP packet of the head."""
    data = read(0, min(_SEARCHED_BYTES, size_bytes))
    place = data.find(b"Exif\0\0")
    while place >= 0:
        if data[place + 6 : place + 10] in (b"II*\0", b"MM\0*"):
            yield MetadataBlock("exif", place + 6, len(data) - place - 6, reader_of(data, place + 6))
            break
        place = data.find(b"Exif\0\0", place + 1)
    start = data.find(b"<x:xmpmeta")
    if start >= 0:
        end = data.find(b"</x:xmpmeta>", start)
        packet = data[start : end + 12 if end >= 0 else len(data)]
        yield MetadataBlock("xmp", start, len(packet), reader_of(packet))
