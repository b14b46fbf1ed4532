"""Which photographs show what another one shows: side by side they tell every change (spec/roll-carrier.md, 7).

Three ways. *Levels* are the picture in 16 x 16 grey levels: they find copies that were made larger, smaller or anew.
*Marks* are hashes of some windows of DC coefficients: they find copies of the same coefficients that are cropped, cut
short, or coded in another way. Both know a copy that is turned or mirrored. The *thumbnail* that a camera put into the
head is still there in what many programs make of a photograph, whatever they do to the picture.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import FifthFloorError
from fifthfloor.jpeg.coefficients import Picture, read
from fifthfloor.jpeg.segments import Piece, split
from fifthfloor.metadata.jpeg_head import exif_in
from fifthfloor.metadata.tiff import Tiff, embedded_thumbnail

_LEVELS_EDGE = 16  # of the levels
_LEAST_BLOCKS = 8  # a picture that is smaller has no levels
# Mean difference in grey levels below which two looks are of one picture: copies differ by 1.5, and the nearest two
# frames of the rolls that were looked at, taken side by side, by 10.
SAME_LEVELS = 3.0
# A window is so many blocks wide and high; one in so many is marked, whichever the picture it is seen in.
_WINDOW_BLOCKS = 8
_ONE_IN = 32
# A window in which fewer blocks differ from the next ones is flat, and may be in any picture: a sky, a black frame.
_LEAST_DIFFERING = 28
# Two pictures are of one where they share so many marks, and so much of those of either: less is a stamped line.
_SHARED_MARKS, _SHARED_PART = 2, 4
# More files of one thumbnail than these, and than this part of all, are not of one photograph.
_MOST_OF_ONE = 4
# A file that is damaged is read up to the damage; these parts of it are tried.
_TRIED_PARTS = (7 / 8, 3 / 4, 1 / 2, 1 / 4)


@dataclass(frozen=True, slots=True)
class Semblance:
    """What a photograph is compared by.

    Args:
        levels: 16 x 16 grey levels; all zero for what is cut, small, or cannot be compared so.
        marks: hashes of windows of DC coefficients, rising, each once.
        thumbnail: SHA-256 of the one in Exif; empty for none.
    """

    levels: NDArray[np.float32]
    marks: NDArray[np.uint64]
    thumbnail: bytes = b""


NO_SEMBLANCE = Semblance(np.zeros((_LEVELS_EDGE, _LEVELS_EDGE), np.float32), np.zeros(0, np.uint64))


def semblance_of(picture: Picture) -> Semblance:
    """Return what a photograph is compared by."""
    luma = picture.frame.components[0]
    means = picture.plane(0)[: luma.blocks_high, : luma.blocks_wide, 0].astype(np.int64)
    return Semblance(_levels(picture, means), _marks(means), _thumbnail(picture.pieces))


def semblance_in(data: bytes) -> Semblance:
    """Return what a file that is no cover is compared by, as far as it can be decoded: progressive, cut, or damaged."""
    for part in (1.0, *_TRIED_PARTS):
        try:
            picture = read(data[: int(len(data) * part)])
        except FifthFloorError:
            continue
        return semblance_of(picture)
    try:
        return replace(NO_SEMBLANCE, thumbnail=_thumbnail(split(data)))
    except FifthFloorError:
        return NO_SEMBLANCE


def _thumbnail(pieces: Sequence[Piece]) -> bytes:
    read = exif_in(pieces)
    tiff = Tiff.open(read)
    where = embedded_thumbnail(tiff) if tiff is not None else None
    data = read(*where) if where is not None else b""
    return hashlib.sha256(data).digest() if data else b""


def _levels(picture: Picture, means: NDArray[np.int64]) -> NDArray[np.float32]:
    frame = picture.frame
    if min(means.shape) < _LEAST_BLOCKS or picture.is_cut:
        return NO_SEMBLANCE.levels
    step = int(picture.header.quantisers[frame.components[0].quantiser][0])
    down, across = _shares(means.shape[0], frame.height / 8), _shares(means.shape[1], frame.width / 8)
    levels: NDArray[np.float32] = (down @ (means * (step / 8)) @ across.T).astype(np.float32)
    return levels


def _shares(blocks: int, seen: float) -> NDArray[np.float64]:
    """Return what each block is of each of sixteen equal parts; of the last block only what is seen counts."""
    edges = np.linspace(0, min(blocks, seen), _LEVELS_EDGE + 1)[:, None]
    firsts = np.arange(blocks)
    there = np.minimum(edges[1:], firsts + 1) - np.maximum(edges[:-1], firsts)
    shares: NDArray[np.float64] = np.clip(there, 0, None) / (edges[1] - edges[0])
    return shares


def _marks(means: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Hash every window so that turning and mirroring change nothing, and keep those that a rule of the hash chooses.

    The hash is a sum over the window of each value mixed with the class of its place: places that turning and
    mirroring carry into each other are of one class.
    """
    high, wide = means.shape[0] - _WINDOW_BLOCKS + 1, means.shape[1] - _WINDOW_BLOCKS + 1
    if high < 1 or wide < 1:
        return NO_SEMBLANCE.marks
    near = np.minimum(np.arange(_WINDOW_BLOCKS), _WINDOW_BLOCKS - 1 - np.arange(_WINDOW_BLOCKS))
    sums = np.zeros((high, wide), np.uint64)
    mixed = {}
    for y, x in np.ndindex(_WINDOW_BLOCKS, _WINDOW_BLOCKS):
        place = (int(min(near[y], near[x])), int(max(near[y], near[x])))
        if place not in mixed:
            mixed[place] = _mix(means.astype(np.uint64) + np.uint64((place[0] * _WINDOW_BLOCKS + place[1] + 1) << 32))
        sums += mixed[place][y : y + high, x : x + wide]
    found = _mix(sums)
    chosen = (found % np.uint64(_ONE_IN) == 0) & (_differing(means) >= _LEAST_DIFFERING)
    return np.unique(found[chosen])


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread 64 bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _differing(means: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count for every window the blocks in it that differ from the next one and from the one below."""
    differs = np.zeros(means.shape, np.int64)
    differs[:-1, :-1] = (means[:-1, :-1] != means[:-1, 1:]) & (means[:-1, :-1] != means[1:, :-1])
    sums = np.zeros((means.shape[0] + 1, means.shape[1] + 1), np.int64)
    sums[1:, 1:] = differs.cumsum(0).cumsum(1)
    size = _WINDOW_BLOCKS
    counts: NDArray[np.int64] = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    return counts


def twins(looks: Sequence[Semblance]) -> set[int]:
    """Return the photographs that show what another one shows, all of each kind."""
    return _of_one_look(looks) | _of_one_source(looks) | _of_one_thumbnail(looks)


def _of_one_thumbnail(looks: Sequence[Semblance]) -> set[int]:
    """Leave out a thumbnail that many have: it is a camera's for want of one."""
    counts = Counter(look.thumbnail for look in looks if look.thumbnail)
    most = max(_MOST_OF_ONE, sum(counts.values()) // _MOST_OF_ONE)
    return {number for number, look in enumerate(looks) if 1 < counts[look.thumbnail] <= most}


def _of_one_look(looks: Sequence[Semblance]) -> set[int]:
    there = [number for number, look in enumerate(looks) if look.levels.any()]
    table = np.array([looks[number].levels for number in there], np.float32).reshape(
        len(there), _LEVELS_EDGE, _LEVELS_EDGE
    )
    found: set[int] = set()
    for number, levels in enumerate(table[:-1]):
        rest = table[number + 1 :]
        for turned in (np.rot90(side, turn) for side in (levels, levels.T) for turn in range(4)):
            same = np.flatnonzero(np.abs(rest - turned).mean(axis=(1, 2)) < SAME_LEVELS) + number + 1
            if len(same):
                found |= {there[number], *(there[index] for index in same.tolist())}
    return found


def _of_one_source(looks: Sequence[Semblance]) -> set[int]:
    """Compare marks by those that several photographs have: of most photographs, none."""
    counts = np.array([len(look.marks) for look in looks], np.int64)
    marks = np.concatenate([NO_SEMBLANCE.marks, *(look.marks for look in looks)])
    marks.sort()
    several = np.unique(marks[1:][marks[1:] == marks[:-1]])
    del marks  # of thousands of photographs these are the most that is held
    common_marks = [look.marks[np.isin(look.marks, several)] for look in looks]
    owners = np.repeat(np.arange(len(looks)), [len(one) for one in common_marks])
    group = np.searchsorted(several, np.concatenate([NO_SEMBLANCE.marks, *common_marks]))
    order = np.argsort(group, kind="stable")
    owners, group = owners[order], group[order]
    firsts = np.searchsorted(group, np.arange(len(several) + 1))
    shared = np.bincount(owners, minlength=len(looks))
    found: set[int] = set()
    for number in np.flatnonzero((shared >= _SHARED_MARKS) & (shared * _SHARED_PART >= counts)).tolist():
        mine = group[owners == number]
        theirs = np.concatenate([owners[firsts[one] : firsts[one + 1]] for one in mine.tolist()])
        common = np.bincount(theirs, minlength=len(looks))
        common[number] = 0
        least = np.minimum(counts, counts[number])
        same = np.flatnonzero((common >= _SHARED_MARKS) & (common * _SHARED_PART >= least))
        if len(same):
            found |= {number, *same.tolist()}
    return found
