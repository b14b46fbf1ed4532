"""Sentences of `journey`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "journey.reading": "reading the photographs",
}
