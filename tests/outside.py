"""What tests need from outside the project: real photographs, other people's programs, a kernel's permission.

Rule 1: in CI nothing is skipped for want of a program; a missing one is a failure.
Rule 2: what a kernel refuses is counted and printed, never passed over in silence.
Rule 3: a test that needs `../shared/photos` has a sibling that runs on pictures the project draws itself. Without them
        it is left out and counted, in CI too; where FIFTHFLOOR_PHOTOS names their folder, it may not be left out.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
KERNEL_REFUSED = "the kernel refused"
NO_PHOTOS = "no ../shared/photos and no FIFTHFLOOR_PHOTOS"


def photos_demanded() -> bool:
    """Return whether somebody says that there are photographs; tests that need them may then not be left out."""
    return bool(os.environ.get("FIFTHFLOOR_PHOTOS"))


def photos_dir() -> Path | None:
    """Return the folder of real photographs, or None: $FIFTHFLOOR_PHOTOS, else ../shared/photos beside the project."""
    given = os.environ.get("FIFTHFLOOR_PHOTOS")
    place = Path(given) if given else REPOSITORY.parent / "shared" / "photos"
    return place if place.is_dir() else None


def missing(*programs: str) -> list[str]:
    """Return those of `programs` that this machine does not have. Debian keeps fsck and mkfs out of a user's PATH."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return [program for program in programs if shutil.which(program, path=path) is None]


def kernel_refused(what: str) -> NoReturn:
    """Skip a test because the kernel said no (loop device, FUSE); the summary counts and prints it."""
    pytest.skip(f"{KERNEL_REFUSED}: {what}")
