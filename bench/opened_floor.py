"""How well an examiner with a floor's passphrase and two images tells whether another floor was kept beside it.

`python bench/opened_floor.py [STORIES A CLASS]`: trains and judges on stories of `tests/oracle/opened_floor.py`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from measure import row

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "theatre/src")]
from tests.oracle.opened_floor import SMALL, TELLS, Story, Teller, features, permuted, told_apart  # noqa: E402


def main() -> None:
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        teller = Teller(Path(folder), SMALL)
        stories = [Story(10_000 + number, number % 2 == 0, number % 4 < 2) for number in range(2 * each)]
        seen = [teller.tell(story) for story in stories]
    rows = np.stack([features(one) for one in seen])
    for name, labels in (
        ("was there another floor", np.array([story.b for story in stories])),
        ("did the last sweep hide one", np.array([story.c for story in stories])),
    ):
        area, low, high = told_apart(rows, labels)
        chance = permuted(rows, labels)
        said = f"area {area:.3f} ({low:.3f} to {high:.3f}); most telling feature p = {chance:.3f}"
        row(f"{name}, {each} stories a class", said, "0.5 inside", low <= 0.5 <= high)
    other = np.array([story.b for story in stories])
    for tell in TELLS:
        told = np.stack([features(tell(one) if b else one) for one, b in zip(seen, other, strict=True)])
        area, low, high = told_apart(told, other)
        row(f"planted: {tell.__name__}", f"area {area:.3f} ({low:.3f} to {high:.3f})", "above 0.6", low > 0.6)


if __name__ == "__main__":
    main()
