"""Sentences of `keep`."""

from __future__ import annotations

_INCOMPLETE = "what is to be kept does not come back from these cards: of its part {group} of {groups}, {have:bytes} are here, and {needed:bytes} are needed"
_LOCKED = "what is to be kept does not open from these cards: {size:bytes} of it are here, on {here:card|cards}, and it needs {needed} cards or more"
_NO_OTHERS = "only where a stopped hide, or a quick one that let it go, left it there are none, and it cannot be gone on with: how far it came is noted nowhere, since a note would be a trace (fifthfloor help hide says what lets go of it)"
_LEFT_OUT = "without its passphrase at --keep it is lost: what these cards hold of it, and all else that it opens here"
_OPEN_FIRST = "open it first (fifthfloor open), then hide it on other cards with an --overwrite of 10 or more; how to let it go here once it is open, says fifthfloor help hide"

ERRORS: dict[str, tuple[str, str]] = {
    "keep.incomplete": (
        _INCOMPLETE,
        "give all cards it is on, all in one command: with them it may come back; " + _NO_OTHERS,
    ),
    "keep.incomplete_named": (_INCOMPLETE, f"give all cards it is on; {_LEFT_OUT}"),
    "keep.locked": (
        _LOCKED,
        "give its other cards too, all in one command: with them it may come back; " + _NO_OTHERS,
    ),
    "keep.locked_named": (_LOCKED, f"give its other cards too, all in one command; {_LEFT_OUT}"),
    "keep.no_spare": (
        "what is to be kept could be lost if this were stopped: a part of it has {spare:bytes} to spare, and a stop could cost {worst:bytes}",
        _OPEN_FIRST,
    ),
    "keep.nothing_spare": (
        "what is to be kept comes back, but has nothing to spare and could be lost while it is carried over",
        _OPEN_FIRST,
    ),
    "keep.no_room": (
        "{card} has room for {room:bytes}; {kept:bytes} are kept and {new:bytes} are new, and they do not fit together",
        "hide fewer photographs, or use more or larger cards; a smaller --overwrite takes less room, too, and so does a smaller --lose",
    ),
}

SENTENCES: dict[str, str] = {
    "keep.found": "{floors:floor|floors} will be carried over; {lost} of their shards were lost, {renewed} are made anew",
    "keep.more_lost": "  of what is kept, {left:lost piece is|lost pieces are} not made anew this time (at most {most} in one run); the weakest "
    "parts come first, and the next run makes more",
    "keep.health": "kept floor {number}: {before} shards before, {after} after, about {needed} are needed",
}
