"""Every sentence a person reads, in one table: cause and hint for errors, one line for everything else.

Rule 1: a cause is lower case, has no full stop, and gives numbers on both sides; a hint says what to do.
Rule 2: `{name:bytes}` in a template is written as a size a person reads, `{name:phrase}` as the phrase with that key,
`{name:extra}` as what to type to add that extra to this install; everything else is `str.format`.
Rule 3: the keys "AREA.what" stand in `AREA.py` (or a folder of that name) and nowhere else, in two dicts: `ERRORS` (key -> (cause, hint)) and
`SENTENCES` (key -> line). Translation is a change of these files and of nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from fifthfloor.words.form import Values, fill

# One file a prefix of keys, so that a translator finds a sentence by its key.
AREAS = (
    "approve",
    "ask",
    "audit",
    "before",
    "brief",
    "c2pa",
    "card",
    "cards",
    "cli",
    "cluster",
    "stores",
    "desk",
    "essay",
    "files",
    "finding",
    "floor",
    "frames",
    "gate",
    "health",
    "help",
    "hide",
    "identity",
    "jpeg",
    "keep",
    "list",
    "looking",
    "mixed",
    "open",
    "passphrase",
    "plan",
    "protect",
    "prove",
    "quick",
    "recipient",
    "recover",
    "redact",
    "remove",
    "review",
    "roll",
    "sealed",
    "sets",
    "shot",
    "statement",
    "sweep",
    "tidy",
    "time",
    "trace",
    "verdict",
    "verify",
    "walk",
    "wipe",
    "work",
    "writing",
)
_FILES = tuple(import_module(f"{__name__}.{area}") for area in AREAS)

ERRORS: dict[str, tuple[str, str]] = {key: text for area in _FILES for key, text in area.ERRORS.items()}
SENTENCES: dict[str, str] = {key: text for area in _FILES for key, text in area.SENTENCES.items()}


def take_in(errors: Mapping[str, tuple[str, str]], sentences: Mapping[str, str]) -> None:
    """Add the words of another distribution, as the theatre does. Raises ValueError for a key that has words here."""
    twice = (errors.keys() & ERRORS.keys()) | (sentences.keys() & SENTENCES.keys())
    if twice:
        raise ValueError(f"words for {', '.join(sorted(twice))} are there already")
    ERRORS.update(errors)
    SENTENCES.update(sentences)


def error(key: str, facts: Values) -> tuple[str, str]:
    """Return cause and hint of the error `key`, filled with its facts. Raises KeyError for an unknown key.

    Any error may have the facts `of_file`, `of_line` and, where it does not name it itself, `of_photo`, given by
    whoever knows where in an essay it came up: that stands before the cause.
    """
    cause, hint = (fill(text, facts, SENTENCES) for text in ERRORS[key])
    if "of_file" in facts:
        where = "essay.of_photo" if "of_photo" in facts else "essay.of_line"
        cause = fill(SENTENCES[where], {**facts, "cause": cause}, SENTENCES)
    return cause, hint


def sentence(key: str, **facts: str | int | float) -> str:
    """Return the sentence `key`, filled with its facts. Raises KeyError for an unknown key."""
    return fill(SENTENCES[key], facts, SENTENCES)
