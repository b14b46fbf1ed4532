"""Sentences of the theatre, in the two tables that `fifthfloor.words` has."""

ERRORS: dict[str, tuple[str, str]] = {
    "journey.no_encoder": (
        "drawing photographs needs Pillow, which the base install leaves out",
        "install it with: pip install 'fifthfloor[home]', or give photographs of your own with --photos",
    ),
    "journey.not_ours": (
        "{path} is there and was not made by a journey",
        "give another --out; a journey makes its folders anew and would delete this one",
    ),
    "journey.no_photographs": ("{path} is not a folder", "give a folder of photographs with --photos"),
    "journey.empty": ("{path} holds no photograph", "give a folder of photographs with --photos"),
    "journey.gate_open": ("the publish gate let in {name}, which is not protected", "please report it"),
    "journey.not_back": ("{name} was deleted on a copy of the card and did not come back whole", "please report it"),
    "journey.not_hidden": ("the box that was to be hidden in {name} is not hidden", "please report it"),
    "journey.forged": (
        "a changed byte of {name} was not noticed",
        "do not trust what this version verifies; please report it",
    ),
    "cards.exists": ("{path} is there already", "give a name that is not taken"),
    "cards.too_small": (
        "{size:bytes} is too small for FAT32 with clusters of {cluster:bytes}, {needed:bytes} are needed",
        "take smaller clusters or a larger card",
    ),
    "cards.not_fat32": ("{path} is not a FAT32 card", "give a card made as FAT32"),
    "cards.file_too_large": (
        "{path} is {size:bytes} long, and FAT32 holds files of at most {limit:bytes}",
        "divide the file, or use an exFAT card",
    ),
    "cards.card_full": (
        "the card has {free:bytes} free, {needed:bytes} are needed",
        "write less, or use a larger card",
    ),
    "cards.no_such_file": ("there is no file {name} on {path}", "give the path as the card has it, / between names"),
    "recover.not_back": (
        "{name} did not come back from {path}",
        "something was written to the card after it was deleted",
    ),
    "essay.no_scene": (
        "the sample essay needs {needed} photographs, {given} were given and {scene} is not among them",
        "give one photograph of each scene",
    ),
    "journey.no_scene": ("there is no scene called {name}", "the scenes are: {known}"),
}

SENTENCES: dict[str, str] = {
    "journey.line": "the whole trip on virtual cards",
    "journey.help": (
        "Play the whole trip on virtual cards, and say each step as it happens.\n"
        "\n"
        "Take, hide, rehearse the search, lose cards at the border, open on the other side, protect, prove, publish. Needs\n"
        "the extra `home`, which draws the photographs. Exit code 1 when a photograph did not come back."
    ),
    "journey.help_photos": "Photographs to hide instead of drawn ones; they are only read.",
    "journey.help_out": "Where everything goes; may exist and hold other things.",
    "journey.marker": "Folders beside this file are made anew by every journey.",
    "journey.verdict.nothing": "nothing to explain",
    "journey.verdict.unlooked": "nothing to explain in what was looked at",
    "journey.verdict.explain": "be ready to explain",
    "journey.verdict.stop": "do not cross with this",
    "journey.reading": "reading the photographs",
    "journey.ask": "play the journey in {out} (what an earlier journey left there is made anew)?",
    "journey.drawn": "1  A photographer has {files} photographs that must not be found (synthetic: drawn by this program). Today's {today} are still on the card in the camera.",
    "journey.given": "1  A photographer has {files:photograph|photographs} that must not be found. {today} of them play today's frames, on the card in the camera.",
    "journey.cards": "   In the bag: {count} cards with harmless photographs. With the one in the camera they hold {size:bytes}.",
    "journey.guard": "   A guard has the photographer delete {name} in the camera. In the hotel it comes back whole: {path}",
    "journey.passphrase": '2  A passphrase of {bits:.0f} bits is learned by heart: "{passphrase}"',
    "journey.hidden": "3  The free space of the three cards is swept, {swept:bytes} in {seconds:.1f} s. Among the noise lie {slots} sealed shards: any {threshold} of these {carriers} cards and the passphrase open them, though {percent:.0f} % of each be overwritten.",
    "journey.taken": "   Today's {frames:frame|frames} {first} to {last} are read straight from the camera's card and hidden beside them; opened again in a fresh process and compared; and only then removed from the card, {size:bytes}.",
    "journey.left": "   What a minder counts there now: {frames:frame|frames}, {first} to {last}, {gaps:gap|gaps} in the numbers.",
    "journey.decoy": '   A third sweep adds a floor that may be found, {files} harmless photographs, under another passphrase: "{passphrase}". What must not be found is carried over.',
    "journey.audit_camera": "4  What an officer would find on the camera's card. At noon: {noon}. In the evening, with the frames removed: {before}, because {names:deleted name is|deleted names are} left. `tidy` scrubs them.",
    "journey.audit_wiped": "   After `tidy`: {tidied}, because {photographs:deleted photograph|deleted photographs} can still be brought back. After `wipe`: {wiped}.",
    "journey.audit": "   On {card}: {before}; after `tidy`: {after}. {random:.0f} % of its free space looks random: it looks like a wiped card; so does a card that hides something.",
    "journey.audit_same": "   On {card}: {before}; `tidy` finds nothing to scrub and changes nothing. {random:.0f} % of its free space looks random: it looks like a wiped card; so does a card that hides something.",
    "journey.maps": "   The {count} cards, as only their owner can draw them:",
    "journey.confiscated": "5  At the border {card} is taken away.",
    "journey.overwritten": "   {card} goes back into the camera: {files:new file|new files}, {size:bytes}, from the first free cluster on.",
    "journey.formatted": "   {card} is formatted by a guard, with another cluster size.",
    "journey.map_file": "   (the same as a picture: {path})",
    "journey.opened": "6  On the other side a fresh process, which knows only the passphrase and the {cards} cards that are left, opens {floors:floor|floors}:",
    "journey.came_back": "   {back} of {all} photographs came back, the same in every byte.",
    "journey.note": "this went home inside photographs",
    "journey.carried": "   A note of another kind goes home inside {count:photograph|photographs}: copies of yours, in {folder}, to the eye the same. A fresh process opened it. Whoever has the originals beside them sees every change.",
    "journey.carried_badly": "   A note inside {count:photograph|photographs} did not come back as it was: {folder}",
    "journey.not_carried": "   No note goes home inside these photographs: {reason}.",
    "journey.shown": "   Had somebody demanded a passphrase, the other one would have opened {files} harmless photographs, and said nothing of the rest.",
    "journey.signed": "7  A photograph is signed and a box in it hidden for good: {name} still verifies, in every part that is shown. With one changed byte it is refused.",
    "journey.protected": "   For the story the people are protected: in {count} photographs {faces} places that look like faces are hidden for good. Nobody looked (a script cannot), and the statements say so.",
    "journey.gate": "   The publish gate lets these in, and refuses the original of {name}.",
    "journey.published": "8  The essay is published: {count} photographs, told {tellings} times.",
    "journey.essay": "   Open it: {page}",
    "journey.end": "The journey took {seconds:.0f} s; everything it made is in {out}.",
    "journey.map_tables": "tables",
    "journey.map_visible": "visible photographs",
    "journey.map_deleted": "deleted photographs",
    "journey.map_hidden": "hidden",
    "journey.map_decoy": "hidden, may be found",
    "journey.map_random": "random",
    "journey.map_damaged": "damaged",
}
