"""Sentences of `plan`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "plan.no_photograph": (
        "no file in {path} has the name of a photograph",
        "give a folder of photographs as large as those to be hidden, or leave --like out",
    ),
}

SENTENCES: dict[str, str] = {
    "plan.card": "{card} ({label}): {free:bytes} free",
    "plan.refused": "cannot be used: {cause}",
    "plan.refused_hint": "  {hint}",
    "plan.fit": "so that any {lose:card|cards} may be lost: room for {photographs:photograph|photographs} ({size:bytes})",
    "plan.fit_none": "if no card may be lost: room for {photographs:photograph|photographs} ({size:bytes})",
    "plan.usual": "reckoned with {size:bytes} a photograph, and {percent:g} % of each card overwritten; --like FOLDER reckons with yours",
    "plan.like": "reckoned with {size:bytes} a photograph, as in {folder}, and {percent:g} % of each card overwritten",
    "plan.time": "hiding on all of them takes {time}",
}
