"""The essay the journey ends with: fourteen photographs, told twice."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.essay.telling import read_telling, telling_name
from fifthfloor.essay.tellings import Essay, gather
from fifthfloor.redact.admission import RedactedPhoto, admit
from fifthfloor.tasks.site.build import publish_manuscripts
from fifthfloor.tasks.site.essay_folder import Manuscript
from fifthfloor.tasks.site.published import Published


def publish_sample(protected: Path, out: Path) -> Published:
    """Publish the journey's essay.

    Args:
        protected: a folder that `protect` wrote, one photograph named after each of `sample_scenes`.
        out: the site's folder.

    Raises:
        BadInput, NothingFound: a photograph does not pass the gate.
    """
    photos = {scene: admit(protected / f"{scene}.jpg") for scene in sample_scenes()}
    return publish_manuscripts([sample_manuscript(photos)], out)


def refuses(photo: Path) -> bool:
    """Return whether the publish gate refuses a photograph that is not protected."""
    try:
        admit(photo)
    except FifthFloorError:
        return True
    return False


def sample_manuscript(photos: Mapping[str, RedactedPhoto]) -> Manuscript:
    """Make the essay of the journey, told twice, of fourteen photographs.

    Args:
        photos: by the name of the scene they show: every one of `sample_scenes`.

    Raises:
        BadInput: one is missing.
    """
    essay = _sample()
    for scene in sample_scenes():
        if scene not in photos:
            raise BadInput("essay.no_scene", scene=scene, given=len(photos), needed=len(sample_scenes()))
    return Manuscript(essay, {photograph: photos[Path(photograph).stem] for photograph in essay.photographs()})


def sample_scenes() -> tuple[str, ...]:
    """Return the names of the scenes of the journey's essay, in reading order."""
    return tuple(Path(photograph.file).stem for photograph in _sample().first.photographs)


def _sample() -> Essay:
    folder = resources.files("fifthfloor_theatre") / "sample"
    files = sorted((file for file in folder.iterdir() if telling_name(file.name) is not None), key=lambda f: f.name)
    return gather("essay", [read_telling(file.name, file.read_bytes()) for file in files])
