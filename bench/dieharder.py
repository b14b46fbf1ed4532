"""The free space of cards with floors before dieharder: `python bench/dieharder.py [TEST ...]`, as `dieharder -l`.

A card of 256 MiB is hidden in again and again, and what is in its free space goes into `dieharder -g 200` through a
pipe; no byte is used twice. dieharder's own PASSED, WEAK (expected once in a hundred) or FAILED is the row.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import MIB, PASSPHRASE, helped, make_cards, make_files, row

from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.hide import hide, intend
from fifthfloor.tasks.floors.sources import gather
from fifthfloor.tasks.floors.sweep import opened_cards

TESTS = ("0", "2", "3", "8", "9", "15", "17", "100", "101", "102", "205", "209")  # "Good", and not of hours
CARD_BYTES = 256 * MIB


@contextlib.contextmanager
def silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None


def noise(folder: Path) -> Iterator[bytes]:
    """Hide, give all free bytes, and hide anew, for ever; half of the free places hold slots."""
    cards = make_cards(folder, 1, CARD_BYTES)
    sources = gather([make_files(folder / "in", CARD_BYTES // 3)])
    keys = secret.keys_of(PASSPHRASE, "")
    while True:
        with opened_cards(cards) as opened:
            hide(intend(sources, opened, 0, 0.2), opened, keys, silent)
            for offset, length in opened[0].layout.writes.tolist():
                yield opened[0].card.device.read(offset, length)


def judge(test: str, folder: Path) -> list[tuple[str, str, str]]:
    """Run one test; returns (name, p-value, assessment) of each of its rows."""
    command = ["dieharder", "-g", "200", "-d", test, "-c", "|", "-D", "test_name", "-D", "pvalues", "-D", "assessment"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False) as process:
        assert process.stdin
        assert process.stdout
        with contextlib.suppress(BrokenPipeError):  # it has seen enough
            for piece in noise(folder):
                process.stdin.write(piece)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        rows = [line.split("|") for line in process.stdout.read().decode().splitlines()]
    return [(r[0].strip(), r[1].strip(), r[2].strip()) for r in rows if len(r) >= 3]


def main() -> None:
    if not shutil.which("dieharder"):
        raise SystemExit("dieharder is not here (Debian package dieharder)")
    for test in sys.argv[1:] or TESTS:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            for name, p_value, assessment in judge(test, Path(folder)):
                row(f"dieharder {name}", f"p = {p_value}", "not FAILED", assessment != "FAILED")


if __name__ == "__main__":
    helped(__doc__)
    main()
