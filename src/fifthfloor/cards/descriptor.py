"""What the system is asked when a card is opened: the descriptor, the lock, and what is known of the device."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import BadInput, DeviceRefused, reason_of

if sys.platform != "win32":
    import fcntl

# Asked where this process may not open a device (its path, whether to write); it has the rights, looks at the device by
# itself, and locks it. Returns what `descriptors()` of that device returns, from now on this process's to close.
Asking = Callable[[Path, bool], tuple[int, ...]]
ASKED: list[Asking] = []


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What the system says about a block device; all empty for an image.

    Args:
        maker: e.g. "SanDisk".
        model: e.g. "Extreme Pro".
        serial: what `--device` must repeat for a device that is not removable.
        removable: whether the device, or the slot it is in, says that it can be taken out.
        is_block_device: False for an image.
    """

    maker: str = ""
    model: str = ""
    serial: str = ""
    removable: bool = False
    is_block_device: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A disk that may be a card, as `fifthfloor cards` lists it.

    Args:
        path: what to give to the other commands.
        facts: what the system says of it.
        size_bytes: of the whole disk; 0 where the system does not say.
        places: drive letters on Windows, else the names of its partitions.
        labels: of its volumes, one a place; empty where there is none or it is not known.
        slot: where it is: 0 in a slot of the computer itself, from 1 the slot of a reader; None where it is not known,
            or where its reader has one slot only.
    """

    path: str
    facts: DeviceFacts
    size_bytes: int
    places: tuple[str, ...]
    labels: tuple[str, ...]
    slot: int | None = None


def check_may_write(path: Path, facts: DeviceFacts, serial: str | None) -> None:
    """Refuse to write a device that cannot be taken out, unless its serial number was given.

    Args:
        path: of the device.
        facts: what the system says of it.
        serial: numbers a person gave, separated by commas: one for each device that is not removable.

    Raises:
        DeviceRefused: other serial numbers were given, or none.
    """
    if serial is not None and facts.serial not in serial.split(",") and serial != facts.serial:
        if facts.removable and "," in serial:
            return  # it needs none; the numbers are those of the others
        raise DeviceRefused("cards.wrong_serial", path=str(path), serial=facts.serial, given=serial)
    if serial is None and not facts.removable:
        raise DeviceRefused("cards.not_removable", path=str(path), serial=facts.serial)


def open_descriptor(path: Path, writable: bool, flags: int) -> int:
    """Open a file for reading, or for both; the system's refusals by name."""
    flags |= (os.O_RDWR if writable else os.O_RDONLY) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags)
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise DeviceRefused("cards.in_use", path=str(path)) from error
        if error.errno == errno.EROFS:
            raise BadInput("cards.locked", path=str(path)) from error
        if error.errno in (errno.EACCES, errno.EPERM):
            doing = "cards.what.writing" if writable else "cards.what.reading"
            raise BadInput("cards.no_permission", path=str(path), doing=doing) from error
        raise BadInput("cards.missing", path=str(path), reason=reason_of(error)) from error


def lock(descriptor: int, path: Path, exclusive: bool) -> None:
    """Hold a card against other runs of this program until it is closed; readers share, a writer is alone."""
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DeviceRefused("cards.in_use", path=str(path)) from error
        except OSError as error:
            # Some network file systems have no locks; two runs on one image there are the person's to avoid.
            if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
