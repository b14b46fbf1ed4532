"""What a check comes to, as one word that every reader says in one sentence (`words.verdict`, the labels of essays).

Rule 1: "cannot tell" is no accusation. Messengers write every picture anew, and nobody meant harm by it.
Rule 2: without a key that the reader expected, somebody signed it; only with one is it proved who.
`verify.js` has the same words in `verdict` and `verdictOf`; a test compares them.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from fifthfloor.statement.verify import Verified

VerdictWord = Literal[
    "proved",
    "somebody",
    "once",
    "other_key",
    "no_key",
    "cannot_tell",
    "no_picture",
    "other_picture",
    "changed",
    "no_statement",
]
SHA256_DIGITS: Final = 64
GOOD: Final = frozenset({"proved", "somebody", "once"})
_REFUSED: Final[dict[str, VerdictWord]] = {
    "jpeg.not_jpeg": "no_picture",
    "jpeg.not_canonical": "cannot_tell",
    "statement.header": "other_picture",
    "statement.another": "other_picture",
    "statement.coded": "cannot_tell",
    "statement.changed": "changed",
    "statement.planted": "changed",
    "statement.shown": "changed",
}


# How PNG, GIF, BMP, TIFF, WebP, JPEG XL and the family of HEIC begin, hex: programs and messengers save pictures so.
_OTHER_PICTURES: Final = ("89504e47", "47494638", "424d", "49492a00", "4d4d002a", "52494646", "ff0a", "000000")
_KEY: Final = re.compile(r"[0-9a-f]{64}")


def key_in(text: str) -> str | None:
    """Return the key in a text that a person copied, lines and blanks and all; None where it is none."""
    key = "".join(text.split()).lower()
    return key if _KEY.fullmatch(key) else None


def verdict(found: Verified, expected: str | None) -> VerdictWord:
    """Say what a picture that verifies comes to.

    Args:
        expected: what the reader got from elsewhere as the key; None or empty if there is nothing.
    """
    if expected is None or not expected.strip():
        return "somebody" if found.key_life == "story" else "once"
    key = key_in(expected)
    if key is None:
        return "no_key"
    return "proved" if found.key.hex() == key else "other_key"


def converted_from(original: str) -> str:
    """Return what kind of file the original was, as the fact `original` says; nothing where it was a JPEG or a raw."""
    match original.split(" "):
        case [digest, "converted", "from", kind] if len(digest) == SHA256_DIGITS and kind.isascii() and kind.isalpha():
            return kind
    return ""


def verdict_of(key: str, first: str = "") -> VerdictWord:
    """Say what a refusal comes to, from its error's key; `first`: how the file begins, hex, where it is no JPEG."""
    if key == "jpeg.not_jpeg" and first.startswith(_OTHER_PICTURES):
        return "cannot_tell"
    return _REFUSED.get(key, "no_statement")
