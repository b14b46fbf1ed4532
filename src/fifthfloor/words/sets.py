"""Sentences about sets of cards in a file."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "sets.unreadable": ("the list of cards {path} cannot be read: {reason:phrase}", "give it as @FILE or @FILE:NAME"),
    "sets.malformed": (
        "{path} is no list of cards (line {line})",
        "its first line is `# cards`, every other one `NAME: CARD, CARD`; fifthfloor plan --save writes one",
    ),
    "sets.exists": (
        "{path} is there already",
        "give the name of a file that is not there yet, or write one more line into this one: `{name}: CARD, CARD`",
    ),
    "sets.which": ("{path} has no set of cards {name}; it has {names}", "give @FILE:NAME"),
}

SENTENCES: dict[str, str] = {
    "sets.written": "{path} is written: `@{path}` now stands for {count:this card|these # cards}; audit calls it a trace",
    "sets.left_out": "not in {path}: {names}; {count:it cannot be used|these # cannot be used}",
}
