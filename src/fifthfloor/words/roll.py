"""Sentences of rolls: folders of photographs as carriers, and what a search says of a shooting card."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "roll.progressive": (
        "the photograph is progressive, and no camera writes such files",
        "take photographs as the camera wrote them",
    ),
    "roll.cut": ("the photograph ends before its picture does", "copy it again from the card"),
    "roll.no_room": (
        "the {covers:photograph|photographs} that may hold something hold {room:bytes} when the fullest of them are lost; "
        "{needed:bytes} are needed",
        "add photographs that nobody has seen, hide less or smaller pictures (--shrink 1600), or bear less loss "
        "(--lose-photos)",
    ),
    "roll.no_covers": (
        "{count:the one photograph there can hold nothing|none of the # photographs there can hold anything}",
        "give a folder of photographs as the camera wrote them, which nobody else has",
    ),
    "roll.empty": (
        "there is no photograph in {path}",
        "give a folder of photographs as the camera wrote them, which nobody else has",
    ),
    "roll.too_much": (
        "{size:bytes} are to be hidden in photographs, and {limit:bytes} is the limit",
        "hide a few pictures in a roll, and many on cards",
    ),
    "roll.twice": ("one folder is given twice, as {first} and as {path}", "give each folder once"),
    "roll.within": (
        "{path} lies in {outer}, whose photographs are all taken, those of the folders in it too",
        "give one of the two, or move it out",
    ),
    "roll.taken": (
        "{path} holds something of this passphrase already, and a photograph carries only once",
        "open it with fifthfloor open, and hide in other photographs",
    ),
    "roll.changed": (
        "{path} changed while the roll was looked at; no photograph was written",
        "close what writes to the folder, and do it again",
    ),
    "roll.cannot_hold": (
        "{path} does not hold the {slots:slot|slots} it was to hold; no photograph was written",
        "take it out of the folder, and do it again",
    ),
    "roll.not_kept": (
        "what was hidden does not come back from the photographs that were written",
        "keep the originals, check the disk, and use other photographs",
    ),
    "roll.no_picture": (
        "{path} cannot be made smaller: {reason:phrase}",
        "give it as JPEG, or hide it as it is without --shrink",
    ),
}

SENTENCES: dict[str, str] = {
    "roll.tidy": "names of deleted files end with: fifthfloor tidy {card}",
    "roll.questions": "{count:question|questions} that only you can answer, about what the pictures show: fifthfloor audit asks them",
    "roll.audit": "{card}: what a search would say now (of the free space a sample, and where the frames lay; all of it: fifthfloor audit)",
    # Why a photograph holds nothing, or less.
    "roll.why.round_trip": "written in a way that cannot be repeated byte for byte",
    "roll.why.progressive": "progressive, as no camera writes them",
    "roll.why.broken": "broken, cut, or of a kind that is not read",
    "roll.why.colour": "of colours that cameras do not write",
    "roll.why.distances": "telling where in the file further pictures lie, which would be wrong afterwards",
    "roll.why.rounded": "filled up to whole sectors, which they would not be afterwards",
    "roll.why.edited": "written or edited by a program",
    "roll.why.no_camera": "naming no camera",
    "roll.why.double": "compressed twice",
    "roll.why.blown": "white or black over large parts",
    "roll.why.flat": "too flat",
    "roll.why.tiny": "too small for its rate",
    "roll.why.twin": "showing what another file here shows",
    # Before the question.
    "roll.before.what": "{files:file|files} ({size:bytes}) into {covers} of {count:photograph|photographs} in {folder}; any "
    "{percent:g} % may be lost",
    "roll.before.any": "any {threshold} of these {rolls} folders and the passphrase open it",
    "roll.before.room": "{folder} can hold one file of up to {room:bytes} in {covers:photograph|photographs}",
    "roll.before.pictures": "  so {whole:photograph|photographs} of some {size:bytes}, as the smallest there are, or {small} "
    "at 1,600 pixels (--shrink), of some {small_size:bytes}",
    "roll.before.whole_pictures": "  so {whole:photograph|photographs} of some {size:bytes}, as the smallest there are",
    "roll.before.small_pictures": "  so {small:photograph|photographs} at 1,600 pixels (--shrink), of some {small_size:bytes}; "
    "as it is none: the smallest there has {size:bytes}",
    "roll.before.no_pictures": "  so no photograph: the smallest there has {size:bytes}, and at 1,600 pixels (--shrink) some "
    "{small_size:bytes}",
    "roll.before.no_room": "{folder} alone can hold no whole file in {covers:photograph|photographs}",
    "roll.before.refused": "  not used: {count} {why:phrase}",
    "roll.before.experimental": "experimental: our detectors saw next to nothing (61 photographs); better may",
    "roll.before.unseen": "only photographs that nobody else has: any other copy shows what changed",
    "roll.before.originals": "the originals must go: they stay in free space, here and on their card (wipe)",
    "roll.before.encoding": "one re-encoding (messengers, clouds, an editor that turns it) ends it",
    "roll.before.others": "  whatever other passphrases or labels hid in these photographs will be lost",
    "roll.before.shrunk": "smaller: {count} of {all:picture|pictures}, {before:bytes} to {after:bytes}; no full size, no metadata",
    "roll.before.none_shrunk": "smaller: nothing; no picture there is larger than that",
    "roll.ask": "write {count:photograph|photographs} anew?",
    "roll.done": "hidden: {files:file|files} ({size:bytes}) in {count:photograph|photographs}; all of it was opened again and compared",
    "roll.originals": "now the originals: whoever compares one with its photograph sees everything. Remove every copy, then sweep "
    "the card they came from: fifthfloor wipe CARD",
    "roll.detail": "{changes} coefficients changed by one, {slots:slot|slots}",
    "roll.options": "{option} is for cards",
    "roll.options_mixed": "{option} is for cards alone, without a folder",
    "roll.only": "{option} is for folders of photographs",
    "roll.stopped_done": "stopped; by then it was all hidden, in photographs that are written anew; let their originals go everywhere",
    "roll.stopped_before": "stopped; no photograph was written, and nothing is hidden",
    "roll.stopped": "stopped; each photograph is as it was or written whole. Do not count on what was being hidden, and do not use "
    "these photographs again",
    "roll.what.unread": "it is no picture that can be read",
    "roll.what.frames": "it has several pages or frames, and one would be left",
    "roll.what.deep": "it has more than eight bits a colour, which would be lost",
}
