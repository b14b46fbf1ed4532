"""How many parts of a picture are hidden, as a person would count them."""

from __future__ import annotations

from fifthfloor.jpeg.canonical import CanonicalHeader
from fifthfloor.statement.hidden_runs import HiddenRuns


def count_areas(header: CanonicalHeader, hidden: HiddenRuns) -> int:
    """Count hidden areas; intervals that touch, also at corners, are one.

    Args:
        header: of the picture.
        hidden: runs of hidden intervals. Where intervals run over the end of a row, what one run hides at the end of
            a row and at the start of the next is one area: it was one box.
    """
    strips = strips_of(header, hidden)
    joined = list(range(len(strips)))
    above: list[int] = []
    for number, (row, first, end, run) in enumerate(strips):
        above = [strip for strip in above if strips[strip][0] >= row - 1]
        for strip in above:
            _, left, right, other = strips[strip]
            if (left <= end and first <= right) or other == run:
                joined[root_of(joined, strip)] = root_of(joined, number)
        above.append(number)
    return len({root_of(joined, number) for number in range(len(strips))})


def strips_of(header: CanonicalHeader, hidden: HiddenRuns) -> list[tuple[int, int, int, int]]:
    """Cut runs at the ends of MCU rows: row, first MCU, end, number of the run."""
    wide = header.frame.mcus_wide
    strips = []
    for run, (first, count) in enumerate(hidden):
        at = first * header.interval_mcus
        end = min((first + count) * header.interval_mcus, header.mcus)
        while at < end:
            stop = min(end, (at // wide + 1) * wide)
            strips.append((at // wide, at % wide, stop - at // wide * wide, run))
            at = stop
    return strips


def root_of(joined: list[int], number: int) -> int:
    """Return the one that stands for all that were joined with this one, in a list of who was joined to whom."""
    while joined[number] != number:
        joined[number] = joined[joined[number]]
        number = joined[number]
    return number
