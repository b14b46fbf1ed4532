"""Memory of the essay's pictures over many photographs, and CPU of a build that has nothing to do.

    python -m bench.essay_memory [--photographs 2000]

The first figure makes derivatives of one 12 MP picture again and again and prints the memory along the way: a
leak or a cache would rise. The second publishes fourteen small protected photographs and runs the command again.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image


def photograph() -> bytes:
    """Draw a JPEG of 12 MP with slopes and grain."""
    y, x = np.mgrid[0:3024, 0:4032]
    grain = np.random.default_rng(8).normal(0, 9, (3024, 4032))
    planes = [np.clip((x * a + y * b) % 256 + grain, 0, 255) for a, b in ((0.05, 0.02), (0.03, 0.06), (0.01, 0.04))]
    out = io.BytesIO()
    Image.fromarray(np.stack(planes, axis=-1).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def _grow(count: int) -> None:
    from fifthfloor.essay import pictures

    data = photograph()
    # Not the largest so far: drawing the picture takes more than all that follows.
    print(f"| photographs | memory |\n|---|---|\n| 0 (the bench's own) | {_resident_mb()} MB |")
    for number in range(1, count + 1):
        pictures.derive(data, name="drawn.jpg", xmp=b"")
        if number in (1, 10, 50, 100, 200, 500, 1000, 1500, count):
            print(f"| {number} | {_resident_mb()} MB |", flush=True)


def _resident_mb() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1000


def _again(work: Path) -> None:
    from tests.essay.protected import essay

    command = [
        sys.executable,
        "-m",
        "fifthfloor",
        "publish",
        str(essay(work / "trip", 14)),
        "--out",
        str(work / "site"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    time.sleep(2.5)
    subprocess.run(command, check=True, capture_output=True)
    found = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert said.startswith("nothing changed"), said
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"\nnothing changed, 14 photographs: {sorted(found)[2]:.3f} CPU-s in all, limit 0.2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photographs", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        _again(Path(work))
    _grow(given.photographs)


if __name__ == "__main__":
    main()
