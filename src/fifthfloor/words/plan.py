"""Sentences of `plan`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "plan.no_card": (
        "none of the {count:path|paths} given is a card that can be used",
        "fifthfloor cards lists what is in the readers",
    ),
}

SENTENCES: dict[str, str] = {
    "plan.card": "{card} ({label}): {free:bytes} free",
    "plan.refused": "{path} cannot be used: {cause}",
    "plan.fit": "so that any {lose:card|cards} may be lost: room for {photographs:photograph|photographs} ({size:bytes})",
    "plan.fit_none": "if no card may be lost: room for {photographs:photograph|photographs} ({size:bytes})",
    "plan.usual": "reckoned with {size:bytes} a photograph, and {percent:g} % of each card overwritten; --like FOLDER reckons with yours",
    "plan.like": "reckoned with {size:bytes} a photograph, as in {folder}, and {percent:g} % of each card overwritten",
    "plan.time": "hiding on all of them takes {time}",
}
