"""What can go wrong in the world, in four kinds.

Rule 1: `ValueError` and `TypeError` mean our own mistake; these four mean the world's.
Rule 2: an error is a key into `fifthfloor.words` and the facts that the sentence needs. The library never formats
        for people, and no fact is ever a passphrase, a key, or the name of a hidden file.
Rule 3: each kind has one exit code (`docs/guide.md`, "Exit codes"); an unknown code means failure.
"""

from __future__ import annotations

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


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its own words and lower case, or the key of the phrase that it does not say."""
    return error.strerror.lower() if error.strerror else "files.no_reason"


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
