"""Noise that is too short to be told by its length alone: where it fills whole clusters, photographs were removed.

What is packed or encrypted looks like noise too, but begins with its own mark, or ends within its last cluster, where
something else follows. What `hide --remove` leaves is noise from the first byte of a cluster to the last of another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fifthfloor.audit.free_bytes import FreeReader
from fifthfloor.audit.free_map import (
    BLOCK_BYTES,
    GRID_BYTES,
    MIN_RUN_BYTES,
    MIN_TELLING_BYTES,
    RANDOM_KIND,
    SURE_CHI2,
    Band,
    FreeMap,
    chi_squared,
    classify,
)
from fifthfloor.cards.volume import Volume

# Photographs have shorter stretches that look like noise, and one of 156 had a longer one (448 KiB): its bounds, its
# mark and the counts of its pairs tell that apart from an island.
SMALL_RUN_BYTES = 256 << 10
TAIL_SHARE = 0.1  # of free space that is noise: cameras fill a wiped card from its start, and this much is its end
_ISLAND_PIECE_BYTES = 4 << 20
_PAIRS = 1 << 16
_MOST_DEVIATIONS = 5.0  # of the counts of byte pairs: noise has 0 +- 1, what is packed with zstd or bzip2 4.7 and more
_BEGUN = (b"PK", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!", b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd", b"Salted__", b"age-enc",
          b"OggS", b"fLaC", b"ID3", b"RIFF", b"%PDF", b"LUKS")  # fmt: skip

Extents = Sequence[tuple[int, int]]


def with_islands(free_map: FreeMap, free: Extents, volumes: Sequence[Volume], reader: FreeReader) -> FreeMap:
    """Add to the runs of noise those that are shorter and fill whole clusters.

    Args:
        free_map: of all free space, from every byte of it.
        free: its extents, rising.
        volumes: of the card; one with clusters below 4 KiB is left out, because its bounds tell nothing, and one above
            1 MiB, which has no short islands.
        reader: of the device.
    """
    found, told = [], _RunsTold(free_map)
    for band in free_map.bands:
        # What is longer and not told has the counts of something packed, and would be read whole here.
        short = SMALL_RUN_BYTES // 2 <= band.length_bytes < 2 * MIN_RUN_BYTES
        if band.kind == "random" and short and not told.has_part_of(band):
            run = _island(band, free, volumes, reader, told)
            if run is not None:
                found.append(run)
    return _with(free_map, found)


def with_noise_at(free_map: FreeMap, places: Extents, reader: FreeReader) -> FreeMap:
    """Add to the runs of a sample what is noise at places that are known, however short.

    Args:
        free_map: of a sample.
        places: offset and length on the device of what lay there.
        reader: of the device.
    """
    bands, told = [Band("random", offset, length) for offset, length in places], _RunsTold(free_map)
    return _with(free_map, [band for band in bands if not told.has_part_of(band) and _is_all_noise(band, reader)])


def _with(free_map: FreeMap, found: Sequence[Band]) -> FreeMap:
    runs = sorted((*free_map.random_runs, *found), key=lambda run: run.offset_bytes)
    return replace(free_map, random_runs=tuple(runs))


class _RunsTold:
    """The runs of noise that are told already: rising and apart, so that one look-up finds what a band touches."""

    def __init__(self, free_map: FreeMap) -> None:
        self._starts = [run.offset_bytes for run in free_map.random_runs]
        self._ends = [run.offset_bytes + run.length_bytes for run in free_map.random_runs]
        size = sum(run.length_bytes for run in free_map.random_runs)
        self.swept = size >= TAIL_SHARE * max(1, free_map.total_bytes)

    def has_part_of(self, band: Band) -> bool:
        """Whether a band and one of the runs have bytes in common; a hostile card has many of both."""
        at = bisect_right(self._ends, band.offset_bytes)
        return at < len(self._starts) and self._starts[at] < band.offset_bytes + band.length_bytes


def _island(band: Band, free: Extents, volumes: Sequence[Volume], reader: FreeReader, told: _RunsTold) -> Band | None:
    at = bisect_right(free, (band.offset_bytes, 1 << 62)) - 1
    first, last = free[at][0], sum(free[at])
    volume = next((v for v in volumes if 0 <= first - v.heap_offset_bytes < v.cluster_count * v.cluster_bytes), None)
    if volume is None or not GRID_BYTES <= volume.cluster_bytes <= MIN_RUN_BYTES:
        return None  # on larger ones every island is long enough to be told by its length
    start, end = _bounds(band, (first, last), volume.cluster_bytes, reader)
    if end - start < SMALL_RUN_BYTES:
        return None
    # On a card that was swept before, the cluster in front may end in noise: behind what was written there since.
    beside = [start - MIN_TELLING_BYTES] * (start > first and not told.swept) + [end] * (end < last)
    if any(_is_noise(_at(reader, place, MIN_TELLING_BYTES)) for place in beside):
        return None  # it goes on within a cluster: a file of something packed, whose end lies there
    data = _at(reader, start, end - start)
    if reader.read(start, 8).startswith(_BEGUN) or chi_squared(data) > SURE_CHI2 or _pairs(data) > _MOST_DEVIATIONS:
        return None
    return Band("random", start, end - start)


def _bounds(band: Band, within: tuple[int, int], cluster_bytes: int, reader: FreeReader) -> tuple[int, int]:
    """Move both ends of a band to the whole clusters that are noise: its blocks are told without their bounds."""
    first, last = within
    start = first - (first - band.offset_bytes) // cluster_bytes * cluster_bytes
    end = first + (band.offset_bytes + band.length_bytes - first) // cluster_bytes * cluster_bytes
    steps = BLOCK_BYTES // cluster_bytes + 2
    for _ in range(steps):
        if start < end and not _is_noise(_at(reader, start, cluster_bytes)):
            start += cluster_bytes
        elif start > first and _is_noise(_at(reader, start - cluster_bytes, cluster_bytes)):
            start -= cluster_bytes
        else:
            break
    for _ in range(steps):
        if start < end and not _is_noise(_at(reader, end - cluster_bytes, cluster_bytes)):
            end -= cluster_bytes
        elif end < last and _is_noise(_at(reader, end, cluster_bytes)):
            end += cluster_bytes
        else:
            break
    return start, end


def _is_noise(data: NDArray[np.uint8]) -> bool:
    return bool(len(data)) and all(classify(block)[0] == RANDOM_KIND for block in _blocks(data))


def _blocks(data: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Divide bytes into blocks, the last one with what is left."""
    count = max(1, len(data) // BLOCK_BYTES)
    for number in range(count):
        yield data[number * BLOCK_BYTES : (number + 1) * BLOCK_BYTES if number < count - 1 else None]


def _pairs(data: NDArray[np.uint8]) -> float:
    """Return how far the counts of byte pairs are from those of noise, in its standard deviations."""
    pairs = data[: len(data) // 2 * 2].view("<u2")
    expected = len(pairs) / _PAIRS
    chi2 = float(np.square(np.bincount(pairs, minlength=_PAIRS) - expected).sum()) / expected
    deviation: float = (2 * (_PAIRS - 1)) ** 0.5
    return (chi2 - (_PAIRS - 1)) / deviation


def _is_all_noise(band: Band, reader: FreeReader) -> bool:
    """Whether a band is noise from end to end; it may be a film's, and is read a piece at a time."""
    count = max(1, band.length_bytes // _ISLAND_PIECE_BYTES)
    starts = [number * _ISLAND_PIECE_BYTES for number in range(count)]
    return all(
        _is_noise(_at(reader, band.offset_bytes + start, end - start))
        for start, end in zip(starts, [*starts[1:], band.length_bytes], strict=True)
    )


def _at(reader: FreeReader, offset_bytes: int, length_bytes: int) -> NDArray[np.uint8]:
    return np.frombuffer(reader.read(offset_bytes, length_bytes), dtype=np.uint8)
