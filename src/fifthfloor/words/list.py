"""Sentences of `list`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "list.floor": "hidden on {hidden}: {files:file|files}, {size:bytes}",
    "list.file": "  {name}, {size:bytes}",
    "list.unreadable": "something is here, but too little of it to say what is in it; fifthfloor health says what is missing",
}
