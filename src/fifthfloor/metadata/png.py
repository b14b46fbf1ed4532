"""Chunks of PNG files, and the metadata in them (third edition, 5.3 and 11.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fifthfloor.metadata.metadata_block import MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 2000
MAX_CHUNK_BYTES = 8 << 20  # of one that is read
_XMP = b"XML:com.adobe.xmp\0"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk: its kind, where its contents begin in the file, and how long they are."""

    kind: bytes
    offset_bytes: int
    length_bytes: int


def chunks(read: Read) -> Iterator[Chunk]:
    """Yield the chunks up to the end of the picture, or to where the chain breaks."""
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        head = read(at, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if len(head) < 8 or length > 1 << 31:
            return
        yield Chunk(kind, at + 8, length)
        if kind == b"IEND":
            return
        at += 12 + length


def blocks(read: Read, _size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the metadata of a PNG."""
    for chunk in chunks(read):
        if chunk.kind == b"eXIf":
            data = read(chunk.offset_bytes, min(chunk.length_bytes, MAX_CHUNK_BYTES))
            yield MetadataBlock("exif", chunk.offset_bytes, len(data), reader_of(data))
        elif chunk.kind == b"iTXt":
            data = read(chunk.offset_bytes, min(chunk.length_bytes, MAX_CHUNK_BYTES))
            # Keyword, compression flag and method, language and translated keyword, each ending in a zero byte.
            if data.startswith(_XMP):
                start = max(0, data.find(b"<"))
                yield MetadataBlock("xmp", chunk.offset_bytes + start, len(data) - start, reader_of(data, start))
