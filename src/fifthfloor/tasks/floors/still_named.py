"""After frames were removed: whatever on the card still carries their name or number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from fifthfloor.cards.image import open_card
from fifthfloor.cards.volume import VisibleFile, Volume
from fifthfloor.metadata.endings import is_shot
from fifthfloor.metadata.naming import Recording, original_of, recording_of, set_folder
from fifthfloor.tasks.floors.frames import Taken
from fifthfloor.tasks.floors.releases import Frame, stem_of

_MAX_INDEX_BYTES = 1 << 20  # larger than any index of a card
_LEAST_STEM = 5  # shorter ones stand in any text
_DCF_STEM = 8  # in MVIMG_0001 letters before a name leave it told; C0001 within DSC0001 says nothing
_DIGITS = re.compile(r"[0-9]+")
# 20240501_120000, 2024-05-01_12-00-00 (Tesla: a file for each of its cameras), 2024_0501_120000.
_MOMENT = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})[_-]?([0-9]{2})[_-]?([0-9]{2})[T _-]?([0-9]{2})[_.-]?([0-9]{2})[_.-]?([0-9]{2})"
)
# What programs and cameras put behind a name for an edited copy, a proxy, a part, a second download.
_COPY_MARK = re.compile(r"(?:[_-](?:P|PROXY|EDIT|EDITED|COPY|[0-9]{1,2})|~[0-9]{1,2}| ?\([0-9]{1,2}\))\Z")


def still_named(taken: Taken) -> list[str]:
    """Look on the card for whatever carries the name or number of a frame that was removed.

    Returns:
        Paths of files that are of the same recording by their maker's naming, have the removed name within theirs (an
        edited copy, a proxy), are of the same moment by their names, or, where they are small and no picture or film,
        name it in their contents: indexes, print orders, descriptions. And of folders that have the name or number,
        with "/" behind. Another frame of the same number, of another time, is none of these.
    """
    removed = _RemovedNames(taken)
    carrying = []
    with open_card(taken.path) as card:
        for volume in card.volumes:
            for file in volume.files():
                if file.is_directory:
                    if removed.has_folder(file.path):
                        carrying.append(f"{file.path}/")
                elif not file.size_bytes or set_folder(file.path):
                    continue  # their folder is named
                elif removed.has_file(file.path) or (
                    not removed.has_namesake(file.path) and removed.has_inside(volume, file)
                ):
                    carrying.append(file.path)
    return carrying


class _RemovedNames:
    """The names and numbers of the frames that were removed, and which frames stay."""

    def __init__(self, taken: Taken) -> None:
        self._recordings = {
            found for file in taken.files if (found := recording_of(file.path)) and found.maker != "dcf"
        }
        self._counted = {_number_alone(recording) for recording in self._recordings}
        self._stems = {stem for frame in taken.frames for stem in (*frame.stems, *_base_of(frame), frame.stem)}
        self._stems = {stem for stem in self._stems if len(stem) >= _LEAST_STEM}
        self._folders = {file.path.rpartition("/")[0] for file in taken.files}
        self._shorter = {short for stem in self._stems if len(short := _COPY_MARK.sub("", stem)) >= _LEAST_STEM}
        # The moments of names in which no maker counts, or counts each lens by itself.
        self._moments = {
            moment for file in taken.files if _is_told_by_time(file.path) for moment in _moments(stem_of(file.path))
        }
        self._kept = {file.path: frame.stem for frame in taken.left for file in frame.files}
        self._by_digits: dict[str, list[str]] = {}
        for stem in self._stems:
            self._by_digits.setdefault(_last_run(stem), []).append(stem)

    def has_namesake(self, path: str) -> bool:
        """Whether a file is of another frame that has the same number, of another time."""
        return self._kept.get(path) in self._stems

    def has_file(self, path: str) -> bool:
        """Whether the path of a file has the name or number of what was removed."""
        if recording_of(path) in self._recordings:
            return True
        if self.has_namesake(path):
            return False
        stem = stem_of(path)
        beside = path.rpartition("/")[0] in self._folders and stem in self._shorter
        own = _is_told_by_time(path) and any(moment in self._moments for moment in _moments(stem))
        return beside or own or original_of(path) in self._stems or self._are_in(path.rpartition("/")[2].upper())

    def has_folder(self, path: str) -> bool:
        """Whether a folder has the number or name of what was removed; one of another frame that stays has its own."""
        if set_folder(path):
            return recording_of(path) in self._counted
        name = path.rpartition("/")[2].upper()
        # A folder is called as its files begin: A001_C001_0501AB.RDC/A001_C001_0501AB_001.R3D, AA0002/AA000201.MXF.
        first = name.partition(".")[0]
        is_of_one = path in self._folders and len(first) >= _LEAST_STEM
        has_it = self._are_in(name) or (is_of_one and any(stem.startswith(first) for stem in self._stems))
        return has_it and not any(kept.startswith(f"{path}/") for kept in self._kept)

    def has_inside(self, volume: Volume, file: VisibleFile) -> bool:
        """Whether a small file that is no picture or film names what was removed."""
        if file.size_bytes > _MAX_INDEX_BYTES or is_shot(file.path):
            return False
        data = b"".join(volume.read_file(file))
        texts = [data.decode("utf-8", "replace")]
        if b"\0" in data:
            texts += [data[at:].decode("utf-16-le", "replace") for at in (0, 1)]
        return any(self._are_in(text.upper()) for text in texts)

    def _are_in(self, text: str) -> bool:
        """Whether a text has a removed name that does not go on: IMG_0001 is neither in IMG_00010 nor in DSC_10001."""
        runs = set(_DIGITS.findall(text)) & self._by_digits.keys()
        stems = [stem for run in (*runs, "") for stem in self._by_digits.get(run, ())]
        return any(_stands_in(stem, text) for stem in stems)


def _stands_in(stem: str, text: str) -> bool:
    at = text.find(stem)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(stem) : at + len(stem) + 1]
        goes_on = (stem[-1].isdigit() and behind.isdigit()) or (stem[-1].isalpha() and behind.isalpha())
        began = before.isdigit() if stem[0].isdigit() else before.isalpha() and len(stem) < _DCF_STEM
        if not goes_on and not began:
            return True
        at = text.find(stem, at + 1)
    return False


def _last_run(stem: str) -> str:
    """The last digits of a name, by which names are looked for; empty where it has none."""
    runs = _DIGITS.findall(stem)
    return runs[-1] if runs else ""


def _moments(stem: str) -> Iterator[str]:
    return ("".join(parts) for parts in _MOMENT.findall(stem))


def _is_told_by_time(path: str) -> bool:
    """Whether what belongs together has the same time in its name: front and back of a dashcam count on (VIOFO)."""
    recording = recording_of(path)
    return recording is None or recording.maker == "dashcam"


def _number_alone(recording: Recording) -> Recording:
    """What a folder of a panorama says of its recording, in which no time stands."""
    return replace(recording, moment="", digits=4) if recording.maker == "dji" else recording


def _base_of(frame: Frame) -> list[str]:
    """The number with its letter, as an index names it: C0002 of C0002M01."""
    recording = frame.recording
    return [f"C{recording.written}"] if recording is not None and recording.maker == "sony" else []
