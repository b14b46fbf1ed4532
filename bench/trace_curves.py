"""What a query costs as an archive grows: `python -m bench.trace_curves [LARGEST [POINTS]]`.

Made records (random hashes, random signs) of 1e4, 1e5 ... LARGEST photographs, in the arrays an archive has: a query of
all hashes in eight ways beside one pass of numpy over the same bytes, and of the tables of points beside the hashes.
Random signs fill all buckets alike; those of real photographs do not. Times are CPU, memory is what a query
allocates beside the mapped arrays (64 bytes a photograph of hashes, 560 of tables).
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.trace.scenes import jpeg, scene

from fifthfloor.tasks.trace.store import Stamp, Store
from fifthfloor.trace.buckets import BUCKETS, POINT_TABLES, Table, votes
from fifthfloor.trace.candidates import FIRST_WAYS, TURNED_WAYS, candidates, searched
from fifthfloor.trace.likeness import Likeness
from fifthfloor.trace.points import SIGNS, Points
from fifthfloor.trace.record import RECORDED_POINTS, PhotoRecord

LARGEST = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
# More photographs than this without points: their tables would take longer to make than this bench is worth.
MOST_WITH_POINTS = int(float(sys.argv[2])) if len(sys.argv) > 2 else 1_000_000


def made_table(chance: np.random.Generator, folder: Path, number: int, photographs: int) -> Table:
    """Write a table as an archive does, bucket after bucket, and map it."""
    entries = photographs * RECORDED_POINTS
    lengths = np.bincount(chance.integers(0, BUCKETS, entries, dtype=np.uint32), minlength=BUCKETS)
    starts = np.zeros(BUCKETS + 1, np.uint32)
    starts[1:] = lengths.cumsum()
    path = folder / f"points-{number}.bin"
    chance.integers(0, photographs, entries, dtype=np.uint32).tofile(path)
    return Table(starts, np.memmap(path, np.uint32, "r"))


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


def main() -> int:
    print(cost_of_records(500), flush=True)
    picture = searched(jpeg(scene(3, 900, 600)))
    count = 10_000
    while count <= LARGEST:
        chance = np.random.default_rng(count)
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "hashes.bin"
            with path.open("wb") as file:
                for _ in range(0, count, 100_000):
                    file.write(chance.bytes(64 * min(count, 100_000)))
            hashes: NDArray[np.uint64] = np.memmap(path, np.uint64, "r", shape=(count, 8))
            one_pass = cpu_ms(lambda hashes=hashes: np.bitwise_count(hashes[:, :4] ^ hashes[0, :4]).sum(1))
            flat = cpu_ms(lambda hashes=hashes: candidates(picture, hashes, (), FIRST_WAYS + TURNED_WAYS))
            row = f"| {count:.0e} | {one_pass:.1f} | {flat:.0f} | {flat / one_pass:.1f} |"
            if count <= MOST_WITH_POINTS:
                tables = [made_table(chance, Path(made), number, count) for number in range(len(POINT_TABLES))]
                one_way = cpu_ms(lambda tables=tables, count=count: votes(tables, picture.points, count))
                first = cpu_ms(lambda hashes=hashes, tables=tables: candidates(picture, hashes, tables, FIRST_WAYS))
                row += f" {one_way:.0f} | {first:.0f} |"
            else:
                tables = []
                row += " | |"
            peak = peak_mb(lambda hashes=hashes, tables=tables: candidates(picture, hashes, tables, FIRST_WAYS))
            print(f"{row} {peak:.0f} |", flush=True)
        count *= 10
    return 0


if __name__ == "__main__":
    sys.exit(main())
