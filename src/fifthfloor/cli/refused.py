"""Photographs that were not done: for a program, and as the error each is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fifthfloor import words
from fifthfloor.cli.outcome import say
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.people import photographs, prove


def refused_json(one: prove.Refused | photographs.Refused) -> dict[str, Any]:
    """Return a refusal for --json."""
    cause, hint = words.error(one.key, one.facts)
    return {"file": str(one.path), "error": one.key, "cause": cause, "hint": hint}


def say_refused(done: Iterable[prove.Signed | prove.Proved | prove.Refused]) -> int:
    """Say each refusal by name; returns the exit code: the largest, 0 where there is none."""
    from fifthfloor.tasks.people.prove import Refused

    worst = 0
    for one in done:
        if isinstance(one, Refused):
            cause, hint = words.error(one.key, one.facts)
            say(sentence("prove.named", name=one.path.name, cause=cause), hint)
            worst = max(worst, one.exit_code)
    return worst
