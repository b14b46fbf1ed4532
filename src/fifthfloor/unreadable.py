"""Memory that holds secrets is in no dump, no debugger of the same user, and where it is allowed in no swap.

What cannot be had in this language: texts are never overwritten, only let go, and the interpreter and its libraries
make copies of their own (docs/threat-model/memory.md). What was let go is written over by taking its place.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator

_PR_SET_DUMPABLE = 4
# CPython keeps blocks of up to 512 bytes apart by size, in steps of 16, and gives out the one freed last first.
_SMALL_LOCK_BYTES, _STEP_BYTES = 512, 16
_BYTES_OVERHEAD = sys.getsizeof(b"")
_OF_EACH_SIZE = 4_000  # 9 MB in all, for some 20 ms
_ALL_AND_WHAT_COMES = 1 | 2 | 4  # MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT: only what is touched


def guard() -> None:
    """Guard this process; what the system does not know or does not allow is left out.

    Every process of this program calls it first: a new program starts out readable again.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _guard_linux()


def _guard_linux() -> None:
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        with _no_limit_that_ends_us():
            library.mlockall(_ALL_AND_WHAT_COMES)


@contextlib.contextmanager
def _no_limit_that_ends_us() -> Iterator[None]:
    """Lift the limit on locked memory; where that is not allowed, let only those lock whom it does not bind.

    A process that locks what it has, and is bound by a limit, ends at the first byte too many. Under a limit of nothing
    the system refuses, unless the process has CAP_IPC_LOCK, whom no limit binds (mlock(2)).
    """
    import resource

    limit, endless = resource.RLIMIT_MEMLOCK, resource.RLIM_INFINITY
    soft, hard = resource.getrlimit(limit)
    try:
        resource.setrlimit(limit, (endless, endless))
    except (OSError, ValueError):
        resource.setrlimit(limit, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(limit, (soft, hard))
    else:
        yield


def may_be_swapped(address: int, length_bytes: int) -> None:
    """Let go of the lock on a file that is mapped: it holds no secret, and may be larger than all memory."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).munlock(ctypes.c_void_p(address), ctypes.c_size_t(length_bytes))


def take_the_place_of_what_was_let_go() -> None:
    """Write zeros over small texts and bytes that nothing refers to any more, as far as the allocator gives them again.

    Called when a passphrase became keys, before the long work begins.
    """
    gc.collect()
    sizes = range(-(-_BYTES_OVERHEAD // _STEP_BYTES) * _STEP_BYTES, _SMALL_LOCK_BYTES + 1, _STEP_BYTES)
    taken = [bytes(size - _BYTES_OVERHEAD) for size in sizes for _ in range(_OF_EACH_SIZE)]
    del taken
