r"""Devices of Windows: a volume `\\.\E:` or a whole disk `\\.\PhysicalDrive1`, by the calls of kernel32.

Rule 1: a device is read or written only after Windows gave up every volume on it: locked, and dismounted where it is
        written. Windows would otherwise answer from its own memory, and refuse or undo what is written under it.
Rule 2: the disk that Windows itself lies on is never offered and never opened.

Source: "Win32 API, Device Input and Output Control (IOCTL)": CreateFileW ("Physical Disks and Volumes"),
FSCTL_LOCK_VOLUME, FSCTL_DISMOUNT_VOLUME, IOCTL_STORAGE_QUERY_PROPERTY, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS.
"""

from __future__ import annotations

import errno
import os
import re
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from fifthfloor.cards.descriptor import ASKED, DeviceFacts, Offered, check_may_write
from fifthfloor.cards.device import Device
from fifthfloor.cards.sectors import SectorDevice
from fifthfloor.cards.windows_calls import Kernel, Win32Error, kernel32
from fifthfloor.errors import BadInput, DeviceRefused

_DRIVE_NAME = re.compile(r"[\\/]{2}[.?][\\/](?:([A-Za-z]):|PhysicalDrive([0-9]{1,3}))[\\/]?", re.IGNORECASE)

READ, WRITE = 0x80000000, 0x40000000  # GENERIC_READ, GENERIC_WRITE
_RAW_ACCESS = 0xA0000000  # FILE_FLAG_WRITE_THROUGH | FILE_FLAG_NO_BUFFERING
LOCK_VOLUME, UNLOCK_VOLUME, DISMOUNT_VOLUME = 0x90018, 0x9001C, 0x90020  # FSCTL_...
_WHOLE_VOLUME = 0x90083  # FSCTL_ALLOW_EXTENDED_DASD_IO: the sectors behind the file system's last, too
DEVICE_NUMBER, QUERY_PROPERTY = 0x2D1080, 0x2D1400  # IOCTL_STORAGE_...
DISK_EXTENTS = 0x560000  # IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS
LENGTH, GEOMETRY = 0x7405C, 0x700A0  # IOCTL_DISK_GET_LENGTH_INFO, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX
_REMOVABLE_DRIVE, _SD_BUS = 2, 12  # GetDriveTypeW, STORAGE_BUS_TYPE
_LOCK_TRIES, _LOCK_WAIT_SECONDS = 12, 0.25  # Windows looks at a new card for a moment; its pages say: try again
_MOST_DISKS = 64
_LARGEST_LOG2 = 46  # 64 TiB

_ABSENT = {2, 3, 15, 21, 1112}  # no such file, path, drive; not ready; no medium
_GONE_BY_WINDOWS = {55, 433, 1110, 1117, 1167}  # not there any more, medium changed, device error, not connected
_DENIED, _WRITE_PROTECTED, _SHARING_VIOLATION, _LOCK_VIOLATION = 5, 19, 32, 33
_END_OF_FILE = 38
_PAST_THE_END = {_END_OF_FILE, 27, 87}  # what reading there is answered with, by kind of device


def device_name(path: Path) -> str | None:
    r"""Return `\\.\E:` or `\\.\PhysicalDrive1` where a path names a device, however it is written; else None."""
    found = _DRIVE_NAME.fullmatch(str(path))
    if found is None:
        return None
    return rf"\\.\{found[1].upper()}:" if found[1] else rf"\\.\PhysicalDrive{int(found[2])}"


def open_device(
    name: str, *, writable: bool, serial: str | None, kernel: Kernel | None = None
) -> tuple[Device, DeviceFacts]:
    """Open a device whose volumes Windows gives up; arguments and errors as `image.open_card`."""
    kernel = kernel or kernel32()
    with _asked(kernel, name) as handle:
        disks = _disks_of(kernel, handle)
        facts = _facts(kernel, handle, name)
    if name[4:] == f"{kernel.system_letter()}:" or not disks or disks & _system_disks(kernel):
        raise DeviceRefused("cards.system_disk", path=name)
    if writable:
        check_may_write(Path(name), facts, serial)
    volumes = [name] if name.endswith(":") else [rf"\\.\{letter}:" for letter in _letters_on(kernel, disks)]
    with ExitStack() as stack:
        handles = _taken(kernel, stack, name, volumes, writable)
        sector = _sector_bytes(kernel, handles[0])
        device = RawDevice(kernel, handles, name, _size_bytes(kernel, handles[0], name, sector), sector)
        device.afterwards = stack.pop_all()
    return device, facts


def offered(kernel: Kernel | None = None) -> list[Offered]:
    """List the disks that may be cards, with their drive letters; nothing is read, so nobody need be administrator."""
    kernel = kernel or kernel32()
    found, system = [], _system_disks(kernel)
    for number in range(_MOST_DISKS) if system else ():
        name = rf"\\.\PhysicalDrive{number}"
        with suppress(BadInput, DeviceRefused), _asked(kernel, name) as handle:
            facts = _facts(kernel, handle, name)
            size = _answer(kernel, handle, GEOMETRY, 24, 8)
            letters = _letters_on(kernel, {number})
            removable = facts.removable or any(kernel.drive_type(letter) == _REMOVABLE_DRIVE for letter in letters)
            if removable and number not in system:
                labels = tuple(kernel.label(letter) for letter in letters)
                found.append(Offered(name, facts, size or 0, tuple(f"{letter}:" for letter in letters), labels))
    return found


class RawDevice(SectorDevice):
    """A device that is open; `afterwards` lets go of its volumes, and Windows takes them up again."""

    def __init__(self, kernel: Kernel, handles: tuple[int, ...], path: str, size_bytes: int, sector_bytes: int) -> None:
        super().__init__(path, size_bytes, sector_bytes)
        self._kernel = kernel
        self._handles = handles
        self._handle = handles[0]
        self.afterwards = ExitStack()

    def _fill(self, offset_bytes: int, sectors: memoryview) -> int:
        try:
            return self._kernel.read(self._handle, offset_bytes, sectors)
        except Win32Error as error:
            if error.code == _END_OF_FILE:
                return 0
            if error.code in _GONE_BY_WINDOWS:
                raise DeviceRefused("cards.gone", path=self.path) from error
            raise OSError(errno.EIO, os.strerror(errno.EIO), self.path) from error

    def _put(self, offset_bytes: int, sectors: memoryview) -> int:
        try:
            return self._kernel.write(self._handle, offset_bytes, sectors)
        except Win32Error as error:
            self._refuse_write(error, offset_bytes)

    def flush(self) -> None:
        try:
            self._kernel.flush(self._handle)
        except Win32Error as error:
            if error.code != 1:  # ERROR_INVALID_FUNCTION: it holds nothing back (everything is written through)
                self._refuse_write(error, 0)

    def descriptors(self) -> tuple[int, ...]:
        """Return the handle it is read by, then those that hold its volumes, for another process too; ours to close."""
        return self._handles

    def close(self) -> None:
        self.afterwards.close()

    def _refuse_write(self, error: Win32Error, offset_bytes: int) -> NoReturn:
        if error.code in _GONE_BY_WINDOWS:
            raise DeviceRefused("cards.gone", path=self.path) from error
        if error.code == _WRITE_PROTECTED:
            raise BadInput("cards.write_protected", path=self.path) from error
        raise BadInput("cards.write_failed", path=self.path, offset=offset_bytes) from error


@contextmanager
def _asked(kernel: Kernel, name: str) -> Iterator[int]:
    """Open a device for questions only, which needs no rights and disturbs nobody."""
    try:
        handle = kernel.open(name, 0, 0)
    except Win32Error as error:
        _refuse_opening(kernel, name, error, writable=False)
    try:
        yield handle
    finally:
        kernel.close(handle)


def _taken(kernel: Kernel, stack: ExitStack, name: str, volumes: list[str], writable: bool) -> tuple[int, ...]:
    """Return handles as `RawDevice.descriptors`; where this process has no right to them, from whoever is asked."""
    try:
        with ExitStack() as mine:
            held = [_held(kernel, mine, volume, writable) for volume in volumes]
            handles = tuple(held) if volumes == [name] else (_opened(kernel, mine, name, writable), *held)
            stack.push(mine.pop_all())
            return handles
    except BadInput as error:
        if error.key != "cards.not_administrator" or not ASKED:
            raise
    handles = ASKED[-1](Path(name), writable)
    for handle in handles:
        stack.callback(kernel.close, handle)
    return handles


def _opened(kernel: Kernel, stack: ExitStack, name: str, writable: bool) -> int:
    try:
        handle = kernel.open(name, READ | WRITE if writable else READ, _RAW_ACCESS)
    except Win32Error as error:
        _refuse_opening(kernel, name, error, writable=writable)
    stack.callback(kernel.close, handle)
    return handle


def _refuse_opening(kernel: Kernel, name: str, error: Win32Error, *, writable: bool) -> NoReturn:
    if error.code in _ABSENT:
        raise BadInput("cards.missing", path=name, reason="cards.no_device") from error
    if error.code == _DENIED and not kernel.is_administrator():
        raise BadInput("cards.not_administrator", path=name) from error
    if error.code in (_DENIED, _SHARING_VIOLATION, _LOCK_VIOLATION):
        raise DeviceRefused("cards.in_use", path=name) from error
    if error.code == _WRITE_PROTECTED:
        raise BadInput("cards.write_protected", path=name) from error
    doing = "cards.what.writing" if writable else "cards.what.reading"
    raise BadInput("cards.no_permission", path=name, doing=doing) from error


def _held(kernel: Kernel, stack: ExitStack, volume: str, writable: bool) -> int:
    """Take a volume from Windows: locked and dismounted until closed for a writer; asked and let go for a reader.

    A lock held on would keep a second reader of ours away as well.
    """
    handle = _opened(kernel, stack, volume, writable)
    for attempt in range(_LOCK_TRIES):
        try:
            kernel.control(handle, LOCK_VOLUME, b"", 0)
            break
        except Win32Error as error:
            if attempt == _LOCK_TRIES - 1:
                raise DeviceRefused("cards.volume_in_use", path=volume, letter=volume[4:]) from error
            time.sleep(_LOCK_WAIT_SECONDS)
    try:
        kernel.control(handle, DISMOUNT_VOLUME if writable else UNLOCK_VOLUME, b"", 0)
    except Win32Error as error:
        raise DeviceRefused("cards.volume_in_use", path=volume, letter=volume[4:]) from error
    return handle


def _system_disks(kernel: Kernel) -> set[int]:
    """Return the numbers of the disks that Windows lies on; empty where it does not say: nothing is offered then."""
    with suppress(BadInput, DeviceRefused), _asked(kernel, rf"\\.\{kernel.system_letter()}:") as handle:
        return _disks_of(kernel, handle)
    return set()


def _disks_of(kernel: Kernel, handle: int) -> set[int]:
    """Return the numbers of the disks that a volume or disk lies on."""
    try:
        answer = kernel.control(handle, DISK_EXTENTS, b"", 8 + 24 * 32)
        count = struct.unpack_from("<I", answer)[0]
        return {struct.unpack_from("<I", answer, 8 + 24 * extent)[0] for extent in range(count)}
    except (Win32Error, struct.error):
        number = _answer(kernel, handle, DEVICE_NUMBER, 4, 4)
        return set() if number is None else {number}


def _letters_on(kernel: Kernel, disks: set[int]) -> list[str]:
    found = []
    for letter in kernel.letters():
        # Refused: a network drive, or a reader without a card.
        with suppress(BadInput, DeviceRefused), _asked(kernel, rf"\\.\{letter}:") as handle:
            if _disks_of(kernel, handle) & disks:
                found.append(letter)
    return found


def _facts(kernel: Kernel, handle: int, name: str) -> DeviceFacts:
    """Read STORAGE_DEVICE_DESCRIPTOR; where nothing is answered, the drive's name stands for its number."""
    try:
        answer = kernel.control(handle, QUERY_PROPERTY, bytes(12), 1024)
        removable, _queue, maker, model, _revision, serial, bus = struct.unpack_from("<BBIIIII", answer, 10)
    except (Win32Error, struct.error):
        answer, removable, maker, model, serial, bus = b"", 0, 0, 0, 0, 0
    if name.endswith(":") and kernel.drive_type(name[4]) == _REMOVABLE_DRIVE:
        removable = 1
    text = [_text(answer, at) for at in (maker, model, serial)]
    return DeviceFacts(text[0], text[1], text[2] or name[4:], bool(removable) or bus == _SD_BUS, True)


def _text(answer: bytes, at: int) -> str:
    # 0 and all ones both mean that the device does not say.
    return answer[at:].split(b"\0", 1)[0].decode("ascii", "replace").strip() if 0 < at < len(answer) else ""


def _sector_bytes(kernel: Kernel, handle: int) -> int:
    sector = _answer(kernel, handle, GEOMETRY, 20, 4)
    return sector if sector in (512, 1024, 2048, 4096) else 512


def _size_bytes(kernel: Kernel, handle: int, name: str, sector_bytes: int) -> int:
    with suppress(Win32Error):  # a whole disk has no file system that would stop before its end
        kernel.control(handle, _WHOLE_VOLUME, b"", 0)
    size = _answer(kernel, handle, LENGTH, 0, 8)
    return size if size is not None else _found_end(kernel, handle, name, sector_bytes)


def _found_end(kernel: Kernel, handle: int, name: str, sector_bytes: int) -> int:
    """Find the end by reading, for drivers that do not tell their length: at most 46 sectors are read."""
    sector = memoryview(bytearray(sector_bytes))

    def is_there(number: int) -> bool:
        try:
            return kernel.read(handle, number * sector_bytes, sector) == sector_bytes
        except Win32Error as error:
            if error.code in _PAST_THE_END:
                return False
            raise DeviceRefused("cards.gone", path=name) from error

    sectors = 0
    for bit in range(_LARGEST_LOG2 - sector_bytes.bit_length(), -1, -1):
        if is_there(sectors + (1 << bit) - 1):
            sectors += 1 << bit
    return sectors * sector_bytes


def _answer(kernel: Kernel, handle: int, code: int, at: int, length_bytes: int) -> int | None:
    """Ask for a number at a place of an answer; None where nothing is answered."""
    try:
        answer = kernel.control(handle, code, b"", 256)
    except Win32Error:
        return None
    return int.from_bytes(answer[at : at + length_bytes], "little") if len(answer) >= at + length_bytes else None
