"""Sentences of `keep`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "keep.incomplete": (
        "a floor to be kept has {have} shards of group {group} of {groups} on these cards, {needed} are needed",
        "give all cards it is on; if what wrote it was stopped, --discard-broken lets it go; or open it first and hide it again",
    ),
    "keep.locked": (
        "a floor to be kept does not open from these cards; of its carriers given: {here}",
        "give as many of its cards as it needs to open, all in one command; if what wrote it was stopped, --discard-broken lets it go",
    ),
    "keep.no_spare": (
        "a group of a floor to be kept has {spare} shards to spare, and a stop in the sweep could cost it {worst}",
        "a stop would lose the floor; open it first and hide it again, with an --overwrite of 10 or more",
    ),
    "keep.no_room": (
        "card {number} has {room:bytes} of free slots; {kept:bytes} are kept and {new:bytes} are new, and they do not fit together",
        "hide less, use a smaller --overwrite, or more or larger cards; --discard lets go what this passphrase hid before",
    ),
}

SENTENCES: dict[str, str] = {
    "keep.found": "{floors:floor|floors} will be carried over; {lost} of their shards were lost, {renewed} are made anew",
    "keep.more_lost": "{left} lost shards are not made anew this time (at most {most} in one run); the poorest groups come first, and "
    "the next --keep makes more",
    "keep.health": "kept floor {number}: {before} shards before, {after} after, about {needed} are needed",
}
