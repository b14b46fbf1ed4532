"""From a path to an open device: what may be opened, and what is refused before a byte is read."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from fifthfloor.cards import linux, macos, windows
from fifthfloor.cards.descriptor import DeviceFacts, Offered, lock, open_descriptor
from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.errors import BadInput, DeviceRefused, reason_of


def open_path(path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
    """Open an image or block device.

    Raises:
        BadInput: missing, a directory, a symbolic link to an image, not a card, or no permission.
        DeviceRefused: mounted, not removable, held by another process, the system's own disk, or a device of a system
            on which none are opened.
    """
    if sys.platform == "win32" and (name := windows.device_name(path)):
        return windows.open_device(name, writable=writable, serial=serial)
    try:
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind) and stat.S_ISBLK(path.stat().st_mode):
            path = path.resolve(strict=True)  # /dev/disk/by-id/... is how careful people name a card
            kind = path.lstat().st_mode
    except PermissionError as error:  # of a folder before it
        doing = "cards.what.writing" if writable else "cards.what.reading"
        raise BadInput("cards.no_permission", path=str(path), doing=doing) from error
    except OSError as error:
        raise BadInput("cards.missing", path=str(path), reason=reason_of(error)) from error
    if sys.platform == "darwin" and (stat.S_ISBLK(kind) or stat.S_ISCHR(kind)):
        return macos.open_device(path, writable=writable)
    if stat.S_ISBLK(kind):
        if sys.platform != "linux":
            raise DeviceRefused("cards.no_devices_here", path=str(path), system=sys.platform)
        return linux.open_device(path, writable=writable, serial=serial)
    return _open_image(path, kind, writable), DeviceFacts()


def check_writable(path: Path, serial: str | None) -> None:
    """Refuse what could not be opened to be written (a lock, no right), without writing or holding it.

    A device of Windows passes: to ask would take its volumes from whoever uses them.

    Raises:
        BadInput, DeviceRefused: as `open_path`.
    """
    if sys.platform == "win32" and windows.device_name(path):
        return
    open_path(path, writable=True, serial=serial)[0].close()


def _open_image(path: Path, kind: int, writable: bool) -> Device:
    if stat.S_ISLNK(kind):
        raise BadInput("cards.symlink", path=str(path))
    if stat.S_ISDIR(kind):
        raise BadInput("cards.directory", path=str(path))
    if not stat.S_ISREG(kind):
        raise BadInput("cards.not_a_card", path=str(path))
    if sys.platform == "linux":
        linux.refuse_attached(path, writable)
    descriptor = open_descriptor(path, writable, getattr(os, "O_NOFOLLOW", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # replaced between the look and the opening
            raise BadInput("cards.not_a_card", path=str(path))
        lock(descriptor, path, writable)
        return OpenFile(descriptor, str(path))
    except BaseException:
        os.close(descriptor)
        raise


def offered() -> list[Offered] | None:
    """List the disks that may be cards; None on a system where devices are not listed."""
    if sys.platform == "win32":
        return windows.offered()
    if sys.platform == "linux":
        return linux.offered()
    return None


def is_device(path: Path) -> bool:
    """Say whether a path names a device. Raises OSError where there is nothing at it."""
    if sys.platform == "win32" and windows.device_name(path):
        return True
    kind = path.stat().st_mode
    return stat.S_ISBLK(kind) or stat.S_ISCHR(kind)


def is_folder(path: Path) -> bool:
    """Say whether a path is of a folder; Windows cannot be asked that of a whole disk."""
    return not (sys.platform == "win32" and windows.device_name(path)) and path.is_dir()


def short_name(path: Path) -> str:
    r"""Return how an image or device is called in a sentence: the last part of its path; all of it for `\\.\E:`."""
    return path.name or str(path).rstrip("\\")


def same_place(path: Path) -> str:
    """Return one text for all ways of naming one image or device."""
    if sys.platform == "win32":
        # Windows cannot resolve a device's name: it takes it for the root of a folder.
        return windows.device_name(path) or str(path.resolve()).upper()
    return str(path.resolve())
