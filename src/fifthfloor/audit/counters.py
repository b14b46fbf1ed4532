"""What one camera counts: files with numbers, the order it gave them, and which of a folder's names are of one counter.

Two cameras may have written into one folder, or one camera may count films apart from stills. Letters that a maker
gives by turns are one counter; of others, and of films beside stills, the reading with the fewest numbers missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from fifthfloor.metadata.naming import counts_in, is_companion, lens_of, recording_of, set_folder

# What one maker gives by turns: sRGB and Adobe RGB, film and still, cropped and small copies of Coolpix.
_LETTERS_BY_TURNS = (
    frozenset(["IMG_", "_MG_", "MVI_", "CSI_", "SND_"]),
    frozenset(["DSC_", "_DSC", "DSC", "DSCN", "RSCN", "FSCN", "SSCN"]),
    frozenset(["DSCF", "_DSF"]),
    frozenset(["IMGP", "_IGP"]),
    frozenset(["SDIM", "_SDI"]),
    frozenset(["CIMG", "MOV_"]),
)
_DIGIT = re.compile(r"\d")
_FOLDER_IN_NAME = re.compile(r"P(?P<folder>\d{3})\d{4}\.", re.IGNORECASE)
_LAST_OF_PANASONIC = 999
# A roll that ends this near to the last number went on; one that ends before it may have been told to start anew.
_NEAR_THE_LAST = 99


@dataclass(frozen=True, slots=True)
class Numbered:
    """A file whose maker counts.

    Args:
        path: of the file.
        folder: in which its number counts.
        series: within which the number counts; "" where all names of a folder count together (DCF).
        number: from 1 on; of some films from 0.
        digits: how many it has.
        hexadecimal: how it is written.
        letters: before the number, one of those that a maker gives by turns; of GoPro and DJI their maker.
    """

    path: str
    folder: str
    series: str
    number: int
    digits: int = 4
    hexadecimal: bool = False
    letters: str = ""

    @property
    def last_number(self) -> int:
        """After which the counter begins anew."""
        return int((16 if self.hexadecimal else 10) ** self.digits) - 1


def numbered(path: str) -> Numbered | None:
    """Read a name by the makers' table (`metadata.naming`); None where it counts nothing."""
    found = recording_of(path)
    if found is None or set_folder(path) or (is_companion(path) and found.maker != "dcf"):
        return None
    # Telephones and action cameras count pictures and films together; others count in series of their own.
    series = "" if found.maker in ("dcf", "gopro") or (found.maker == "dji" and not found.moment) else found.maker
    kind = "any" if found.maker == "insta360" else found.kind
    name = f"{series} {found.series} {kind}" if series else ""
    letters = _letters_of(path) if found.maker == "dcf" else found.maker + lens_of(path)
    folder = lens_folder(counts_in(path))
    return Numbered(path, folder, name, found.number, found.digits, found.hexadecimal, letters)


def lens_folder(folder: str) -> str:
    """Return one name for the two folders that a GoPro Fusion has for its lenses."""
    return re.sub(r"(?i)(\d{3}G)(?:FRNT|BACK)\Z", r"\1FRNT", folder)


def counters_of(files: Sequence[Numbered]) -> list[list[Numbered]]:
    """Part the files of a folder by what counted them; nearly always into one part."""
    by_letters: dict[str, list[Numbered]] = {}
    for file in files:
        by_letters.setdefault("" if file.series else file.letters, []).append(file)
    apart = list(by_letters.values())
    if len(apart) < 2 or _missing([list(files)]) <= _missing(apart):
        return [list(files)]
    return apart


def is_one_camera(one: Iterable[Numbered], other: Iterable[Numbered]) -> bool:
    """Whether the files of two folders may be of one camera, by the letters of folders or of names."""
    first, second = list(one), list(other)
    return bool(
        {file.letters for file in first} & {file.letters for file in second}
        or {file.folder[-5:].upper() for file in first} & {file.folder[-5:].upper() for file in second}
    )


def in_order(files: Iterable[Numbered]) -> list[Numbered]:
    """Put files in the order of shooting: the largest jump of a wrapped roll is between its end and its start."""
    by_number: dict[int, Numbered] = {}
    for file in files:
        by_number.setdefault(file.number, file)
    run = [by_number[number] for number in sorted(by_number)]
    limit = max((file.last_number for file in run), default=0)
    if len(run) < 2 or not (run[0].number < limit // 10 and run[-1].number > limit * 9 // 10):
        return run
    jump, at = max((after.number - before.number, at) for at, (before, after) in enumerate(pairwise(run)))
    return run[at + 1 :] + run[: at + 1] if jump > limit // 2 else run


def gap_between(before: Sequence[Numbered], after: Sequence[Numbered]) -> list[int]:
    """Return the numbers missing between the last of a folder and the first of the next, of one camera.

    Panasonic counts to 999 in a folder and begins the next with 0001; where others begin it so it is a setting.
    """
    last, first = before[-1], after[0]
    limit = _LAST_OF_PANASONIC if _has_its_folder(last) and _has_its_folder(first) else last.last_number
    if last.number < first.number and limit != _LAST_OF_PANASONIC:
        return list(range(last.number + 1, first.number)) if last.number < limit else []
    if first.number == last.number + 1 or last.number > limit:
        return []
    wrapped = limit - last.number <= _NEAR_THE_LAST and first.number <= _NEAR_THE_LAST
    ended = list(range(last.number + 1, limit + 1)) if wrapped else []
    begun = list(range(1, first.number)) if wrapped or limit == _LAST_OF_PANASONIC else []
    return [*ended, *begun]


def _has_its_folder(file: Numbered) -> bool:
    """Whether a name says the number of the folder it is in: P1000999 in 100_PANA."""
    path = PurePosixPath(file.path)
    match = _FOLDER_IN_NAME.match(path.name)
    return match is not None and path.parent.name.startswith(match["folder"])


def _letters_of(path: str) -> str:
    letters = _DIGIT.sub("", path.rpartition("/")[2][:4].upper())
    return next((min(turns) for turns in _LETTERS_BY_TURNS if letters in turns), letters)


def _missing(parts: Iterable[Iterable[Numbered]]) -> int:
    return sum(max(0, after.number - before.number - 1) for part in parts for before, after in pairwise(in_order(part)))
