"""What can go wrong in the world, in four kinds.

Rule 1: `ValueError` and `TypeError` mean our own mistake; these four mean the world's.
Rule 2: an error is a key into `fifthfloor.words` and the facts that the sentence needs. The library never formats
        for people, and no fact is ever a passphrase, a key, or the name of a hidden file.
Rule 3: each kind has one exit code (`docs/guide.md`, "Exit codes"); an unknown code means failure.
"""

from __future__ import annotations

import errno
from typing import ClassVar

FactValue = str | int | float


class FifthFloorError(Exception):
    """Base of the four; never raised itself.

    Args:
        key: name of a sentence in `fifthfloor.words`, "area.what_happened".
        facts: values the sentence names; sizes in bytes, places as strings.

    `also` has further errors of the same input, found in one go; each is said in its turn.
    """

    exit_code: ClassVar[int]
    also: tuple[FifthFloorError, ...] = ()

    def __init__(self, key: str, **facts: FactValue) -> None:
        super().__init__(key)
        self.key = key
        self.facts: dict[str, FactValue] = facts

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross from worker processes to the person; the default pickling would lose the facts.
        return (_rebuild, (type(self), self.key, self.facts))


# What a system refuses with as a rule, and the phrase for it; the rest it says itself, in English or its own language.
_PHRASE_OF_ERRNO = {
    errno.ENOENT: "files.reason.missing",
    errno.EACCES: "files.reason.denied",
    errno.EPERM: "files.reason.not_permitted",
    errno.EISDIR: "files.reason.folder",
    errno.ENOTDIR: "files.reason.no_folder",
    errno.EEXIST: "files.reason.exists",
    errno.ENOTEMPTY: "files.reason.not_empty",
    errno.ENOSPC: "files.reason.no_room",
    errno.EDQUOT: "files.reason.quota",
    errno.EFBIG: "files.reason.too_large",
    errno.EROFS: "files.reason.read_only",
    errno.EBUSY: "files.reason.busy",
    errno.EIO: "files.reason.hurt",
    errno.ENXIO: "files.reason.gone",
    errno.ENODEV: "files.reason.no_device",
    errno.EMFILE: "files.reason.too_many_open",
    errno.ENAMETOOLONG: "files.reason.long_name",
    errno.ELOOP: "files.reason.links",
    errno.EINVAL: "files.reason.invalid",
    errno.ENOMEM: "files.reason.memory",
    errno.EPIPE: "files.reason.pipe",
    errno.ECONNREFUSED: "files.reason.refused",
    errno.ECONNRESET: "files.reason.reset",
    errno.ENETUNREACH: "files.reason.no_network",
    errno.EHOSTUNREACH: "files.reason.no_host",
    errno.ETIMEDOUT: "files.reason.timed_out",
}
# Windows' own numbers, of which Python makes few of the above: what it would say is more, where none stands here.
_BY_WINDOWS = {
    2: errno.ENOENT,
    3: errno.ENOENT,
    5: errno.EACCES,
    19: errno.EROFS,
    80: errno.EEXIST,
    112: errno.ENOSPC,
    145: errno.ENOTEMPTY,
    183: errno.EEXIST,
}


def reason_of(error: OSError) -> str:
    """Return why the system refused: the key of a phrase, or where we have none its own words in lower case."""
    by_windows = getattr(error, "winerror", None)
    known = _PHRASE_OF_ERRNO.get((error.errno if by_windows is None else _BY_WINDOWS.get(by_windows)) or 0)
    return known or (error.strerror.lower() if error.strerror else "files.no_reason")


def _rebuild(kind: type[FifthFloorError], key: str, facts: dict[str, FactValue]) -> FifthFloorError:
    return kind(key, **facts)


class NothingFound(FifthFloorError):  # noqa: N818 - the four are named for what happened, not for being errors
    """Nothing was found, or a check says no."""

    exit_code = 1


class BadInput(FifthFloorError):  # noqa: N818
    """The input is bad: a card, a file, a passphrase; named, with the fact."""

    exit_code = 3


class NoRoom(FifthFloorError):  # noqa: N818
    """There is not enough room; both numbers are among the facts."""

    exit_code = 4


class DeviceRefused(FifthFloorError):  # noqa: N818
    """The device was refused before anything was written to it."""

    exit_code = 5
