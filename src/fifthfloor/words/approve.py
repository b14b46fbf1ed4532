"""Sentences of `approve`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "approve.none": (
        "there is no protected photograph in {path}",
        "give the folder that fifthfloor protect wrote",
    ),
    "approve.not_looked": (
        "nobody has ticked {name} as looked at, as it was written last",
        "tick it in review.html, save boxes.json and give it with --boxes; or, if you looked at every one in another way, "
        "say so with --all-looked-at",
    ),
    "approve.questions": (
        "{name} has {count:question|questions} that nobody answered: is it a face or not",
        "answer in review.html (one key says that none is a face), save boxes.json and give it with --boxes",
    ),
    "approve.not_applied": (
        "the boxes hide a part of {name} that the picture shows",
        "run fifthfloor protect again with --boxes, look at the photograph again, then approve",
    ),
    "approve.no_page": (
        "what the review page showed of {name} is gone: protect was stopped, or somebody removed it",
        "run fifthfloor protect again, then look at it",
    ),
    "approve.page_broken": (
        "what the review page has of {name} is broken",
        "run fifthfloor protect again",
    ),
    "approve.manifest": (
        "the C2PA manifest of {name} would not agree with the new statement",
        "give --c2pa CERT KEY to approve exactly when it was given to protect",
    ),
    "approve.union": (
        "{first} and {second} are one photograph, and each shows what the other hides",
        "protect the second again so that it hides at least as much, or remove one of them",
    ),
    "approve.nobody": (
        "nobody's name was given",
        "say with --by who looked at the photographs: a name or a pseudonym, 1 to 200 characters that can be seen",
    ),
}

SENTENCES: dict[str, str] = {
    "approve.ask_name": "who looked at these photographs (a name or a pseudonym)",
    "approve.ask": "{count:photograph|photographs}; did you look at every one, hidden and shown faces",
    "approve.done": "{count:photograph|photographs} approved by {by}; the review page was removed",
    "approve.already": "{name}: was approved before",
}
