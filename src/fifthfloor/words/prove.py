"""Sentences of `sign` and `verify` about what is proved."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "prove.box_without_photo": (
        "the file of boxes names {name}, which is not among the photographs",
        "names in the file of boxes are base names, letter for letter",
    ),
    "prove.no_statement": (
        "there is no {name} beside it",
        "the statement lies beside the picture under this name; get both from where they were published",
    ),
    "prove.no_likeness": (
        "no statement in {path} says what its picture looks like",
        "statements of version 3 do, where nobody took it out; give the folder that was published",
    ),
}

SENTENCES: dict[str, str] = {
    "prove.among_alone": "--among compares pictures and proves nothing: leave out --key and --authority",
    "prove.similar": "{name}: similar to {other}; whether it is unchanged cannot be told",
    "prove.similar_key": "what {public} signed was compared, in tiles; what is smaller than a tile is not seen",
    "prove.similar_to_none": "{name}: similar to none of {count:signed picture|signed pictures}",
    "prove.similar_only": "similar is not verified: only a picture that is bit for bit as it was signed can be",
    "prove.files_or_page": "give pictures to verify, or --page and a name for the readers' page, and not both",
    "prove.page": "the readers' page is written: {path}, {size:bytes}; it needs no network and nothing beside it",
    "prove.named": "{name}: {cause}",
    "prove.signed": "signed: {name}, {width} x {height} pixels, {percent:.1f} % hidden",
    "prove.key_story": "signed with the story's key {public}",
    "prove.key_once": "signed with the key {public}, made for this run and not kept: nobody can sign with it again",
    "prove.not_proved": (
        "not proved: that a camera took it, when or where; what is under a hidden part; who holds the key. Unchanged is what "
        "the file stores (coefficients), not what each viewer makes of it"
    ),
}
