"""What stands before the question: at most eight lines of 80 columns (tests/transcripts)."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "before.one": "{what}; this card and the passphrase open it",
    "before.all": "{what}; {carriers:the card|both cards|all # cards} and the passphrase are needed to open it",
    "before.any": "{what}; any {threshold} of these {carriers} cards and the passphrase open it",
    "before.all_mixed": "{what}; {cards:card|cards}, {folders:folder|folders} and the passphrase are all needed to open it",
    "before.any_mixed": "{what}; any {threshold} of {cards:card|cards} and {folders:folder|folders}, and the passphrase open it",
    "before.one_sealed": "{what}; this card and the recipient's secret open it",
    "before.all_sealed": "{what}; {carriers:the card|both cards|all # cards} and a recipient's secret are needed to open it",
    "before.any_sealed": "{what}; any {threshold} of these {carriers} cards and a recipient's secret open it",
    "before.photographs": "{photographs:photograph|photographs} ({size:bytes})",
    "before.frames": "{frames:frame|frames} ({size:bytes})",
    "before.files": "{others:file|files} ({size:bytes})",
    "before.both": "{photographs:photograph|photographs} and {others:other file|other files} ({size:bytes})",
    "before.card": "{name} ({label}, {size:bytes})",
    "before.card_unnamed": "{name} ({size:bytes})",
    "before.cards": "all free space is rewritten on {cards}",
    "before.none": "  nothing that this passphrase and label hid before was found on these cards",
    "before.none_unlabelled": "  nothing that this passphrase hid without a label was found on these cards",
    "before.kept": "kept: what this passphrase and label hid {days} ({files:file|files}, {size:bytes})",
    "before.kept_others": "kept: what these passphrases hid {days} ({files:file|files}, {size:bytes})",
    "before.kept_damaged": "kept: what this passphrase and label hid before; its list cannot be read",
    "before.kept_share": "  of the room on {card}, {kept:bytes} are kept and {new:bytes} are new; {left:bytes} stay free",
    "before.discarded": "  GONE for good: what this passphrase hid {days} ({files:file|files}, {size:bytes})",
    "before.discarded_damaged": "  GONE for good: what these cards hold of something this passphrase hid before; with its other cards given too, it may come back",
    "before.day": "on {first}",
    "before.days": "on {count} evenings, {first} to {last}",
    "before.others": "  what other passphrases or labels hid (--keep asks) or is sealed: lost for good",
    "before.others_too": "  what was not named to --keep, or was sealed, is lost for good",
    "before.stake_and_others": "  {count:deleted photograph|deleted photographs}, what other passphrases or labels hid, what is sealed: lost for good",
    "before.whole": "  whatever the free space holds is lost for good, whoever put it there",
    "before.stake_and_others_too": "  {count:deleted photograph|deleted photographs}, what is not kept, what was sealed: lost for good",
    "before.tails_wiped": "{size:bytes} behind the ends of visible files stay as they are",
    "before.lost_clusters": "{size:bytes} in clusters that belong to no file stay as they are (`fifthfloor recover` brings back what begins there, `fifthfloor tidy --lost` sweeps them)",
    "before.cut_clusters": "the file system counts {count:cluster|clusters} more at its end than there is room for: what lies there stays as it is",
    "before.tails": "{size:bytes} behind the ends of visible files stay as they are, and anything hidden there",
    "before.stake": "  {count:deleted photograph|deleted photographs} can still be recovered here ({size:bytes}), and will be lost",
    "before.stake_at_least": "  {count:deleted photograph|deleted photographs} or more can still be recovered here, and will be lost",
    "before.stake_unknown": "  deleted photographs will be lost, and were not counted: a card cannot be read whole",
    "before.removed": "  {count:frame|frames} will be removed from {card}: {names}; a minder will then count {left}, {gaps}",
    "before.removed_all": "  {count:frame|frames} will be removed from {card}: {names}; a minder will then find no photograph on it",
    "before.swept_after": "  {card} is swept as well then ({size:bytes}): {count:deleted photograph|deleted photographs} and whatever else its free "
    "space holds: lost for good",
    "before.swept_after_at_least": "  {card} is swept as well then ({size:bytes}): {count:deleted photograph|deleted photographs} or more, and whatever "
    "else its free space holds: lost for good",
    "before.swept_after_none": "  {card} is swept as well then ({size:bytes}): whatever its free space holds is lost for good",
    "before.swept_after_unknown": "  {card} is swept as well then ({size:bytes}): deleted photographs, not counted, and whatever else its free space "
    "holds: lost for good",
    "before.file_is_card": "  {name} is an image of a card, and is hidden as a file: each card to hide on has its own --in",
    "before.removed_names": "  from {card}: {names}",
    "before.removed_files": "  {files:original|originals} will be deleted by the system, which leaves traces",
    "before.no_gap": "no gap",
    "before.gap": "a gap: {gaps}",
    "before.gaps": "{count} gaps: {gaps}",
    "before.missing": "  not on the card: {names}",
    "before.from_is_in": "  {card} is the card the frames are taken from, and one of those they are hidden on: whoever takes "
    "it has both",
    "before.island": "--remove leaves noise on {card} where the frames lay, and none beside: a search sees that; a wipe ends that, "
    "and whatever could be recovered there",
    "before.island_ask": "wipe all free space of {card} as well, so that it does not?",
    "before.island_stays": "noise will stand on {card} where the frames lay, and none beside: a search sees that",
    "before.island_stays_ask": "go on all the same?",
    "before.island_left_quick": "{card} was not swept: noise stands where the frames lay, and none beside, and a search sees that; "
    "fifthfloor wipe --keep {card} ends it, and keeps what you name",
    "before.island_left": "{card} was not wiped: noise stands where the frames lay, and none beside, and a search sees that; "
    "fifthfloor wipe {card} ends it",
    "before.time": "this takes {time}; a closer time comes once it writes",
    "before.ask": "sweep {count:card|cards} now?",
    "before.ask_remove": "sweep {count:card|cards} now, then remove {frames:frame|frames} from {names}?",
    "before.ask_remove_sweep": "sweep {count:card|cards} now, then remove {frames:frame|frames} from {names}, and sweep {swept} as well?",
    "before.ask_remove_files": "sweep {count:card|cards} now, then delete {files:original|originals}?",
    "before.dry": "nothing was written (--dry-run)",
}
