"""What bare `fifthfloor` asks, step by step: whole lines for an ear as well as for an eye, nothing drawn."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "walk.begin": "Step by step: each question is answered in one line, several names with spaces between. Ctrl-C "
    "stops, and so does 0 where no count is asked; nothing is done before the last question.",
    "walk.choice": "  {number} {what}",
    "walk.do": "what do you want to do (a number)",
    "walk.hide": "hide photographs on cards",
    "walk.health": "check whether what is hidden still comes back",
    "walk.open": "open: bring hidden photographs back",
    "walk.list": "list what is hidden, by name",
    "walk.audit": "rehearse a search: what would be found",
    "walk.recover": "bring deleted photographs back",
    "walk.wipe": "wipe the free space of cards",
    "walk.tidy": "remove deleted names from a card",
    "walk.plan": "see how many photographs fit on cards",
    "walk.cards": "see which cards are in the readers",
    "walk.passphrase": "make a passphrase",
    "walk.stop": "nothing, stop",
    "walk.nothing": "nothing was done",
    "walk.not_a_number": "{given} is none of these: answer with a number from {least} to {most}",
    "walk.where": "where are the photographs now (a number)",
    "walk.where_here": "in files or folders on this computer",
    "walk.where_camera": "on the camera's card",
    "walk.files": "which files or folders",
    "walk.camera": "which card is the camera's",
    "walk.frames": "which frames (all, today, IMG_0801-0810, 801-810)",
    "walk.remove": "remove them from the camera's card, once all of it came back",
    "walk.offered": "in the readers:",
    "walk.none_offered": "no card was found in a reader; those that are mounted are not listed",
    "walk.carriers": "which cards shall hold them (numbers or names)",
    "walk.hidden_on": "which cards are they on (numbers or names)",
    "walk.swept": "which cards (numbers or names)",
    "walk.one_card": "which card (a number or a name)",
    "walk.searched": "which cards, images, folders or photographs",
    "walk.lose": "how many of these {count} cards may be lost, and it still opens",
    "walk.out": "which folder shall they go to (made if it is not there)",
    "walk.empty": "nothing was typed",
    "walk.missing": "{path} is not there",
    "walk.only_one": "{count} were given, and one is needed",
    "walk.again": "once more",
    "walk.command": "the command, as you could have typed it:",
    "walk.secrets": "it holds no passphrase: that is asked for next, and not shown",
    "walk.run": "run it now",
}
