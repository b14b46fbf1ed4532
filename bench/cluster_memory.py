"""What 100,000 small tasks cost the client and the scheduler.

`PYTHONPATH=bench python -m bench.cluster_memory [TASKS]`

First in windows, as `engine.many.each` hands them out; then all at once, as dask's own `Client.map` would. Each in a
process of its own with a scheduler of its own; memory is the most that was resident.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from measure import helped
from tests.tasks.clusters import Dask

from fifthfloor.engine.cluster import Cluster
from fifthfloor.engine.many import each

WAYS = ("windows", "all at once")


def small(number: int) -> bytes:
    return number.to_bytes(8, "big") * 128


def highest_mb(pid: int) -> float:
    """Return the most that a process held at once."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def in_windows(url: str, count: int) -> int:
    with Cluster(url) as executor:
        return sum(len(one) == 1024 for one in each(small, range(count), executor) if isinstance(one, bytes))


def all_at_once(url: str, count: int) -> int:
    distributed: Any = import_module("distributed")
    with distributed.Client(url) as client:
        return sum(len(one) == 1024 for one in client.gather(client.map(small, range(count), pure=False)))


def measured(way: str, count: int) -> None:
    run: Callable[[str, int], int] = in_windows if way == WAYS[0] else all_at_once
    with tempfile.TemporaryDirectory() as folder, Dask(Path(folder)) as dask:
        run(dask.url, 10)  # what is imported counts as the ground
        ground = highest_mb(dask.scheduler), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        begun = time.monotonic()
        done = run(dask.url, count)
        seconds = time.monotonic() - begun
        client = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        scheduler = highest_mb(dask.scheduler)
    grown = f"{scheduler:.0f} (+{scheduler - ground[0]:.0f}) | {client:.0f} (+{client - ground[1]:.0f})"
    print(f"| {way} | {done} of {count} | {grown} | {seconds:.0f} s |", flush=True)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        measured(sys.argv[2], count)
        return 0
    print("| | tasks | scheduler MB | client MB | took |\n|---|---|---|---|---|", flush=True)
    for way in WAYS:
        subprocess.run([sys.executable, "-m", "bench.cluster_memory", str(count), way], check=True)
    return 0


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
