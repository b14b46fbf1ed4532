"""Images of cards that were handed over instead of named: copies in a private folder, removed when the desk ends.

Rule 1: a copy is for reading. Nothing is hidden in it and nothing of it mended: it goes, and what was in it too.
Rule 2: the folder is beside the images a person works on, and only its owner may look into it; `clear` removes it, and
        after a kill the next desk in that place does.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fifthfloor.errors import BadInput, NoRoom
from fifthfloor.files import flushed
from fifthfloor.tasks.secret import fresh_bytes

MOST_IMAGES = 4
MOST_IMAGE_BYTES = 64 << 30
ROOM_LEFT_BYTES = 256 << 20  # of the disk, for whoever else writes on it
_FOLDER_PREFIX = ".tmp-"  # what many programs call theirs: this one's name says nothing to who looks in
_RECEIVED_NAME = re.compile(re.escape(_FOLDER_PREFIX) + r"([0-9]{1,10})-[0-9a-f]{12}")
_PLACE = re.compile(r"[0-9a-f]{12}")
_NOT_HARMLESS = re.compile(r"[^\w .()-]")


class Received:
    """The copies of one desk.

    Args:
        beside: the folder in which theirs is made, once there is one.
    """

    def __init__(self, beside: Path) -> None:
        self._folder = beside / f"{_FOLDER_PREFIX}{os.getpid()}-{fresh_bytes(6).hex()}"
        self._images: list[Path] = []
        self._turn = threading.Lock()
        remove_forgotten(beside)

    @property
    def images(self) -> tuple[Path, ...]:
        return tuple(self._images)

    @contextmanager
    def new(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Write a copy, piece by piece with what is given; what ends with an error leaves nothing.

        Args:
            name: as the browser says it; only harmless letters of it are kept.

        Raises:
            BadInput: there are too many, another one is coming, or it is larger than a card.
            NoRoom: the disk would be full.
        """
        if len(self._images) >= MOST_IMAGES:
            raise BadInput("desk.too_many_images", most=MOST_IMAGES)
        if not self._turn.acquire(blocking=False):
            raise BadInput("desk.busy")
        try:
            with self._one(name) as write:
                yield write
        finally:
            self._turn.release()

    @contextmanager
    def _one(self, name: str) -> Iterator[Callable[[bytes], None]]:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        place = self._folder / fresh_bytes(6).hex()
        place.mkdir(mode=0o700)
        path = place / harmless_name(name)
        done = 0
        try:
            with flushed(path, private=True) as file:

                def write(piece: bytes) -> None:
                    nonlocal done
                    done += len(piece)
                    if done > MOST_IMAGE_BYTES:
                        raise BadInput("desk.too_large", limit=MOST_IMAGE_BYTES)
                    free = shutil.disk_usage(place).free
                    if free < ROOM_LEFT_BYTES + len(piece):
                        raise NoRoom("cards.disk_full", path=str(path), free=free, needed=ROOM_LEFT_BYTES + len(piece))
                    file.write(piece)

                yield write
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        self._images.append(path)

    def drop(self, path: Path) -> None:
        """Remove one copy."""
        if path in self._images:
            self._images.remove(path)
            shutil.rmtree(path.parent, ignore_errors=True)

    def clear(self) -> None:
        """Remove all of them."""
        self._images.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


def harmless_name(name: str) -> str:
    """Return what of a name can stand on any file system; the last part of a path."""
    last = _NOT_HARMLESS.sub("_", re.split(r"[/\\]", name)[-1])[-80:].strip(" .")
    return last or "card.img"


def remove_forgotten(beside: Path) -> None:
    """Remove the folders of desks that were killed; on Windows, where nobody asks after a process, they stay."""
    if sys.platform == "win32":
        return
    for folder in beside.glob(_FOLDER_PREFIX + "*"):
        found = _RECEIVED_NAME.fullmatch(folder.name)
        if found and not folder.is_symlink() and not _runs(int(found[1])) and _is_ours(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    """Return whether a folder holds what `Received` puts into one, and nothing else: others use such names too."""
    with suppress(OSError):
        return all(
            _PLACE.fullmatch(place.name) and place.is_dir() and not place.is_symlink() for place in folder.iterdir()
        )
    return False


def _runs(process: int) -> bool:
    with suppress(ProcessLookupError, OverflowError):
        try:
            os.kill(process, 0)
        except PermissionError:
            return True
        return True
    return False
