"""IPTC records (IIM 4.2, record 2) in Photoshop's image resources, or bare as TIFF holds them.

Source: IIM 4.2, chapters 1 and 5; Adobe, "Photoshop File Formats", image resource 0x0404.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fifthfloor.metadata.text import declared_codec, decode, is_utf8

HEADER = b"Photoshop 3.0\0"
_RESOURCE = 0x0404
_MAX_IPTC_RECORDS = 2000  # keywords of a picture agency are some hundreds
MAX_RESOURCES = 500
# A caption of IIM has 2,000 bytes; longer values are previews.
_MAX_DATASET_BYTES = 64 << 10

Dataset = tuple[int, str]
"""Number of a dataset of record 2 (IIM 4.2, chapter 6), and its text."""


def chains(payloads: Iterable[bytes]) -> list[bytes]:
    """Join the image resources of a JPEG's APP13 segments.

    Args:
        payloads: contents of all of them, in order, with HEADER. A resource may go on in the next segment; one that
            begins with a resource of its own starts anew, whatever the one before promised.
    """
    found: list[bytearray] = []
    for payload in payloads:
        if not payload.startswith(HEADER):
            continue
        inside = payload[len(HEADER) :]
        if found and not inside.startswith(b"8BIM"):
            found[-1] += inside
        else:
            found.append(bytearray(inside))
    return [bytes(chain) for chain in found]


def records(data: bytes) -> list[Dataset]:
    """Read the records of a block: image resources, or a bare IIM block.

    What no code page is declared for and is not UTF-8 is taken for Windows-1252, which holds Latin-1 (`guessed`).
    """
    return [(number, decode(value, codec or "cp1252").strip("\0 \t\r\n")) for number, value, codec in _stored(data)]


def guessed(data: bytes) -> frozenset[int]:
    """Return the numbers of the datasets in whose texts letters are a guess: no code page is declared that we know."""
    return frozenset(number for number, value, codec in _stored(data) if codec is None and not is_utf8(value))


_Stored = tuple[int, bytes, str | None]
"""Number of a dataset, its bytes, and the codec that is declared for them."""


def _stored(data: bytes) -> Iterator[_Stored]:
    return _of_resources(data) if data.startswith(b"8BIM") else _of_block(data)


def _of_resources(data: bytes) -> Iterator[_Stored]:
    """Yield the records in a chain of image resources."""
    at = 0
    for _ in range(MAX_RESOURCES):
        if data[at : at + 4] != b"8BIM" or at + 12 > len(data):
            return
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        name = (data[at + 6] + 2) & ~1  # a Pascal string, padded to even
        length = int.from_bytes(data[at + 6 + name : at + 10 + name], "big")
        start = at + 10 + name
        if kind == _RESOURCE:
            yield from _of_block(data[start : start + length])
        at = start + length + (length & 1)


def _of_block(data: bytes) -> Iterator[_Stored]:
    """Yield the records of a bare IIM block; ends where the chain breaks."""
    codec: str | None = None
    at = 0
    for _ in range(_MAX_IPTC_RECORDS):
        if at + 5 > len(data) or data[at] != 0x1C:
            return
        record, number, length = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        at += 5
        if length & 0x8000:  # extended: so many bytes of length follow (IIM 4.2, 1.5.1)
            size = length & 0x7FFF
            length = int.from_bytes(data[at : at + min(size, 8)], "big")
            at += size
        value = data[at : at + length]
        if (record, number) == (1, 90):
            codec = declared_codec(value)
        elif record == 2 and length <= _MAX_DATASET_BYTES:
            yield number, value, codec
        at += length
