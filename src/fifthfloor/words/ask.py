"""What a person is asked for, and what is said of the answer."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "ask.label_is_passphrase": (
        "the label is the passphrase, and a label keeps nothing secret",
        "leave the label empty, or take another word for it",
    ),
}

SENTENCES: dict[str, str] = {
    "ask.new": "passphrase to hide with (Enter makes one)",
    "ask.open": "passphrase to open with",
    "ask.health": "passphrase to check with",
    "ask.list": "passphrase to list with",
    "ask.keep": "passphrase number {number} of those to keep (Enter: no more)",
    "ask.made": "this one is made for you, shown once and stored nowhere; learn it:",
    "ask.made_back": "type the passphrase back",
    "ask.differ": "the two did not match; once more from the start",
    "ask.differ_label": "the two labels did not match; once more",
    "ask.differ_made": "that was not it; here is another",
    "ask.strange": "word {number} is not in the list; once more",
    "ask.strange_many": "words {numbers} are not in the list; once more",
    "ask.strange_new": "not in the list of words: number {numbers}",
    "ask.empty": "the passphrase is empty; once more",
    "ask.keep_again": "passphrase number {number} of those to keep",
    "ask.again_wrong_of": "nothing came back with number {number} of those to keep; once more, or Ctrl-C",
    "ask.again_wrong": "nothing came back with that; once more, or Ctrl-C",
    "ask.label": "label or Enter (remember it: without one, guesses can be prepared in advance)",
    "ask.label_known": "label (Enter where it has none)",
    "ask.label_again": "the label again",
}
