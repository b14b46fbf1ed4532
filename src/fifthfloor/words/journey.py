"""Sentences of the journey."""

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
    "journey.not_back": ("{name} was deleted on a copy of the card and did not come back whole", "please report it"),
    "journey.forged": (
        "a changed byte of {name} was not noticed",
        "do not trust what this version verifies; please report it",
    ),
    "journey.no_scene": ("there is no scene called {name}", "the scenes are: {known}"),
}

SENTENCES: dict[str, str] = {
    "journey.ask": "play the journey in {out} (what an earlier journey left there is made anew)?",
    "journey.drawn": "1  A photographer comes out with {files} files, {size:bytes}, that must not be found (synthetic: drawn by this program).",
    "journey.given": "1  A photographer comes out with {files} files, {size:bytes}, that must not be found.",
    "journey.cards": "   In the bag: {count} cards of {size:bytes} with harmless photographs.",
    "journey.passphrase": '2  A passphrase of {bits:.0f} bits is learned by heart: "{passphrase}"',
    "journey.hidden": "3  The free space of the cards is swept, {swept:bytes} in {seconds:.1f} s. Among the noise lie {slots} sealed shards: any {threshold} of these {carriers} cards and the passphrase open them, though {percent:.0f} % of each be overwritten.",
    "journey.confiscated": "4  At the border {card} is taken away.",
    "journey.overwritten": "   {card} goes back into the camera: {files} new files, {size:bytes}, from the first free cluster on.",
    "journey.formatted": "   {card} is formatted by a guard, with another cluster size.",
    "journey.map_file": "   (the same as a picture: {path})",
    "journey.came_back": "5  On the other side, in a fresh process that knows only the passphrase and two cards: {back} of {all} photographs came back.",
    "journey.guard": "   A guard has the photographer delete {name}; in the hotel it comes back whole: {path}",
    "journey.audit": "   What an officer sees on {card}: {after}. {random:.0f} % of its free space looks random: this looks like a wiped card; so does a card that hides something.",
    "journey.audit_tidied": "   What an officer sees on {card}: {before}, deleted names: {names}. After tidy: {after}, deleted names: {left}. {random:.0f} % of its free space looks random.",
    "journey.protected": "6  For the story the people are protected: in {count} photographs {faces} places that look like faces are hidden for good. Nobody looked (a script cannot), and the statements say so.",
    "journey.verified": "   {name} verifies: what is not hidden is as it was signed. With one changed byte it is refused.",
    "journey.published": "7  The essay is published: {count} photographs, told {tellings} times.",
    "journey.essay": "   Open it: {page}",
    "journey.end": "The journey took {seconds:.0f} s; everything it made is in {out}.",
    "journey.map_tables": "tables",
    "journey.map_visible": "visible photographs",
    "journey.map_deleted": "deleted photographs",
    "journey.map_hidden": "hidden",
    "journey.map_random": "random",
    "journey.map_damaged": "damaged",
}
