"""Memory that holds secrets is in no dump, no debugger of the same user, and where it is allowed in no swap.

What cannot be had in this language: passphrases and keys are never overwritten, only let go, and the interpreter and
its libraries make copies of their own (docs/threat-model/memory.md).
"""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4
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
        _guard_linux(resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY)


def _guard_linux(may_lock: bool) -> None:
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if may_lock:
            library.mlockall(_ALL_AND_WHAT_COMES)
