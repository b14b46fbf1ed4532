"""Sentences of `plan`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "plan.no_card": (
        "none of the {count} given is a card that could be written",
        "fifthfloor cards lists what is in the readers",
    ),
}

SENTENCES: dict[str, str] = {
    "plan.card": "{card} ({label}): a card, {free:bytes} free",
    "plan.refused": "{path}: no card that could be written: {cause}",
    "plan.fit": "any {lose} may be lost: room for {photographs:photograph|photographs} ({size:bytes})",
    "plan.fit_none": "none may be lost: room for {photographs:photograph|photographs} ({size:bytes})",
    "plan.usual": "reckoned with {size:bytes} a photograph, and {percent:g} % of each card overwritten; --like FOLDER reckons with yours",
    "plan.like": "reckoned with {size:bytes} a photograph, as in {folder}, and {percent:g} % of each card overwritten",
    "plan.time": "hiding on all of them takes {time}",
}
