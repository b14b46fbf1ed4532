"""Which files of a card are one recording: the makers' table (`metadata.naming`), and what its numbers do not tell.

A number comes twice where a counter began anew. A recording has each chapter once, and all its chapters have one codec
(GoPro): the same chapter in two folders, or GH beside GX, are two recordings, and so are chapters of two folders that
were written half a day apart. DJI's of one number in two folders below DCIM are two, where no time in their name says
that they are one. The pictures of a panorama or hyperlapse (DJI) lie in a folder of the recording's number and are of
the film or picture that has it, if that is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fifthfloor.cards.volume import VisibleFile
from fifthfloor.metadata.naming import Recording, gopro_chapter, set_folder

_LONGEST_CHAPTER_SECONDS = 12 * 3600


def parted(recordings: dict[Recording, list[VisibleFile]]) -> list[list[VisibleFile]]:
    """Return the files of each recording of a card.

    Args:
        recordings: files by what their names say.
    """
    found: list[list[VisibleFile]] = []
    for recording, files in _with_sets(recordings).items():
        if recording.maker == "gopro":
            found += _takes(files)
        elif recording.maker == "dji" and not recording.moment:
            found += _of_each_folder(files)
        else:
            found.append(files)
    return found


def _of_each_folder(files: Sequence[VisibleFile]) -> list[list[VisibleFile]]:
    """Part DJI's files of one number by their folder below DCIM; thumbnails and sets go where the time is nearest."""
    takes: dict[str, _Take] = {}
    beside = []
    for file in files:
        if file.path.upper().startswith("DCIM/") and not set_folder(file.path):
            takes.setdefault(file.path.rpartition("/")[0], _Take("")).files.append(file)
        else:
            beside.append(file)
    if len(takes) < 2:
        return [list(files)]
    # Where each was, before any thumbnail is beside it.
    placed = [(min(takes.values(), key=lambda take: _apart_seconds(take, file)), file) for file in beside]
    for take, file in placed:
        take.files.append(file)
    return [take.files for take in takes.values()]


def _with_sets(recordings: dict[Recording, list[VisibleFile]]) -> dict[Recording, list[VisibleFile]]:
    """Join the pictures of a set to the one recording of their number that has a time in its name."""
    timed: dict[tuple[str, int], list[Recording]] = {}
    for recording in recordings:
        if recording.maker == "dji" and recording.moment:
            timed.setdefault((recording.place, recording.number), []).append(recording)
    joined = {recording: list(files) for recording, files in recordings.items()}
    for recording, files in recordings.items():
        if recording.maker == "dji" and not recording.moment and all(set_folder(file.path) for file in files):
            of_number = timed.get((recording.place, recording.number), [])
            if len(of_number) == 1:
                joined[of_number[0]] += joined.pop(recording)
    return joined


@dataclass(slots=True)
class _Take:
    """One recording: its codec, the folder of each chapter, its files."""

    codec: str
    chapters: dict[str, str] = field(default_factory=dict)
    files: list[VisibleFile] = field(default_factory=list)


def _takes(files: Sequence[VisibleFile]) -> list[list[VisibleFile]]:
    """Part GoPro files of one number: each chapter once, one codec; small copies go where their film is."""
    coded: dict[tuple[str, str], list[VisibleFile]] = {}
    for file in files:
        coded.setdefault((file.path.rpartition("/")[0], gopro_chapter(file.path)[0]), []).append(file)
    takes: list[_Take] = []
    # Small copies say no codec: behind the films they are of.
    for (folder, codec), together in sorted(coded.items(), key=lambda row: (not row[0][1], row[0])):
        if codec or not takes or not any(take.codec for take in takes):
            _put(takes, codec, folder, together)
        else:
            for file in together:
                _put_beside(takes, folder, file)
    return [take.files for take in takes]


def _put(takes: list[_Take], codec: str, folder: str, files: Sequence[VisibleFile]) -> None:
    chapters = {gopro_chapter(file.path)[1]: folder for file in files}
    last = next((take for take in reversed(takes) if take.codec == codec), None)
    if last is None or chapters.keys() & last.chapters.keys() or not _are_of_one_day(last, files):
        last = _Take(codec)
        takes.append(last)
    last.chapters |= chapters
    last.files += files


def _are_of_one_day(take: _Take, files: Sequence[VisibleFile]) -> bool:
    """Whether files of another folder may go on a recording by their time: a chapter ends within an hour or two."""
    if not any(file.modified for file in take.files):
        return True
    apart = [_apart_seconds(take, file) for file in files if file.modified]
    return min(apart, default=0.0) <= _LONGEST_CHAPTER_SECONDS


def _put_beside(takes: list[_Take], folder: str, file: VisibleFile) -> None:
    chapter = gopro_chapter(file.path)[1]
    beside = [take for take in takes if take.chapters.get(chapter) == folder]
    beside = beside or [take for take in takes if chapter not in take.chapters]
    if beside:
        min(beside, key=lambda take: _apart_seconds(take, file)).files.append(file)
    else:
        _put(takes, "", folder, [file])


def _apart_seconds(take: _Take, file: VisibleFile) -> float:
    """How long before or after a recording a file was written."""
    if file.modified is None:
        return 0.0
    times = [abs((file.modified - other.modified).total_seconds()) for other in take.files if other.modified]
    return min(times, default=float("inf"))
