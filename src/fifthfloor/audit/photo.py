"""What one photograph or film says about its maker, its owner, its place and its number.

Reading is by the bytes, never by the name's ending. Whatever is damaged is as if it were absent; nothing here raises
for bad bytes, and no read is longer than its limit.
"""

from __future__ import annotations

import struct

from fifthfloor.audit.captions import IPTC_HEADER, XMP_HEADER, read_iptc, read_xmp
from fifthfloor.audit.exif import Draft, PhotoFacts, read_tiff
from fifthfloor.audit.jpeg_parts import Segment, Source, head_reader, segments, trailer
from fifthfloor.audit.photo_boxes import read_boxes, read_png
from fifthfloor.audit.tiff import MAGICS, Read, Tiff, reader_of, text_of


def read_photo(source: Source) -> PhotoFacts | None:
    """Read the facts of a photograph or film; None where the bytes are neither."""
    read = head_reader(source)
    head = read(0, 16)
    if head.startswith(b"\xff\xd8\xff"):
        draft = Draft("jpeg")
        _read_jpeg(read, draft)
        draft.trailer = trailer(source, draft.pictures_end)
    elif head[:4] in MAGICS:
        draft = Draft("tiff")
        read_tiff(read, 0, draft)
    elif head.startswith(b"FUJIFILMCCD-RAW "):
        draft = Draft("raf")
        place = struct.unpack(">II", read(84, 8).ljust(8, b"\0"))[0]
        _read_jpeg(lambda offset, length: read(place + offset, length) if offset >= 0 else b"", draft)
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        draft = Draft("png")
        read_png(read, draft)
    elif head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"skip", b"free"):
        draft = Draft("mov")
        read_boxes(read, source.size_bytes, draft)
    else:
        return None
    return draft.finish()


def _read_jpeg(read: Read, draft: Draft) -> None:
    for segment in segments(read):
        if segment.marker == 0xE1 and segment.data.startswith(b"Exif\0"):
            read_tiff(reader_of(segment.data, 6), segment.offset_bytes + 6, draft)
        elif segment.marker == 0xE1 and segment.data.startswith(XMP_HEADER):
            read_xmp(segment.data[len(XMP_HEADER) :], draft.captions)
        elif segment.marker == 0xED and segment.data.startswith(IPTC_HEADER):
            read_iptc(segment.data, draft.captions)
        elif segment.marker == 0xE2 and segment.data.startswith(b"MPF\0"):
            _read_pictures(segment, draft)
        elif segment.marker == 0xEB and b"jumb" in segment.data[:64]:
            draft.signed = "c2pa"
        elif segment.marker == 0xFE:
            draft.captions.add("comment", text_of(segment.data))
        elif segment.marker in range(0xC0, 0xD0) and segment.marker not in (0xC4, 0xC8, 0xCC) and len(segment.data) > 5:
            height, width = struct.unpack(">HH", segment.data[1:5])
            draft.pixels = (width, height)


def _read_pictures(segment: Segment, draft: Draft) -> None:
    tiff = Tiff.open(reader_of(segment.data, 4))
    if tiff is None:
        return
    entry = tiff.directory(tiff.first_offset).entries.get(0xB002)
    entries = tiff.raw(entry, 16 * 64)
    draft.pictures = max(1, len(entries) // 16)
    for _kind, size, offset, _linked in struct.iter_unpack(tiff.order + "IIII", entries[: len(entries) // 16 * 16]):
        if offset:
            draft.pictures_end = max(draft.pictures_end, segment.offset_bytes + 4 + offset + size)
