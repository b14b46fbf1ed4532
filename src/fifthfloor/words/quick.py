"""Sentences of `hide --quick`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "quick.not_noise": (
        "{path}: of {of:MiB|MiB} that would be written, {count:does|do} not look like noise, and "
        "{photographs:deleted photograph begins|deleted photographs begin} there; nothing was written",
        "--quick writes noise over noise; sweep the card once without --quick, and again after photographs were deleted "
        "on it",
    ),
    "quick.no_room": (
        "the {left:smallest carrier has|smallest carriers have} {room:bytes} of free slots, about {needed:bytes} are "
        "needed for runs",
        "leave out --quick, which needs less, or use --overwrite {fits} or less",
    ),
    "quick.no_room_at_all": (
        "the {left:smallest carrier has|smallest carriers have} {room:bytes} of free slots, about {needed:bytes} are "
        "needed for runs",
        "leave out --quick, which needs less; or use larger cards, a smaller --lose, or hide less",
    ),
}

SENTENCES: dict[str, str] = {
    "quick.keep": "--quick carries no floor over; other floors on these cards lose what is written over them: leave out "
    "--quick to --keep them",
    "quick.what": "quick: {written:bytes} are written in {runs:run|runs} of 1 MiB on {cards}, "
    "{percent:.1f} % of the free space; the rest stays as it is",
    "quick.images": "images from before and after show about how much is hidden; without --quick not",
    "quick.others": "  quick keeps nothing: all else that is hidden on them loses about {percent:.1f} % of itself there",
    "quick.noise": "{path}: everything that will be written over looks like noise; no deleted photograph begins there",
    "quick.remove": "before anything is removed the cards are read whole ({size:bytes}): that is not quick",
    "quick.ask": "write to {count:card|cards} now?",
    "quick.done": "hidden: {slots} slots in {runs:run|runs} of 1 MiB written and read back on {count:card|cards}",
    "quick.cards": "{percent:.1f} % of the free space is rewritten on {cards}",
    "quick.stopped": "stopped; every visible file is as it was. Do not count on what was being hidden: it may not be complete. "
    "Whatever else was hidden there lost what was written over; fifthfloor health says what came through; the same command "
    "begins anew",
}
