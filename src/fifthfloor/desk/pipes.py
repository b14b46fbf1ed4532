r"""The calls of Windows by which a desk and its helper with rights meet: a named pipe, handles, and Windows' question.

A pipe of the helper has one name for each account, lies on this machine alone, and its list of rights names two: that
account, which may read and write, and the administrators, who alone may make more of its ends. Its owner is the group
of administrators, which only a process that has their rights can make it.

Source: "Win32 API": CreateNamedPipeW, "Named Pipe Security and Access Rights", "Security Descriptor String Format",
"Mandatory Integrity Control", GetNamedPipeClientProcessId, DuplicateHandle, ShellExecuteExW.
"""

from __future__ import annotations

import ctypes
from typing import Any, Protocol

_NEW_PIPE = 0x80003  # PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE: whoever was there before is noticed
_NEXT_PIPE = 0x00003
_MESSAGES = 0x4 | 0x2 | 0x8  # PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS
_WINDOWS_PIPE_BYTES = 64 << 10
# FILE_READ_DATA, FILE_WRITE_DATA, both ATTRIBUTES, READ_CONTROL, SYNCHRONIZE; not FILE_CREATE_PIPE_INSTANCE (4).
_TALK = 0x120183
_OPEN_EXISTING, _IDENTIFY_ONLY = 3, 0x110000  # SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION
_BUSY_MILLISECONDS = 2000
_READ_MESSAGES = 0x2
_DUP_HANDLE, _QUERY_LIMITED = 0x40, 0x1000  # of OpenProcess
_TOKEN_QUERY, _TOKEN_USER, _OWNER, _KERNEL_OBJECT = 8, 1, 1, 6
_ADMINISTRATORS = 26  # WinBuiltinAdministratorsSid
_SAME_ACCESS = 2
_KEEP_PROCESS, _NO_ASYNC, _SHOW_NORMAL = 0x40, 0x100, 1
_THREAD_OF_ITS_OWN = 0x6  # COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE, as ShellExecuteExW wants it
_STILL_RUNS = 258  # WAIT_TIMEOUT

_PIPE_DENIED, _BUSY, _CONNECTED, _CANCELLED = 5, 231, 535, 1223
_ERROR_OF_CODE: dict[int, type[OSError]] = {
    2: FileNotFoundError,
    _PIPE_DENIED: PermissionError,
    _CANCELLED: PermissionError,
    _BUSY: ConnectionRefusedError,
}


class Pipes(Protocol):
    """What is asked of Windows; every method raises OSError where Windows refuses. Handles are numbers."""

    def account(self) -> str:
        """Return the account of this process, as S-1-5-..."""

    def is_administrator(self) -> bool: ...
    def make(self, name: str, person: str, *, first: bool) -> int:
        """Make an end of a pipe that one account may talk through; `first` refuses a name that is taken."""

    def wait(self, pipe: int) -> None:
        """Wait until somebody comes."""

    def who(self, pipe: int) -> tuple[int, str]:
        """Return the process that came, as a handle, and its account."""

    def join(self, name: str) -> int:
        """Come to a pipe; whoever made it may learn who came, and not act as them."""

    def is_of_administrators(self, pipe: int) -> bool: ...
    def read(self, pipe: int, most_bytes: int) -> bytes:
        """Return one message; ConnectionError where it is longer, or nobody is there any more."""

    def write(self, pipe: int, message: bytes) -> None: ...
    def give(self, handle: int, process: int) -> int:
        """Return the number of a handle in another process; it is open there from now on."""

    def begin(self, program: str, words: str) -> int:
        """Begin a program with rights, after Windows' question; returns its process. PermissionError: no was said."""

    def runs(self, process: int) -> bool: ...
    def close(self, handle: int) -> None: ...


class _Question(ctypes.Structure):  # SHELLEXECUTEINFOW
    _fields_ = (
        ("size", ctypes.c_uint32),
        ("mask", ctypes.c_uint32),
        ("window", ctypes.c_void_p),
        ("verb", ctypes.c_wchar_p),
        ("file", ctypes.c_wchar_p),
        ("parameters", ctypes.c_wchar_p),
        ("directory", ctypes.c_wchar_p),
        ("show", ctypes.c_int),
        ("instance", ctypes.c_void_p),
        ("item", ctypes.c_void_p),
        ("class_name", ctypes.c_wchar_p),
        ("class_key", ctypes.c_void_p),
        ("hot_key", ctypes.c_uint32),
        ("icon", ctypes.c_void_p),
        ("process", ctypes.c_void_p),
    )


class _Rights(ctypes.Structure):  # SECURITY_ATTRIBUTES
    _fields_ = (("size", ctypes.c_uint32), ("descriptor", ctypes.c_void_p), ("inherited", ctypes.c_int))


def rights_of(person: str) -> str:
    """Return the owner and list of rights of a pipe, for one account; programs below medium integrity may not write."""
    return f"O:BAD:P(A;;FA;;;BA)(A;;{_TALK:#x};;;{person})S:(ML;;NW;;;ME)"


class WindowsPipes:
    """The calls themselves. Handles are `c_void_p`: a plain int would lose its upper half.

    Args:
        kernel, advapi, shell, ole: kernel32, advapi32, shell32 and ole32.
        last_error: what GetLastError said of the last call.
    """

    def __init__(self, kernel: Any, advapi: Any, shell: Any, ole: Any, last_error: Any) -> None:
        self._kernel, self._advapi, self._shell, self._ole = kernel, advapi, shell, ole
        self._last_error = last_error
        for name in ("CreateNamedPipeW", "CreateFileW", "OpenProcess", "GetCurrentProcess", "LocalFree"):
            getattr(kernel, name).restype = ctypes.c_void_p

    def account(self) -> str:
        return self._account_of(self._kernel.GetCurrentProcess())

    def is_administrator(self) -> bool:
        return bool(self._shell.IsUserAnAdmin())

    def make(self, name: str, person: str, *, first: bool) -> int:
        descriptor = ctypes.c_void_p()
        self._check(
            self._advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                ctypes.c_wchar_p(rights_of(person)), ctypes.c_uint32(1), ctypes.byref(descriptor), None
            )
        )
        rights = _Rights(ctypes.sizeof(_Rights), descriptor, 0)
        number = ctypes.c_uint32
        handle = self._kernel.CreateNamedPipeW(
            *(ctypes.c_wchar_p(name), number(_NEW_PIPE if first else _NEXT_PIPE), number(_MESSAGES)),
            *(number(255), number(_WINDOWS_PIPE_BYTES), number(_WINDOWS_PIPE_BYTES), number(0), ctypes.byref(rights)),
        )
        error = self._last_error()
        self._kernel.LocalFree(descriptor)
        return self._handle(handle, error)

    def wait(self, pipe: int) -> None:
        if not self._kernel.ConnectNamedPipe(ctypes.c_void_p(pipe), None) and self._last_error() != _CONNECTED:
            raise self._refusal(self._last_error())

    def who(self, pipe: int) -> tuple[int, str]:
        number = ctypes.c_uint32()
        self._check(self._kernel.GetNamedPipeClientProcessId(ctypes.c_void_p(pipe), ctypes.byref(number)))
        process = self._handle(
            self._kernel.OpenProcess(ctypes.c_uint32(_DUP_HANDLE | _QUERY_LIMITED), ctypes.c_int(0), number),
            self._last_error(),
        )
        try:
            return process, self._account_of(process)
        except OSError:
            self.close(process)
            raise

    def join(self, name: str) -> int:
        number = ctypes.c_uint32
        for is_last in (False, True):
            handle = self._kernel.CreateFileW(
                *(ctypes.c_wchar_p(name), number(_TALK), number(0), None),
                *(number(_OPEN_EXISTING), number(_IDENTIFY_ONLY), None),
            )
            error = self._last_error()
            if error != _BUSY or is_last or not _is_none(handle):
                break
            self._kernel.WaitNamedPipeW(ctypes.c_wchar_p(name), number(_BUSY_MILLISECONDS))
        pipe = self._handle(handle, error)
        mode = number(_READ_MESSAGES)
        if not self._kernel.SetNamedPipeHandleState(ctypes.c_void_p(pipe), ctypes.byref(mode), None, None):
            error = self._last_error()
            self.close(pipe)
            raise self._refusal(error)
        return pipe

    def is_of_administrators(self, pipe: int) -> bool:
        owner, descriptor = ctypes.c_void_p(), ctypes.c_void_p()
        error = self._advapi.GetSecurityInfo(
            *(ctypes.c_void_p(pipe), ctypes.c_int(_KERNEL_OBJECT), ctypes.c_uint32(_OWNER)),
            *(ctypes.byref(owner), None, None, None, ctypes.byref(descriptor)),
        )
        if error:
            raise self._refusal(error)
        try:
            return bool(self._advapi.IsWellKnownSid(owner, ctypes.c_int(_ADMINISTRATORS)))
        finally:
            self._kernel.LocalFree(descriptor)

    def read(self, pipe: int, most_bytes: int) -> bytes:
        message, got = ctypes.create_string_buffer(most_bytes), ctypes.c_uint32()
        self._move(self._kernel.ReadFile, pipe, message, most_bytes, got)
        return message.raw[: got.value]

    def write(self, pipe: int, message: bytes) -> None:
        self._move(self._kernel.WriteFile, pipe, message, len(message), ctypes.c_uint32())

    def _move(self, call: Any, pipe: int, data: Any, length_bytes: int, moved: Any) -> None:
        if not call(ctypes.c_void_p(pipe), data, ctypes.c_uint32(length_bytes), ctypes.byref(moved), None):
            raise ConnectionError(self._last_error())

    def give(self, handle: int, process: int) -> int:
        given = ctypes.c_void_p()
        self._check(
            self._kernel.DuplicateHandle(
                *(ctypes.c_void_p(self._kernel.GetCurrentProcess()), ctypes.c_void_p(handle)),
                *(ctypes.c_void_p(process), ctypes.byref(given)),
                *(ctypes.c_uint32(0), ctypes.c_int(0), ctypes.c_uint32(_SAME_ACCESS)),
            )
        )
        return int(given.value or 0)

    def begin(self, program: str, words: str) -> int:
        self._ole.CoInitializeEx(None, ctypes.c_uint32(_THREAD_OF_ITS_OWN))
        question = _Question(size=ctypes.sizeof(_Question), mask=_KEEP_PROCESS | _NO_ASYNC, verb="runas")
        question.file, question.parameters, question.show = program, words, _SHOW_NORMAL
        self._check(self._shell.ShellExecuteExW(ctypes.byref(question)))
        return int(question.process or 0)

    def runs(self, process: int) -> bool:
        return bool(self._kernel.WaitForSingleObject(ctypes.c_void_p(process), ctypes.c_uint32(0)) == _STILL_RUNS)

    def close(self, handle: int) -> None:
        self._kernel.CloseHandle(ctypes.c_void_p(handle))

    def _account_of(self, process: int) -> str:
        token, text = ctypes.c_void_p(), ctypes.c_wchar_p()
        self._check(
            self._advapi.OpenProcessToken(ctypes.c_void_p(process), ctypes.c_uint32(_TOKEN_QUERY), ctypes.byref(token))
        )
        try:
            user, got = (ctypes.c_void_p * 64)(), ctypes.c_uint32()  # TOKEN_USER: a pointer to what follows it
            size = ctypes.c_uint32(ctypes.sizeof(user))
            self._check(
                self._advapi.GetTokenInformation(token, ctypes.c_int(_TOKEN_USER), user, size, ctypes.byref(got))
            )
            self._check(self._advapi.ConvertSidToStringSidW(ctypes.c_void_p(user[0]), ctypes.byref(text)))
        finally:
            self._kernel.CloseHandle(token)
        told = str(text.value)
        self._kernel.LocalFree(text)
        return told

    def _handle(self, handle: int | None, error: int) -> int:
        if handle is None or _is_none(handle):
            raise self._refusal(error)
        return int(handle)

    def _check(self, succeeded: int) -> None:
        if not succeeded:
            raise self._refusal(self._last_error())

    @staticmethod
    def _refusal(error: int) -> OSError:
        return _ERROR_OF_CODE.get(error, OSError)(error, "")


def _is_none(handle: int | None) -> bool:
    return handle is None or handle in (0, ctypes.c_void_p(-1).value)


def windows_pipes() -> Pipes:
    """Return the calls of the Windows this runs on."""
    load = vars(ctypes)["WinDLL"]  # only there on Windows
    kernel, advapi, shell = (load(name, use_last_error=True) for name in ("kernel32", "advapi32", "shell32"))
    return WindowsPipes(kernel, advapi, shell, load("ole32"), vars(ctypes)["get_last_error"])
