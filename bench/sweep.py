"""Hiding 20 % of the free slots of three cards of 2 GiB: memory, and speed beside a card that takes 250 MB/s.

What it costs beside `wipe` of the same cards: `bench/wipe_dd.py`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import MIB, PASSPHRASE, cost_of, helped, hide_command, make_cards, make_files, passphrase_file, row

from fifthfloor.cards.image import Card
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import sweep as sweeping
from fifthfloor.tasks.floors.hide import hide, intend
from fifthfloor.tasks.floors.sources import gather

CARD_BYTES = 2048 * MIB
HIDDEN_BYTES = int(0.2 * 3 * CARD_BYTES / 16384 * 16240 / 2.0)
RATE = 250e6


class Throttled(sweeping.CardMedium):
    """A card that takes 250 MB/s: a flush returns when such a card would have written everything."""

    written = 0
    writing = 0.0

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._begun = self._free_at = time.perf_counter()

    def write(self, offset_bytes: int, data: memoryview) -> None:
        self._free_at = max(self._free_at, time.perf_counter()) + len(data) / RATE
        super().write(offset_bytes, data)
        Throttled.written += len(data)

    def flush(self) -> None:
        super().flush()
        time.sleep(max(0.0, self._free_at - time.perf_counter()))

    def drop_cache(self) -> None:
        Throttled.writing += time.perf_counter() - self._begun
        super().drop_cache()


@contextlib.contextmanager
def silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None


def in_memory() -> str | None:
    """Return a folder in memory with room for the cards, so that no disk is slower than the cards it plays."""
    folder = Path("/dev/shm")
    return str(folder) if folder.is_dir() and shutil.disk_usage(folder).free > 4 * CARD_BYTES else None


def throttled(files: Path, cards: list[Path]) -> float:
    """Hide on cards that take 250 MB/s; returns how much of their rate was used."""
    sweeping.MEDIUM = Throttled
    with sweeping.opened_cards(cards) as opened:
        intent = intend(gather([files]), opened, 1, 0.2)
        hide(intent, opened, secret.keys_of(PASSPHRASE, ""), silent)
    return Throttled.written / RATE / Throttled.writing


def main() -> None:
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        cards = make_cards(folder, 3, CARD_BYTES)
        files = make_files(folder / "in", HIDDEN_BYTES)
        command = hide_command(files, cards, passphrase_file(folder))
        cost_of(command)  # the images are sparse; the first sweep pays for their blocks, which no card has to
        cost = cost_of(command)
        hiding = "hide 640 MB on 3 x 2 GiB (20 % of the slots), memory of all its processes"
        row(hiding, f"{cost.peak_mb:.0f} MB", "700 MB", cost.peak_mb <= 700)
    with tempfile.TemporaryDirectory(dir=in_memory()) as name:
        cards = make_cards(Path(name), 3, CARD_BYTES)
        share = throttled(make_files(Path(name) / "in", HIDDEN_BYTES), cards)
        row("the same on cards that take 250 MB/s", f"{share:.3f} of their rate", "0.95", share >= 0.95)


if __name__ == "__main__":
    helped(__doc__)
    main()
