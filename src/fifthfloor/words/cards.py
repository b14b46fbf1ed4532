"""Sentences about cards: file systems, partitions, devices."""

from __future__ import annotations

# No checker mends everything: a format does, and is the way out of each of these.
_REPAIR = (
    "copy its photographs elsewhere, and with `fifthfloor recover` those that do not copy or were deleted; then repair "
    "it with the system's own checker (fsck, chkdsk, Disk Utility) and try again; where that does not help, format it "
    "in the camera"
)
_RESCUE = "bring its photographs back with `fifthfloor recover`, then format the card in the camera"
_RESCUE_AND_REPAIR = (
    "bring its photographs back with `fifthfloor recover`; then repair it with the system's own checker (fsck, chkdsk, "
    "Disk Utility) and try again; where that does not help, format it in the camera"
)
_REFORMAT = (
    "copy its photographs elsewhere, and with `fifthfloor recover` those that do not copy or were deleted; then format the "
    "card in the camera, or as FAT32 or exFAT"
)

ERRORS: dict[str, tuple[str, str]] = {
    "cards.missing": (
        "{path} cannot be opened: {reason:phrase}",
        "check the name, and whether the card is in its reader",
    ),
    "cards.symlink": ("{path} is a symbolic link, not an image", "give the file that it points to"),
    "cards.directory": (
        "{path} is a directory, not a card",
        "give the card's device (on Windows \\\\.\\E: for drive E:) or an image file of it",
    ),
    "cards.not_a_card": (
        "{path} is neither a file nor a block device",
        "give the card's device (/dev/sdX, /dev/mmcblkX; on macOS /dev/rdiskN; on Windows \\\\.\\E:) or an image file of it",
    ),
    "cards.no_permission": (
        "{path} may not be opened for {doing:phrase}",
        'a card in a reader belongs to the administrator: begin with sudo "$(command -v fifthfloor)" (sudo alone finds no '
        "program in a home; in the folder for a stick it is sudo sh fifthfloor); the permissions of an image are changed "
        "with chmod",
    ),
    "cards.in_use": (
        "{path} is in use by another program",
        "unmount the card, wait for other runs to end, and try again",
    ),
    "cards.mounted": ("{path} is mounted at {place}", "unmount it, without taking it out of its reader, and try again"),
    "cards.image_attached": (
        "the image {path} is attached to {device}",
        "unmount and detach it (losetup --detach {device}), and try again",
    ),
    "cards.not_removable": (
        "{path} is not a removable device (serial number {serial})",
        "if it is really the card, say so with --device {serial}",
    ),
    "cards.wrong_serial": (
        "{path} has the serial number {serial}, and {given} was given",
        "look again which device is the card; nothing was written",
    ),
    "cards.no_devices_here": (
        "{path} is a device, and on this system ({system}) only images can be used",
        "make an image of the card and use that, or use Linux or Tails",
    ),
    "cards.not_administrator": (
        "{path} is a device, and Windows gives devices to administrators only",
        'start the Terminal or PowerShell with "Run as administrator", and run the command there',
    ),
    "cards.system_disk": (
        "{path} is on the disk that this system runs from, or cannot be told from it",
        "look again which drive is the card: fifthfloor cards lists them",
    ),
    "cards.volume_in_use": (
        "drive {letter} is not given up by Windows: a program has something open on it",
        "close Explorer windows and programs that show its photographs, do not take the card out, and try again",
    ),
    "cards.write_protected": (
        "{path} is protected against writing",
        "slide the switch at the side of the card away from LOCK, and put it back into its reader",
    ),
    "cards.read_only_here": (
        "{path} is a device, and on macOS devices are only read: nobody has tried writing them on a Mac",
        "use an image of the card, or Linux, or Windows",
    ),
    "cards.mounted_macos": (
        "{path} is mounted at {place}",
        "run: diskutil unmountDisk /dev/{disk}, without taking the card out, and try again",
    ),
    "cards.not_listed_here": (
        "on this system ({system}) cards are not listed",
        "on macOS, diskutil list shows them",
    ),
    "cards.gone": ("{path} is gone", "put the card back into its reader and run the command again"),
    "cards.size_changed": (
        "{path} was {was:bytes} long when it was opened and is {now:bytes} now",
        "make sure that nothing else uses it, and try again",
    ),
    "cards.beyond_end": (
        "{path} is {size:bytes} long, and its structures reach to {end:bytes}",
        "an image that was cut short cannot be used; make it again",
    ),
    "cards.deleted": (
        "{path} was deleted, or another file put in its place, while it was written: what was written is lost",
        "give an image that nothing else moves or replaces meanwhile",
    ),
    "cards.disk_full": (
        "the disk that holds {path} has {free:bytes} free, and the image needs up to {needed:bytes}",
        "make room on that disk and run the command again; everything visible on the card is as it was",
    ),
    "cards.write_failed": (
        "{path} could not be written at byte {offset}",
        "the card is failing; copy what is on it, and use another",
    ),
    "cards.unreadable": (
        "{path} could not be read: {reason:phrase}",
        "clean its contacts, try another reader, or use another card",
    ),
    "cards.empty": (
        "{path} is empty: {size:bytes}",
        "give the card's device or an image of it; a copy that was stopped may have left nothing",
    ),
    "cards.locked": (
        "{path} is locked: nothing can be written to it",
        "slide the small switch on the side of the card towards its contacts, and put it in again",
    ),
    "cards.no_file_system": ("{path} holds no file system that can be read", _RESCUE),
    "cards.table_gone": ("the partition table of {path} is gone; a file system was found at byte {offset}", _RESCUE),
    "cards.other_file_system": ("{path} holds a {name} file system; only FAT32 and exFAT are written", _REFORMAT),
    "cards.two_layouts": (
        "{path} can be read in two ways: its first sector is a partition table and a file system",
        _REFORMAT,
    ),
    "cards.fat16": ("{path} holds FAT12 or FAT16; only FAT32 and exFAT are written", _REFORMAT),
    "cards.fat_small": (
        "{path} calls itself FAT32 with {clusters} clusters, and FAT32 has at least {least}",
        "copy its photographs elsewhere and format it again with smaller clusters, or use a larger card",
    ),
    "cards.fat_boot": ("the boot sector of {path} says what a FAT32 card cannot be", _RESCUE),
    "cards.boot_signature": ("the boot sector of {path} lacks its signature (55 AA)", _RESCUE),
    "cards.boot_copy": ("the boot sector of {path} is damaged; its copy was read", _RESCUE),
    "cards.table_copy": (
        "the first allocation table of {path} is damaged ({first:fault|faults} in its chains); another was read, in which "
        "there are {second:fault|faults}",
        _RESCUE,
    ),
    "cards.behind_end": (
        "{path} on {place} stands behind the end of its directory: some systems show it, and others do not",
        _RESCUE,
    ),
    "cards.chain_missing": (
        "{path:phrase} on {place} says that it has a chain in the table, and there is none",
        _RESCUE_AND_REPAIR,
    ),
    "cards.leftover": ("{path} still has the signature of a {name} file system", _REFORMAT),
    "cards.fat_mirroring_off": ("{path} keeps only one of its allocation tables up to date", _REFORMAT),
    "cards.mirrors_differ": (
        "the two allocation tables of {path} differ in {count:entry|entries}, first at cluster {cluster}",
        "where `hide --remove` was stopped on this card, run: fifthfloor tidy --lost; otherwise " + _REPAIR,
    ),
    "cards.dirty": (
        "{path} was not closed properly when it was last used",
        "eject it where it was used last; or copy its photographs elsewhere, and repair it with the system's own checker "
        "(fsck, chkdsk, Disk Utility)",
    ),
    "cards.media_errors": ("{path} is marked as having met errors when it was read or written", _REFORMAT),
    "cards.cut_short": (
        "the file system of {path} is {length:bytes} long, and there are {limit:bytes}",
        "make an image that was cut short again; of a card, " + _RESCUE,
    ),
    "cards.last_clusters": (
        "the file system of {path} counts {count:cluster|clusters} more than there is room for, at its end",
        "nothing: what lies there is searched, and never written",
    ),
    "cards.chain_leaves": (
        "{path:phrase} on {place} goes on at cluster {cluster}, and the last one is {last}",
        _RESCUE_AND_REPAIR,
    ),
    "cards.chain_broken": ("{path:phrase} on {place} breaks off at cluster {cluster}", _RESCUE_AND_REPAIR),
    "cards.chain_loops": ("{path:phrase} on {place} runs in a circle at cluster {cluster}", _RESCUE_AND_REPAIR),
    "cards.chain_short": (
        "{path} on {place} is {size:bytes} long, and {allocated:bytes} belong to it",
        _REPAIR,
    ),
    "cards.no_chain": ("{path} on {place} has contents and no place for them", _REPAIR),
    "cards.cross_linked": ("{path:phrase} on {place} shares cluster {cluster} with another file", _RESCUE_AND_REPAIR),
    "cards.uses_free": ("{path:phrase} on {place} uses cluster {cluster}, which is marked as free", _REPAIR),
    "cards.directory_long": ("the directory {path} on {place} has more than {limit} entries", _REPAIR),
    "cards.bad_name": (
        "the directory {path} on {place} has an entry that cannot be a name: {name}",
        _RESCUE_AND_REPAIR,
    ),
    "cards.path_long": ("a path on {place} is longer than {limit} characters: {path}", _REPAIR),
    "cards.too_many_files": ("{place} has more than {limit} files and directories", "use another card"),
    "cards.exfat_boot": ("the boot sector of {path} says what an exFAT card cannot be", _RESCUE),
    "cards.boot_checksum": ("the boot region of {path} does not have its checksum", _RESCUE_AND_REPAIR),
    "cards.texfat": ("{path} has two allocation tables (TexFAT), which no camera makes", _REFORMAT),
    "cards.upcase": ("the table of capital letters of {path} is damaged", _RESCUE),
    "cards.entry_set": ("the directory {path} on {place} is damaged at byte {offset}", _RESCUE_AND_REPAIR),
    "cards.entry_sizes": (
        "{path} on {place} is {size} bytes long and {written} bytes of it were written, which cannot be",
        _RESCUE_AND_REPAIR,
    ),
    "cards.entry_twice": ("the root directory of {place} has two entries of kind {kind}", _REPAIR),
    "cards.entry_missing": ("the root directory of {place} has no entry of kind {kind}", _RESCUE),
    "cards.entry_unknown": ("the root directory of {place} has an entry of the unknown kind {kind}", _REFORMAT),
    "cards.name_hash": (
        "the name {name} in the directory {path} on {place} does not have its checksum",
        _RESCUE_AND_REPAIR,
    ),
    "cards.bitmap_short": (
        "the allocation bitmap of {place} has {length} bytes, and {needed} are needed",
        _RESCUE,
    ),
    "cards.gpt_damaged": ("the partition table (GPT) of {path} is damaged", _RESCUE),
    "cards.partitions_overlap": ("two partitions of {path} overlap at byte {offset}", _RESCUE),
    "cards.partition_leaves": (
        "a partition of {path} reaches to {offset:bytes}, and the card has {size:bytes}",
        "make an image that was cut short again; of a card, " + _RESCUE,
    ),
    "cards.partition_chain": ("the list of partitions of {path} breaks off at byte {offset}", _RESCUE),
    "cards.writes_lost": (
        "{path} says that it has written byte {offset}, and gives something else back",
        "the card is failing, or has less memory than it says; copy what is on it, and use another",
    ),
    "cards.not_removable_file": (
        "{path} names {count} files or directories, and one file was expected",
        "give the path of one file as the card shows it",
    ),
    "cards.twice": ("{path} is given twice", "give each card once"),
}

SENTENCES: dict[str, str] = {
    "cards.what.writing": "writing",
    "cards.what.reading": "reading",
    "cards.what.bitmap": "(allocation bitmap)",
    "cards.what.root_or_bitmap": "(root directory or allocation bitmap)",
    "cards.what.upcase": "(up-case table)",
    "cards.no_device": "there is no such device, or no card in it",
}
