"""Sentences of `hide --quick`."""

from __future__ import annotations

_ENDS = "leave out --quick, then it is kept; or hide fewer photographs, or on other cards; how to let it go says fifthfloor help hide"

ERRORS: dict[str, tuple[str, str]] = {
    "quick.not_noise": (
        "{path}: of {of:MiB|MiB} that would be written, {count:does|do} not look like noise, and "
        "{photographs:deleted photograph begins|deleted photographs begin} there; nothing was written",
        "--quick writes noise over noise; sweep the card once without --quick, and again after photographs were deleted "
        "on it",
    ),
    "quick.no_room": (
        "about {needed:bytes} of room in one piece or few are needed, {room:bytes} are {where:phrase}",
        "leave out --quick, then less is needed, or use --overwrite {fits} or less",
    ),
    "quick.no_room_at_all": (
        "about {needed:bytes} of room in one piece or few are needed, {room:bytes} are {where:phrase}",
        "leave out --quick, then less is needed; or {less:phrase}",
    ),
    "quick.ends": (
        "what this passphrase and label hid {days:phrase} ({files:file|files}, {size:bytes}) would not come back: too much of it would "
        "be written over; nothing was written",
        _ENDS,
    ),
    "quick.ends_unnamed": (
        "something that this passphrase and label hid before would not come back: too much of it would be written over; nothing was written",
        _ENDS,
    ),
}

SENTENCES: dict[str, str] = {
    "quick.keep": "--quick keeps nothing: what else is hidden on these cards loses what is written over it; leave out "
    "--quick to --keep them",
    "quick.images": "two images of a card, one from before and one from now, show about how much",
    "quick.others": "  --quick keeps nothing: what is hidden there already loses about {percent:.1f} %",
    "quick.none": "  nothing that this passphrase and label hid before is written over",
    "quick.none_unlabelled": "  nothing that this passphrase hid without a label is written over",
    "quick.borne": "  what this passphrase and label hid {days} ({files:file|files}, {size:bytes}) still comes back after that; it may then "
    "lose {cards:card|cards}, or {percent} % of each",
    "quick.borne_damaged": "  what this passphrase and label hid before still comes back after that; it may then lose {cards:card|cards}, or "
    "{percent} % of each",
    "quick.noise": "{path}: everything that will be written over looks like noise; no deleted photograph begins there",
    "quick.remove": "before anything is removed the cards are read whole ({size:bytes}): that is not quick",
    "quick.ask": "write to {count:card|cards} now?",
    "quick.ask_remove": "write to {count:card|cards} now, then remove {frames:frame|frames} from {names}?",
    "quick.ask_remove_sweep": "write to {count:card|cards} now, then remove {frames:frame|frames} from {names}, and sweep all of {swept}?",
    "quick.ask_remove_files": "write to {count:card|cards} now, then delete {files:original|originals}?",
    "quick.done_detail": "{slots:slot|slots} were written, in {runs:run|runs} of 1 MiB",
    "quick.cards": "{percent:.1f} % of the free space is rewritten on {cards}",
    "quick.stopped": "stopped; every visible file is as it was. What was hidden there before lost what was written over, and what "
    "was being hidden may not be complete. To see what comes back: fifthfloor health. The same command cannot "
    "go on from here, because how far it came is noted nowhere: a note would be a trace; it begins anew, or refuses what it finds and "
    "cannot bring back (fifthfloor help hide)",
}
