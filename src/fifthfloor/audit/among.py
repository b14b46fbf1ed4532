"""Noise between remains: islands on a card whose rest was swept, and on one that never was.

What was swept and shot on since is noise at its end, or from one file to the next: free space in its order, files left
out, is remains and then noise. Noise with remains before it and behind it was made after those.
"""

from __future__ import annotations

from collections.abc import Iterator

from fifthfloor.audit.free_map import BLOCK_BYTES, Band, FreeMap

LEAST_REMAINS_BYTES = 2 * BLOCK_BYTES  # less is where a block has the end of one and the start of the other


def among_remains(free_map: FreeMap) -> tuple[Band, ...]:
    """Return the runs of noise that have remains of something on both sides, files left out.

    The largest group of neighbouring runs is none of them where it is half of all noise or more: that is the sweep.

    Args:
        free_map: its runs of noise rising and apart; they may lie outside of its bands.
    """
    groups: list[list[Band]] = []
    flanks: list[int] = [0]  # bytes of remains before each group, and behind the last
    for run, remains in _in_order(free_map):
        if run is None:
            flanks[-1] += remains
        elif groups and flanks[-1] < LEAST_REMAINS_BYTES:
            groups[-1].append(run)
            flanks[-1] = 0
        else:
            groups.append([run])
            flanks.append(0)
    half = sum(run.length_bytes for run in free_map.random_runs) / 2
    return tuple(
        run
        for group, before, behind in zip(groups, flanks, flanks[1:], strict=False)
        if min(before, behind) >= LEAST_REMAINS_BYTES and sum(run.length_bytes for run in group) < half
        for run in group
    )


def _in_order(free_map: FreeMap) -> Iterator[tuple[Band | None, int]]:
    """Yield the runs of noise, and between them how many bytes of remains there are.

    Blank space is none of them, nor is noise too short to be told: photographs have such stretches too.
    """
    runs, at = free_map.random_runs, 0
    for band in free_map.bands:
        start, end = band.offset_bytes, band.offset_bytes + band.length_bytes
        is_remains = band.kind in ("photo", "mixed")
        while at < len(runs) and runs[at].offset_bytes < end:
            run = runs[at]
            if is_remains and run.offset_bytes > start:
                yield None, run.offset_bytes - start
            yield run, 0
            start, at = max(start, run.offset_bytes + run.length_bytes), at + 1
        # A run may reach over several bands: what it covers of them is no remains.
        last = runs[at - 1].offset_bytes + runs[at - 1].length_bytes if at else 0
        if is_remains and end > max(start, last):
            yield None, end - max(start, last)
    yield from ((run, 0) for run in runs[at:])
