"""What the audit says of a card: its directories, its free space, what formatted it."""

from __future__ import annotations

_SWEEP = "`wipe` or `hide` fills all free space with noise: that is visible too, and is what a wiped card looks like"

SAID: dict[str, tuple[str, str, str, str]] = {
    "card.deleted": (
        "{count:deleted photograph is|deleted photographs are} still named in directories ({whole} whole, {part} in part, {gone} overwritten, {unplaced} of unknown place): {names}",
        "any examiner's program lists these names first, with time and size",
        "bring back what you need with `recover`, then scrub the names with `tidy`",
        "where names cannot be moved (a large root, a FAT32 folder that holds folders) `tidy` leaves empty slots between them: who looks sees that names were scrubbed, not which",
    ),
    "card.deleted_other": (
        "{count:other deleted entry is|other deleted entries are} still named in directories: {names}",
        "they show what else was on the card, or that a computer wrote to it",
        "scrub them with `tidy`",
        "where names cannot be moved, empty slots stay between them: that names were scrubbed can be seen, not which",
    ),
    "card.emptied": (
        "{count:deleted entry says|deleted entries say} nothing, or one letter: {names}",
        "cameras and systems leave a deleted name where it was; only a program that scrubs names, this one (`tidy`, `--remove`) or another, leaves such entries between others",
        "run `tidy`, which closes such gaps where it can; else let a camera write as many harmless photographs into these folders: many take the first free slot, not all; then audit again",
        "photographs whose place in the folder is before older ones, as on any card on which some were deleted",
    ),
    "card.earlier_roll": (
        "directories of an earlier roll name {count:file|files} ({photographs:photograph|photographs}): {names}",
        "a quick format forgets the way to them and keeps the names",
        "`recover` what you need; `wipe` or `hide` overwrites them, `tidy` alone does not",
        _SWEEP,
    ),
    "card.recoverable": (
        "{count:photograph or film|photographs or films} can be brought back from free space ({whole} whole, {part} in part, {size:bytes}; {forms})",
        "free programs bring them back in minutes",
        "`recover` what you need, then `wipe` or `hide`; deleting again or formatting in the camera does not help",
        _SWEEP,
    ),
    "card.lost_contents": (
        "{count:photograph or film lies|photographs or films lie} in clusters that belong to no file ({whole} whole, {part} in part, {size:bytes}; {forms})",
        "a camera lost power or a deletion was stopped; free programs bring them back, and no sweep reaches them",
        "`recover` what you need, then `tidy --lost`, then `wipe` or `hide`",
        _SWEEP,
    ),
    "card.slack": (
        "{count:photograph or film lies|photographs or films lie} behind the ends of files or directories, in their last clusters ({whole} whole, {part} in part, {size:bytes}; {forms})",
        "an earlier roll left them there; examiners' programs look there first, and no sweep reaches it",
        "`recover` what you need; copy the photographs away, format the card in the camera and `wipe` it",
        "a card that was formatted and wiped",
    ),
    "card.outside": (
        "{count:photograph or film lies|photographs or films lie} outside of the card's file system ({whole} whole, {part} in part, {size:bytes}; {forms})",
        "a search reads the whole card; no sweep reaches what belongs to no file system",
        "`recover` what you need; leave the card at home, or copy the photographs away, overwrite all of it and format it in the camera",
        "a card that was overwritten whole",
    ),
    "card.two_readings": (
        "{count:name stands|names stand} behind the end of a directory: examiners' programs show them, Linux too on FAT32, Windows does not",
        "whoever looks with another system sees photographs that you do not see",
        "bring them back with `recover`, then format the card in the camera",
        "a card that was formatted",
    ),
    "card.noise": (
        "{percent} % of the free space looks random ({size:bytes} in {count:run|runs}): this looks like a wiped card; so does a card that hides something",
        "whoever looks will see it, and may ask; nothing on the card tells which of the two it is",
        "have an answer ready: cards are wiped before they are lent or sold, and against misuse of old photographs",
        "photographs taken after the sweep make it look used again; a second sweep changes nothing",
    ),
    "card.noise_island": (
        "{percent} % of the free space looks random ({size:bytes} in {count:run|runs}), and what is beside it does not: this looks as if something had been removed there with care, or a sweep had been stopped",
        "a card that was wiped is noise everywhere, or from where the camera went on writing to its end; islands of noise show where photographs lay, and that somebody knew how to remove them",
        "wipe the whole card: then its free space is noise everywhere, as on any card that was wiped",
        "that the card was wiped; and what was deleted on it before is gone for good",
    ),
    "card.noise_stopped": (
        "{percent} % of the free space looks random ({size:bytes} in {count:run|runs}), from its start to a place where a piece of a sweep ends, and nothing behind it: a sweep that was stopped",
        "programs that fill a card stop anywhere; the place where this one stops is a multiple of its pieces, and whoever knows it sees which program it was",
        "run the same command again, to the end",
        "noise everywhere, as on any card that was wiped",
    ),
    "card.blank": (
        "the free space ({size:bytes}) is blank",
        "new cards and fully formatted ones look like this; a card that is said to be old does not",
        "nothing, if the card is new or was formatted in full",
        "nothing",
    ),
    "card.invented": (
        "examiners' programs will list about {count} deleted names that never existed",
        "Sleuth Kit and Autopsy do not test exFAT's checksums and read noise as names; they are called OrphanFile",
        "know it before you are asked: such names are of random letters, sizes and dates",
        "nothing",
    ),
    "card.formatted": (
        "the card was formatted by a computer ({system}, {name!s})",
        "a card that was only ever in a camera is formatted by the camera",
        "format the next card in the camera; to format this one now would leave all its photographs in free space",
        "a new format has a new volume number, and every file after it a new place",
    ),
    "card.hint": (
        "the card's own hint says that files once reached cluster {hint}; the last one now ends at {last}",
        "the files that were written last have been removed",
        "take some harmless photographs: the camera writes the hint anew",
        "new photographs overwrite the oldest remnants first, not all of them",
    ),
    "card.count": (
        "the card says {told} clusters are free, {free} are",
        "something was written or removed by a system that did not keep this count, or the card was pulled out",
        "any camera or computer that writes to the card sets it right",
        "the time of that write",
    ),
    "card.percent": (
        "the card says it is {told} % full, it is {used} %",
        "something was written or removed by a system that did not keep this number",
        "any camera or computer that writes to the card sets it right",
        "the time of that write",
    ),
    "card.lost": (
        "{size:bytes} are marked as used and belong to no file ({count:stretch|stretches})",
        "a deletion was stopped, or a camera lost power while it wrote: the contents are still there, and no sweep reaches them",
        "`recover` what you need, then `tidy --lost`",
        "the clusters are then noise among other free ones",
    ),
    "card.litter": (
        "{count:file of computers is|files of computers are} on the card: {names}",
        "they show which system the card was in, and some list the files that were there then",
        "delete them, then `tidy`; better: never put a card with photographs into a computer on the road",
        "deleting them leaves their names, until `tidy`",
    ),
    "card.hole": (
        "{count:hole|holes} of the size of a photograph between neighbours ({size:bytes}; {agreeing} where numbers are missing too): {names}",
        "a camera writes one after the other; a hole is where something was removed, even when no name is left",
        "delete some harmless frames in the camera as well: holes everywhere are ordinary, one hole is a question",
        "more holes, as people have who choose on the road; only copying everything anew closes them, and that shows in the order",
    ),
    "card.order": (
        "{count:file lies|files lie} on the card in another order than their numbers: {names}",
        "something was copied back or renamed by a computer",
        "know it before you are asked; use another card for the crossing if there is one",
        "nothing",
    ),
}
