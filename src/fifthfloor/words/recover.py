"""Sentences of `recover`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "recover.nothing": (
        "no deleted photograph can be brought back from {path} ({free:bytes} of free space were read)",
        "after a wipe or a hide there are none; if photographs were deleted just now, stop using the card, and try another reader",
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
    "recover.pieces": "putting photographs together that lie in pieces",
    "recover.done": "brought back: {whole} whole and {partial} partial photographs and films, {size:bytes}, in {path}; nothing was written to the card",
    "recover.would": "would be brought back: {whole} whole and {partial} partial photographs and films, {size:bytes}, in {path}; whether the card gives every byte is seen only then; nothing was written (--dry-run)",
    "recover.there": "{count:of them was|of them were} in {path} already, byte for byte; no second copy is made",
    "recover.stopped": "stopped; nothing was written to the card. What it brought back to {path} by now is as complete as it can be (.partial where it is not); the same command brings back the rest",
    "recover.unreadable": "{size:bytes} of the card could not be read; photographs on them are marked as partial or missing",
    "recover.left_out": "{count:further visible file has|further visible files have} no clusters in the table; what they held is found by its structure alone, without names",
    "recover.overwritten": "{count:more deleted photograph is|more deleted photographs are} still named, but overwritten",
    "recover.unplaced": "{count:more deleted photograph is|more deleted photographs are} still named, but no entry says any longer where; what is left of them is among what has no name",
}
