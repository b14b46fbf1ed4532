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
        "about {needed:bytes} of room in one piece or few are needed, {room:bytes} are {where:phrase}",
        "leave out --quick, then less is needed, or use --overwrite {fits} or less",
    ),
    "quick.no_room_at_all": (
        "about {needed:bytes} of room in one piece or few are needed, {room:bytes} are {where:phrase}",
        "leave out --quick, then less is needed; or {less:phrase}",
    ),
}

SENTENCES: dict[str, str] = {
    "quick.keep": "--quick keeps nothing: what else is hidden on these cards loses what is written over it; leave out "
    "--quick to --keep them",
    "quick.images": "two images of a card, one from before and one from now, show about how much",
    "quick.others": "  --quick keeps nothing: what is hidden there already loses about {percent:.1f} %",
    "quick.noise": "{path}: everything that will be written over looks like noise; no deleted photograph begins there",
    "quick.remove": "before anything is removed the cards are read whole ({size:bytes}): that is not quick",
    "quick.ask": "write to {count:card|cards} now?",
    "quick.ask_remove": "write to {count:card|cards} now, then remove {frames:frame|frames} from {names}?",
    "quick.ask_remove_sweep": "write to {count:card|cards} now, then remove {frames:frame|frames} from {names}, and sweep all of {swept}?",
    "quick.ask_remove_files": "write to {count:card|cards} now, then delete {files:original|originals}?",
    "quick.done_detail": "{slots:slot|slots} were written, in {runs:run|runs} of 1 MiB",
    "quick.cards": "{percent:.1f} % of the free space is rewritten on {cards}",
    "quick.stopped": "stopped; every visible file is as it was. What was hidden there before lost what was written over, and what "
    "was being hidden may not be complete. To see what comes back: fifthfloor health. The same command begins anew; it cannot "
    "go on from here, because how far it came is noted nowhere: a note would be a trace",
}
