"""Sentences of `verify`, and of the page that `verify --page` hands out; what a check comes to stands in `verdict.py`."""

from __future__ import annotations

from fifthfloor.words import cli, jpeg, statement, verdict

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "verify.help_key": "The key that the author published, 64 digits: only with it is it proved who signed.",
    "verify.help_authority": "Also check time stamps, by this root certificate.",
    "verify.help_among": "For copies that were saved again or cropped: say which of the signed pictures of a folder they are similar to.",
    "verify.page.title": "Is this photograph what was signed?",
    "verify.page.lead": (
        "Give it a photograph and its statement (the file that ends in `.statement.json`). Nothing leaves this page: it "
        "works without a network, and it may not open one."
    ),
    "verify.page.files": "Choose both files, or drop them here",
    "verify.page.expected": "The key you expect, as the author published it elsewhere (may be left empty)",
    "verify.page.hatched": "hidden: the file holds nothing there. Everything else is as it was signed.",
    "verify.page.framed": "What you gave. Framed: areas that differ from the signed picture.",
    "verify.page.limits": "What this proves, and what it does not",
    "verify.page.limit.signed": (
        "It proves that whoever holds the key signed this picture, and that every part that is not hidden is as it was then."
    ),
    "verify.page.limit.who": (
        "It does not prove who holds the key. Give the key that the author published elsewhere, and this page compares the two."
    ),
    "verify.page.limit.camera": "It does not prove that a camera took it, when or where, nor what is under a hidden part.",
    "verify.page.limit.edges": (
        "It speaks of what the file stores. Viewers smooth colours over the edge of a hidden part, so a few pixels there "
        "look different."
    ),
    "verify.page.limit.copies": (
        "Of a picture that was saved again, made smaller, cropped or sent through a messenger it proves nothing. It can say "
        "that it is similar to a signed picture, how it was cropped and which areas differ, never that it is that picture. "
        "Give one picture and as many statements as you like."
    ),
    "verify.page.two_files": "Two files are needed",
    "verify.page.two_files.why": "Choose the photograph and the statement that lies beside it, together.",
    "verify.page.checking": "Checking …",
    "verify.page.unread": "It could not be checked.",
    "verify.page.detail": "In detail: {key}",
    "verify.page.detail_what": "In detail: {key}: {what}",
    "verify.page.interval": "interval {interval}",
    "verify.page.at_byte": "{what} at byte {offset}",
    "verify.page.not_shown": "This browser cannot show the picture; what was checked are its bytes.",
    "verify.page.other_key": "Key of that statement: ",
    "verify.page.framed_alt": "The picture you gave, with a frame round each area that differs",
    "verify.page.hatched_alt": "The photograph, with its hidden parts hatched",
}


def on_the_page() -> dict[str, str]:
    """Return all that the page says: by key, and what a check comes to by its word (`statement.verdict`)."""
    phrases = {key: text for key, text in jpeg.SENTENCES.items() if key.startswith("jpeg.what.odd_")}
    page = {key.removeprefix("verify."): text for key, text in SENTENCES.items() if key.startswith("verify.page.")}
    language = {"cli.language": cli.SENTENCES["cli.language"]}
    return verdict.by_word() | page | phrases | statement.SENTENCES | language
