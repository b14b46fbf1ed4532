"""Photographs that were not done: for a program, and as the error each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from fifthfloor import words
from fifthfloor.cli.console import Console
from fifthfloor.cli.outcome import say
from fifthfloor.errors import BadInput
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people.beside import LeftAlone
    from fifthfloor.tasks.people.photographs import Refused
    from fifthfloor.tasks.people.protect import Protected
    from fifthfloor.tasks.people.prove import Proved, Signed


T = TypeVar("T")


def refused_json(one: Refused) -> dict[str, Any]:
    """Return a refusal for --json."""
    cause, hint = words.error(one.key, one.facts)
    return {"file": str(one.path), "error": one.key, "cause": cause, "hint": hint}


def left_line(left: LeftAlone) -> str:
    """Return the one line that says what stays where it is; films by name, for somebody may have meant them."""
    what = []
    if left.films:
        names = ", ".join(path.name for path in left.films)
        what.append(sentence("protect.left_films", count=len(left.films), names=names))
    if left.sidecars:
        what.append(sentence("protect.left_sidecars", count=len(left.sidecars)))
    if left.signed:
        what.append(sentence("protect.left_signed", count=len(left.signed)))
    if left.raws:
        what.append(sentence("protect.left_raws", count=len(left.raws)))
    if left.folders:
        what.append(sentence("protect.left_folders", count=len(left.folders)))
    return sentence("protect.left", what="; ".join(what))


def noted(console: Console, results: Iterable[T]) -> Iterator[T]:
    """Yield results; where there is nothing to do, what was left alone is said before the error."""
    from fifthfloor.tasks.people.beside import LeftAlone

    left = []
    try:
        for one in results:
            if isinstance(one, LeftAlone):
                left.append(one)
            yield one
    except BadInput:
        for each in left:
            console.note(left_line(each))
        raise


def left_json(left: Iterable[LeftAlone]) -> list[str]:
    """Return what stays where it is for --json."""
    return [str(path) for one in left for path in one.paths]


def say_refused(done: Iterable[Signed | Proved | Protected | Refused]) -> int:
    """Say each refusal by name; returns the exit code: the largest, 0 where there is none."""
    from fifthfloor.tasks.people.photographs import Refused

    worst = 0
    for one in done:
        if isinstance(one, Refused):
            cause, hint = words.error(one.key, one.facts)
            say(sentence("prove.named", name=one.path.name, cause=cause), hint)
            worst = max(worst, one.exit_code)
    return worst
