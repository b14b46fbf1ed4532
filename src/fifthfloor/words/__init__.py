"""Every sentence a person reads, in one table: cause and hint for errors, one line for everything else.

Rule 1: a cause is lower case, has no full stop, and gives numbers on both sides; a hint says what to do.
Rule 2: `{name:bytes}` in a template is written as a size a person reads, `{name:phrase}` as the phrase with that key;
everything else is `str.format`.
Each area of the program has its own file, `AREA.py`, with two dicts: `ERRORS` (key -> (cause, hint)) and
`SENTENCES` (key -> line). Translation is a change of these files and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from fifthfloor.words import (
    ask,
    audit,
    audit_findings,
    before,
    c2pa,
    cards,
    cli,
    essay,
    files,
    floor,
    help,
    jpeg,
    listing,
    plan,
    protect,
    prove,
    quick,
    recipient,
    redact,
    redact_boxes,
    sets,
    statement,
    time,
    verdict,
    work,
)
from fifthfloor.words.form import Values, fill

_AREAS = (
    ask,
    audit,
    audit_findings,
    before,
    c2pa,
    cards,
    cli,
    essay,
    files,
    floor,
    help,
    jpeg,
    listing,
    plan,
    protect,
    prove,
    quick,
    recipient,
    redact,
    redact_boxes,
    sets,
    statement,
    time,
    verdict,
    work,
)

ERRORS: dict[str, tuple[str, str]] = {key: text for area in _AREAS for key, text in area.ERRORS.items()}
SENTENCES: dict[str, str] = {key: text for area in _AREAS for key, text in area.SENTENCES.items()}


def take_in(errors: Mapping[str, tuple[str, str]], sentences: Mapping[str, str]) -> None:
    """Add the words of another distribution, as the theatre does. Raises ValueError for a key that has words here."""
    twice = (errors.keys() & ERRORS.keys()) | (sentences.keys() & SENTENCES.keys())
    if twice:
        raise ValueError(f"words for {', '.join(sorted(twice))} are there already")
    ERRORS.update(errors)
    SENTENCES.update(sentences)


def error(key: str, facts: Values) -> tuple[str, str]:
    """Return cause and hint of the error `key`, filled with its facts. Raises KeyError for an unknown key.

    Any error may have the fact `of_file`, given by whoever knows which file it is about: it stands before the cause.
    """
    cause, hint = (fill(text, facts, SENTENCES) for text in ERRORS[key])
    return f"{facts['of_file']}: {cause}" if "of_file" in facts else cause, hint


def sentence(key: str, **facts: str | int | float) -> str:
    """Return the sentence `key`, filled with its facts. Raises KeyError for an unknown key."""
    return fill(SENTENCES[key], facts, SENTENCES)
