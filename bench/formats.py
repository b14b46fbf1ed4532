"""What format 2 of floors costs beside format 1: CPU of `hide` and `open`, the same card and files, runs in turn.

`python bench/formats.py CHECKOUT`: a checkout of the last commit that wrote format 1 (git worktree add DIR 425dcb9^).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from measure import MIB, PASSPHRASE, cost_of, helped, make_cards, make_files, row

CARD_BYTES = 512 * MIB
HIDDEN_BYTES = 80_000_000
ROUNDS = 3
MAIN = "import sys; from fifthfloor.cli import main; sys.exit(main())"


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    checkouts = {1: Path(sys.argv[1]) / "src", 2: Path(__file__).resolve().parents[1] / "src"}
    took: dict[tuple[int, str], list[float]] = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm") as named:
        folder = Path(named)
        cards = make_cards(folder, 1, CARD_BYTES)
        files = make_files(folder / "photos", HIDDEN_BYTES)
        phrase = folder / "phrase.txt"
        phrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
        for turn in range(ROUNDS):
            for version, source in checkouts.items():
                os.environ["PYTHONPATH"] = str(source)
                asked = ["--label", "x", "--passphrase-file", str(phrase)]
                discard = ["--discard"] if version == 2 else []
                hide = ["hide", str(files), "--in", str(cards[0]), "--yes", "--lose", "0", *asked, *discard]
                out = folder / f"out-{turn}-{version}"
                for name, command in (("hide", hide), ("open", ["open", str(cards[0]), "--out", str(out), *asked])):
                    took.setdefault((version, name), []).append(cost_of([sys.executable, "-c", MAIN, *command]).cpu)
                subprocess.run(["rm", "-rf", str(out)], check=True)
    for name in ("hide", "open"):
        one, two = (median(took[version, name]) for version in (1, 2))
        row(f"`{name}` of 80 MB on a card of 512 MiB, CPU s: format 1, format 2", f"{one:.1f}, {two:.1f}", "-", None)
        row(f"`{name}`: format 2 to format 1", f"{two / one:.2f}", "nobody set one", None)


if __name__ == "__main__":
    helped(__doc__)
    main()
