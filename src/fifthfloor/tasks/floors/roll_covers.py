"""Which photographs of a folder may hold something, how much, and why others may not (spec/roll-carrier.md, 7)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from fifthfloor.carriers.roll.covers import SLOT_BITS, cover_of, ladder_of
from fifthfloor.carriers.roll.embedding import richness
from fifthfloor.carriers.roll.judging import reason_against
from fifthfloor.carriers.roll.twins import Semblance, semblance_in, semblance_of, twins
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.files import files_below, is_part, read_whole
from fifthfloor.floor.roll_plan import Offer
from fifthfloor.jpeg.stream import kernels
from fifthfloor.metadata.endings import RAWS, ending_of
from fifthfloor.tasks.floors.roll_reading import MAX_COVER_BYTES, each, size_of
from fifthfloor.tasks.progress import Progress

_NO_OFFER = Offer((), 0)
# Why a file is none is named as far as a person can do something about it.
_WHY_UNREAD = {"roll.progressive": "roll.why.progressive", "roll.cut": "roll.why.broken", "jpeg.not_jpeg": ""}


@dataclass(frozen=True, slots=True)
class RollPhotograph:
    """A file of a roll.

    Args:
        path: of the file.
        facts: size and times, as they were when it was looked at.
        why: key of the reason why nothing is hidden in it; empty for a cover.
        offer: what it may hold.
        rich: AC coefficients of luma that are not zero.
        width, height: in pixels.
    """

    path: Path
    facts: os.stat_result
    why: str
    offer: Offer = _NO_OFFER
    rich: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Roll:
    """A folder as carrier; files that are no JPEG are not counted."""

    folder: Path
    photographs: tuple[RollPhotograph, ...]

    @property
    def offers(self) -> list[Offer]:
        return [one.offer for one in self.photographs]

    @property
    def refused(self) -> dict[str, int]:
        """How many are no covers, by reason."""
        return dict(Counter(one.why for one in self.photographs if one.why))


_SeenPhotograph = tuple[RollPhotograph, bytes, Semblance]


def look_at_rolls(folders: Sequence[Path], rate: float, progress: Progress) -> list[Roll]:
    """Look at every photograph of some folders; nothing is written.

    Args:
        folders: all rolls of a floor: what one shows, none of them may hold a second time.
        rate: bits for each AC coefficient of luma that is not zero, at most.
        progress: shown meanwhile.

    Raises:
        BadInput: a folder is given twice or lies in another, cannot be read, or the extra `roll` is not installed.
    """
    refuse_overlap(folders)
    kernels()
    # What a kill left beside its place goes before anything is written, and is no twin of the photograph meanwhile.
    below = [[path for path in sorted(files_below(folder)) if not is_part(path)] for folder in folders]
    paths = [path for those in below for path in those]
    with progress("work.roll_look", size_of(paths)) as advance:
        told = list(each(_look, [(path, rate) for path in paths], paths, advance))
    looked = [one for one in told if one is not None]
    same = _twins(looked) | _beside_a_raw([one for one, _, _ in looked], paths)
    judged = iter(
        replace(one, why="roll.why.twin", offer=_NO_OFFER) if number in same else one
        for number, (one, _, _) in enumerate(looked)
    )
    ends = list(accumulate((len(those) for those in below), initial=0))
    return [
        Roll(folder, tuple(next(judged) for one in told[first:last] if one is not None))
        for folder, (first, last) in zip(folders, pairwise(ends), strict=True)
    ]


def refuse_overlap(folders: Sequence[Path]) -> None:
    """Refuse a folder that is given twice, under one name or two, and one that lies in another. Raises BadInput."""
    seen: dict[tuple[int, int], Path] = {}
    for folder in folders:
        if (first := seen.get(_place_of(folder))) is not None:
            raise BadInput("roll.twice", path=str(folder), first=str(first))
        seen[_place_of(folder)] = folder
    for folder in folders:
        for above in folder.resolve().parents:
            if (outer := seen.get(_place_of(above))) is not None:
                raise BadInput("roll.within", path=str(folder), outer=str(outer))


def _place_of(folder: Path) -> tuple[int, int]:
    facts = folder.stat()
    return facts.st_dev, facts.st_ino


def _twins(looked: Sequence[_SeenPhotograph]) -> set[int]:
    """Find photographs of which there is another, equal or made of the same picture."""
    prints = Counter(print_ for _, print_, _ in looked if print_)
    equal = {number for number, (_, print_, _) in enumerate(looked) if prints[print_] > 1}
    return equal | twins([look for _, _, look in looked])


def _beside_a_raw(photographs: Sequence[RollPhotograph], paths: Sequence[Path]) -> set[int]:
    """Find photographs whose raw lies beside them: of it a camera makes the same photograph once more."""
    raws = {_stem_of(path) for path in paths if ending_of(path.name) in RAWS}
    return {number for number, one in enumerate(photographs) if _stem_of(one.path) in raws}


def _stem_of(path: Path) -> tuple[Path, str]:
    return path.parent, path.stem.casefold()


def _look(task: tuple[Path, float]) -> _SeenPhotograph | None:
    path, rate = task
    facts = path.stat()
    data = b""
    try:
        data = read_whole(path, MAX_COVER_BYTES)
        cover = cover_of(data)
    except FifthFloorError as error:
        why = _WHY_UNREAD.get(error.key, "roll.why.broken")
        return (RollPhotograph(path, facts, why), b"", semblance_in(data)) if why else None
    counts = richness(cover)
    rich, ladder = int(counts.sum(dtype=np.int64)), ladder_of(len(cover.rows))
    most = max((step for step in ladder if step * SLOT_BITS <= rich * rate), default=0)
    why = reason_against(data, cover, counts) or ("" if most else "roll.why.tiny")
    frame = cover.picture.frame
    offer = _NO_OFFER if why else Offer(ladder, most)
    one = RollPhotograph(path, facts, why, offer, rich, frame.width, frame.height)
    return one, cover.fingerprint, semblance_of(cover.picture)
