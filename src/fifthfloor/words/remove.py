"""Sentences of `remove`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "remove.island": (
        "{card} holds no noise around the frames: with --remove it will stand where they lay alone, and a search sees that",
        "say --wipe, which ends whatever could still be recovered on {card}, or --no-wipe, which leaves it so",
    ),
    "remove.island_quick": (
        "{card} holds no noise around the frames, and --quick does not sweep it: with --remove noise will stand where they lay alone, and a search sees that",
        "leave out --quick, which sweeps all of {card}, or say --no-wipe, which leaves it so",
    ),
    "remove.hidden_there": (
        "{card} holds something that this passphrase hid before, and its sweep would end it",
        "say --no-wipe now, and sweep it afterwards with: fifthfloor wipe --keep {card}, which keeps what you name",
    ),
    "remove.differs": (
        "what was hidden came back different from what was read ({count:file|files}); nothing was removed",
        "the originals are untouched; do not trust these cards, and hide again on others",
    ),
    "remove.refused": (
        "{path} cannot be deleted: {reason:phrase}",
        "everything is hidden already; delete the rest by hand, or mount the card writable and run the command again",
    ),
}

SENTENCES: dict[str, str] = {
    "remove.from_card": "removed {files:file|files}, {size:bytes}: their names are gone, and noise stands where they lay",
    "remove.by_system": "removed {files:file|files}, {size:bytes}, through the operating system; folders are left empty, with their names",
    "remove.left_behind": "that leaves their names in directories, their contents in free space until it is overwritten, and copies inside the flash that no program reaches; on a card, unmount it and run: fifthfloor tidy, then fifthfloor hide --keep or wipe",
    "remove.stopped": "stopped while the originals were deleted; all of them are hidden, and those still there are whole",
    "remove.stopped_card": "stopped while the originals were removed; all of them are hidden, and those that still have a name are whole; run on each card they came from: fifthfloor tidy --lost",
    "remove.still_named": "{card}: {count:file or folder still carries|files or folders still carry} the name or number of what was removed: {names}",
    "remove.lost": "{card}: {size:bytes} are taken and belong to no file: an earlier deletion was stopped, or a camera lost power while it wrote; bring back what you need with `recover`, then run: fifthfloor tidy --lost",
    "remove.stopped_after": "stopped; what was to be removed is removed, and all of it is hidden. Only the look at what a search would "
    "see was left out: fifthfloor audit says it",
    "remove.stopped_wiping": "stopped while {card} was swept; what was to be removed is removed, and all of it is hidden. A search can see "
    "that the sweep was stopped: fifthfloor wipe {card} begins it anew",
    "remove.stopped_before_wiping": "stopped; what was to be removed is removed, and all of it is hidden. The sweep that was to "
    "follow was left out: fifthfloor wipe {cards}",
    "remove.stopped_deleted": "stopped; by then the originals were deleted, and all of them are hidden",
}
