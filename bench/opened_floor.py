"""How well an examiner with a floor's passphrase and two images tells whether another floor was kept beside it.

`python bench/opened_floor.py [STORIES A CLASS [QUICK STORIES]]`: trains and judges on stories of
`tests/oracle/opened_floor.py`; then what a `--quick` beside that floor shows (`tests/oracle/quick_stories.py`).
`python bench/opened_floor.py sealed [STORIES A CLASS]`: C is a sealed floor (`tests/oracle/sealed_stories.py`).
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from measure import helped, row

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "theatre/src")]
from tests.oracle.opened_floor import (  # noqa: E402
    SMALL,
    TELLS,
    Features,
    Seen,
    Story,
    Teller,
    features,
    permuted,
    told_apart,
)
from tests.oracle.quick_stories import tell_quick  # noqa: E402
from tests.oracle.sealed_stories import SealedTeller, pushed_aside, sealed_features  # noqa: E402

from fifthfloor.errors import NoRoom  # noqa: E402

QUICK = 40
FEWEST = 20


def main() -> None:
    if sys.argv[1:2] == ["sealed"]:
        _sealed(int(sys.argv[2]) if len(sys.argv) > 2 else 150)
        return
    each = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    if each < FEWEST:
        raise SystemExit(f"{each} stories a class are too few to train on half and judge on the other: {FEWEST}")
    with tempfile.TemporaryDirectory() as folder:
        stories, seen = _told(Teller(Path(folder), SMALL), each)
        _quick(Path(folder), int(sys.argv[2]) if len(sys.argv) > 2 else QUICK)
    _judged(stories, np.stack([features(one) for one in seen]), "did the last sweep hide one")
    other = np.array([story.b for story in stories])
    for tell in TELLS:
        told = np.stack([features(tell(one) if b else one) for one, b in zip(seen, other, strict=True)])
        area, low, high = told_apart(told, other)
        row(f"planted: {tell.__name__}", f"area {area:.3f} ({low:.3f} to {high:.3f})", "above 0.6", low > 0.6)


def _judged(stories: list[Story], rows: Features, second: str) -> None:
    for name, labels in (
        ("was there another floor", np.array([story.b for story in stories])),
        (second, np.array([story.c for story in stories])),
    ):
        area, low, high = told_apart(rows, labels)
        chance = permuted(rows, labels)
        said = f"area {area:.3f} ({low:.3f} to {high:.3f}); most telling feature p = {chance:.3f}"
        row(f"{name}, {len(stories) // 2} stories a class", said, "0.5 inside", low <= 0.5 <= high)


def _sealed(each: int) -> None:
    """Judge stories whose last sweep seals a floor to somebody, or hides none."""
    with tempfile.TemporaryDirectory() as folder:
        stories, seen = _told(SealedTeller(Path(folder)), each)
    rows = np.stack([sealed_features(one) for one in seen])
    _judged(stories, rows, "did the last sweep seal one")
    sealed = np.array([story.c for story in stories])
    rows[sealed, -2] = [pushed_aside(one) for one, hid in zip(seen, sealed, strict=True) if hid]
    chance = permuted(rows, sealed)
    row("planted: A's slots pushed off the capsules' places", f"p = {chance:.3f}", "at most 0.001", chance <= 0.001)


def _told(teller: Teller, each: int) -> tuple[list[Story], list[Seen]]:
    """Tell as many stories of each class; of a card that is refused (`keep.no_spare`) another is made."""
    stories, seen = [], []
    refused: Counter[tuple[bool, bool]] = Counter()
    for number in range(2 * each):
        for again in range(9):
            story = Story(10_000 + number + 1_000_000 * again, number % 2 == 0, number % 4 < 2)
            try:
                seen.append(teller.tell(story))
            except NoRoom:
                refused[story.b, story.c] += 1
                continue
            stories.append(story)
            break
    said = ", ".join(f"{n} with {'B' if b else 'none'}{' and C' if c else ''}" for (b, c), n in sorted(refused.items()))
    row("cards that were refused, and drawn again", said or "none", "-", None)
    return stories, seen


def _quick(folder: Path, count: int) -> None:
    """Say what a quick floor shows in two images: a limit, not a promise."""
    seen = [tell_quick(folder, number) for number in range(count)]
    runs = np.array([one.runs_changed for one in seen], np.float64)
    sizes = np.array([one.hidden_bytes for one in seen], np.float64)
    lost, changed = np.array([one.lost_share for one in seen]), np.array([one.changed_share for one in seen])
    line = np.polyfit(runs[::2], sizes[::2], 1)
    error = np.abs(np.polyval(line, runs[1::2]) / sizes[1::2] - 1)
    row(f"--quick seen in two images, {count} stories", f"{np.mean(runs > 0):.0%}", "100%", bool((runs > 0).all()))
    row(
        "its size from the runs: error, median and 9 of 10",
        f"{np.median(error):.0%}, {np.quantile(error, 0.9):.0%}",
        "a limit",
        None,
    )
    spread = f"{np.mean(lost):.3f} of A's slots lost, {np.mean(changed):.3f} of free space written"
    row("what A loses to it", f"{spread}; r = {np.corrcoef(lost, changed)[0, 1]:.2f}", "a limit", None)


if __name__ == "__main__":
    helped(__doc__)
    main()
