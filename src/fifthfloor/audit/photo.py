"""What one photograph or film says about its maker, its owner, its place and its number.

Reading is by the bytes, never by the name's ending. Whatever is damaged is as if it were absent; nothing here raises
for bad bytes, and no read is longer than its limit.
"""

from __future__ import annotations

import struct

from fifthfloor.audit.film_facts import read_film, read_png
from fifthfloor.audit.photo_facts import Draft, PhotoFacts, read_block
from fifthfloor.audit.trailers import trailer
from fifthfloor.metadata import jpeg_head
from fifthfloor.metadata.blocks import blocks_of, container_of
from fifthfloor.metadata.jpeg_head import Segment, segments
from fifthfloor.metadata.raf import read_header
from fifthfloor.metadata.source import Source, head_reader
from fifthfloor.metadata.text import text_of
from fifthfloor.metadata.tiff import Read, Tiff, reader_of


def read_photo(source: Source) -> PhotoFacts | None:
    """Read the facts of a photograph or film; None where the bytes are neither."""
    read = head_reader(source)
    container = container_of(read(0, 16))
    if container is None:
        return None
    draft = Draft(container)
    if container == "jpeg":
        _read_jpeg(read, 0, draft)
        draft.trailer = trailer(source, draft.pictures_end)
        return draft.finish()
    if container == "raf":
        header = read_header(read)
        if header is not None:
            _read_jpeg(read, header.jpeg[0], draft)
        return draft.finish()
    if container == "boxes":
        read_film(read, source.size_bytes, draft)
    for block in blocks_of(read, source.size_bytes):
        read_block(block, draft)
    if container == "png":
        read_png(read, draft)
    elif container == "heic" and b"c2pa" in read(0, HEIF_SIGNED_BYTES):
        draft.signed = "c2pa"
    return draft.finish()


HEIF_SIGNED_BYTES = 64 << 10  # a manifest's box stands before the picture


def _read_jpeg(read: Read, start: int, draft: Draft) -> None:
    """Read the JPEG at `start`; places in the file are those of the whole file."""

    def shifted(offset: int, length: int) -> bytes:
        return read(start + offset, length) if offset >= 0 else b""

    found = list(segments(shifted))
    for block in jpeg_head.blocks(found):
        read_block(block, draft)
    for segment in found:
        pixels = jpeg_head.size_of(segment)
        if segment.marker == 0xE2 and segment.payload.startswith(b"MPF\0"):
            _read_pictures(segment, draft)
        elif segment.marker == 0xEB and b"jumb" in segment.payload[:64]:
            draft.signed = "c2pa"
        elif segment.marker == 0xFE:
            draft.captions.add("comment", text_of(segment.payload))
        elif pixels is not None:
            draft.pixels = pixels


def _read_pictures(segment: Segment, draft: Draft) -> None:
    tiff = Tiff.open(reader_of(segment.payload, 4))
    if tiff is None:
        return
    entry = tiff.directory(tiff.first_offset).entries.get(0xB002)
    entries = tiff.raw(entry, 16 * 64)
    draft.pictures = max(1, len(entries) // 16)
    for _kind, size, offset, _linked in struct.iter_unpack(tiff.order + "IIII", entries[: len(entries) // 16 * 16]):
        if offset:
            draft.pictures_end = max(draft.pictures_end, segment.offset_bytes + 4 + offset + size)
