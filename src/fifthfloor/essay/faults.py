"""All that is wrong with an essay at once: thirteen photographs without captions are one answer, not forty-two."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fifthfloor.errors import FifthFloorError

T = TypeVar("T")
# Whoever has more than these begins at the top anyway.
MOST = 200


class Faults:
    """Collects errors while reading goes on; `end` raises them together."""

    def __init__(self) -> None:
        self._found: list[FifthFloorError] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def found(self) -> tuple[FifthFloorError, ...]:
        """What was found so far."""
        return tuple(self._found)

    def get(self, read: Callable[[], T], instead: T) -> T:
        """Return what `read` gives, or `instead` after keeping its error."""
        try:
            return read()
        except FifthFloorError as error:
            self.add(error)
            return instead

    def add(self, error: FifthFloorError) -> None:
        """Keep an error, and those that came with it."""
        self._found += [error, *error.also]
        error.also = ()

    def end(self) -> None:
        """Raise the first error by line, the others with it, where there is one."""
        if not self._found:
            return
        ordered = sorted(self._found[:MOST], key=_where)
        first = ordered[0]
        first.also = tuple(ordered[1:])
        raise first


def _where(error: FifthFloorError) -> tuple[str, int]:
    """Return file and line; what the gate says of a photograph stands where the essay names it."""
    line = error.facts.get("line", error.facts.get("of_line", 0))
    return str(error.facts.get("file", error.facts.get("of_file", ""))), line if isinstance(line, int) else 0
