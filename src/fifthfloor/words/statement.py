"""Sentences about statements."""

from __future__ import annotations

_OTHER = "get the picture and its statement again, both from where they were published"

ERRORS: dict[str, tuple[str, str]] = {
    "statement.too_large": (
        "the statement has {size:bytes}, {limit:bytes} are read",
        "no photograph needs such a statement; get it again from where it was published",
    ),
    "statement.malformed": ("the statement is not one: {what:phrase}", _OTHER),
    "statement.version": (
        "the statement is of another kind, {found}; this version reads {known}",
        "use the version of fifthfloor that wrote it, or a newer one",
    ),
    "statement.fact_too_long": (
        "a fact has more than {limit} characters",
        "give a shorter one",
    ),
    "statement.signature": (
        "not proved: the signature is not of key {signer}",
        "the statement was changed after it was signed, or was never signed with this key; do not trust it",
    ),
    "statement.entry": ("not proved: what the statement says of this picture is not what was signed", _OTHER),
    "statement.likeness": ("not proved: what the picture is said to look like is not what was signed", _OTHER),
    "statement.header": (
        "not proved: this picture of {width} x {height} pixels is not coded as the one that was signed, of {signed}",
        _OTHER,
    ),
    "statement.coded": (
        "not proved: this picture was coded anew after it was signed, or is another one",
        _OTHER,
    ),
    "statement.shown": (
        "not proved: a part is shown that the signer demanded to be hidden",
        "somebody changed what is hidden; do not trust it and do not pass it on",
    ),
    "statement.planted": (
        "not proved: hidden interval {interval} of {intervals} holds a picture where only the grey fill may be",
        "somebody put something there after it was signed; do not trust it",
    ),
    "statement.proof": ("not proved: the proof does not fit the hidden parts it names", _OTHER),
    "statement.changed": (
        "not proved: not all that is shown is what was signed",
        "do not trust it before you have got the picture and its statement again, both from where they were published",
    ),
    "statement.another": (
        "not proved: the statement tells of a picture that looks otherwise, of the same size",
        _OTHER,
    ),
    "statement.fact": ("not proved: the fact {fact} is not what was signed", "do not trust it"),
}

SENTENCES: dict[str, str] = {
    "statement.what.not_json": "it is not JSON as the format allows",
    "statement.what.not_canonical": "it is not written in the canonical way",
    "statement.what.parts": "a part is missing, of another kind or too many",
}
