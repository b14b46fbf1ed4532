"""Holes: free space of the size of a photograph between files that were written one after the other.

A camera writes into the first free clusters. Where a photograph was removed its clusters stay free between its
neighbours', and this shows even when its directory entry has been written over.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from statistics import median

import numpy as np

from fifthfloor.audit.counters import numbered
from fifthfloor.audit.finding import Finding, Place, finding, listed
from fifthfloor.cards.volume import VisibleFile, Volume

MIN_HOLE_BYTES = 64 << 10  # smaller than nearly any photograph of a camera that numbers its files
LEAST_SHARE = 0.25  # of the median file: a hole smaller than that held something else


@dataclass(frozen=True, slots=True)
class Hole:
    """Free space between two neighbours on the card.

    Args:
        offset_bytes, length_bytes: on the device.
        before, after: paths of the files on both sides.
    """

    offset_bytes: int
    length_bytes: int
    before: str
    after: str


def holes(volume: Volume) -> list[Hole]:
    """Find free extents of the size of a photograph, with numbered photographs on both sides."""
    files = [file for file in volume.files() if not file.is_directory and file.extents and numbered(file.path)]
    if len(files) < 2:
        return []
    usual = max(MIN_HOLE_BYTES, int(LEAST_SHARE * median(file.size_bytes for file in files)))
    starts = volume.free[:, 0]
    found = []
    for before, after in pairwise(_by_place(files)):
        end = before[1]
        start = after[0]
        index = int(np.searchsorted(starts, end))
        while index < len(starts) and int(starts[index]) < start:
            length = int(volume.free[index, 1])
            if length >= usual:
                found.append(Hole(int(starts[index]), length, before[2], after[2]))
            index += 1
    return found


def _by_place(files: list[VisibleFile]) -> list[tuple[int, int, str]]:
    return sorted(
        (extent.offset_bytes, extent.offset_bytes + extent.length_bytes, file.path)
        for file in files
        for extent in file.extents
    )


def hole_findings(volume: Volume) -> list[Finding]:
    """Say which holes there are; surer where the numbers on both sides miss a frame too."""
    found = holes(volume)
    if not found:
        return []
    places = [
        Place(
            hole.before,
            hole.offset_bytes,
            hole.length_bytes,
            (hole.offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes + 2,
            f"{PurePosixPath(hole.before).name} | {PurePosixPath(hole.after).name}",
        )
        for hole in found
    ]
    agreeing = sum(_misses_a_frame(hole) for hole in found)
    return [
        finding(
            "card.hole",
            "high",
            "likely" if agreeing else "possible",
            places,
            agreeing=agreeing,
            size=sum(hole.length_bytes for hole in found),
            names=listed(place.note for place in places),
        )
    ]


def _misses_a_frame(hole: Hole) -> bool:
    before, after = numbered(hole.before), numbered(hole.after)
    return bool(before and after and before.folder == after.folder and after.number - before.number > 1)


def order_findings(volume: Volume) -> list[Finding]:
    """Find files whose order on the card contradicts the order of their numbers: something was moved or copied back."""
    firsts = sorted(
        (file.extents[0].offset_bytes, file.path)
        for file in volume.files()
        if not file.is_directory and file.extents and numbered(file.path)
    )
    odd = []
    for (_, before), (offset, after) in pairwise(firsts):
        a, b = numbered(before), numbered(after)
        if a and b and a.folder == b.folder and b.number < a.number and a.number - b.number < 5000:
            odd.append(Place(after, offset, note=f"{PurePosixPath(before).name} > {PurePosixPath(after).name}"))
    if not odd:
        return []
    return [finding("card.order", "medium", "possible", odd, names=listed(place.note for place in odd))]
