"""Sentences of `recover`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "recover.nothing": (
        "no deleted photograph can be brought back from {path} ({free:bytes} of free space were read)",
        "free space that was wiped, hidden in or discarded holds none; stop using the card if photographs were just deleted",
    ),
    "recover.no_room": (
        "{needed:bytes} can be brought back, {free:bytes} are free at {path}",
        "give another folder with --out",
    ),
}

SENTENCES: dict[str, str] = {
    "recover.line": "{name}: {size:bytes}, {state}",
    "recover.whole": "whole",
    "recover.partial": "partial",
    "recover.done": "{whole} whole and {partial} partial photographs and films are in {path} ({size:bytes}); nothing was written to the card",
    "recover.would": "{whole} whole and {partial} partial photographs and films would be written to {path} ({size:bytes}); nothing was written (--dry-run)",
    "recover.stopped": "stopped; nothing was written to the card. Whatever is in {path} by now is whole; the same command brings back the rest",
    "recover.unreadable": "{size:bytes} of the card could not be read; photographs on them are marked as partial or missing",
    "recover.overwritten": "{count:deleted name is left whose photograph was overwritten|deleted names are left whose photographs were overwritten}",
}
