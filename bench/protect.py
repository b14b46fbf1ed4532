"""`protect` in one process and in two: rows for docs/performance/people.md.

    python bench/protect.py [--count 24]

The photographs of ../shared/photos/roll, or of FIFTHFLOOR_PHOTOS; three take a minute or so.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from pathlib import Path

from fifthfloor import engine
from fifthfloor.identity import SigningKey
from fifthfloor.tasks.people.protect import ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer

PHOTOS = Path(os.environ.get("FIFTHFLOOR_PHOTOS", Path(__file__).resolve().parents[2] / "shared/photos"))
SIGNER = Signer(SigningKey(bytes(32)), "once")


def seconds(files: list[Path], cores: int) -> tuple[float, float]:
    """Return wall seconds, and CPU seconds on the critical path: the parent's and a worker's share."""
    engine.cores = lambda: cores
    with tempfile.TemporaryDirectory() as out:
        start, parent, workers = time.perf_counter(), time.process_time(), _children()
        # Two copies of one photograph hide the same, so the union rule has nothing to say.
        assert len(list(protect(files, ProtectIntent(Path(out)), SIGNER))) == len(files)
        wall = time.perf_counter() - start
        return wall, time.process_time() - parent + (_children() - workers) / cores


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=24, help="photographs")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        source = sorted((PHOTOS / "roll").glob("100_*.JPG"))
        files = [
            Path(shutil.copy(source[number % len(source)], f"{folder}/{number:03}.jpg")) for number in range(count)
        ]
        # A worker's start (0.7 s: numba's cache, the finder) belongs to both.
        seconds(files[:1], 1)  # numba compiles the codec once for each build of it
        two, one = seconds(files, 2), seconds(files, 1)
    print("| what | measured | limit |\n|---|---|---|")
    print(f"| {count} photographs of 6 MP, two processes beside one, wall | {one[0] / two[0]:.2f} | at least 1.7 |")
    print(f"| the same by CPU time of the longest path | {one[1] / two[1]:.2f} | |")


if __name__ == "__main__":
    main()
