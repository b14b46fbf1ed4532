"""What tests need from outside the project: real photographs, other people's programs, a kernel's permission.

Rule 1: in CI nothing is skipped for want of a program; a missing one is a failure.
Rule 2: a test that names no program finds only those of a bare Debian, on every machine; one that names some may run
        those and no other judge.
Rule 3: what a kernel refuses is counted and printed, never passed over in silence.
Rule 4: a test that needs `../shared/photos` has a sibling that runs on pictures the project draws itself. Without them
        it is left out and counted, in CI too; where FIFTHFLOOR_PHOTOS names their folder, it may not be left out.
Rule 5: with FIFTHFLOOR_NO_JUDGES there is nothing but a bare Debian, in /sbin too: what is left must pass
        (`make test-without-judges`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
PATH = os.environ.get("PATH", "")
NO_JUDGES = bool(os.environ.get("FIFTHFLOOR_NO_JUDGES"))
KERNEL_REFUSED = "the kernel refused"
NO_PHOTOS = "no ../shared/photos and no FIFTHFLOOR_PHOTOS"


# What a Debian without a single package of ours has (those marked essential, and `mount`), and tests may use.
BARE = (
    *("sh", "bash", "cat", "cp", "mv", "rm", "ln", "ls", "mkdir", "rmdir", "touch", "chmod", "chown", "mktemp"),
    *(
        "true",
        "false",
        "sleep",
        "timeout",
        "kill",
        "env",
        "id",
        "uname",
        "date",
        "echo",
        "printf",
        "tee",
        "head",
        "tail",
    ),
    *("sort", "uniq", "wc", "tr", "cut", "seq", "od", "dd", "cmp", "diff", "stat", "du", "df", "truncate", "sync"),
    *(
        "basename",
        "dirname",
        "readlink",
        "realpath",
        "sha256sum",
        "md5sum",
        "sed",
        "grep",
        "find",
        "xargs",
        "tar",
        "gzip",
    ),
    *("mount", "umount", "losetup", "lsblk", "unshare", "ldconfig", "getent", "perl", "which"),
)
# Programs that come together: whoever has one has the others.
TOGETHER = (
    {"mkfs.fat", "fsck.fat"},
    {"mkfs.exfat", "fsck.exfat"},
    {"mcopy", "mdel", "mdeltree", "mdir", "mmd"},
    {"fls", "blkls", "tsk_recover"},
    {"djpeg", "jpegtran"},
)
# Of the test that is running, by its marks: no other judge is found or run for it.
named: set[str] = set()


def bare_path(folder: Path) -> str:
    """Make a folder that holds what a bare Debian has, as links, and return it as a PATH."""
    folder.mkdir(exist_ok=True)
    for program in BARE:
        found, link = program_at(program), folder / program
        if found and not link.is_symlink():
            link.symlink_to(found)
    return str(folder)


def program_at(program: str) -> str | None:
    """Return where a program is: a bare Debian's, or one the test names. Debian keeps fsck and mkfs out of a PATH."""
    if program not in BARE and (NO_JUDGES or program not in named):
        return None
    return shutil.which(program, path=os.pathsep.join((PATH, "/usr/sbin", "/sbin")))


def in_long(most: int, usual: int) -> int:
    """Return how many of a thing to try: `most` in `make test-long` (FIFTHFLOOR_LONG), else what CI has time for."""
    return most if os.environ.get("FIFTHFLOOR_LONG") else usual


def photos_demanded() -> bool:
    """Return whether somebody says that there are photographs; tests that need them may then not be left out."""
    return bool(os.environ.get("FIFTHFLOOR_PHOTOS"))


def photos_dir() -> Path | None:
    """Return the folder of real photographs, or None: $FIFTHFLOOR_PHOTOS, else ../shared/photos beside the project."""
    given = os.environ.get("FIFTHFLOOR_PHOTOS")
    place = Path(given) if given else REPOSITORY.parent / "shared" / "photos"
    return place if place.is_dir() else None


def missing(*programs: str) -> list[str]:
    """Return those of `programs` that this machine does not have."""
    return [program for program in programs if program_at(program) is None]


def kernel_refused(what: str) -> NoReturn:
    """Skip a test because the kernel said no (loop device, FUSE); the summary counts and prints it."""
    pytest.skip(f"{KERNEL_REFUSED}: {what}")
