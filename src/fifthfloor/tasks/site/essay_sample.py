"""The essay the journey ends with: fourteen photographs, told twice."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.errors import FifthFloorError
from fifthfloor.redact.photo import admit
from fifthfloor.tasks.site.build import publish_manuscripts, sample_manuscript, sample_scenes
from fifthfloor.tasks.site.published import Published

__all__ = ["publish_sample", "refuses", "sample_scenes"]


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
