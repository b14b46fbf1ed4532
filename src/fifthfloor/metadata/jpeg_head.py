"""The head of a JPEG file: its marker segments up to the first scan, and the metadata in them (T.81 B.1; Exif 4.5).

Counterpart in strictness: `jpeg.segments.split`, which cuts whole files that are published and refuses what lies.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from fifthfloor.metadata import iptc, xmp
from fifthfloor.metadata.metadata_block import BlockKind, MetadataBlock
from fifthfloor.metadata.tiff import Read, reader_of

APP1, APP2, APP6, APP11, APP13, SOS = 0xE1, 0xE2, 0xE6, 0xEB, 0xED, 0xDA
_FLIR, _GOPRO = b"FLIR\0", b"GoPro\0"
# All SOFn of T.81 table B.1: 0xC4 is DHT, 0xC8 is reserved, 0xCC is DAC.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MAX_SEGMENTS = 2048
MAX_SEGMENT_TOTAL = 64 << 20  # extended XMP may hold a depth map; more than this is not metadata
# As many pieces as can be counted (ICC.1 B.4); those of printers and of whole devices have 1 to 3 MB.
MAX_PROFILE_BYTES = 255 * 65_519
ICC = b"ICC_PROFILE\0"


class Marked(Protocol):
    """A segment of either reader: this one's, or a piece of `jpeg.segments`."""

    @property
    def marker(self) -> int: ...
    @property
    def payload(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker segment before the picture.

    Args:
        marker: its second byte.
        offset_bytes: of its contents in the file.
        payload: its contents.
    """

    marker: int
    offset_bytes: int
    payload: bytes


def segments(read: Read) -> Iterator[Segment]:
    """Yield the segments from SOI to the first start of scan; ends where the chain breaks."""
    at, total = 2, 0
    for _ in range(_MAX_SEGMENTS):
        head = read(at, 8)
        stray = head.find(b"\xff")
        if stray < 0:
            return
        at += stray
        head = read(at, 20)
        fill = len(head) - len(head.lstrip(b"\xff"))
        if len(head) < fill + 3:
            return
        marker, length = head[fill], int.from_bytes(head[fill + 1 : fill + 3], "big")
        if marker in (0xD8, 0xD9, 0x00) or length < 2:
            return
        at += fill + 3
        total += length
        payload = read(at, length - 2)
        if len(payload) < length - 2 or total > MAX_SEGMENT_TOTAL:
            return
        yield Segment(marker, at, payload)
        if marker == SOS:
            return
        at += length - 2


def blocks(found: Iterable[Segment]) -> Iterator[MetadataBlock]:
    """Yield the metadata in the segments of a head."""
    photoshop: list[bytes] = []
    thermal: list[bytes] = []
    manifests: dict[bytes, list[bytes]] = {}
    extended: dict[bytes, dict[int, bytes]] = {}
    for segment in found:
        if segment.marker == APP1 and segment.payload.startswith(b"Exif\0"):
            yield _block("exif", segment, 6)
        elif segment.marker == APP1 and segment.payload.startswith(xmp.JPEG_HEADER):
            yield _block("xmp", segment, len(xmp.JPEG_HEADER))
        elif segment.marker == APP1 and segment.payload.startswith(xmp.JPEG_HEADER[:-1] + b"<"):
            yield _block("xmp", segment, len(xmp.JPEG_HEADER) - 1)  # some leave the zero byte out
        elif segment.marker == APP1 and segment.payload.startswith(xmp.JPEG_EXTENDED):
            # A digest that names the packet, its length, where this piece belongs (XMP Part 3, 1.1.3.1).
            body = segment.payload[len(xmp.JPEG_EXTENDED) :]
            extended.setdefault(body[:32], {}).setdefault(int.from_bytes(body[36:40], "big"), body[40:])
        elif segment.marker == APP13:
            photoshop.append(segment.payload)
        elif segment.marker == APP1 and segment.payload.startswith(_FLIR):
            thermal.append(segment.payload[8:])
        elif segment.marker == APP6 and segment.payload.startswith(_GOPRO):
            yield _block("gopro", segment, len(_GOPRO))
        elif segment.marker == APP11 and segment.payload.startswith(b"JP"):
            # Number of the box, number of the piece, and in each piece the head of the box again (ISO 19566-5, D.2).
            pieces = manifests.setdefault(segment.payload[2:4], [])
            pieces.append(segment.payload[16 if pieces else 8 :])
    for kind, joined in (("flir", thermal), *(("c2pa", pieces) for pieces in manifests.values())):
        data = b"".join(joined)
        if data:
            yield MetadataBlock("flir" if kind == "flir" else "c2pa", 0, len(data), reader_of(data))
    for parts in extended.values():
        data = b"".join(parts[at] for at in sorted(parts))
        yield MetadataBlock("xmp", 0, len(data), reader_of(data))
    for chain in iptc.chains(photoshop):
        yield MetadataBlock("iptc", 0, len(chain), reader_of(chain))


def _block(kind: BlockKind, segment: Segment, skip: int) -> MetadataBlock:
    data = segment.payload[skip:]
    return MetadataBlock(kind, segment.offset_bytes + skip, len(data), reader_of(data))


def exif_in(found: Iterable[Marked]) -> Read:
    """Return a Read over the first Exif block that has a TIFF header; over nothing where there is none."""
    for segment in found:
        payload = segment.payload
        if segment.marker == APP1 and payload[:6] == b"Exif\0\0" and payload[6:10] in (b"II*\0", b"MM\0*"):
            return reader_of(payload, 6)
    return reader_of(b"")


def profile_in(found: Iterable[Marked]) -> bytes:
    """Return the ICC profile, whole, or nothing where pieces of it are missing (ICC.1 B.4)."""
    parts: dict[int, bytes] = {}
    counts = set()
    for segment in found:
        if segment.marker == APP2 and segment.payload.startswith(ICC) and len(segment.payload) >= 14:
            parts.setdefault(segment.payload[12], segment.payload[14:])
            counts.add(segment.payload[13])
    if len(counts) != 1 or sorted(parts) != list(range(1, max(counts) + 1)):
        return b""
    profile = b"".join(parts[number] for number in sorted(parts))
    return profile if 128 <= len(profile) <= MAX_PROFILE_BYTES and profile[36:40] == b"acsp" else b""


def names_a_profile(found: Iterable[Marked]) -> bool:
    """Say whether there are pieces of an ICC profile, whole or not, of any size."""
    return any(segment.marker == APP2 and segment.payload.startswith(ICC) for segment in found)


def size_of(segment: Segment) -> tuple[int, int] | None:
    """Return width and height that a start of frame gives; None for any other segment."""
    if segment.marker not in FRAMES or len(segment.payload) <= 5:
        return None
    height, width = struct.unpack(">HH", segment.payload[1:5])
    return width, height
