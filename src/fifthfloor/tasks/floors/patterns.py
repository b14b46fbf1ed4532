"""Which stored names a person means by the patterns of `open --only`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

Fits = Callable[[str], bool]


def everything(_name: str) -> bool:
    """Fit every name."""
    return True


def fitting(patterns: Sequence[str]) -> Fits:
    """Return what says whether a stored name fits one of some patterns; without any, every name does.

    Args:
        patterns: `*` and `?` as in a shell, capitals or not. Each is held against the whole name ("roll/DSC_0041.JPG"),
            its last part, that without its ending, and each folder it is in.
    """
    if not patterns:
        return everything
    lowered = [pattern.lower().rstrip("/") for pattern in patterns]

    def fits(name: str) -> bool:
        parts = name.lower().split("/")
        folders = ["/".join(parts[:count]) for count in range(1, len(parts))]
        held = [name.lower(), parts[-1], parts[-1].partition(".")[0], *folders]
        return any(fnmatchcase(one, pattern) for one in held for pattern in lowered)

    return fits
