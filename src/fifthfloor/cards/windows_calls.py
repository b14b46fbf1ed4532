"""The calls of Windows by which a device is opened, asked, read and written; what they mean is in `windows`.

Source: "Win32 API", fileapi.h, ioapiset.h, winioctl.h.
"""

from __future__ import annotations

import ctypes
from typing import Any, Protocol


class Win32Error(Exception):
    """A call of Windows failed; `code` as GetLastError has it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Kernel(Protocol):
    """The calls of Windows this module makes; tests have their own."""

    def open(self, name: str, access: int, flags: int) -> int: ...
    def control(self, handle: int, code: int, given: bytes, answer_bytes: int) -> bytes: ...
    def read(self, handle: int, offset_bytes: int, into: memoryview) -> int: ...
    def write(self, handle: int, offset_bytes: int, data: memoryview) -> int: ...
    def flush(self, handle: int) -> None: ...
    def close(self, handle: int) -> None: ...
    def letters(self) -> str: ...
    def label(self, letter: str) -> str: ...
    def drive_type(self, letter: str) -> int: ...
    def system_letter(self) -> str: ...
    def is_administrator(self) -> bool: ...


class _Overlapped(ctypes.Structure):
    _fields_ = (
        ("internal", ctypes.c_void_p),
        ("internal_high", ctypes.c_void_p),
        ("offset", ctypes.c_uint32),
        ("offset_high", ctypes.c_uint32),
        ("event", ctypes.c_void_p),
    )


class Kernel32:
    """The calls themselves. Handles are `c_void_p`: a plain int would lose its upper half."""

    def __init__(self, kernel: Any, shell: Any, last_error: Any) -> None:
        self._kernel, self._shell, self._last_error = kernel, shell, last_error
        kernel.CreateFileW.restype = ctypes.c_void_p

    def open(self, name: str, access: int, flags: int) -> int:
        shared, existing = 3, 3  # FILE_SHARE_READ | FILE_SHARE_WRITE, which volumes demand; OPEN_EXISTING
        number = ctypes.c_uint32
        handle = self._kernel.CreateFileW(
            ctypes.c_wchar_p(name), number(access), number(shared), None, number(existing), number(flags), None
        )
        if handle is None or handle == ctypes.c_void_p(-1).value:
            raise Win32Error(self._last_error())
        return int(handle)

    def control(self, handle: int, code: int, given: bytes, answer_bytes: int) -> bytes:
        answer, got = ctypes.create_string_buffer(max(1, answer_bytes)), ctypes.c_uint32()
        self._check(
            self._kernel.DeviceIoControl(
                *(ctypes.c_void_p(handle), ctypes.c_uint32(code), given or None, ctypes.c_uint32(len(given))),
                answer if answer_bytes else None,
                ctypes.c_uint32(answer_bytes),
                ctypes.byref(got),
                None,
            )
        )
        return answer.raw[: got.value]

    def read(self, handle: int, offset_bytes: int, into: memoryview) -> int:
        return self._move(self._kernel.ReadFile, handle, offset_bytes, into)

    def write(self, handle: int, offset_bytes: int, data: memoryview) -> int:
        return self._move(self._kernel.WriteFile, handle, offset_bytes, data)

    def _move(self, call: Any, handle: int, offset_bytes: int, view: memoryview) -> int:
        # The place goes with the call, so that no two threads share a position.
        place = _Overlapped(offset=offset_bytes & 0xFFFFFFFF, offset_high=offset_bytes >> 32)
        bytes_of = (ctypes.c_char * len(view)).from_buffer(view)
        moved = ctypes.c_uint32()
        self._check(
            call(
                ctypes.c_void_p(handle), bytes_of, ctypes.c_uint32(len(view)), ctypes.byref(moved), ctypes.byref(place)
            )
        )
        return moved.value

    def flush(self, handle: int) -> None:
        self._check(self._kernel.FlushFileBuffers(ctypes.c_void_p(handle)))

    def close(self, handle: int) -> None:
        self._kernel.CloseHandle(ctypes.c_void_p(handle))

    def letters(self) -> str:
        there = self._kernel.GetLogicalDrives()
        return "".join(chr(ord("A") + bit) for bit in range(26) if there >> bit & 1)

    def label(self, letter: str) -> str:
        name = ctypes.create_unicode_buffer(261)
        got = self._kernel.GetVolumeInformationW(f"{letter}:\\", name, 261, None, None, None, None, 0)
        return name.value if got else ""

    def drive_type(self, letter: str) -> int:
        return int(self._kernel.GetDriveTypeW(f"{letter}:\\"))

    def system_letter(self) -> str:
        folder = ctypes.create_unicode_buffer(261)
        self._kernel.GetSystemWindowsDirectoryW(folder, 261)
        return folder.value[:1].upper() or "C"

    def is_administrator(self) -> bool:
        return bool(self._shell.IsUserAnAdmin())

    def _check(self, succeeded: int) -> None:
        if not succeeded:
            raise Win32Error(self._last_error())


def kernel32() -> Kernel:
    """Return the calls of the Windows this runs on."""
    load = vars(ctypes)["WinDLL"]  # only there on Windows
    return Kernel32(load("kernel32", use_last_error=True), load("shell32"), vars(ctypes)["get_last_error"])
