"""`hide --quick`: 200 MB of photographs onto a card that reads and writes 90 MB/s, everything counted.

    python bench/quick.py [--mib 8192] [--times 3]  the row of docs/performance/floor.md
    python bench/quick.py --slow RATE COMMAND ...   a command of the program on cards of RATE MB/s

The command is a process of its own, from its start to its end: interpreter, key derivation at full cost, the finder,
encoding, writing, reading back.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from measure import MIB, PROGRAM, cost_of, make_cards, make_files, passphrase_file, row

from fifthfloor.cards import opening
from fifthfloor.cards.device import OpenFile

RATE = 90
PHOTOGRAPHS_BYTES = 200_000_000
LIMIT_SECONDS = 15


class SlowFile(OpenFile):
    """A card with one bus: reads and writes wait until the bytes before them would have passed."""

    rate = 0.0
    _free_at = 0.0

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        data = super().read(offset_bytes, length_bytes)
        self._pass(len(data))
        self._wait()
        return data

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        super().read_into(offset_bytes, buffer)
        self._pass(buffer.nbytes)
        self._wait()

    def read_medium_into(self, offset_bytes: int, buffer: memoryview) -> None:
        if self._past_cache.read_into(offset_bytes, buffer):
            self._pass(buffer.nbytes)
            self._wait()
        else:
            self.read_into(offset_bytes, buffer)

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        super().write(offset_bytes, data)
        self._pass(memoryview(data).nbytes)

    def flush(self) -> None:
        super().flush()
        self._wait()

    def _pass(self, length_bytes: int) -> None:
        self._free_at = max(self._free_at, time.perf_counter()) + length_bytes / self.rate

    def _wait(self) -> None:
        time.sleep(max(0.0, self._free_at - time.perf_counter()))


def on_slow_cards(rate: float, command: list[str]) -> None:
    """Run the program with every card slowed down; does not return."""
    from fifthfloor.cli import main as program

    SlowFile.rate = rate * 1e6
    vars(opening)["OpenFile"] = SlowFile  # images are opened through this name
    sys.argv = [PROGRAM, *command]
    program()


def main() -> None:
    if sys.argv[1:2] == ["--slow"]:
        on_slow_cards(float(sys.argv[2]), sys.argv[3:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=8192, help="size of the card; 2048 ends in two minutes")
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        (card,) = make_cards(folder, 1, given.mib * MIB)
        secret = str(passphrase_file(folder))
        cost_of([PROGRAM, "wipe", str(card), "--yes"])
        files = str(make_files(folder / "in", PHOTOGRAPHS_BYTES))
        hide = ["hide", files, "--in", str(card), "--quick", "--overwrite", "20", "--passphrase-file", secret, "--yes"]
        costs = [cost_of([sys.executable, __file__, "--slow", str(RATE), *hide]) for _ in range(given.times)]
        worst = max(cost.wall for cost in costs)
        times = ", ".join(f"{cost.wall:.1f}" for cost in costs)
        what = f"hide --quick 200 MB, 20 % overwritten, on a card of {given.mib // 1024} GiB at {RATE} MB/s"
        row(what, f"{worst:.1f} s ({times}; {costs[0].cpu:.1f} s of CPU)", f"{LIMIT_SECONDS} s", worst <= LIMIT_SECONDS)


if __name__ == "__main__":
    main()
