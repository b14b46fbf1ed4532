"""Sentences about recipients, to whom floors are sealed."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "recipient.malformed": (
        "not a recipient's line: {characters} characters, 1963 are due, and the last six must agree with the others",
        "copy the whole line that fifthfloor identity show prints, from fifthfloor1 to its end",
    ),
}

SENTENCES: dict[str, str] = {}
