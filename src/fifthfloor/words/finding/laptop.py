"""What the audit says of the records a computer keeps."""

from __future__ import annotations

SAID: dict[str, tuple[str, str, str, str]] = {
    "laptop.thumbnail": (
        "thumbnail caches keep {count:small picture|small pictures}; {gone} of photographs that are not here: {names}",
        "a removed photograph lives on in them, with its path and time",
        "delete the cache folder, then wipe the disk's free space as your system provides",
        "an empty cache on a used computer; browsing some harmless folders fills it again",
    ),
    "laptop.folder_view": (
        "{count:folder view lists|folder views list} file names; {gone} of photographs that are not here: {names}",
        "they list what was in a folder when it was last looked at",
        "delete the folder views",
        "the system makes them anew, with what is there then",
    ),
    "laptop.catalogue": (
        "{count:catalogue of a photo program is|catalogues of photo programs are} here, with {gone:photograph that is|photographs that are} not: {names}",
        "names, paths, ratings and often previews of everything that was ever imported",
        "do not cross with a catalogue of this journey; leave it at home or on another disk",
        "a photo program without a catalogue asks for a new one",
    ),
    "laptop.browser": (
        "{count:history of a browser is|histories of browsers are} here: {names}",
        "every page that was opened, with its time; it is read first",
        "clear it in the browser, or carry a computer on which nothing was looked up",
        "an empty history on a used computer",
    ),
    "laptop.recent": (
        "{count:list of recent files is|lists of recent files are} here; {gone:name of photographs|names of photographs} that are not: {names}",
        "they tell what was opened, when, and by which program",
        "clear them in the system's privacy settings",
        "an empty list",
    ),
    "laptop.history": (
        "{count:history|histories} of commands: {names}",
        "they tell what was typed: names of files, cards that were written, programs",
        "remove the telling lines, or the file",
        "a short history on a used computer",
    ),
    "laptop.trash": (
        "{count:file is|files are} in the trash: {names}",
        "the first place where anybody looks",
        "empty the trash; contents stay on the disk until overwritten",
        "an empty trash",
    ),
    "laptop.mounts": (
        "{count:record of a mounted card or disk is|records of mounted cards and disks are} here: {names}",
        "they tell which cards were in this computer, by label and number, and when",
        "carry the cards they name, or a computer that never saw the others",
        "shorter system records; those cannot be removed without a trace",
    ),
    "laptop.swap": (
        "{count:swap or hibernation file is|swap or hibernation files are} here: {names}",
        "whatever was in memory may be in them, passphrases too; they were not read",
        "switch hibernation off, encrypt the disk, and shut down (not sleep) hours before crossing; or use Tails",
        "a setting that few people change",
    ),
    "laptop.own": (
        "{count:trace|traces} of this program: {names}",
        "it shows that you hide, wipe or audit cards",
        "remove the program and its caches before crossing; run it from Tails or from a computer that stays",
        "the package manager's own records; a computer that never had it has none",
    ),
    "laptop.recipient": (
        "{count:file holds a recipient's line|files hold recipients' lines}, written or drawn, to whom photographs can be sealed: {names}",
        "it shows that something is, or is to be, hidden to somebody who is not here; two people with the same line have the same editor",
        "do not cross with it: delete it, wipe the disk's free space as your system provides, and remember only the fingerprint",
        "a chat or a note with a gap where it stood",
    ),
    "laptop.own_named": (
        "{count:line|lines} with the name of this program, in histories, start-up files and logs",
        "it shows that you hide, wipe or audit cards",
        "remove the lines that name this program before crossing",
        "a history without the hour in which you did it",
    ),
}
