"""One writer at a time in a folder, across windows, desks and commands; what `cards.descriptor.lock` is to a card.

Rule 1: the lock is the system's, on the folder itself: a run that is killed lets go, and no file is left behind.
Rule 2: a folder that was made to be locked goes again where nothing was written into it.
Windows has no such lock of a folder, and there is none there (docs/threat-model/desk.md).
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import make_folder

if sys.platform != "win32":
    import fcntl

_STEP_SECONDS = 0.05


@contextlib.contextmanager
def writing_in(folder: Path, *, dry_run: bool = False, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold a folder against every other run that writes into it, before anything is done there.

    Args:
        folder: made where it is not there.
        dry_run: nothing is written, and nothing is held.
        wait_seconds: how long to wait for another one, which may be done at once.

    Raises:
        BadInput: another one writes into it.
    """
    if dry_run or sys.platform == "win32" or (folder.exists() and not folder.is_dir()):
        yield  # what is no folder is said by whoever wants one
        return
    made = make_folder(folder)
    descriptor = _held(folder, wait_seconds)
    try:
        yield
    finally:
        # While it is held: whoever comes next finds it gone, and makes it anew.
        for one in reversed(made):
            with contextlib.suppress(OSError):  # not empty
                one.rmdir()
        if descriptor >= 0:
            os.close(descriptor)


def _held(folder: Path, wait_seconds: float) -> int:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except PermissionError:
            return -1  # it may be written and not read: the two are the person's to keep apart
        if _locked(descriptor) and _is_still(folder, descriptor):
            return descriptor
        os.close(descriptor)
        if time.monotonic() >= until:
            raise BadInput("files.in_use", path=str(folder))
        make_folder(folder)
        time.sleep(_STEP_SECONDS)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # some network file systems have no locks: as for cards
    return True


def _is_still(folder: Path, descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samestat(folder.stat(), os.fstat(descriptor))
    return False
