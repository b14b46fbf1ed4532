"""Which parts of a picture are hidden, as areas a person would count."""

from __future__ import annotations

from fifthfloor.jpeg.canonical import CanonicalHeader
from fifthfloor.statement.runs import Runs

Area = tuple[int, int, int, int]


def areas(header: CanonicalHeader, hidden: Runs) -> tuple[Area, ...]:
    """Join hidden intervals that touch (also at corners) into areas.

    Args:
        header: of the picture.
        hidden: runs of hidden intervals.

    Returns:
        Left, top, right, bottom of each area's outline in pixels as stored, from top to bottom.
    """
    wide = header.frame.mcus_wide
    mcu_width = 8 * max(h for h, _ in header.sampling)
    mcu_height = 8 * max(v for _, v in header.sampling)
    strips = _strips(header, hidden, wide)
    joined = list(range(len(strips)))
    above: list[int] = []
    for number, (row, first, end) in enumerate(strips):
        above = [strip for strip in above if strips[strip][0] >= row - 1]
        for strip in above:
            if strips[strip][1] <= end and first <= strips[strip][2]:
                joined[_group(joined, strip)] = _group(joined, number)
        above.append(number)
    outlines: dict[int, Area] = {}
    for number, (row, first, end) in enumerate(strips):
        group = _group(joined, number)
        left, top, right, bottom = outlines.get(group, (first, row, end, row + 1))
        outlines[group] = (min(left, first), min(top, row), max(right, end), max(bottom, row + 1))
    return tuple(
        (
            left * mcu_width,
            top * mcu_height,
            min(right * mcu_width, header.width),
            min(bottom * mcu_height, header.height),
        )
        for left, top, right, bottom in sorted(outlines.values(), key=lambda outline: (outline[1], outline[0]))
    )


def _strips(header: CanonicalHeader, hidden: Runs, wide: int) -> list[tuple[int, int, int]]:
    """Cut runs at the ends of MCU rows: row, first MCU, end."""
    strips = []
    for first, count in hidden:
        at = first * header.interval_mcus
        end = min((first + count) * header.interval_mcus, header.mcus)
        while at < end:
            stop = min(end, (at // wide + 1) * wide)
            strips.append((at // wide, at % wide, stop - at // wide * wide))
            at = stop
    return strips


def _group(joined: list[int], number: int) -> int:
    """Return the strip that stands for all that were joined with this one."""
    while joined[number] != number:
        joined[number] = joined[joined[number]]
        number = joined[number]
    return number
