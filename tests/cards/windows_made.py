"""A Windows in memory: disks with volumes, drive letters, locks; answers the calls that `cards.windows` makes."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from fifthfloor.cards import windows
from fifthfloor.cards.windows_calls import Win32Error

DENIED, NOT_FOUND, INVALID, END_OF_FILE, NOT_LOCKED = 5, 2, 87, 38, 158


@dataclass
class Disk:
    """A disk with one volume that fills it, or several.

    Args:
        letter: of its volume, or one for each; empty for none.
        contents: all bytes.
        removable, bus, maker, model, serial: as STORAGE_DEVICE_DESCRIPTOR says them.
        says: the control codes that are answered.
        busy: somebody has a file of the volumes with these letters open.
        locks: letter -> the handle that holds it.
        flush_fails_with: what a flush is answered with.
    """

    letter: str
    contents: bytearray
    removable: bool = True
    bus: int = 7
    maker: str = "SanDisk"
    model: str = "Extreme"
    serial: str = "4C5300"
    label: str = "EOS_DIGITAL"
    sector_bytes: int = 512
    says: frozenset[int] = frozenset(
        {windows.QUERY_PROPERTY, windows.DISK_EXTENTS, windows.DEVICE_NUMBER, windows.LENGTH, windows.GEOMETRY}
    )
    busy: str = ""
    locks: dict[str, int] = field(default_factory=dict)
    dismounted: str = ""
    fails_with: int = 0
    flush_fails_with: int = 0

    @property
    def given_up(self) -> bool:
        """Whether Windows lets somebody write under every volume there is."""
        return set(self.letter) == set(self.locks) == set(self.dismounted)


@dataclass
class FakeKernel:
    """The calls.

    Args:
        disks: by number.
        beside_windows: a second volume on the first disk.
        calls: what was asked of which name.
        flags: how each device was opened that may be read.
    """

    disks: dict[int, Disk]
    administrator: bool = True
    beside_windows: str = ""
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    opened: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    flags: list[int] = field(default_factory=list)

    def open(self, name: str, access: int, flags: int) -> int:
        for number, disk in self.disks.items():
            letters = disk.letter + (self.beside_windows if number == 0 else "")
            if name == rf"\\.\PhysicalDrive{number}" or (name.endswith(":") and name[4] in letters):
                if access and not self.administrator:
                    raise Win32Error(DENIED)
                if access and name.endswith(":") and name[4] in disk.locks:
                    raise Win32Error(DENIED)
                self.flags += [flags] if access else []
                handle = 100 + 4 * len(self.calls)
                self.calls.append(("open", name, access))
                self.opened[handle] = (name, number, access)
                return handle
        raise Win32Error(NOT_FOUND)

    def control(self, handle: int, code: int, _given: bytes, answer_bytes: int) -> bytes:
        name, number, access = self.opened[handle]
        disk = self.disks[number]
        self.calls.append(("control", name, code))
        if code in (windows.LOCK_VOLUME, windows.UNLOCK_VOLUME, windows.DISMOUNT_VOLUME):
            return self._volume(disk, name[4], handle, code)
        if code not in disk.says or (code == windows.LENGTH and not access):
            raise Win32Error(INVALID)
        return self._answer(disk, number, code)[:answer_bytes]

    def _volume(self, disk: Disk, letter: str, handle: int, code: int) -> bytes:
        if not self.opened[handle][2]:
            raise Win32Error(DENIED)
        if code == windows.DISMOUNT_VOLUME:  # Windows does so under whoever has files open, too
            disk.dismounted += letter
        elif code == windows.UNLOCK_VOLUME:
            if disk.locks.pop(letter, 0) != handle:
                raise Win32Error(NOT_LOCKED)
        elif letter in disk.busy:
            raise Win32Error(DENIED)
        else:
            disk.locks[letter] = handle
        return b""

    @staticmethod
    def _answer(disk: Disk, number: int, code: int) -> bytes:
        if code == windows.DEVICE_NUMBER:
            return struct.pack("<III", 7, number, 1)
        if code == windows.DISK_EXTENTS:
            return struct.pack("<IIIIQQ", 1, 0, number, 0, 0, len(disk.contents))
        if code == windows.LENGTH:
            return struct.pack("<Q", len(disk.contents))
        if code == windows.GEOMETRY:
            return struct.pack("<QIIIIQ", 1, 11, 255, 63, disk.sector_bytes, len(disk.contents))
        texts = [text.encode() + b"\0" for text in (disk.maker, disk.model, disk.serial)]
        at = [40, 40 + len(texts[0]), 40 + len(texts[0]) + len(texts[1])]
        head = struct.pack("<IIBBBBIIIII", 40, 40, 0, 0, disk.removable, 0, at[0], at[1], 0, at[2], disk.bus)
        return head.ljust(40, b"\0") + b"".join(texts)

    def read(self, handle: int, offset_bytes: int, into: memoryview) -> int:
        disk = self._whole_sectors(handle, offset_bytes, len(into))
        if offset_bytes >= len(disk.contents):
            raise Win32Error(END_OF_FILE)
        data = disk.contents[offset_bytes : offset_bytes + len(into)]
        into[: len(data)] = data
        return len(data)

    def write(self, handle: int, offset_bytes: int, data: memoryview) -> int:
        disk = self._whole_sectors(handle, offset_bytes, len(data))
        # Windows lets nobody write under a file system that is mounted.
        if not disk.given_up or not self.opened[handle][2] & windows.WRITE:
            raise Win32Error(DENIED)
        disk.contents[offset_bytes : offset_bytes + len(data)] = data
        return len(data)

    def _whole_sectors(self, handle: int, offset_bytes: int, length_bytes: int) -> Disk:
        disk = self.disks[self.opened[handle][1]]
        if disk.fails_with:
            raise Win32Error(disk.fails_with)
        if (offset_bytes | length_bytes) % disk.sector_bytes:
            raise Win32Error(INVALID)
        return disk

    def flush(self, handle: int) -> None:
        name, number, _access = self.opened[handle]
        self.calls.append(("flush", name, 0))
        if self.disks[number].flush_fails_with:
            raise Win32Error(self.disks[number].flush_fails_with)

    def close(self, handle: int) -> None:
        _name, number, _access = self.opened.pop(handle)
        disk = self.disks[number]
        for letter in [letter for letter, holder in disk.locks.items() if holder == handle]:
            del disk.locks[letter]
            disk.dismounted = disk.dismounted.replace(letter, "")

    def letters(self) -> str:
        return "".join(sorted(disk.letter for disk in self.disks.values() if disk.letter))

    def label(self, letter: str) -> str:
        return next(disk.label for disk in self.disks.values() if letter in disk.letter)

    def drive_type(self, letter: str) -> int:
        return 2 if any(disk.removable for disk in self.disks.values() if letter in disk.letter) else 3

    def system_letter(self) -> str:
        return "C"

    def is_administrator(self) -> bool:
        return self.administrator
