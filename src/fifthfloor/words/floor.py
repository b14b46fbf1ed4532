"""Sentences about floors as a whole."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "floor.passphrase_empty": ("the passphrase is empty", "type it; a new one is made with: fifthfloor passphrase"),
    "floor.unknown_character": (
        "the passphrase or label has a character that may not be the same on every computer",
        "use letters, digits, spaces and signs that every keyboard knows",
    ),
    "floor.archive_broken": (
        "what came back is whole, but not what its own list says; nothing was written",
        "it was made by another version or by a faulty writer; keep the cards and ask for help",
    ),
}

SENTENCES: dict[str, str] = {}
