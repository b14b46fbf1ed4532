"""Which files one release of the shutter left: by name, and by time where names come twice.

A frame is all files below DCIM that have one name and one time (DCF 2.0, section 3: eight characters, of which the last
four are a number). In one folder the name decides: half a frame left behind is worse than one file too many taken. Only
two pictures that say themselves that they were exposed at different moments are two frames: numbers begin anew, and a
camera that then writes raw finds its name free beside an old JPEG. From folder to folder and from card to card
the time must agree as well.

What never tells frames apart: a sidecar, a voice note or a preview, whenever it was written; a film, whose time is when
it ended; a picture that was rated or turned in the camera a day later; FAT's grain of two seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fifthfloor.audit.card import FileOnCard
from fifthfloor.audit.photo import read_photo
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.metadata.endings import is_picture, kind_of_name
from fifthfloor.metadata.naming import (
    Recording,
    is_companion,
    last_digits,
    lens_of,
    number_of,
    original_of,
    recording_of,
    set_folder,
)
from fifthfloor.tasks.floors.recordings import parted

# FAT counts two seconds at a time, rounding either way, and a camera writes the second file a moment later.
SAME_FILE_TIME = timedelta(seconds=4)
# What a camera writes inside has whole seconds; raw and JPEG of one release may fall on either side of one.
SAME_EXPOSURE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """One release of the shutter on a card.

    Args:
        folder: of the card, e.g. "DCIM/100CANON".
        stem: DCF name without its ending, upper case, e.g. "DSC_0041".
        files: all its files.
        alone: no other frame in its folder has its name.
    """

    folder: str
    stem: str
    files: tuple[VisibleFile, ...]
    alone: bool = True

    @property
    def taken(self) -> datetime | None:
        """The earliest time of its pictures, or of its files where it has no picture."""
        pictures = [file for file in self.files if is_picture(file.path)]
        return min((file.modified for file in pictures or self.files if file.modified), default=None)

    @property
    def typed_number(self) -> int | None:
        """All digits its name ends in, as they are typed behind its letters."""
        return last_digits(self.stem)

    @property
    def number(self) -> int | None:
        """What the camera shows: 801 of P1010801."""
        return number_of(min((file.path for file in self.files), default=self.stem))

    @property
    def stems(self) -> frozenset[str]:
        """The names of its files without their endings, upper case: a recording has several.

        Of pictures of a panorama or hyperlapse it is their folder's: their own come again in each such folder.
        """
        return frozenset(stem_of(set_folder(file.path) or file.path) for file in self.files)

    @property
    def lenses(self) -> frozenset[str]:
        """Which lenses of a camera with a card for each it has; empty where its maker tells none."""
        return frozenset(lens for file in self.files if (lens := lens_of(file.path)))

    @property
    def released_as(self) -> str:
        """What its parts in other folders and on other cards are called too: its name, of two lenses the number."""
        return f"{self.number:04d}" if self.lenses else self.stem

    @property
    def recording(self) -> Recording | None:
        """What its maker's naming says of it; None for names that are times alone."""
        return next((found for file in self.files if (found := recording_of(file.path))), None)


def frames_of(card: Card) -> list[Frame]:
    """Return the frames of a card, by folder, name and time.

    Files below DCIM are frames, and elsewhere those whose names a maker's table knows, and films with what has their
    name beside them: a frame is all of a recording, its chapters, small copies, thumbnails and descriptions, wherever
    they lie. An edited copy is of the frame in its folder that its name tells. What only programs and cameras keep for
    themselves, such as an index in DCIM, is no frame.
    """
    found: dict[tuple[str, str], list[VisibleFile]] = {}
    recordings: dict[Recording, list[VisibleFile]] = {}
    films = {
        (_folder_of(file.path), stem_of(file.path))
        for file in card.files()
        if kind_of_name(file.path) == "film" and not file.is_directory
    }
    names = {(_folder_of(file.path), stem_of(file.path)) for file in card.files() if not file.is_directory}
    for file in card.files():
        if file.is_directory:
            continue
        recording = recording_of(file.path)
        if recording is not None and recording.maker != "dcf":
            recordings.setdefault(recording, []).append(file)
        elif _in_dcim(file.path) or (_folder_of(file.path), stem_of(file.path)) in films:
            place = (_folder_of(file.path), original_of(file.path) or "")
            found.setdefault(place if place in names else (place[0], stem_of(file.path)), []).append(file)
    found = {place: files for place, files in found.items() if not all(map(_is_of_no_frame, files))}
    for files in parted(recordings):
        main = min(files, key=_rank)
        named = set_folder(main.path) or main.path
        place = (_folder_of(named), stem_of(named))
        found[place] = [*found.get(place, []), *files]
    return [
        Frame(folder, stem, tuple(release), alone=len(releases) == 1)
        for (folder, stem), files in sorted(found.items())
        for releases in [_releases(card, files)]
        for release in releases
    ]


def _is_of_no_frame(file: VisibleFile) -> bool:
    """Whether a file that no frame is called after is none: an index, a document, or of an unknown kind unnumbered."""
    kind = kind_of_name(file.path)
    return kind in ("system file", "document") or (kind == "other" and last_digits(stem_of(file.path)) is None)


def _rank(file: VisibleFile) -> tuple[bool, bool, bool, str]:
    """What gives a recording its name comes first: no thumbnail, and no picture of a panorama."""
    return is_companion(file.path), bool(set_folder(file.path)), not _in_dcim(file.path), file.path


def _in_dcim(path: str) -> bool:
    return path.partition("/")[0].upper() == "DCIM"


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0] or "."


def stem_of(path: str) -> str:
    """The name without its endings, upper case: IMG_0001.JPG.XMP is a sidecar of IMG_0001 too."""
    return path.rpartition("/")[2].split(".", 1)[0].upper()


def same_release(one: Frame, other: Frame) -> bool:
    """Say whether two frames, of two folders or two cards of one camera, are one release."""
    if one.released_as != other.released_as or one.taken is None or other.taken is None:
        return False
    if one.lenses and other.lenses and not one.lenses & other.lenses:
        return abs(one.taken - other.taken) <= SAME_FILE_TIME  # a GoPro Fusion has a card for each lens
    if one.stem != other.stem:
        return False
    if one.folder != other.folder and one.recording is not None and one.recording.maker == "gopro":
        return False  # `parted` has told them apart, and a clock that lost its power gives any film the same time
    return abs(one.taken - other.taken) <= SAME_FILE_TIME


def namesakes(frames: Sequence[Frame]) -> list[tuple[Frame, ...]]:
    """Return the frames that share a name and are different releases, name by name."""
    by_stem: dict[str, list[Frame]] = {}
    for frame in frames:
        same = by_stem.setdefault(frame.stem, [])
        if not any(same_release(frame, other) for other in same):
            same.append(frame)
    return [tuple(same) for same in by_stem.values() if len(same) > 1]


def _releases(card: Card, files: Sequence[VisibleFile]) -> list[list[VisibleFile]]:
    """Part files of one name in one folder; nearly always into one part, and then nothing is read."""
    if of_set := [file for file in files if set_folder(file.path)]:
        # A panorama is exposed in a minute, a hyperlapse in an hour.
        without = _releases(card, [file for file in files if file not in of_set])
        return [[*without[0], *of_set], *without[1:]]
    times = [file.modified for file in files if is_picture(file.path) and file.modified]
    if not times or max(times) - min(times) <= SAME_FILE_TIME:
        return [list(files)]
    parts: list[tuple[datetime, list[VisibleFile]]] = []
    for file, moment in sorted(_exposures(card, files), key=lambda pair: pair[1]):
        if parts and moment - parts[-1][0] <= SAME_EXPOSURE:
            parts[-1][1].append(file)
        else:
            parts.append((moment, [file]))
    if len(parts) < 2:
        return [list(files)]
    placed = {file.path for _, part in parts for file in part}
    others = [file for file in files if file.path not in placed]
    for file in others:
        _nearest(file, parts).append(file)
    return [part for _, part in parts]


def _exposures(card: Card, files: Iterable[VisibleFile]) -> list[tuple[VisibleFile, datetime]]:
    """Read when pictures were exposed, by their own word; those that do not say are left out."""
    found = []
    for file in files:
        if is_picture(file.path):
            facts = read_photo(FileOnCard(card, file))
            if facts is not None and facts.taken is not None:
                found.append((file, facts.taken))
    return found


def _nearest(file: VisibleFile, parts: Sequence[tuple[datetime, list[VisibleFile]]]) -> list[VisibleFile]:
    """Return the release a companion belongs to: the last that was exposed before it was written."""
    if file.modified is None:
        return parts[0][1]
    before = [part for moment, part in parts if moment <= file.modified + SAME_FILE_TIME]
    return before[-1] if before else parts[0][1]
