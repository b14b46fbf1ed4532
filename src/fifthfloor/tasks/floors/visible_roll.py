"""What the visible roll shows after frames have gone: a table, and what a minder will count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fifthfloor.audit.numbering import gaps
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
    """Return the numbers that are missing on the whole roll, as a search counts them: first and last of each run."""
    return [(gap.first, gap.last) for gap in gaps(_paths(frames))]


def _counted(frame: Frame) -> tuple[str, int]:
    return frame.folder, frame.recording.number if frame.recording else 0


def _one_day(day: str, left: Sequence[Frame], gone: int) -> Day:
    ordered = sorted(left, key=_counted)
    missing = tuple((gap.before.number, gap.after.number) for gap in gaps(_paths(ordered)))
    first, last = (ordered[0].stem, ordered[-1].stem) if ordered else ("", "")
    return Day(day, len(left), len(left) + gone, first, last, missing)


def _paths(frames: Sequence[Frame]) -> list[str]:
    return [file.path for frame in frames for file in frame.files]


def _day(frame: Frame) -> str:
    return frame.taken.date().isoformat() if frame.taken else ""
