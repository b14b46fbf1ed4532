"""How frames are named to a person: as they are, so that nobody reads a frame into a range that is not taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

from fifthfloor.tasks.floors.releases import Frame

_FrameRow = tuple[str, str, int, int]


def joined(numbers: Sequence[int], name: Callable[[int], str]) -> list[str]:
    """Write numbers as names, neighbours together."""
    return [name(run[0]) if len(run) == 1 else f"{name(run[0])} to {name(run[-1])}" for run in runs_of(numbers)]


def runs_of(numbers: Sequence[int]) -> list[range]:
    """Put neighbours together."""
    runs: list[range] = []
    for number in numbers:
        if runs and runs[-1].stop == number:
            runs[-1] = range(runs[-1].start, number + 1)
        else:
            runs.append(range(number, number + 1))
    return runs


def named(frames: Sequence[Frame], others: Sequence[Frame]) -> list[str]:
    """Name frames: those whose numbers follow on each other as a range, each other one by itself.

    Args:
        frames: in the order of their card.
        others: of the same card. Where a name is on it twice, names are said with their folders; where it is twice in
            one folder, with its ending.
    """
    often = Counter(frame.stem for frame in (*frames, *others))
    told_apart = {frame.folder for frame in frames if often[frame.stem] > 1}
    ends = Counter(folder.rpartition("/")[2] for folder in {frame.folder for frame in (*frames, *others)})

    def row(at: int) -> _FrameRow:
        """What frames of one range have in common; each that is in none has a row of its own."""
        frame = frames[at]
        short = frame.folder.rpartition("/")[2]
        folder = "" if frame.folder not in told_apart else f"{short if ends[short] == 1 else frame.folder}/"
        letters = frame.stem.rstrip("0123456789")
        if not frame.alone:
            return folder + min(file.path for file in frame.files).rpartition("/")[2], "", 0, at
        if letters == frame.stem:
            return folder + frame.stem, "", 0, at
        return folder, letters, len(frame.stem) - len(letters), -1

    said: list[str] = []
    for (folder, letters, digits, _), group in groupby(range(len(frames)), row):
        if not digits:
            said.append(folder)
            continue
        numbers = [frames[at].typed_number or 0 for at in group]
        said += joined(numbers, f"{folder}{letters}{{:0{digits}d}}".format)
    return said
