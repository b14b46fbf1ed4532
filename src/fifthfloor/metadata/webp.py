"""Chunks of WebP files (RFC 9649, 2.7) and the metadata in them; every length in them may lie."""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.metadata import iptc
from fifthfloor.metadata.metadata_block import BlockKind, MetadataBlock
from fifthfloor.metadata.text import text_of
from fifthfloor.metadata.tiff import Read, reader_of

_MAX_RIFF_CHUNKS = 4096  # an animation has one for each frame
_MAX_RIFF_CHUNK_BYTES = 8 << 20
WEBP_PICTURES = frozenset([b"VP8 ", b"VP8L", b"VP8X"])  # how the first chunk of each begins
_KIND_OF_CHUNK: dict[bytes, BlockKind] = {b"EXIF": "exif", b"XMP ": "xmp", b"C2PA": "c2pa", b"IPTC": "iptc"}

_INFORMATION = {
    "IART": "artist", "ICOP": "copyright", "INAM": "title", "ICMT": "comment", "IKEY": "keywords", "ISFT": "software",
    "ISBJ": "subject", "IARL": "location", "ICMS": "client", "IENG": "engineer", "ITCH": "owner", "IWRI": "writer",
    "ICRD": "date", "IDIT": "date", "ISMP": "time",
}  # fmt: skip


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


def _chunks(read: Read, size_bytes: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, place and length of the chunks; those behind the length that the head gives, too."""
    at = 12
    for _ in range(_MAX_RIFF_CHUNKS):
        head = read(at, 8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], "little")
        yield (
            head[:4].replace(b"\0", b" "),
            at + 8,
            min(length, _MAX_RIFF_CHUNK_BYTES, size_bytes),
        )  # some end "XMP" in a zero
        at += 8 + length + length % 2


def blocks(read: Read, size_bytes: int) -> Iterator[MetadataBlock]:
    """Yield the metadata of a WebP."""
    for chunk, at, length in _chunks(read, size_bytes):
        kind = _KIND_OF_CHUNK.get(chunk)
        if kind is not None:
            data = read(at, length)
            # Many writers put JPEG's six bytes before the TIFF, against the specification.
            skip = 6 + data.find(b"Exif\0\0", 0, 12) if kind == "exif" and b"Exif\0\0" in data[:12] else 0
            skip = len(iptc.HEADER) if data.startswith(iptc.HEADER) else skip
            yield MetadataBlock(kind, at + skip, len(data) - skip, reader_of(data, skip))


def profiles(read: Read, size_bytes: int) -> Iterator[bytes]:
    """Yield its colour profile."""
    yield from (read(at, length) for chunk, at, length in _chunks(read, size_bytes) if chunk == b"ICCP")


def information(read: Read, size_bytes: int) -> Iterator[tuple[str, str]]:
    """Yield the texts of a list of RIFF, each with its name (Microsoft, "Multimedia Programming Interface" 1.0)."""
    for chunk, at, length in _chunks(read, size_bytes):
        if chunk != b"LIST" or read(at, 4) != b"INFO":
            continue
        place, end = at + 4, at + length
        while place + 8 <= end:
            head = read(place, 8)
            size = int.from_bytes(head[4:], "little")
            if len(head) < 8:
                break
            letters = head[:4].decode("latin-1")
            yield _INFORMATION.get(letters, letters), text_of(read(place + 8, min(size, end - place - 8)))
            place += 8 + size + size % 2
