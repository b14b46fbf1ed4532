"""Chunks of WebP files (RFC 9649, 2.7) and the metadata in them; every length in them may lie."""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata.metadata_block import BlockKind, MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

_MAX_RIFF_CHUNKS = 4096  # an animation has one for each frame
_MAX_RIFF_CHUNK_BYTES = 8 << 20
WEBP_PICTURES = frozenset([b"VP8 ", b"VP8L", b"VP8X"])  # how the first chunk of each begins
_KIND_OF_CHUNK: dict[bytes, BlockKind] = {b"EXIF": "exif", b"XMP ": "xmp", b"C2PA": "c2pa"}


def is_webp(head: bytes) -> bool:
    """Say by its first twelve bytes whether a file is a WebP."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def end_of(read: Read, size_bytes: int) -> int:
    """Where the last chunk ends, of those behind the length in the head too; the file's end where that is cut."""
    end = min(size_bytes, 8 + int.from_bytes(read(4, 4), "little"))
    for _ in range(_MAX_RIFF_CHUNKS):
        head = read(end, 8)
        after = end + 8 + int.from_bytes(head[4:], "little")
        if len(head) < 8 or head[:4].replace(b"\0", b" ") not in _KIND_OF_CHUNK or after > size_bytes:
            break
        end = after + after % 2
    return min(end, size_bytes)


def blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the metadata of a WebP; chunks behind the length that its head gives are read too."""
    at = 12
    for _ in range(_MAX_RIFF_CHUNKS):
        head = read(at, 8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], "little")
        kind = _KIND_OF_CHUNK.get(head[:4].replace(b"\0", b" "))  # some end "XMP" in a zero
        if kind is not None:
            data = read(at + 8, min(length, _MAX_RIFF_CHUNK_BYTES, size_bytes))
            # Many writers put JPEG's six bytes before the TIFF, against the specification.
            skip = 6 if kind == "exif" and data.startswith(b"Exif\0\0") else 0
            yield MetadataBlock(kind, at + 8 + skip, len(data) - skip, reader_of(data, skip))
        at += 8 + length + length % 2
