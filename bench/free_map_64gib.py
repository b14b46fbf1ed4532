"""How long the free map of a sparse 64 GiB card takes: `python bench/free_map_64gib.py`. Prints Markdown rows.

Limit: 0.3 s. Peer in the same run: `fsck.exfat -n` and `fsck.fat -n`, which read the same tables of the same image.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measure import helped

from fifthfloor.cards.image import open_card

LIMIT_SECONDS = 0.3
SIZE = 64 << 30
RUNS = 7
CARDS = {
    "exFAT, 128 KiB clusters": (("mkfs.exfat", "-c", "128K"), ("fsck.exfat", "-n")),
    "FAT32, 32 KiB clusters": (("mkfs.fat", "-F", "32", "-s", "64"), ("fsck.fat", "-n")),
}


def seconds(work: Callable[[], object]) -> float:
    """Median of several runs, the first (which fills the page cache) left out."""
    taken = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[1:])


def free_map(image: Path) -> int:
    with open_card(image) as card:
        return int(card.free[:, 1].sum())


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    if found is None:
        raise SystemExit(f"{name} is missing: apt-get install dosfstools exfatprogs")
    return found


def main() -> None:
    for title, (make, check) in CARDS.items():
        with tempfile.TemporaryDirectory() as folder:
            image = Path(folder) / "card.img"
            with image.open("wb") as made:
                made.truncate(SIZE)
            subprocess.run([program(make[0]), *make[1:], image], check=True, capture_output=True)
            ours = seconds(partial(free_map, image))
            command = [program(check[0]), *check[1:], image]
            peer = seconds(partial(subprocess.run, command, check=False, capture_output=True))
            verdict = "meets" if ours <= LIMIT_SECONDS else "misses"
            limit = f"limit {LIMIT_SECONDS * 1000:.0f} ms ({verdict})"
            beside = f"{check[0]} {peer * 1000:.0f} ms, ratio {ours / peer:.2f}"
            print(f"| free map of a sparse 64 GiB card, {title} | {ours * 1000:.0f} ms | {limit} | {beside} |")


if __name__ == "__main__":
    helped(__doc__)
    main()
