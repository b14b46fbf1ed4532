"""Sentences of `sweep`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "sweep.lost_writes": (
        "the card does not keep what is written to it: {length} bytes at byte {offset} came back different",
        "it may be failing or have less memory than it says; do not trust this card, and do not rely on what it holds",
    ),
}

SENTENCES: dict[str, str] = {}
