"""Numbers of files and folders as cameras give them (CIPA DC-009 "DCF" 2.0, section 3), and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from fifthfloor.audit.chapters import missing_chapters, missing_lenses
from fifthfloor.audit.counters import Numbered, counters_of, gap_between, in_order, is_one_camera, numbered
from fifthfloor.audit.finding import Finding, Place, finding, listed
from fifthfloor.metadata.naming import Recording, is_companion, recording_of, set_folder, with_zeros

_Roots = dict[str, dict[int, list[Numbered]]]
_DCF_FOLDER = re.compile(r"^(\d{3})([A-Za-z0-9_]{5})$")


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
    folders: dict[tuple[str, str], list[Numbered]] = {}
    known = list(paths)
    for path in known:
        file = numbered(path)
        if file is not None:
            folders.setdefault((file.folder, file.series), []).append(file)
    _add_sets(folders, known)
    return [
        Gap(folder, before, after)
        for (folder, _series), files in sorted(folders.items())
        for counted in counters_of(files)
        for before, after in pairwise(in_order(counted))
        if after.number - before.number > 1
    ]


def _add_sets(folders: dict[tuple[str, str], list[Numbered]], paths: list[str]) -> None:
    """Count a panorama or hyperlapse where its recording is counted: it may be there as its single pictures alone."""
    places = {
        (recording.place, key)
        for key, files in folders.items()
        for file in files
        if (recording := recording_of(file.path)) and recording.maker == "dji"
    }
    for folder in {of_set for path in paths if (of_set := set_folder(path))}:
        recording = recording_of(folder)
        for place, key in places:
            if recording is not None and recording.place == place:
                folders[key].append(Numbered(folder, key[0], key[1], recording.number, letters=recording.maker))


def numbering_findings(paths: Iterable[str], makers_number_inside: bool) -> list[Finding]:
    """Say what the numbers of files and folders give away.

    Args:
        paths: every visible file.
        makers_number_inside: whether the photographs carry the camera's own file number: renumbering would then
            contradict it, and the advice says so.
    """
    known = list(paths)
    found = []
    missing, parts = gaps(known), [*missing_chapters(known), *missing_lenses(known)]
    if missing or parts:
        kind = "numbers.gap_inside" if makers_number_inside else "numbers.gap"
        places = [Place(gap.folder, note=_written(gap)) for gap in missing]
        places += [Place(folder, note=name) for folder, name in parts]
        total = sum(gap.missing for gap in missing) + len(parts)
        names = listed(f"{place.path.rpartition('/')[2]}/{place.note}" for place in places)
        found.append(finding(kind, "high", "likely", places, missing=total, numbers=names))
    roots = _folders(known)
    return found + _alone(known) + _folder_findings(roots) + _between_folders(roots)


def _written(gap: Gap) -> str:
    first, last = (
        with_zeros(number, gap.before.digits, hexadecimal=gap.before.hexadecimal) for number in (gap.first, gap.last)
    )
    return first if gap.missing == 1 else f"{first}-{last}"


def _alone(paths: list[str]) -> list[Finding]:
    """Find thumbnails, small copies and descriptions whose recording is not there: a minder sees it at a glance."""
    there = set()
    beside: dict[Recording, list[str]] = {}
    for path in paths:
        recording = recording_of(path)
        if recording is None or recording.maker == "dcf":
            continue
        if is_companion(path):
            beside.setdefault(recording, []).append(path)
        else:
            there.add(recording)
    alone = [path for recording, files in beside.items() if recording not in there for path in files]
    if not alone:
        return []
    names = listed(PurePosixPath(path).name for path in alone)
    return [finding("numbers.alone", "high", "certain", [Place(path) for path in alone], names=names)]


def index_findings(named: dict[str, list[str]], paths: Iterable[str]) -> list[Finding]:
    """Say which recordings an index on the card still names and the card no longer has.

    Args:
        named: by the path of an index, the base names it lists.
        paths: every visible file.
    """
    there = {PurePosixPath(path).name.upper() for path in paths}
    places = [
        Place(index, note=name) for index, names in sorted(named.items()) for name in names if name.upper() not in there
    ]
    if not places:
        return []
    return [finding("numbers.index", "high", "certain", places, names=listed(place.note for place in places))]


def _folder_findings(roots: _Roots) -> list[Finding]:
    found = []
    absent = [
        Place(root, note=f"{number:03d}") for root, folders in roots.items() for number in _absent_folders(folders)
    ]
    if absent:
        found.append(
            finding("numbers.folder_gap", "medium", "possible", absent, numbers=listed(p.note for p in absent))
        )
    twice = [
        folder
        for folders in roots.values()
        for files in folders.values()
        for several in [sorted({file.folder for file in files})]
        if len(several) > 1
        for folder in several
    ]
    if twice:
        places = [Place(folder) for folder in twice]
        found.append(finding("numbers.folder_twice", "medium", "likely", places, names=listed(twice)))
    return found


def _absent_folders(folders: dict[int, list[Numbered]]) -> list[int]:
    """Return numbers that are missing between two folders of one camera, whatever another camera has between them."""
    numbers = sorted(folders)
    absent = set[int]()
    for at, after in enumerate(numbers):
        before = next((one for one in numbers[:at][::-1] if is_one_camera(folders[one], folders[after])), after)
        absent.update(range(before + 1, after))
    return sorted(absent - folders.keys())


def _folders(paths: list[str]) -> _Roots:
    """Group numbered files: the folder above (a card's DCIM) -> folder number -> its files."""
    roots: _Roots = {}
    for path in paths:
        file = numbered(path)
        folder = PurePosixPath(path).parent if file and not file.series else None
        match = _DCF_FOLDER.match(folder.name) if folder else None
        if file is not None and folder is not None and match is not None:
            roots.setdefault(str(folder.parent), {}).setdefault(int(match[1]), []).append(file)
    return roots


def _between_folders(roots: _Roots) -> list[Finding]:
    """Find a jump between the last number of a folder and the first of the next; starting at 0001 is a setting."""
    places, missing = [], 0
    for folders in roots.values():
        for before, after in pairwise(sorted(folders)):
            if after != before + 1 or not is_one_camera(folders[before], folders[after]):
                continue
            gap = gap_between(in_order(folders[before]), in_order(folders[after]))
            if gap:
                places.append(Place(min(file.folder for file in folders[after]), note=_range_of(gap)))
                missing += len(gap)
    if not places:
        return []
    names = listed(place.note for place in places)
    return [finding("numbers.gap_between", "high", "possible", places, missing=missing, numbers=names)]


def _range_of(numbers: list[int]) -> str:
    first, last = f"{numbers[0]:04d}", f"{numbers[-1]:04d}"
    return f"{first}-{last}" if len(numbers) > 1 else first
