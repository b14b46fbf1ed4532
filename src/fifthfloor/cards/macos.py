"""Devices of macOS, to be read: `/dev/rdisk4`, or `/dev/disk4` for the same.

Nobody has run this on a Mac. So nothing is written there, whatever is asked for.

Source: Apple's <sys/disk.h>, "DKIOCGETBLOCKSIZE" and "DKIOCGETBLOCKCOUNT"; hdiutil(1) and diskutil(8) on raw disks.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

from fifthfloor.cards.descriptor import DeviceFacts, open_descriptor
from fifthfloor.cards.device import GONE, Device
from fifthfloor.cards.sectors import SectorDevice
from fifthfloor.errors import BadInput, DeviceRefused

# _IOR('d', 24, uint32_t), _IOR('d', 25, uint64_t)
BLOCK_SIZE, BLOCK_COUNT = 0x40046418, 0x40086419
_DISK_NAME = re.compile(r"/dev/r?(disk[0-9]+)(s[0-9]+)*")

Control = Callable[[int, int, bytes], bytes]
"""`fcntl.ioctl` with a buffer: descriptor, request, room for the answer; gives the answer."""


def open_device(path: Path, *, writable: bool, control: Control | None = None) -> tuple[Device, DeviceFacts]:
    """Open a disk or a part of it for reading.

    Args:
        path: below /dev.
        writable: refused.
        control: `fcntl.ioctl`; tests have their own.

    Raises:
        BadInput: not a disk, or no permission.
        DeviceRefused: it is to be written, or a volume of it is mounted.
    """
    found = _DISK_NAME.fullmatch(str(path))
    if found is None:
        raise BadInput("cards.not_a_card", path=str(path))
    if writable:
        raise DeviceRefused("cards.read_only_here", path=str(path))
    if place := mounted_at(found[1]):
        raise DeviceRefused("cards.mounted_macos", path=str(path), place=place, disk=found[1])
    return open_raw_disk(path.with_name(found[0].removeprefix("/dev/").removeprefix("r")), found[1], control)


def open_raw_disk(path: Path, disk: str, control: Control | None = None) -> tuple[Device, DeviceFacts]:
    """Open the raw side of `/dev/disk4`, which has no cache and reads whole blocks."""
    if control is None:
        import fcntl

        control = fcntl.ioctl
    raw = path.with_name(f"r{path.name}")
    descriptor = open_descriptor(raw, writable=False, flags=0)
    try:
        block = int.from_bytes(control(descriptor, BLOCK_SIZE, bytes(4)), "little")
        count = int.from_bytes(control(descriptor, BLOCK_COUNT, bytes(8)), "little")
        if block not in (512, 1024, 2048, 4096):
            raise BadInput("cards.not_a_card", path=str(path))
    except OSError as error:
        os.close(descriptor)
        raise BadInput("cards.not_a_card", path=str(path)) from error
    except BaseException:
        os.close(descriptor)
        raise
    # Maker and serial number are IOKit's to tell; they are only needed to write.
    return RawDisk(descriptor, str(raw), block * count, block), DeviceFacts("", "", disk, False, True)


def mounted_at(disk: str, volumes: Path = Path("/Volumes"), devices: Path = Path("/dev")) -> str | None:
    """Say where a disk or a part of it is mounted: a folder whose device is one of the disk's; None where it is not."""
    numbers = {os.stat(part).st_rdev for part in devices.glob(f"{disk}*") if _DISK_NAME.fullmatch(f"/dev/{part.name}")}  # noqa: PTH116
    for folder in (Path("/"), *(volumes.iterdir() if volumes.is_dir() else ())):
        try:
            if os.stat(folder).st_dev in numbers:  # noqa: PTH116 - both sides of one comparison
                return str(folder)
        except OSError:
            continue
    return None


class RawDisk(SectorDevice):
    """A raw disk that is open for reading."""

    def __init__(self, descriptor: int, path: str, size_bytes: int, sector_bytes: int) -> None:
        super().__init__(path, size_bytes, sector_bytes)
        self._descriptor = descriptor

    def _fill(self, offset_bytes: int, sectors: memoryview) -> int:
        try:
            return os.preadv(self._descriptor, [sectors], offset_bytes)
        except OSError as error:
            if error.errno in GONE:
                raise DeviceRefused("cards.gone", path=self.path) from error
            raise OSError(error.errno or errno.EIO, error.strerror, self.path) from error

    def _put(self, _offset_bytes: int, _sectors: memoryview) -> int:
        raise DeviceRefused("cards.read_only_here", path=self.path)

    def flush(self) -> None:
        """Nothing was written."""

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
