"""IPTC that programs of picture desks append to a finished file: AFCP and FotoStation.

Source: AXS, "File Concatenation Protocol" 1.0 (table of entries found from the last twelve bytes); FotoWare's trailer
as ExifTool's `FotoStation.pm` documents it (records chained backwards, each ending in kind, length and a mark).
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata.metadata_block import MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

FOTOSTATION = bytes.fromhex("a1b2c3d4")
_MAX_TRAILERS = 16
_MAX_BEHIND_ENTRIES = 256
_MAX_IPTC_BYTES = 1 << 20


def blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the IPTC blocks behind a picture, the last one first."""
    end = size_bytes
    for _ in range(_MAX_TRAILERS):
        tail = read(end - 12, 12) if end > 24 else b""
        if tail[:4] in (b"AXS!", b"AXS*"):
            start = int.from_bytes(tail[4:8], "big" if tail[3:4] == b"!" else "little")
            if not 0 < start < end - 12 or read(start, 4) != tail[:4]:
                return
            yield from _of_afcp(read, start, end)
        elif tail[8:] == FOTOSTATION:
            length = int.from_bytes(tail[4:8], "big")
            start = end - length
            if length < 10 or start <= 0:
                return
            if tail[2:4] == b"\0\1":
                yield _iptc(read, start, length - 10)
        else:
            return
        end = start


def _of_afcp(read: Read, start: int, end: int) -> Iterator[MetadataBlock]:
    head = read(start, 12)
    order = "big" if head[3:4] == b"!" else "little"
    entries = read(start + 12, 12 * min(_MAX_BEHIND_ENTRIES, _number(head[6:8], order)))
    for at in range(0, len(entries) - 11, 12):
        length, place = _number(entries[at + 4 : at + 8], order), _number(entries[at + 8 : at + 12], order)
        if entries[at : at + 4] == b"IPTC" and 0 < place <= end:
            yield _iptc(read, place, length)


def _number(data: bytes, order: str) -> int:
    return int.from_bytes(data, "big" if order == "big" else "little")


def _iptc(read: Read, start: int, length: int) -> MetadataBlock:
    data = read(start, min(length, _MAX_IPTC_BYTES))
    return MetadataBlock("iptc", start, len(data), reader_of(data))
