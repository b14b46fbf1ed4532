"""IPTC records (IIM 4.2, record 2) in Photoshop's image resources, or bare as TIFF holds them.

Source: IIM 4.2, chapters 1 and 5; Adobe, "Photoshop File Formats", image resource 0x0404.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from fifthfloor.metadata.text import declared_codec, decode, is_utf8

HEADER = b"Photoshop 3.0\0"
# What a resource begins with: Adobe's own, and those of other programs (ImageReady, Illustrator ...), which hold no
# IPTC but stand before it.
_PHOTOSHOP = b"8BIM"
_OPENINGS = (_PHOTOSHOP, b"MeSa", b"AgHg", b"PHUT", b"DCSR")
_RESOURCE, _APPLICATION = 0x0404, 2
_MAX_IPTC_RECORDS = 2000  # keywords of a picture agency are some hundreds
MAX_RESOURCES = 500
# A caption of IIM has 2,000 bytes; longer values are previews.
_MAX_DATASET_BYTES = 64 << 10

Dataset = tuple[int, str]
"""Number of a dataset of record 2 (IIM 4.2, chapter 6), and its text."""


def chains(payloads: Iterable[bytes]) -> list[bytes]:
    """Join the image resources of a JPEG's APP13 segments.

    Args:
        payloads: contents of all of them, in order, with HEADER. A resource of which bytes are missing goes on in the
            next segment, whatever that begins with, where behind them another resource begins or nothing is left. Else
            a segment that begins with a resource of its own starts anew, and so does one that is resources to its end.
    """
    insides = [payload[len(HEADER) :] for payload in payloads if payload.startswith(HEADER)]
    whole = b"".join(insides)
    begins: list[int] = []
    at = reached = 0  # where the resource begins that may go on, and what has been gone through
    for inside in insides:
        if begins and inside.startswith(_OPENINGS):
            at = _cut_resource(whole, at, reached)
        of_its_own = inside.startswith(_OPENINGS) and _cut_resource(inside, 0, len(inside)) >= len(inside)
        if not begins or of_its_own or (inside.startswith(_OPENINGS) and not _goes_on(whole, at, reached)):
            begins.append(reached)
            at = reached
        reached += len(inside)
    return [whole[begin:end] for begin, end in pairwise([*begins, len(whole)])]


def _cut_resource(data: bytes, at: int, stop: int) -> int:
    """Return where the resource begins that is not whole before `stop`; where none does, the place behind the last."""
    while at < (end := _end(data, at, stop)) <= stop:
        at = _next(data, at, end)
    return at


def _goes_on(data: bytes, at: int, stop: int) -> bool:
    """Say whether the resource at `at` goes on behind `stop`: its own word leads to another one, or to the end."""
    end = _end(data, at, stop)
    return stop < end <= len(data) and (end + 1 >= len(data) or data.startswith(_OPENINGS, _next(data, at, end)))


def _end(data: bytes, at: int, stop: int) -> int:
    """Return where the resource that begins at `at` ends by its own word, without padding; `at` where none begins."""
    if not data.startswith(_OPENINGS, at) or at + 12 > stop:
        return at
    start = _contents(data, at)
    return start + int.from_bytes(data[start - 4 : start], "big")


def _next(data: bytes, at: int, end: int) -> int:
    return end + (end - _contents(data, at) & 1)


def _contents(data: bytes, at: int) -> int:
    """Return where the contents of a resource begin: after its signature, number, name (padded to even) and length."""
    return at + 10 + ((data[at + 6] + 2) & ~1)


def records(data: bytes) -> list[Dataset]:
    """Read the records of a block: image resources, or a bare IIM block.

    What no code page is declared for and is not UTF-8 is taken for Windows-1252, which holds Latin-1 (`guessed`).
    """
    return [(number, decode(value, codec or "cp1252").strip("\0 \t\r\n")) for number, value, codec in _stored(data)]


def guessed(data: bytes) -> frozenset[int]:
    """Return the numbers of the datasets in whose texts letters are a guess: no code page is declared that we know."""
    return frozenset(number for number, value, codec in _stored(data) if codec is None and not is_utf8(value))


def resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and contents of each of Photoshop's image resources in a chain of them."""
    at = 0
    for _ in range(MAX_RESOURCES):
        end = _end(data, at, len(data))
        if end == at:
            return
        if data.startswith(_PHOTOSHOP, at):
            yield int.from_bytes(data[at + 4 : at + 6], "big"), data[_contents(data, at) : end]
        at = _next(data, at, end)


_Stored = tuple[int, bytes, str | None]
"""Number of a dataset, its bytes, and the codec that is declared for them."""


def _stored(data: bytes) -> Iterator[_Stored]:
    return _of_resources(data) if data.startswith(_OPENINGS) else _of_block(data)


def _of_resources(data: bytes) -> Iterator[_Stored]:
    """Yield the records in a chain of image resources."""
    for number, contents in resources(data):
        if number == _RESOURCE:
            yield from _of_block(contents)


def other_records(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield record, number and text of what stands in other records than the second: the envelope's, and others'."""
    for record, number, value, codec in _everything(data):
        if record != _APPLICATION:
            yield record, number, decode(value, codec or "cp1252").strip("\0 \t\r\n")


def _everything(data: bytes) -> Iterator[tuple[int, int, bytes, str | None]]:
    if data.startswith(_OPENINGS):
        for number, contents in resources(data):
            if number == _RESOURCE:
                yield from _all_of_block(contents)
    else:
        yield from _all_of_block(data)


def _of_block(data: bytes) -> Iterator[_Stored]:
    """Yield the second record's of a bare IIM block."""
    for record, number, value, codec in _all_of_block(data):
        if record == _APPLICATION and len(value) <= _MAX_DATASET_BYTES:
            yield number, value, codec


def _all_of_block(data: bytes) -> Iterator[tuple[int, int, bytes, str | None]]:
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
        else:
            yield record, number, value, codec
        at += length
