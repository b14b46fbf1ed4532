"""Sentences about floors: hiding, sweeping, opening, health, passphrases."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "floor.passphrase_empty": ("the passphrase is empty", "make one with: fifthfloor passphrase"),
    "floor.unknown_character": (
        "the passphrase or label has a character that may not be the same on every computer",
        "use letters, digits, spaces and signs that every keyboard knows",
    ),
    "floor.archive_broken": (
        "a floor came back whole, but its contents are not what its list says; nothing was written",
        "it was made by another version or by a faulty writer; keep the cards and ask for help",
    ),
    "passphrase.few_words": (
        "{words} words are too few; 6 is the least",
        "seven words, the default, have 90 bits",
    ),
    "passphrase.weak": (
        "the passphrase is too weak to hide with: about 10^{power} guesses, 10^{needed} are needed",
        "make one with: fifthfloor passphrase",
    ),
    "passphrase.own": (
        "the passphrase was not drawn by chance, and nobody can say how strong one is that a person thought of",
        "make one with: fifthfloor passphrase; or say that you know what you do with --own-passphrase",
    ),
    "cards.twice": ("{path} is given twice", "give each card once"),
    "sweep.lost_writes": (
        "the card does not keep what is written to it: {length} bytes at byte {offset} came back different",
        "it may be failing or have less memory than it says; do not trust this card, and do not rely on what it holds",
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
    "hide.no_files": ("there is no file to hide in the {count} that were given", "give at least one file"),
    "hide.changed": (
        "a file changed while it was being read; the floor is not complete",
        "every visible file is as it was; close what writes to the files and run the command again",
    ),
    "hide.no_room": (
        "the {left} smallest carriers have {room:bytes} of free slots, {needed:bytes} are needed",
        "use --overwrite {fits} or less, more or larger cards, or hide less",
    ),
    "hide.no_room_at_all": (
        "the {left} smallest carriers have {room:bytes} of free slots, {needed:bytes} are needed",
        "use more or larger cards, a smaller --lose, or hide less",
    ),
    "frames.nothing_asked": (
        "--only names no frame; the card has {count}",
        "name frames or ranges, such as DSC_0041-0057, or all",
    ),
    "frames.not_there": (
        "{name} is none of the {count} frames of the card",
        "names are those of the camera; where an earlier --remove was stopped, run: fifthfloor tidy --lost",
    ),
    "frames.other_ending": (
        "{name}: {stem} is on the card as {there}, not as {ending}",
        "write {stem} without an ending to take all its files",
    ),
    "frames.bad_range": (
        "{name} is not understood as a name or a range",
        "write DSC_0041-0057, DSC_0041.JPG-DSC_0057.JPG, 41-57, DSC_00*, 2026-05-03, today or all",
    ),
    "frames.not_that_day": (
        "none of the {count} frames was taken on {day} by the camera's clock; the newest are of {newest}",
        "give the day that the camera believes in: --only {newest}",
    ),
    "frames.list_unreadable": ("the list {path} cannot be read as UTF-8 text", "one name or range a line"),
    "remove.differs": (
        "the floor came back different from the {count} files that were read; nothing was removed",
        "the originals are untouched; do not trust these cards, and hide again on others",
    ),
    "remove.refused": (
        "{path} cannot be deleted: {reason:phrase}",
        "everything is in the floor; delete the rest by hand, or mount the card writable and run the command again",
    ),
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
    "open.nothing": (
        "nothing was found that this passphrase opens",
        "check passphrase and label, and that all carriers are given; a wiped or empty card looks the same",
    ),
    "open.more_carriers": (
        "a floor is here, but {threshold} of its carriers are needed; given: {here}",
        "bring {missing} more; the order does not matter",
    ),
    "open.more_carriers_unknown": (
        "a floor is here, and what was given does not open it; of its carriers given: {here}",
        "bring more of its carriers, in any order; how many it needs can be read only once they are enough. Where the hide that wrote it was stopped, there are no more",
    ),
    "open.too_damaged": (
        "a floor is here, but {lost} of its {groups} groups have lost too many shards",
        "give every carrier that is left; images made earlier of the same cards help too",
    ),
    "open.shards_disagree": (
        "shards of group {group} of {groups} contradict each other, and those that are here do not tell which are wrong",
        "try again on another computer (bad memory does this); give every card, and older images of them too",
    ),
    "open.none_fit": (
        "{count:file is|files are} there, and none has a name that fits {wanted}",
        "names are as fifthfloor list shows them; a pattern such as *0041* fits any part",
    ),
    "open.exists": (
        "{count} of the names are already in {path}; nothing was written",
        "give another --out, or --force to overwrite them",
    ),
    "open.other_kind": (
        "{count} of the names in {path} are folders where files must go, or files where folders must; nothing was written",
        "give another --out",
    ),
    "open.not_a_folder": ("{path} is not a folder", "give a folder, or a name that is not there yet"),
}

SENTENCES: dict[str, str] = {
    "hide.from_and_only": "--from and --only go together: a card, and the frames to take from it",
    "hide.files_or_from": "give files to hide, or a card with --from and the frames with --only",
    "hide.wipe_with_remove": "--wipe and --no-wipe go with --from and --remove",
    "hide.lose_all": "--lose {lose} of {count:card|cards} leaves none to open from",
    "health.one_more_card": "one more card",
    "health.more_cards": "{count} more cards",
    "passphrase.bits": "{bits:.0f} bits; learn it, it is stored nowhere",
    "card.identity": "{path}: {what}, {size:bytes}, label {label}, {photographs:photograph|photographs} and {others:other file|other files}",
    "card.offered": "{path}: {what}, {size:bytes}, {labels}",
    "card.none_offered": "no card is in a reader here, or each is in use: those that are mounted are not listed",
    "card.room": "  {free:bytes} free; {slots:whole free slot|whole free slots} of 16 KiB ({room:bytes})",
    "card.rate": "  read at {rate:bytes} a second just now",
    "sweep.visible": "visible files are not touched",
    "wipe.done": "swept {count:card|cards}, {size:bytes} in all; every write was read back",
    "hide.cost": "they take {written:bytes} of free space ({times:.2f} times their size): the price of losing",
    "hide.overwrite": "and up to {percent:g} % of the free space of each that is left may be overwritten; odds of losing "
    "anything then: below 1 in 10^12",
    "hide.small_clusters": "{path} has clusters of {cluster:bytes}, smaller than a slot: overwriting in scattered single "
    "clusters loses more there than its share",
    "hide.done": "hidden: {what}, on {count:card|cards}; every write was read back",
    "hide.done_detail": "{slots:slot|slots} were written",
    "hide.stopped": "stopped; every visible file is as it was. What was being hidden is not complete; what was kept comes back, "
    "and whatever else was hidden there may be damaged. fifthfloor health says what came through; the same command, given "
    "again with --discard-broken, begins anew",
    "hide.stopped_discarding": "stopped; every visible file is as it was. What was being hidden is not complete, and what was "
    "not kept may be damaged or gone. fifthfloor health says what came through; the same command begins anew",
    "wipe.stopped": "stopped; every visible file is as it was. The free space is noise up to where it stopped; the same "
    "command begins anew, and a part that is noise beside one that is not shows that somebody stopped",
    "keep.found": "{floors:floor|floors} will be carried over; {lost} of their shards were lost, {renewed} are made anew",
    "keep.more_lost": "{left} lost shards are not made anew this time (at most {most} in one run); the poorest groups come first, and "
    "the next --keep makes more",
    "keep.health": "kept floor {number}: {before} shards before, {after} after, about {needed} are needed",
    "frames.namesakes": "{name} is the name of {count} frames that are taken, of different times: {where}; a path such as "
    "{path} names one",
    "remove.from_card": "removed {files:file|files}, {size:bytes}: their names were scrubbed and their clusters swept",
    "remove.by_system": "removed {files:file|files}, {size:bytes}, through the operating system; folders are left empty, with their names",
    "remove.left_behind": "that leaves their names in directories, their contents in clusters until they are overwritten, and copies below the block layer of flash; on a card, unmount it and run: fifthfloor tidy, then fifthfloor hide --keep or wipe",
    "remove.stopped": "stopped while the originals were removed; all of them are in the floor, and those still there are whole",
    "remove.stopped_card": "stopped while the originals were removed; all of them are in the floor, those that still have a name are whole; run on each card they came from: fifthfloor tidy --lost",
    "remove.still_named": "{card}: {count:file still carries|files still carry} the name or number of what was removed: {names}",
    "remove.lost": "{card}: {size:bytes} are taken and belong to no file: an earlier deletion was stopped, or a camera lost power while it wrote; bring back what you need with `recover`, then run: fifthfloor tidy --lost",
    "roll.audit": "{card}: what a search would say now (a sample of the free space; all of it: fifthfloor audit)",
    "open.renamed": "{count:file in {folder} has another name here, because Windows forbids its own|files in {folder} have other names here, because Windows forbids their own}",
    "open.restored": "{files:file|files}, {size:bytes}, in {folder}; every SHA-256 is right (hidden {hidden})",
    "open.checked": "{files:file|files}, {size:bytes}, would come back; every SHA-256 is right (hidden {hidden}); nothing was written",
    "open.out_or_check": "give --out DIR to bring the files back, or --check to see whether they would come back",
    "open.wrong_shard": "{path}: the shard at byte {offset} is not what was written (group {group}, number {number}); it was left out",
    "open.incomplete": "another floor is here and not complete: {here} of {threshold} carriers, {lost} of {groups} groups lost",
    "open.incomplete_unknown": "another floor is here, and what was given does not open it; of its carriers given: {here}",
    "health.locked": "floor {id}: does not open from {here:carrier|carriers}; bring more of its carriers: how many it needs, and its size, can be read only once they are enough. Where the hide that wrote it was stopped, there are no more",
    "health.opens": "floor {id}: comes back; about {size:bytes}, {here} of {carriers} carriers here, {threshold} needed",
    "health.lost_groups": "floor {id}: does not come back; {lost} of {groups} groups lost too many shards; the cards that are missing, or older images of these, may complete it",
    "health.more_carriers": "floor {id}: does not come back yet; {here:carrier is|carriers are} here, {threshold} are needed: bring {missing} more",
    "health.spare": "  the poorest group has {spare:shard|shards} to spare",
    "health.may_lose": "  you may lose {cards}, or {percent} % of each",
    "health.may_lose_no_card": "  you may lose no more card, but {percent} % of each",
    "health.may_lose_nothing": "  you may lose nothing more: open it now, and hide it again",
    "journey.reading": "reading the photographs",
}
