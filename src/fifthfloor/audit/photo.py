"""What one photograph or film says about its maker, its owner, its place and its number.

Reading is by the bytes, never by the name's ending. Whatever is damaged is as if it were absent; nothing here raises
for bad bytes, and no read is longer than its limit.
"""

from __future__ import annotations

import re
import struct

from fifthfloor.audit.behind_end_mark import INSTA360_END
from fifthfloor.audit.captions import add_xmp
from fifthfloor.audit.film_facts import read_film, read_png
from fifthfloor.audit.film_tracks import read_tracks
from fifthfloor.audit.hiding_programs import hiding_program
from fifthfloor.audit.photo_facts import Draft, PhotoFacts, read_block, read_film_text
from fifthfloor.audit.trailers import trailer
from fifthfloor.metadata import behind_pictures, jpeg_head
from fifthfloor.metadata.beside_films import read_text
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
    end = source.size_bytes
    draft.unread["insta360"] += source.read(max(0, end - len(INSTA360_END)), len(INSTA360_END)) == INSTA360_END
    if container == "jpeg":
        _read_jpeg(read, 0, draft)
        for block in behind_pictures.blocks(read, source.size_bytes):
            read_block(block, draft)
        draft.trailer = trailer(source, draft.pictures_end)
        return draft.finish()
    if container == "raf":
        header = read_header(read)
        if header is not None:
            _read_jpeg(read, header.jpeg[0], draft)
        return draft.finish()
    if container == "boxes":
        read_film(read, source.size_bytes, draft)
        read_tracks(read, source.size_bytes, draft)
    for block in blocks_of(read, source.size_bytes):
        read_block(block, draft)
    if container == "png":
        read_png(read, draft)
    return draft.finish()


_SIDECAR = re.compile(rb"<(?:x:xmpmeta|x:xapmeta|rdf:RDF|NonRealTimeMeta|P2Main|gpx|kml)\b", re.IGNORECASE)
_SUBTITLES = re.compile(rb"\d\d:\d\d[,.]\d{3} --> \d\d:|\$G[PNL](?:RMC|GGA),")


def tells_of_a_film(data: bytes) -> bool:
    """Say whether a text tells of a film second by second, or describes a clip."""
    match = _SIDECAR.search(data[:4096])
    return _SUBTITLES.search(data[:4096]) is not None or (match is not None and b":" not in match[0])


def read_sidecar(data: bytes) -> PhotoFacts | None:
    """Read a text that stands beside a photograph or film, or alone; None where it says nothing of either.

    Args:
        data: of a file of any name; what it is, its first 4 KiB say.
    """
    head = data[:4096]
    match = _SIDECAR.search(head)
    draft = Draft("beside")
    if match is not None and b":" in match[0]:
        add_xmp(data, draft.captions)
    elif match is not None or _SUBTITLES.search(head):
        facts = read_text(data)
        if not facts.says_something:
            return None
        read_film_text(facts, draft)
    else:
        return None
    return draft.finish()


def _read_jpeg(read: Read, start: int, draft: Draft) -> None:
    """Read the JPEG at `start`; places in the file are those of the whole file."""

    def shifted(offset: int, length: int) -> bytes:
        return read(start + offset, length) if offset >= 0 else b""

    found = list(segments(shifted))
    draft.hiding = hiding_program(found)
    for block in jpeg_head.blocks(found):
        read_block(block, draft)
    for segment in found:
        pixels = jpeg_head.size_of(segment)
        if segment.marker == 0xE2 and segment.payload.startswith(b"MPF\0"):
            _read_pictures(segment, draft)
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
