"""Numbers of files and folders as cameras give them (CIPA DC-009 "DCF" 2.0, section 3), and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from fifthfloor.audit.finding import Finding, Place, finding, listed

# Four characters, four digits; the folder three digits and five characters.
_FILE = re.compile(r"^([A-Za-z0-9_]{4})(\d{4})\.[A-Za-z0-9]{3,4}$")
_FOLDER = re.compile(r"^(\d{3})([A-Za-z0-9_]{5})$")
LAST_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class Numbered:
    """A file with a DCF name.

    Args:
        path: of the file.
        folder: its folder's path.
        prefix: the four characters; the first is "_" for Adobe RGB and counts as any.
        number: 1 to 9999.
    """

    path: str
    folder: str
    prefix: str
    number: int


def numbered(path: str) -> Numbered | None:
    """Read a DCF name; None where it is none."""
    pure = PurePosixPath(path)
    match = _FILE.match(pure.name)
    if match is None or not 0 < int(match[2]) <= LAST_NUMBER:
        return None
    return Numbered(path, str(pure.parent), match[1].upper(), int(match[2]))


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing between two that are there."""

    folder: str
    before: Numbered
    after: Numbered

    @property
    def first(self) -> int:
        return self.before.number + 1

    @property
    def last(self) -> int:
        return self.after.number - 1

    @property
    def missing(self) -> int:
        return self.last - self.first + 1


def gaps(paths: Iterable[str]) -> list[Gap]:
    """Find missing numbers in each folder; a roll that wraps from 9999 to 0001 is read in its own order."""
    folders: dict[str, dict[int, Numbered]] = {}
    for path in paths:
        file = numbered(path)
        if file is not None:
            folders.setdefault(file.folder, {}).setdefault(file.number, file)
    found = []
    for folder, files in sorted(folders.items()):
        run = _in_order(sorted(files))
        for before, after in pairwise(run):
            if after - before > 1:
                found.append(Gap(folder, files[before], files[after]))
    return found


def _in_order(numbers: list[int]) -> list[int]:
    """Put numbers in the order of shooting: the largest jump of a wrapped roll is between its end and its start."""
    if len(numbers) < 2 or not (numbers[0] < 1000 and numbers[-1] > 9000):
        return numbers
    jump, index = max((after - before, index) for index, (before, after) in enumerate(pairwise(numbers)))
    return numbers[index + 1 :] + numbers[: index + 1] if jump > LAST_NUMBER // 2 else numbers


def numbering_findings(paths: Iterable[str], makers_number_inside: bool) -> list[Finding]:
    """Say what the numbers of files and folders give away.

    Args:
        paths: every visible file.
        makers_number_inside: whether the photographs carry the camera's own file number: renumbering would then
            contradict it, and the advice says so.
    """
    known = list(paths)
    found = []
    missing = gaps(known)
    if missing:
        kind = "numbers.gap_inside" if makers_number_inside else "numbers.gap"
        places = [
            Place(gap.folder, note=f"{gap.first:04d}" if gap.missing == 1 else f"{gap.first:04d}-{gap.last:04d}")
            for gap in missing
        ]
        total = sum(gap.missing for gap in missing)
        names = listed(f"{place.path.rpartition('/')[2]}/{place.note}" for place in places)
        found.append(finding(kind, "high", "likely", places, missing=total, numbers=names))
    return found + _folder_findings(known) + _between_folders(known)


def _folder_findings(paths: list[str]) -> list[Finding]:
    found = []
    absent = [
        Place(root, note=f"{number:03d}")
        for root, folders in _folders(paths).items()
        for before, after in pairwise(sorted(folders))
        for number in range(before + 1, after)
    ]
    if absent:
        found.append(
            finding("numbers.folder_gap", "medium", "possible", absent, numbers=listed(p.note for p in absent))
        )
    twice = [
        folder
        for folders in _folders(paths).values()
        for same in folders.values()
        if len(same) > 1
        for folder in sorted(same)
    ]
    if twice:
        places = [Place(folder) for folder in twice]
        found.append(finding("numbers.folder_twice", "medium", "likely", places, names=listed(twice)))
    return found


def _folders(paths: list[str]) -> dict[str, dict[int, dict[str, list[int]]]]:
    """Group numbered files: the folder above (a card's DCIM) -> folder number -> folder -> file numbers."""
    roots: dict[str, dict[int, dict[str, list[int]]]] = {}
    for path in paths:
        file = numbered(path)
        folder = PurePosixPath(file.folder) if file else None
        match = _FOLDER.match(folder.name) if folder else None
        if file is not None and folder is not None and match is not None:
            numbers = roots.setdefault(str(folder.parent), {}).setdefault(int(match[1]), {})
            numbers.setdefault(file.folder, []).append(file.number)
    return roots


def _between_folders(paths: list[str]) -> list[Finding]:
    """Find a jump between the last number of a folder and the first of the next; starting at 0001 is a setting."""
    places, missing = [], 0
    for folders in _folders(paths).values():
        for before, after in pairwise(sorted(folders)):
            last = _in_order(sorted({number for files in folders[before].values() for number in files}))[-1]
            first = _in_order(sorted({number for files in folders[after].values() for number in files}))[0]
            if after == before + 1 and first > last + 1 and last < LAST_NUMBER:
                places.append(Place(min(folders[after]), note=f"{last + 1:04d}-{first - 1:04d}"))
                missing += first - last - 1
    if not places:
        return []
    names = listed(place.note for place in places)
    return [finding("numbers.gap_between", "high", "possible", places, missing=missing, numbers=names)]
