"""Sentences of `hide`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "hide.into_itself": (
        "{path} is given twice: as what is hidden, and behind --in as where it is hidden",
        "give another card or folder behind --in",
    ),
    "hide.missing": ("{path} is not there", "check the name; a folder is taken whole"),
    "hide.unreadable": (
        "{path} cannot be read: {reason:phrase}",
        "check its permissions, and that its disk is still there",
    ),
    "hide.not_a_file": (
        "{path} is a link or a special file",
        "give files and folders; a link inside a folder would be hidden without what it points to",
    ),
    "hide.bad_name": (
        "{path} has a name that other systems cannot write",
        "rename it without backslashes and control characters",
    ),
    "hide.same_name": (
        "{first} and {second} would both be stored as {name}",
        "rename one, or give the folders that hold them",
    ),
    "hide.no_files": (
        "there is no file to hide in {count:what was given|the # that were given}",
        "give at least one file",
    ),
    "hide.changed": (
        "a file changed while it was being read; what was being hidden is not complete",
        "every visible file is as it was; close what writes to the files and run the command again",
    ),
    "hide.no_room": (
        "{needed:bytes} of room are needed, {room:bytes} are {where:phrase}",
        "use --overwrite {fits} or less, more or larger cards, or hide less",
    ),
    "hide.no_room_at_all": ("{needed:bytes} of room are needed, {room:bytes} are {where:phrase}", "{less:phrase}"),
}

SENTENCES: dict[str, str] = {
    "hide.what.on_all": "there",
    "hide.what.on_left": "on {left:the smallest card, which|the # smallest cards, which} must be enough",
    "hide.what.larger": "use more or larger cards, or hide less",
    "hide.what.lose_fewer": "use more or larger cards, a smaller --lose, or hide less",
    "hide.from_and_only": "--from and --only go together: a card, and the frames to take from it",
    "hide.files_or_from": "give files to hide, or a card with --from and the frames with --only",
    "hide.wipe_with_remove": "--wipe and --no-wipe go with --from and --remove",
    "hide.lose_all": "--lose {lose} of {count:card|cards} leaves none to open from",
    "hide.lose_all_places": "--lose {lose} of {count:folder|cards and folders} leaves none to open from",
    "hide.cost": "they take {written:bytes} of free space, {times:.2f} times their size, so that some of it may be lost",
    "hide.overwrite": "and up to {percent:g} % of the free space of each that is left may be overwritten; odds of losing "
    "anything then: below 1 in 10^12",
    "hide.small_clusters": "{path} has clusters of {cluster:bytes}, smaller than a slot: overwriting in scattered single "
    "clusters loses more there than its share",
    "hide.done": "hidden: {what}, on {count:card|cards}; every write was read back",
    "hide.done_detail": "{slots:slot|slots} were written",
    "hide.stopped": "stopped; every visible file is as it was. Whatever was hidden there before may be damaged or gone, and what was "
    "being hidden may not be complete. To see what comes back: fifthfloor health. The same command begins anew, or says what is "
    "in its way; it cannot go on from here, because how far it came is noted nowhere: a note would be a trace",
    "hide.stopped_keeping": "stopped; every visible file is as it was, and what was to be kept still comes back. Whatever else was "
    "hidden there may be damaged or gone, and what was being hidden may not be complete. To see what comes back: fifthfloor health. "
    "The same command begins anew, or says what is in its way; it cannot go on from here, because how far it came is noted "
    "nowhere: a note would be a trace",
    "hide.stopped_discarding": "stopped; every visible file is as it was. What was not kept may be damaged or gone, and what was being "
    "hidden may not be complete. To see what comes back: fifthfloor health. The same command begins anew; it cannot "
    "go on from here, because how far it came is noted nowhere: a note would be a trace",
    "hide.stopped_done": "stopped; by then it was all hidden, every write was read back, and every visible file is as it was",
    "hide.stopped_proving": "stopped; every visible file is as it was, and nothing was removed. It is all hidden; fifthfloor "
    "open --check says whether it comes back. The same command would hide it once more",
}
