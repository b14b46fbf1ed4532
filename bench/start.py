"""Time of `fifthfloor --help`, best of five, beside that of an empty Python."""

from __future__ import annotations

import sys

from measure import PROGRAM, cost_of, helped, row


def main() -> None:
    helped = min(cost_of([PROGRAM, "--help"]).cpu for _ in range(5))
    empty = min(cost_of([sys.executable, "-c", ""]).cpu for _ in range(5))
    row("--help", f"{helped:.2f} s of CPU (an empty Python: {empty:.2f} s)", "0.4 s", helped <= 0.4)


if __name__ == "__main__":
    helped(__doc__)
    main()
