"""What many tests need: where the photographs are, and pictures of our own making."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def photos_dir() -> Path:
    """Return the folder of test photographs; skips aloud where there is none."""
    for place in (os.environ.get("FIFTHFLOOR_PHOTOS"), REPOSITORY.parent / "shared" / "photos"):
        if place and Path(place).is_dir():
            return Path(place)
    pytest.skip("no ../shared/photos and no FIFTHFLOOR_PHOTOS: real photographs are not tested")
