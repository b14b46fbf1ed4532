"""After frames were removed: whatever on the card still carries their name or number."""

from __future__ import annotations

from dataclasses import replace

from fifthfloor.cards.image import open_card
from fifthfloor.cards.volume import VisibleFile, Volume
from fifthfloor.metadata.endings import is_picture
from fifthfloor.metadata.naming import Recording, recording_of, set_folder
from fifthfloor.tasks.floors.frames import Taken
from fifthfloor.tasks.floors.releases import Frame, stem_of

_MAX_INDEX_BYTES = 1 << 20  # larger than any index of a card
_LEAST_STEM = 5  # shorter ones stand in any text


def still_named(taken: Taken) -> list[str]:
    """Look on the card for whatever carries the name or number of a frame that was removed.

    Returns:
        Paths of files that are of the same recording by their maker's naming, have the removed name within theirs, or,
        where they are small, name it in their contents: indexes, print orders, descriptions. And of folders that have
        the name or number, with "/" behind.
    """
    recordings = {found for file in taken.files if (found := recording_of(file.path)) and found.maker != "dcf"}
    counted = {_number_alone(recording) for recording in recordings}
    stems = {stem for frame in taken.frames for stem in (*frame.stems, *_base_of(frame)) if len(stem) >= _LEAST_STEM}
    kept = {file.path for frame in taken.left for file in frame.files}
    carrying = []
    with open_card(taken.path) as card:
        for volume in card.volumes:
            for file in volume.files():
                if file.is_directory:
                    if _is_named(file.path, counted, stems, kept):
                        carrying.append(f"{file.path}/")
                elif not file.size_bytes or set_folder(file.path):
                    continue  # their folder is named
                elif recording_of(file.path) in recordings:
                    carrying.append(file.path)
                elif file.path in kept:
                    continue  # another frame of this number, of another time
                elif any(stem in stem_of(file.path) for stem in stems) or _names_inside(volume, file, stems):
                    carrying.append(file.path)
    return carrying


def _number_alone(recording: Recording) -> Recording:
    """What a folder of a panorama says of its recording, in which no time stands."""
    return replace(recording, moment="", digits=4) if recording.maker == "dji" else recording


def _is_named(folder: str, counted: set[Recording], stems: set[str], kept: set[str]) -> bool:
    """Whether a folder has the number or name of what was removed; one of another frame that stays has its own."""
    if set_folder(folder):
        return recording_of(folder) in counted
    name = folder.rpartition("/")[2].upper()
    return any(stem in name for stem in stems) and not any(path.startswith(f"{folder}/") for path in kept)


def _base_of(frame: Frame) -> list[str]:
    """The number with its letter, as an index names it: C0002 of C0002M01."""
    recording = frame.recording
    return [f"C{recording.written}"] if recording is not None and recording.maker == "sony" else []


def _names_inside(volume: Volume, file: VisibleFile, stems: set[str]) -> bool:
    if file.size_bytes > _MAX_INDEX_BYTES or is_picture(file.path):
        return False
    text = b"".join(volume.read_file(file)).upper()
    return any(stem.encode("utf-8", "replace") in text or stem.encode("utf-16-le", "replace") in text for stem in stems)
