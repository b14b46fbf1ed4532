"""Sentences about files that are read or written."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "files.missing": ("there is no {path}", "check the path"),
    "files.not_a_file": ("{path} is no ordinary file", "give a file"),
    "files.unreadable": ("{path} cannot be read: {reason:phrase}", "check the path and its permissions"),
    "files.too_large": ("{path} is larger than {limit:bytes}", "give the file that is meant"),
    "files.in_use": (
        "another run or window writes into {path} at this moment",
        "wait until it is done, or give another folder",
    ),
    "files.exists": (
        "{path} is there already",
        "give the name of a file that is not there yet; nothing is overwritten",
    ),
}

SENTENCES: dict[str, str] = {
    "files.would_write": "would be written: {path}",
    "files.no_reason": "the system gives no reason",
}
