"""Sentences about recipients, to whom floors are sealed."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "recipient.malformed": (
        "not a recipient's line: {characters} characters, 1963 are due, and the last six must agree with the others",
        "copy the whole line that fifthfloor identity show prints, from fifthfloor1 to its end",
    ),
    "recipient.neither": (
        "{path} is neither a recipient's line nor a file",
        "give the line that begins with fifthfloor1, or the name of a file that holds it",
    ),
}

SENTENCES: dict[str, str] = {}
