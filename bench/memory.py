"""Memory of hide and open for floors of 256 MiB, 375 MiB and 1 GiB: flat, and below 700 MB over all processes.

375 MiB are just below what is kept solved in memory (`tasks.floors.symbols.MOST_KEPT_SYMBOLS`); larger ones go in
windows.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from measure import MIB, PROGRAM, cost_of, helped, hide_command, make_cards, make_files, passphrase_file, row


def main() -> None:
    peaks = []
    for size in (256, 375, 1024):
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
            folder = Path(name)
            cards = make_cards(folder, 3, int(1.4 * size) * MIB)
            files = make_files(folder / "in", size * MIB)
            secret = passphrase_file(folder)
            hidden = cost_of(hide_command(files, cards, secret))
            out = ["--out", str(folder / "out"), "--passphrase-file", str(secret)]
            opened = cost_of([PROGRAM, "open", str(cards[2]), str(cards[0]), *out])
            peaks.append((hidden.peak_mb, opened.peak_mb))
            for what, cost in (("hide", hidden), ("open", opened)):
                row(f"{what} {size} MiB: memory", f"{cost.peak_mb:.0f} MB", "700 MB", cost.peak_mb <= 700)
    for index, what in enumerate(("hide", "open")):
        growth = peaks[-1][index] / peaks[0][index]
        row(f"{what}: memory of 1 GiB beside 256 MiB", f"{growth:.2f}", "flat (1.25)", growth <= 1.25)


if __name__ == "__main__":
    helped(__doc__)
    main()
