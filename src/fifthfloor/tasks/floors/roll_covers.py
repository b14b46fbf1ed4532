"""Which photographs of a folder may hold something, how much, and why others may not (spec/roll-carrier.md, 7)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthfloor.carriers.roll.covers import SLOT_BITS, cover_of, ladder_of
from fifthfloor.carriers.roll.embedding import richness
from fifthfloor.carriers.roll.judging import likeness, reason_against, twins
from fifthfloor.errors import FifthFloorError
from fifthfloor.files import files_below, is_part, read_whole
from fifthfloor.floor.roll_plan import Offer
from fifthfloor.jpeg.stream import kernels
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


_LookedAtPhotograph = tuple[RollPhotograph, bytes, NDArray[np.float32] | None]


def look_at_roll(folder: Path, rate: float, progress: Progress) -> Roll:
    """Look at every photograph of a folder; nothing is written.

    Args:
        folder: of the roll.
        rate: bits for each AC coefficient of luma that is not zero, at most.
        progress: shown meanwhile.

    Raises:
        BadInput: the folder cannot be read, or the extra `roll` is not installed.
    """
    kernels()
    # What a kill left beside its place goes before anything is written, and is no twin of the photograph meanwhile.
    paths = [path for path in sorted(files_below(folder)) if not is_part(path)]
    with progress("work.roll_look", size_of(paths)) as advance:
        looked = [one for one in each(_look, [(path, rate) for path in paths], paths, advance) if one is not None]
    same = _twins(looked)
    return Roll(
        folder,
        tuple(
            replace(one, why="roll.why.twin", offer=_NO_OFFER) if number in same else one
            for number, (one, _, _) in enumerate(looked)
        ),
    )


def _twins(looked: Sequence[_LookedAtPhotograph]) -> set[int]:
    """Find photographs of which the folder holds another, equal or made of the same picture."""
    prints = Counter(print_ for _, print_, look in looked if look is not None)
    equal = {number for number, (_, print_, look) in enumerate(looked) if look is not None and prints[print_] > 1}
    shown = [number for number, (_, _, look) in enumerate(looked) if look is not None and look.any()]
    return equal | {shown[index] for index in twins([looked[n][2] for n in shown if looked[n][2] is not None])}  # type: ignore[misc]


def _look(task: tuple[Path, float]) -> _LookedAtPhotograph | None:
    path, rate = task
    facts = path.stat()
    try:
        data = read_whole(path, MAX_COVER_BYTES)
        cover = cover_of(data)
    except FifthFloorError as error:
        why = _WHY_UNREAD.get(error.key, "roll.why.broken")
        return (RollPhotograph(path, facts, why), b"", None) if why else None
    counts = richness(cover)
    rich, ladder = int(counts.sum(dtype=np.int64)), ladder_of(len(cover.rows))
    most = max((step for step in ladder if step * SLOT_BITS <= rich * rate), default=0)
    why = reason_against(data, cover, counts) or ("" if most else "roll.why.tiny")
    frame = cover.picture.frame
    offer = _NO_OFFER if why else Offer(ladder, most)
    one = RollPhotograph(path, facts, why, offer, rich, frame.width, frame.height)
    return one, cover.fingerprint, likeness(cover)
