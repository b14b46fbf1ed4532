"""What the audit says of each kind of finding: what it is, why it matters, what to do, what doing it leaves behind."""

from __future__ import annotations

_SWEEP = "`wipe` or `hide` fills all free space with noise: that is visible too, and is what a wiped card looks like"
_EDIT = "an edited file has another size, layout and time than its neighbours; the old file stays in free space"

FINDINGS: dict[str, tuple[str, str, str, str]] = {
    "card.deleted": (
        "{count:deleted photograph is|deleted photographs are} still named in directories ({whole} whole, {part} in part, {gone} overwritten): {names}",
        "any examiner's program lists these names first, with time and size",
        "bring back what you need with `recover`, then scrub the names with `tidy`",
        "between names `tidy` leaves empty slots where a camera leaves whole entries: who looks sees that names were scrubbed, not which; the next photographs fill such slots where the camera takes the first free one",
    ),
    "card.deleted_other": (
        "{count:other deleted entry is|other deleted entries are} still named in directories: {names}",
        "they show what else was on the card, or that a computer wrote to it",
        "scrub them with `tidy`",
        "between names, empty slots where a camera leaves whole entries: that names were scrubbed can be seen, not which",
    ),
    "card.emptied": (
        "{count:deleted entry says|deleted entries say} nothing, or one letter: {names}",
        "cameras and systems leave a deleted name where it was; only a program that scrubs names, this one (`tidy`, `--remove`) or another, leaves such entries between others",
        "let a camera write as many harmless photographs into these folders: many take the first free slot, not all; then audit again",
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
        "`recover` what you need; leave the card at home, or overwrite all of it and format it in the camera",
        "a card that was overwritten whole",
    ),
    "card.two_readings": (
        "{count:name stands|names stand} behind the end of a directory: Linux and examiners' programs show them, Windows does not",
        "whoever looks with another system sees photographs that you do not see",
        "bring them back with `recover`, then format the card in the camera",
        "a card that was formatted",
    ),
    "file.image": (
        "{count:image of a card or disk is|images of cards or disks are} among the files, {size:bytes}: {names}",
        "whatever is on it, deleted photographs too, can be read from it; it was not looked into",
        "audit each by itself: `fifthfloor audit IMAGE`",
        "nothing",
    ),
    "file.noise": (
        "{count:file looks|files look} random from the first byte, {size:bytes}: {names}",
        "an encrypted container looks like this, and whoever meets one asks for the passphrase",
        "leave it at home, or know what you will say",
        "nothing",
    ),
    "card.noise": (
        "{percent} % of the free space looks random ({size:bytes} in {count:run|runs}): this looks like a wiped card; so does a card that hides something",
        "whoever looks will see it, and may ask; nothing on the card tells which of the two it is",
        "have an answer ready: cards are wiped before they are lent or sold, and against misuse of old photographs",
        "photographs taken after the sweep make it look used again; a second sweep changes nothing",
    ),
    "card.noise_island": (
        "{percent} % of the free space looks random ({size:bytes} in {count:run|runs}), and the rest does not: this looks as if something had been removed there with care, or a sweep had been stopped",
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
    "numbers.gap": (
        "{missing} numbers are missing: {numbers}",
        "a gap says that photographs were taken and removed; only how many, not what",
        "delete some harmless frames in the camera as well; renaming by computer leaves the old names behind as deleted entries",
        "nothing but more gaps, which are ordinary for people who choose on the road",
    ),
    "numbers.alone": (
        "{count:file is|files are} there without the recording they belong to: {names}",
        "thumbnails, small copies and descriptions show what was taken off the card",
        "take them off with it: `hide --from CARD --only NAME --remove` takes all files of a recording",
        "a gap in the numbers",
    ),
    "numbers.index": (
        "an index on the card names {count:recording that is|recordings that are} not there: {names}",
        "the camera keeps a list of its clips, and it was not written anew",
        "record one more clip with the camera, which writes the index anew, or format the card in it",
        "an index without them, and a gap in the numbers",
    ),
    "numbers.gap_inside": (
        "{missing} numbers are missing: {numbers}; the camera's own number is inside each photograph",
        "do not renumber: every file would say in its maker note which number it had",
        "explain the gap, or delete some harmless frames in the camera as well",
        "nothing but more gaps, which are ordinary for people who choose on the road",
    ),
    "numbers.gap_between": (
        "{missing} numbers are missing between one folder and the next: {numbers}",
        "a camera goes on counting from folder to folder unless it was told to start anew",
        "explain it; a shot on another card counts too",
        "nothing",
    ),
    "numbers.folder_gap": (
        "folder numbers are missing: {numbers}",
        "a folder was removed whole, or made on another card",
        "explain it; an empty folder made by computer has the wrong marks",
        "nothing",
    ),
    "numbers.folder_twice": (
        "{count} folders share their number: {names}",
        "a camera does not do that; a computer or a second camera did",
        "know it before you are asked",
        "nothing",
    ),
    "photo.serial": (
        "serial numbers of cameras are in {count:photograph|photographs}: {values}",
        "they tie every photograph, published ones too, to the camera in your bag",
        "before publishing, `protect` removes them; on the card leave them: every camera writes them",
        _EDIT,
    ),
    "photo.lens_serial": (
        "serial numbers of lenses are in {count:photograph|photographs}: {values}",
        "they tie photographs to the lens in your bag",
        "before publishing, `protect` removes them; on the card leave them",
        _EDIT,
    ),
    "photo.owner": (
        "{count:photograph names|photographs name} an owner, artist or copyright: {values}",
        "the name is read on the camera's own screen by anybody who looks",
        "clear it in the camera's menu before the next photograph; those that exist keep it",
        _EDIT,
    ),
    "photo.cameras": (
        "{count} cameras took these photographs: {values}",
        "photographs of a second camera or telephone lead to the question where it is",
        "carry all of them, or keep each camera's photographs on its own card",
        "nothing",
    ),
    "photo.gps": (
        "{count:photograph says where it was|photographs say where they were} taken (latitude {south} to {north}, longitude {west} to {east})",
        "a map of the journey, and of the people you met, to a few metres",
        "switch it off in the camera or telephone now; `hide` the photographs that matter, and `protect` before publishing",
        _EDIT,
    ),
    "photo.place": (
        "{count:photograph names|photographs name} a place: {values}",
        "somebody wrote it in by hand or by program",
        "`hide` the photographs that matter, and carry files as the camera made them",
        _EDIT,
    ),
    "photo.rating": (
        "{count:photograph is|photographs are} rated or labelled: {values}",
        "marks show which photographs matter to you",
        "mark at home; unmark in the camera what was marked in the camera",
        "the mark itself is gone without a trace in most cameras; a computer changes the file",
    ),
    "photo.words": (
        "{count:photograph carries|photographs carry} keywords, titles or descriptions: {values}",
        "they are read and searched before any picture is looked at",
        "carry files as the camera made them, and keep words elsewhere",
        _EDIT,
    ),
    "photo.person": (
        "{count:photograph names|photographs name} people: {values}",
        "a name puts a person at a place and a time",
        "do not cross with photographs that name people: `hide` them or leave them behind, and `protect` before publishing",
        _EDIT,
    ),
    "photo.edited": (
        "{count:photograph|photographs} passed through a computer or program: {values}",
        "the program's name and computer's name are in the file; the camera's own files have neither",
        "carry files as the camera made them",
        _EDIT,
    ),
    "photo.renamed": (
        "{count:photograph has another number inside than in its name|photographs have another number inside than in their name}: {names}",
        "somebody renamed them, and the camera's own number says from what",
        "name them again as they were, or carry the originals; never edit the maker note: numbers there are keys of other blocks",
        "renaming leaves the old name behind as a deleted entry, until `tidy`",
    ),
    "photo.counter": (
        "the camera's counter rose by {missing} more than the file numbers between {count} neighbours: {names}",
        "photographs were taken that are not here, and renumbering cannot hide it",
        "explain it: test shots, films and shots on another card count too",
        "nothing; never edit the counter: it is the key of other blocks in the same file",
    ),
    "photo.clock_back": (
        "the camera's clock was set back before {count:photograph|photographs}, by its own counter: {names}",
        "somebody changed the time between two photographs; the counter cannot be set back",
        "explain it (another time zone); never edit the counter or the times",
        _EDIT,
    ),
    "photo.clock": (
        "{count:file has another time than its exposure|files have another time than their exposure}: {names}",
        "they were copied, edited or touched after they were taken",
        "set the camera's clock; do not touch files by computer",
        "setting file times leaves the times of the directory and of the computer's own records",
    ),
    "photo.trailer": (
        "{count:photograph has|photographs have} something behind the picture: {names}",
        "viewers do not show it, examiners look there first; it may be a second picture, a depth map or a maker's block",
        "look at it, or carry another photograph",
        _EDIT,
    ),
    "photo.motion": (
        "{count:photograph carries|photographs carry} a film with sound: {names}",
        "what you said before the shot is in it",
        "switch it off in the telephone; `hide` those that exist",
        _EDIT,
    ),
    "photo.several": (
        "{count:file holds|files hold} several pictures: {names}",
        "large previews keep what a crop or blur removed",
        "before publishing use `protect`, which removes them",
        _EDIT,
    ),
    "photo.signed": (
        "{count:photograph is|photographs are} signed by the camera: {names}",
        "good proof of truth, and of which camera it was; any edit breaks it, and that can be shown",
        "do not edit them",
        "a broken signature",
    ),
    "photo.preview": (
        "{count:photograph has|photographs have} a thumbnail that shows something else: {names}",
        "an edit forgot it; it may show what was cut away or covered",
        "do not carry these; export them anew from the original",
        _EDIT,
    ),
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
        "carry cards that are in them, or a computer that never saw the others",
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
    "photo.credentials": (
        "{count:file carries|files carry} a signed C2PA manifest that is no camera's, as far as it says: {names}",
        "it lists programs and steps, at times the person who signed",
        "read it with a C2PA viewer; before publishing use `protect`, which removes it",
        _EDIT,
    ),
    "laptop.own_named": (
        "{count:line|lines} of histories with the name of this program",
        "it shows that you hide, wipe or audit cards",
        "remove the lines that name this program before crossing",
        "a history without the hour in which you did it",
    ),
    "rule.hit": (
        "{count:place meets|places meet} the rule {rule}: {values}",
        "{why} (source: {source})",
        "`hide` what meets a rule or leave it behind; rename nothing by computer",
        "deleting leaves names and contents behind, until `tidy` and `wipe`",
    ),
    "rule.question": (
        "only you can answer: {why}?",
        "no program can; it is asked or looked for (source: {source}; rule {rule})",
        "look through the photographs once with this question",
        "nothing",
    ),
}

SENTENCES: dict[str, str] = {
    f"finding.{kind}.{('title', 'why', 'do', 'leaves')[at]}": texts[at] for kind, texts in FINDINGS.items() for at in range(4)
}  # fmt: skip

ERRORS: dict[str, tuple[str, str]] = {}
