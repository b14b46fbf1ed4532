"""What `--help` says: a command, the line of it in the list, and its options; one key where options are shared.

Paragraphs are parted by an empty line; the line behind a `\b` is not broken anew.
"""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "help.approve": (
        "Say that a person looked at every photograph in DIR, and sign again with who and when.\n"
        "\n"
        'Refuses a photograph without a tick "looked at" (--boxes, saved by review.html), and one with a question that nobody\n'
        "answered. Removes review.html and review/, which show the faces. A box that is changed later withdraws the approval."
    ),
    "help.approve.all_looked_at": "Say of every photograph that you looked at it, without ticks.",
    "help.approve.boxes": "What review.html saved: ticks and answers (JSON).",
    "help.approve.by": "Who looked, a name or a pseudonym; asked for on a terminal.",
    "help.approve.exact_time": "Sign the second of the approval; without it only the day.",
    "help.approve.line": "say that a person looked at protected photographs",
    "help.audit": (
        "Play the officer: what would a search find on these cards, images, folders or photographs?\n"
        "\n"
        "Nothing is written to them. The exit code is 1 when anything is critical, 3 when something could not be looked at\n"
        "(the others are reported all the same)."
    ),
    "help.audit.html": "Also write one page with maps and pictures.",
    "help.audit.line": "what a search would find on a card, an image, a folder or a laptop",
    "help.audit.pick": "Also list the files to hide, one a line.",
    "help.audit.quick": "Look at a sample of free space; bring nothing back.",
    "help.audit.rules": "A rulebook of your own (TOML).",
    "help.names": "What pictures are called: by numbers, or after their sources (a camera's number, a phone's time).",
    "help.c2pa": "Also embed a C2PA manifest, signed with these (PEM).",
    "help.cards": (
        "List the cards in this machine's readers: maker, size, label and drive letter.\n"
        "\n"
        "The disk that the system runs from is never among them. Exit code 1 when there is none."
    ),
    "help.cards.line": "list the cards in this machine's readers",
    "help.desk": (
        "Do the journey by looking and clicking, in a browser on this computer alone.\n"
        "\n"
        "Works in DIR (here, where none is given) and with the cards in the readers; images elsewhere are named as CARD.\n"
        "The address opens once. It ends with Ctrl-C, the panic button, or Esc three times."
    ),
    "help.desk.helper": "Open cards in readers for your desk (Linux with sudo; Windows by its own question).",
    "help.desk.line": "the journey by mouse, in the browser, on this computer only",
    "help.desk.no_browser": "Only print the address.",
    "help.desk.port": "Listen there; a free port where it is not given.",
    "help.device": "Allow this device, though not removable; repeat.",
    "help.essay": "Begin an essay of protected photographs.",
    "help.essay.line": "begin an essay of protected photographs",
    "help.essay_new": (
        "Write a first essay.md for a folder of protected, approved photographs, in shooting order.\n"
        "\n"
        "With --originals, captions, headlines, alt texts and credits are taken from the XMP and IPTC of the files of the\n"
        "same name there; nothing else of them is."
    ),
    "help.essay_new.line": "write a first essay.md for protected photographs",
    "help.essay_new.originals": "Take captions there.",
    "help.exit_codes": (
        "Exit codes: 0 done; 1 nothing found, or the check says no; 2 called wrongly, or nobody there to answer; 3 the input "
        "is bad; 4 no room; 5 the device was refused.\n"
        "\n"
        "Every COMMAND takes --yes, --json, --quiet and --verbose anywhere after its name, and --help; `fifthfloor help "
        "COMMAND` says the same."
    ),
    "help.fifthfloor": "Hide photographs, rehearse the search, cross, open, protect, prove, publish.",
    "help.health": (
        "Say whether what is hidden on CARDS still comes back, and how much more of them may be lost.\n"
        "\n"
        "Reads everything, writes nothing. Exit code 0 where something comes back, 1 where nothing does."
    ),
    "help.health.line": "does it still come back, and how much more may be lost",
    "help.hide": (
        "Hide photographs and other FILES (folders are taken whole), or frames of a shooting card, on cards.\n"
        "\n"
        "All free space of the cards is rewritten; visible files are not touched. What the same passphrase and label hid there\n"
        "before is kept. With --to no passphrase opens it, only who holds that identity. With --quick little is written, in seconds:\n"
        "two images of a card show it; what it ends is named."
    ),
    "help.hide.discard": "Let go what this passphrase and label hid before.",
    "help.hide.discard_broken": "Let go what of it does not come back any more.",
    "help.dry_run": "Say it all, write nothing.",
    "help.hide.from": "Take frames from this card; repeat.",
    "help.hide.in": "Card, or folder of photographs; repeat. @FILE: a set.",
    "help.hide.line": "hide photographs in the free space of cards",
    "help.hide.lose": "Cards that may be lost; 1 of three or more.",
    "help.hide.lose_photos": "Percent of FOLDER's photographs that may be lost; 25.",
    "help.hide.shrink": "Into FOLDER, pictures with this long edge.",
    "help.hide.only": "Which: IMG_0801-0810, IMG_08*, today, a file.",
    "help.hide.overwrite": "Of each other card, percent that may be lost; 20.",
    "help.hide.own_passphrase": "You thought of the passphrase yourself.",
    "help.hide.quick": "Write only what is needed, on cards swept before.",
    "help.hide.remove": "Delete the originals once all came back.",
    "help.hide.to": "Seal it to this recipient, not a passphrase; repeat.",
    "help.hide.wipe": "Also wipe the card they came from, or do not.",
    "help.identity": "A story's keys, in a file that you keep; nothing is written to the home directory.",
    "help.identity.line": "make or show the key of a story",
    "help.story_key": "The story's key; without it one is made for this run.",
    "help.identity_new": (
        "Make a key for a story and keep it in FILE under a passphrase.\n"
        "\n"
        "One story, one identity: whoever sees two stories signed with one key knows that they are of one hand."
    ),
    "help.identity_new.line": "make a key for a story",
    "help.identity_show": (
        "Show the public keys in FILE.\n"
        "\n"
        "The first is for your readers: publish it. The recipient's line is for a photographer who hides what only you\n"
        "can open (hide --to): give it in person, or send it and compare the fingerprint by telephone."
    ),
    "help.identity_show.line": "show the public keys in a file",
    "help.identity_option": "Open what is sealed to this identity.",
    "help.json": "Print one JSON document on stdout, nothing else.",
    "help.keep": "Keep what other passphrases or labels hid; asks.",
    "help.keep_file": "The same, from FILE: passphrase, label; repeat.",
    "help.label": "The keys' only salt; else asked for, or empty.",
    "help.list": (
        "List what a passphrase opens on CARDS: dates, names and sizes.\n"
        "\n"
        "No photograph is brought back and nothing is written. Names appear on the screen: look who stands behind you."
    ),
    "help.list.line": "list what a passphrase opens, by name",
    "help.open": (
        "Bring hidden photographs back from CARDS: cards, images of cards, or folders of photographs that hold some, in any\n"
        "order; others among them do no harm. Sealed shots are opened, too.\n"
        "\n"
        "Files appear whole or not at all; every SHA-256 is compared."
    ),
    "help.open.after": "With --identity: pass over N keys of others.",
    "help.open.check": "Read and compare everything, write nothing.",
    "help.open.collect": "Keep in FILE what does not come back yet.",
    "help.open.force": "Overwrite files that are already there.",
    "help.open.identity": "Open what is sealed to it; age's too; repeat.",
    "help.open.line": "bring hidden photographs back",
    "help.open.only": "Bring back these: *0041*, roll/*; repeat.",
    "help.open.out": "Where the files go; made if it is not there.",
    "help.passphrase": "Make a passphrase from the EFF's list of 7,776 words, with its bits of entropy.",
    "help.passphrase.line": "make a passphrase, with its bits of entropy",
    "help.passphrase.words": "How many words; six are 77 bits.",
    "help.passphrase_file": "Line 1 of FILE is the passphrase; - is stdin.",
    "help.plan": (
        "Say which of CARDS are cards, how many photographs fit, and how long hiding takes. No secret, nothing written.\n"
        "\n"
        "Only --save writes: a list of these cards, where you say."
    ),
    "help.plan.like": "Reckon with photographs as large as those there.",
    "help.plan.line": "which are cards, how many photographs fit, how long it takes",
    "help.plan.overwrite": "Percent of each other card that may be overwritten.",
    "help.plan.save": "Write the set of these cards; @FILE then stands for them.",
    "help.protect": (
        "Find the faces in photographs, hide them for good, and tell nothing else.\n"
        "\n"
        "Writes to DIR for each FILE (JPEG, HEIC, AVIF, PNG, WebP, TIFF or raw) NAME.jpg, NAME.2048.jpg for the web, a\n"
        "statement beside each, and review.html. Faces are missed: look at every photograph, then run approve."
    ),
    "help.protect.approve_all": "For scripts: the statements say that nobody looked.",
    "help.protect.boxes": "Parts to hide or to show, by name (JSON).",
    "help.protect.faces": "Look for faces or not.",
    "help.protect.line": "find and hide the faces in photographs, and tell nothing else",
    "help.protect.out": "Where the protected photographs go.",
    "help.protect.writing": "Suggest plates, badges and signs to whoever looks, or not.",
    "help.publish": (
        "Publish essays: a folder of plain files that any reader can check.\n"
        "\n"
        "ESSAY is a folder with essay.md (and essay.NAME.md for other tellings) and protected, approved photographs, or one\n"
        "of these files. Several essays stand under one index. A build that fails leaves the old site whole."
    ),
    "help.publish.c2pa": "Also embed a C2PA manifest in every picture that pages show, signed with these (PEM).",
    "help.publish.base_url": "Where it will stand, as https://example.org/.",
    "help.publish.line": "publish essays as a folder of plain files",
    "help.publish.out": "The site's folder: new, or made by this.",
    "help.publish.pdf": "Also a contact sheet.",
    "help.publish.zip": "Also an offline edition.",
    "help.quiet": "Say the result alone.",
    "help.click.commands": "Commands",
    "help.click.default": "[default: ",
    "help.click.help": "Show this message and exit.",
    "help.click.options": "Options",
    "help.click.required": "[required]",
    "help.click.usage": "Usage: ",
    "help.click.version": "Show the version and exit.",
    "help.cluster": "Let the workers of a dask scheduler do it, tls://HOST:PORT (docs/scale.md); they see the same files.",
    "help.archive": "Keep what photographs look like, to find them again.",
    "help.archive.line": "keep what photographs look like",
    "help.archive_add": (
        "Look at every photograph of folders and keep what it looks like in an archive: hashes, points, a thumbnail. Each is one "
        "record however often it is added; what is there already is left out, and what was stopped goes on.\n\n"
        "Where a statement lies beside a photograph it is verified first. The photographs stay where they are; s3://BUCKET/FOLDER "
        "is read too (docs/scale.md).\n\n"
        "  fifthfloor archive add pictures --archive ours"
    ),
    "help.archive_add.line": "add the photographs of folders",
    "help.archive_add.archive": "The archive, a folder; made if needed. It holds thumbnails: keep it as safe as the photographs.",
    "help.trace": (
        "Look for pictures in an archive: copies that are smaller, cropped to a half, mirrored, turned a little, darker, marked, "
        "with a border or a caption, or part of a screenshot. It says what was cut and which areas differ.\n\n"
        "Saved web pages too (html with its folder, mht, warc): their captions are compared, and --html draws what was changed.\n\n"
        "It says similar, never verified. Nothing leaves this computer.\n\n"
        "  fifthfloor trace downloaded --archive ours"
    ),
    "help.trace.html": "Also write a page that shows what each outlet made of each photograph, side by side.",
    "help.trace.line": "find out which photographs pictures were made of",
    "help.trace.archive": "The archive that `archive add` made.",
    "help.recover": (
        "Bring back deleted photographs and films from CARD; nothing is written to it.\n"
        "\n"
        "First by what directories still say, then by their own structure in free space. Partial ones are marked."
    ),
    "help.recover.line": "bring deleted photographs back",
    "help.recover.out": "Where the photographs go; made if needed.",
    "help.show": "A fact the statement shows; others are signed and withheld. Repeat.",
    "help.sign": (
        "Sign photographs so that every part that is not hidden can be verified.\n"
        "\n"
        "Writes for each FILE its canonical picture (the same pixels), a rendition of 2,048 pixels for the web, and a\n"
        "statement beside each. Metadata is left out, the text of a colour profile too; what of it you --show is in the\n"
        "statement."
    ),
    "help.sign.boxes": "Parts to hide, by name of the photograph (JSON).",
    "help.sign.line": "sign photographs so that what is shown can be verified",
    "help.sign.out": "Where pictures and statements go.",
    "help.stamp": "Time stamps: one request for a whole batch, made offline, finished where there is a network.",
    "help.stamp.line": "prove by a time stamp that photographs were signed by then",
    "help.stamp_finish": (
        "Put the authority's answer into the statements of FILES.\n"
        "\n"
        "With --answer nothing is sent. With --url the request, and nothing else, goes to that address: whoever watches your\n"
        "network sees that, and when."
    ),
    "help.stamp_finish.answer": "The authority's answer, carried here by you.",
    "help.stamp_finish.batch": "The folder that stamp request wrote.",
    "help.stamp_finish.line": "put the answer into the statements",
    "help.stamp_finish.url": "Or: send the request to this authority now, after asking you.",
    "help.stamp_request": "Prepare one RFC 3161 request for the statements of FILES; nothing is sent.",
    "help.stamp_request.line": "prepare a request, offline",
    "help.stamp_request.out": "Where request and batch go.",
    "help.tidy": (
        "Scrub deleted names and directory slack from CARD.\n"
        "\n"
        "What belongs to no file (a deletion was stopped, or a camera lost power) stays, unless --lost says otherwise: it may\n"
        "be a photograph, and `recover` brings it back. Visible files are not touched; it may be stopped at any moment.\n"
        "Contents stay in free space until `wipe` or `hide`."
    ),
    "help.tidy.line": "scrub deleted names from the directories of a card",
    "help.tidy.lost": "Also sweep and free what belongs to no file.",
    "help.verbose": "Say details, too.",
    "help.verify": (
        "Check pictures against the statements beside them, and say what is proved and what is not.\n"
        "\n"
        "With --page nothing is checked: FILE becomes one page that verifies in any browser, from a disk, without a network."
    ),
    "help.verify.line": "check published photographs against their statements",
    "help.verify.page": "Write the page your readers verify with, and stop.",
    "help.wipe": (
        "Sweep the free space of CARDS with noise; nothing new is hidden and visible files are not touched.\n"
        "\n"
        "What is shown with --keep moves to new places and gets back what it lost; everything else is overwritten, and what\n"
        "was sealed to somebody (hide --to) always: nobody can keep it."
    ),
    "help.wipe.label": "Label for a --keep-file without a second line.",
    "help.wipe.line": "sweep the free space of cards, nothing hidden",
    "help.yes": "Answer every question with yes; lifts no refusal.",
    # Of the pages of the manual: headings, and what no option's help says.
    "help.manual.name": "name",
    "help.manual.synopsis": "synopsis",
    "help.manual.description": "description",
    "help.manual.commands": "commands",
    "help.manual.options": "options",
    "help.manual.exit": "exit status",
    "help.manual.see": "see also",
    "help.manual.line": "hide photographs, rehearse the search, open, protect, prove",
    "help.manual.version": "Show the version.",
    "help.manual.everywhere": "Taken by every command, anywhere after its name: answer every question with yes, and print one JSON document on stdout.",
    "help.manual.codes": "0 done; 1 nothing found, or the check says no; 2 called wrongly, or nobody there to answer; 3 the input is bad; 4 no room; 5 the device was refused.",
}
