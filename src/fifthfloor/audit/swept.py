"""What the noise in a card's free space looks like as a whole: a swept card, a sweep that was stopped, or islands.

Islands there may be on a swept card too, among what a camera wrote on it since.

Nothing here can tell a wiped card from one that hides something; noise is never critical.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fifthfloor.audit.among import among_remains
from fifthfloor.audit.finding import Finding, Place, finding
from fifthfloor.audit.free_map import GRID_BYTES, MIN_RUN_BYTES, Band, FreeMap
from fifthfloor.audit.islands import TAIL_SHARE, Extents

BLANK_SHARE = 0.999
SWEPT_SHARE = 0.5  # of the free space; a card that was wiped, and then filled by half, is still one that was wiped
_NEARLY_ALL, _NONE = 0.95, 0.05  # shares of noise: blocks of 64 KiB at the ends of short extents are not told
# The pieces in which this program sweeps, as `carriers.free_space.stretch_of` has them (a test compares the two).
LARGEST_PIECE_BYTES, SMALLEST_PIECE_BYTES, _SWEPT_PIECES = 4 << 20, 256 << 10, 64


def noise_findings(free_map: FreeMap, free: Extents, heaps: Sequence[int], *, sharp: bool = True) -> list[Finding]:
    """Say what free space as a whole looks like.

    Args:
        free_map: of all of it.
        free: its extents, offset and length in bytes on the device, rising.
        heaps: where clusters begin on each volume, in bytes, rising.
        sharp: whether the map has bounds to the sector; a quick look has none, and cannot tell where a sweep stopped.
    """
    found = []
    if free_map.random_runs:
        islands = set(among_remains(free_map))
        rest = tuple(run for run in free_map.random_runs if run not in islands)
        kind = _kind(replace(free_map, random_runs=rest), free, heaps, sharp=sharp)
        if kind == "card.noise_island":
            found.append(_of_noise(kind, free_map.random_runs, free_map.total_bytes))
        else:
            found.append(_of_noise(kind, rest, free_map.total_bytes))
            among = [run for run in free_map.random_runs if run in islands]
            found += [_of_noise("card.noise_island", among, free_map.total_bytes)] if among else []
    blank = free_map.bytes_of["zero"] + free_map.bytes_of["ff"]
    if free_map.total_bytes and blank >= BLANK_SHARE * free_map.total_bytes:
        found.append(finding("card.blank", "low", "possible", count=1, size=blank))
    return found


def _of_noise(kind: str, runs: Sequence[Band], total_bytes: int) -> Finding:
    size = sum(run.length_bytes for run in runs)
    places = [Place("", run.offset_bytes, run.length_bytes) for run in runs]
    percent = round(100 * size / max(1, total_bytes), 1)
    return finding(kind, "high", "possible", places, size=size, percent=percent)


def piece_bytes(free_bytes: int) -> int:
    """Return the length of the pieces in which this program sweeps a card with so much free space."""
    fitting = 1 << max(0, (free_bytes // _SWEPT_PIECES).bit_length() - 1)
    return min(LARGEST_PIECE_BYTES, max(SMALLEST_PIECE_BYTES, fitting))


def _kind(free_map: FreeMap, free: Extents, heaps: Sequence[int], *, sharp: bool) -> str:
    total = max(1, free_map.total_bytes)
    noise_bytes = sum(run.length_bytes for run in free_map.random_runs)
    end = max(run.offset_bytes + run.length_bytes for run in free_map.random_runs)
    behind = _bytes_from(free, end)
    if sharp and behind >= MIN_RUN_BYTES and _stopped(free_map, free, heaps, end):
        return "card.noise_stopped"
    reaches_end = behind < MIN_RUN_BYTES and noise_bytes >= TAIL_SHARE * total
    return "card.noise" if noise_bytes >= SWEPT_SHARE * total or reaches_end else "card.noise_island"


def _stopped(free_map: FreeMap, free: Extents, heaps: Sequence[int], end: int) -> bool:
    """Whether all free space up to `end` is noise and none behind, and a piece of a sweep ends there."""
    if not any(offset < end < offset + length for offset, length in free):
        return False  # it ends because a file begins
    noise = [(band.offset_bytes, band.length_bytes) for band in free_map.bands if band.kind == "random"]
    noise_behind, behind = _bytes_from(noise, end), _bytes_from(free, end)
    noise_before = sum(length for _, length in noise) - noise_behind
    before = sum(length for _, length in free) - behind
    heap = max((heap for heap in heaps if heap <= end), default=0)
    beside = (end - heap + GRID_BYTES) % piece_bytes(before + behind)
    return noise_before >= _NEARLY_ALL * before and noise_behind <= _NONE * behind and beside <= 2 * GRID_BYTES


def _bytes_from(extents: Extents, at: int) -> int:
    return sum(max(0, offset + length - max(offset, at)) for offset, length in extents)
