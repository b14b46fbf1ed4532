"""What a query costs as an archive grows.

`PYTHONPATH=bench python -m bench.trace_curves [LARGEST [POINTS]]`

Made records (random hashes, random signs) of 1e4, 1e5 ... LARGEST photographs, in the arrays an archive has. For all
hashes in eight ways: the pass that `trace` makes, the same by numpy (one pass a way), and an index of 16 bands of 16
bits (any two hashes within 60 bits agree in one of the bands but for 3 bits: so it finds the same ones), with what was
found compared. Then the tables of points beside the hashes. Random signs fill all buckets alike; those of real
photographs do not. Times are CPU, memory is what a query allocates beside the mapped arrays (32 bytes a photograph of
hashes, 560 of tables).
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from measure import helped
from numpy.typing import NDArray
from tests.trace.scenes import jpeg, scene

from fifthfloor.tasks.trace.point_tables import MOST_BEHIND, point_tables
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.store_places import Stamp
from fifthfloor.trace.buckets import BUCKETS, POINT_TABLES, Table, votes
from fifthfloor.trace.candidates import FIRST_WAYS, PDQ_CANDIDATE, TURNED_WAYS, candidates, near, searched
from fifthfloor.trace.likeness import Likeness
from fifthfloor.trace.points import SIGNS, Points
from fifthfloor.trace.record import RECORDED_POINTS, PhotoRecord

ASKED = [int(float(word)) for word in sys.argv[1:] if not word.startswith("-")]
LARGEST = ASKED[0] if ASKED else 1_000_000
# More photographs than this without points: their tables would take longer to make than this bench is worth.
MOST_WITH_POINTS = ASKED[1] if len(ASKED) > 1 else 1_000_000
# Sixteen tables of four bytes a photograph, sorted: no more is worth waiting for.
MOST_WITH_BANDS = 1_000_000
EVERY_WAY = FIRST_WAYS + TURNED_WAYS


def made_table(chance: np.random.Generator, folder: Path, number: int, photographs: int) -> Table:
    """Write a table as an archive does, bucket after bucket, and map it."""
    entries = photographs * RECORDED_POINTS
    lengths = np.bincount(chance.integers(0, BUCKETS, entries, dtype=np.uint32), minlength=BUCKETS)
    starts = np.zeros(BUCKETS + 1, np.uint32)
    starts[1:] = lengths.cumsum()
    path = folder / f"points-{number}.bin"
    chance.integers(0, photographs, entries, dtype=np.uint32).tofile(path)
    return Table(starts, np.memmap(path, np.uint32, "r"))


def planted(hashes: NDArray[np.uint64], sought: tuple[bytes, ...], chance: np.random.Generator) -> None:
    """Put some of every distance up to 80 bits among them, so that there is something to find."""
    for bits in range(0, 81, 4):
        mask = np.zeros(256, np.uint8)
        mask[chance.choice(256, bits, replace=False)] = 1
        way = bits // 4 % len(sought)
        hashes[chance.integers(len(hashes))] = np.frombuffer(sought[way], np.uint64) ^ np.packbits(mask).view(np.uint64)


Found = list[tuple[int, int, int]]


def by_numpy(hashes: NDArray[np.uint64], sought: tuple[bytes, ...]) -> Found:
    """Return (bits, number, way) of what is within PDQ_CANDIDATE, one pass a way, a block at a time."""
    found: Found = []
    for way, one in enumerate(sought):
        words = np.frombuffer(one, np.uint64)
        for first in range(0, len(hashes), 1 << 14):
            # Four counts of at most 64 in one word: numpy sums so short rows slowly.
            counts = np.bitwise_count(hashes[first : first + (1 << 14)] ^ words).view(np.uint32)[:, 0]
            pairs = (counts & 0xFF00FF) + (counts >> 8 & 0xFF00FF)
            bits = (pairs & 0xFFFF) + (pairs >> 16)
            found += [(int(bits[row]), first + int(row), way) for row in np.flatnonzero(bits <= PDQ_CANDIDATE)]
    return sorted(found)


class Bands:
    """Multi-index hashing: 16 sorted tables of 16 bits each."""

    def __init__(self, hashes: NDArray[np.uint64]) -> None:
        self.hashes, bands = hashes, hashes.view(np.uint16)
        self.order = [np.argsort(bands[:, band], kind="stable").astype(np.uint32) for band in range(16)]
        self.starts = [np.searchsorted(bands[o, band], np.arange((1 << 16) + 1)) for band, o in enumerate(self.order)]
        bits = np.bitwise_count(np.arange(1 << 16, dtype=np.uint16))
        self.flips = np.flatnonzero(bits <= PDQ_CANDIDATE // 16).astype(np.uint16)

    def near(self, sought: tuple[bytes, ...]) -> tuple[Found, int]:
        """Return what is within PDQ_CANDIDATE, and how many hashes were compared."""
        found, compared = set[tuple[int, int, int]](), 0
        for way, one in enumerate(sought):
            words, bands = np.frombuffer(one, np.uint64), np.frombuffer(one, np.uint16)
            for band in range(16):
                looked = (bands[band] ^ self.flips).astype(np.int64)
                begin = self.starts[band][looked]
                length = self.starts[band][looked + 1] - begin
                places = np.repeat(begin - (length.cumsum() - length), length) + np.arange(length.sum())
                rows = self.order[band][places]
                bits = np.bitwise_count(self.hashes[rows] ^ words).sum(1)
                near_ones = np.flatnonzero(bits <= PDQ_CANDIDATE)
                found.update((int(bits[at]), int(rows[at]), way) for at in near_ones)
                compared += len(rows)
        return sorted(found), compared


def cpu_ms(work: object, rounds: int = 3) -> float:
    assert callable(work)
    work()  # from the disk into the system's cache
    begun = time.process_time()
    for _ in range(rounds):
        work()
    return 1000 * (time.process_time() - begun) / rounds


def peak_mb(work: object) -> float:
    """Return what one query allocates at most, beside the arrays that are mapped."""
    assert callable(work)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def cost_of_records(count: int) -> str:
    """Return what one record costs in CPU: put into the database, and into the tables when they are made."""
    chance, signs = np.random.default_rng(count), np.random.default_rng(1)
    tiles = chance.integers(0, 255, (32, 48), dtype=np.uint8)
    places = chance.random(RECORDED_POINTS).astype(np.float32) * 340
    size = np.ones(RECORDED_POINTS, np.float32)
    with tempfile.TemporaryDirectory() as made, Store(Path(made) / "archive", make=True) as store:
        spent = 0.0
        for number in range(count):
            values = signs.standard_normal((RECORDED_POINTS, SIGNS)).astype(np.float32)
            likeness = Likeness(tiles, Points(512, 341, places, places, size, values)).to_bytes()
            record = PhotoRecord(chance.bytes(32), 1, chance.bytes(32), chance.bytes(32), "", likeness, bytes(20_000))
            begun = time.process_time()
            store.add(Path(f"/photographs/{number}.jpg"), Stamp(1, 1), record, None)
            spent += time.process_time() - begun
        begun = time.process_time()
        store.tables()
        tables = time.process_time() - begun
        return f"{count} records: {1000 * spent / count:.2f} ms each to add, {1000 * tables / count:.2f} ms for tables"


def cost_of_growing() -> str:
    """Return what tables cost in CPU where photographs come by 2,001, each time one more than wait."""
    signs, size = np.random.default_rng(1), np.ones(RECORDED_POINTS, np.float32)
    tiles = np.zeros((32, 48), np.uint8)
    drawn = [signs.standard_normal((RECORDED_POINTS, SIGNS)).astype(np.float32) for _ in range(500)]
    made = [Likeness(tiles, Points(512, 341, size, size, size, values)).to_bytes() for values in drawn]
    said, spent, count = [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        while count < 32 * (MOST_BEHIND + 1):
            count += MOST_BEHIND + 1
            begun = time.process_time()
            parts = point_tables(Path(folder), bytes(16), count, lambda first: _again(made, first))
            spent += time.process_time() - begun
            if (count // (MOST_BEHIND + 1)).bit_count() == 1:
                said.append(f"{count}: {1000 * spent / count:.2f} ms each, {len(parts)} tables")
    return "by 2,001 at a time: " + "; ".join(said)


def _again(made: list[bytes], first: int) -> Iterator[tuple[int, bytes]]:
    for number in itertools.count(first):
        yield number, made[number % len(made)]


def hash_rows(hashes: NDArray[np.uint64], sought: tuple[bytes, ...]) -> str:
    """Return what a query of all hashes costs in three ways that must find the same."""
    found = near(hashes, sought, PDQ_CANDIDATE, len(hashes))
    assert found == by_numpy(hashes, sought), "numpy finds others"
    one_way = cpu_ms(lambda: near(hashes, sought[:1], PDQ_CANDIDATE, 40))
    eight = cpu_ms(lambda: near(hashes, sought, PDQ_CANDIDATE, 40))
    row = f"| {len(hashes):.0e} | {one_way:.1f} | {eight:.1f} | {cpu_ms(lambda: by_numpy(hashes, sought), 1):.0f} |"
    if len(hashes) > MOST_WITH_BANDS:
        return f"{row} | |"
    bands = Bands(hashes)
    again, compared = bands.near(sought)
    assert again == found, "the bands find others"
    return f"{row} {cpu_ms(lambda: bands.near(sought), 1):.0f} | {compared / len(hashes):.1f} |"


def main() -> int:
    print(cost_of_records(500), flush=True)
    print(cost_of_growing(), flush=True)
    picture = searched(jpeg(scene(3, 900, 600)))
    count = 10_000
    while count <= LARGEST:
        chance = np.random.default_rng(count)
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "pdq.bin"
            with path.open("wb") as file:
                for _ in range(0, count, 100_000):
                    file.write(chance.bytes(32 * min(count, 100_000)))
            planted(np.memmap(path, np.uint64, "r+", shape=(count, 4)), picture.pdq, chance)
            hashes: NDArray[np.uint64] = np.memmap(path, np.uint64, "r", shape=(count, 4))
            row = hash_rows(hashes, picture.pdq)
            tables = []
            if count <= MOST_WITH_POINTS:
                tables = [made_table(chance, Path(made), number, count) for number in range(len(POINT_TABLES))]
                one_way = cpu_ms(lambda tables=tables, count=count: votes(tables, picture.points, count))
                first = cpu_ms(lambda hashes=hashes, tables=tables: candidates(picture, hashes, tables, FIRST_WAYS))
                row += f" {one_way:.0f} | {first:.0f} |"
            else:
                row += " | |"
            peak = peak_mb(lambda hashes=hashes, tables=tables: candidates(picture, hashes, tables, EVERY_WAY))
            print(f"{row} {peak:.0f} |", flush=True)
        count *= 10
    return 0


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
