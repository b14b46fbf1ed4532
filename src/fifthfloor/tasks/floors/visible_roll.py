"""What the visible roll shows after frames have gone: a table, and what a minder will count."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fifthfloor.tasks.floors.frames import Taken
from fifthfloor.tasks.floors.releases import Frame


@dataclass(frozen=True, slots=True)
class Day:
    """Frames left of one day.

    Args:
        day: "2026-05-03", or "" for frames without a time.
        left, before: how many frames there are now, and were.
        first, last: names of the first and last frame left; "" when none is.
        gaps: runs of numbers that are missing between first and last, as (number before, number after).
    """

    day: str
    left: int
    before: int
    first: str
    last: str
    gaps: tuple[tuple[int, int], ...]


def as_document(taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """Return for each shooting card what its visible roll looks like without the taken frames."""
    return [
        {
            "card": str(one.path),
            "left": len(one.left),
            "before": len(one.left) + len(one.frames),
            "days": [
                {"day": d.day, "left": d.left, "before": d.before, "first": d.first, "last": d.last, "gaps": d.gaps}
                for d in days_left(one.left, one.frames)
            ],
        }
        for one in taken
    ]


def days_left(left: Sequence[Frame], gone: Sequence[Frame]) -> list[Day]:
    """Make the table of what is left, day by day."""
    days = sorted({_day(frame) for frame in (*left, *gone)})
    return [_one_day(day, [f for f in left if _day(f) == day], sum(_day(f) == day for f in gone)) for day in days]


def gaps_of(frames: Sequence[Frame]) -> list[tuple[int, int]]:
    """Return the runs of numbers that are missing on the whole roll, as a minder meets them: first and last of each."""
    counted = sorted((frame.folder, frame.number) for frame in frames if frame.number is not None)
    return [(a + 1, b - 1) for (there, a), (here, b) in itertools.pairwise(counted) if here == there and b - a > 1]


def _one_day(day: str, left: Sequence[Frame], gone: int) -> Day:
    ordered = sorted(left, key=lambda frame: (frame.folder, frame.number or 0))
    numbers = [frame.number for frame in ordered if frame.number is not None]
    gaps = tuple((a, b) for a, b in itertools.pairwise(numbers) if b - a > 1)
    first, last = (ordered[0].stem, ordered[-1].stem) if ordered else ("", "")
    return Day(day, len(left), len(left) + gone, first, last, gaps)


def _day(frame: Frame) -> str:
    return frame.taken.date().isoformat() if frame.taken else ""
