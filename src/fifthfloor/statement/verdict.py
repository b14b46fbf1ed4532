"""What a check comes to, as one word that every reader says in one sentence (`words.verdict`, the labels of essays).

Rule 1: "cannot tell" is no accusation. Messengers write every picture anew, and nobody meant harm by it.
Rule 2: without a key that the reader expected, somebody signed it; only with one is it proved who.
`verify.js` has the same words in `verdict` and `verdictOf`; a test compares them.
"""

from __future__ import annotations

from typing import Final, Literal

from fifthfloor.statement.verify import Verified

VerdictWord = Literal[
    "proved", "somebody", "once", "other_key", "cannot_tell", "no_picture", "other_picture", "changed", "no_statement"
]
SHA256_DIGITS: Final = 64
GOOD: Final = frozenset({"proved", "somebody", "once"})
_REFUSED: Final[dict[str, VerdictWord]] = {
    "jpeg.not_jpeg": "no_picture",
    "jpeg.not_canonical": "cannot_tell",
    "statement.header": "other_picture",
    "statement.changed": "changed",
    "statement.planted": "changed",
    "statement.shown": "changed",
}


def verdict(found: Verified, expected: str | None) -> VerdictWord:
    """Say what a picture that verifies comes to.

    Args:
        expected: the key that the reader got from elsewhere, hex; None if there is none.
    """
    if expected is not None:
        return "proved" if found.key.hex() == expected.strip().lower() else "other_key"
    return "somebody" if found.key_life == "story" else "once"


def converted_from(original: str) -> str:
    """Return what kind of file the original was, as the fact `original` says; nothing where it was a JPEG or a raw."""
    match original.split(" "):
        case [digest, "converted", "from", kind] if len(digest) == SHA256_DIGITS and kind.isascii() and kind.isalpha():
            return kind
    return ""


def verdict_of(key: str) -> VerdictWord:
    """Say what a refusal comes to, from its error's key."""
    return _REFUSED.get(key, "no_statement")
