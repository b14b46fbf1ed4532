"""Tracks of films and their samples (ISO/IEC 14496-12, 8.4 to 8.7); every number in the tables may lie.

Only what tells a reader where a few samples lie is read: tables are cut at MAX_TABLE_BYTES, and samples are taken
evenly over the film, since the first minutes of an action camera have no fix.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from fifthfloor.metadata.iso_boxes import boxes, boxes_within
from fifthfloor.metadata.tiff import Read

_SAMPLE_DEPTH = 5  # moov, trak, mdia, minf, stbl
MAX_TRACKS = 64
_MAX_TRACK_BOXES = 20_000  # of a movie; tracks have some twenty
_MAX_TABLE_BYTES = 4 << 20  # a million chunks
_MAX_SAMPLES = 200  # of one track that are looked at first
_MOST_OF_ALL, _MOST_OF_ALL_BYTES = 20_000, 48 << 20  # where none of those has a place: a second of reading and parsing
_MAX_SAMPLE_BYTES = 256 << 10
_SAMPLE_TABLES = frozenset([b"stsz", b"stco", b"co64", b"stsc", b"stsd"])


@dataclass(slots=True)
class Track:
    """A track of a film.

    Args:
        handler: what kind it is: b"vide", b"soun", b"meta", b"text" ...
        form: of its samples: b"gpmd", b"camm", b"tx3g", b"avc1" ...
        tables: contents of the boxes that say where samples lie, and what they are (`stsd`).
    """

    handler: bytes = b""
    form: bytes = b""
    tables: dict[bytes, bytes] = field(default_factory=dict)


def tracks(read: Read, size_bytes: int) -> list[Track]:
    """Read the tracks of a film."""
    found: list[Track] = []
    for kind, inside, end in boxes(read, 0, size_bytes):
        if kind == b"moov":
            for below, start, stop in islice(boxes_within(read, inside, end, _SAMPLE_DEPTH), _MAX_TRACK_BOXES):
                if below == b"trak":
                    if len(found) >= MAX_TRACKS:
                        return found
                    found.append(Track())
                elif found:
                    _take(found[-1], below, read, start, stop)
    return found


def _take(track: Track, kind: bytes, read: Read, start: int, stop: int) -> None:
    if kind == b"hdlr" and not track.handler:  # a second one, in minf, is of the data's place
        track.handler = read(start + 8, 4)
    if kind == b"stsd" and not track.form:
        track.form = read(start + 12, 4)
    if kind in _SAMPLE_TABLES:
        track.tables.setdefault(kind, read(start, min(_MAX_TABLE_BYTES, stop - start)))


def samples(track: Track, read: Read) -> Iterator[bytes]:
    """Yield samples of a track, at most _MAX_SAMPLES of them, evenly over the film."""
    places = list(sample_places(track))
    step = max(1, -(-len(places) // _MAX_SAMPLES))
    for offset, length in places[::step]:
        yield read(offset, min(length, _MAX_SAMPLE_BYTES))


def is_short(track: Track) -> bool:
    """Whether a track is so short that each of its samples can be looked at."""
    lengths = [length for _, length in sample_places(track)]
    return (
        len(lengths) <= _MOST_OF_ALL
        and sum(lengths) <= _MOST_OF_ALL_BYTES
        and max(lengths, default=0) <= _MAX_SAMPLE_BYTES
    )


def every_sample(track: Track, read: Read) -> Iterator[bytes]:
    """Yield all samples of a track that `is_short` but the few that `samples` gave."""
    places = list(sample_places(track))
    step = max(1, -(-len(places) // _MAX_SAMPLES))
    for number, (offset, length) in enumerate(places):
        if number % step:
            yield read(offset, length)


def sample_places(track: Track) -> Iterator[tuple[int, int]]:
    """Yield offset and length of every sample that the tables give."""
    lengths = _lengths(track.tables.get(b"stsz", b""))
    wide = b"co64" in track.tables
    offsets = _numbers(track.tables.get(b"co64" if wide else b"stco", b"")[8:], "Q" if wide else "I")
    runs = _numbers(track.tables.get(b"stsc", b"")[8:], "I")
    run, at = 0, 0
    for chunk, offset in enumerate(offsets, 1):
        while run + 3 < len(runs) and runs[run + 3] <= chunk:
            run += 3
        place = offset
        for _ in range(runs[run + 1] if run + 1 < len(runs) else 1):
            if at >= len(lengths):
                return
            yield place, lengths[at]
            place += lengths[at]
            at += 1


def _lengths(stsz: bytes) -> tuple[int, ...]:
    if len(stsz) < 12:
        return ()
    same, count = struct.unpack(">II", stsz[4:12])
    return (same,) * min(count, _MAX_TABLE_BYTES // 4) if same else _numbers(stsz[12:], "I")[:count]


def _numbers(data: bytes, letter: str) -> tuple[int, ...]:
    size = struct.calcsize(letter)
    return struct.unpack(f">{len(data) // size}{letter}", data[: len(data) // size * size])
