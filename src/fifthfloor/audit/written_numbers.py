"""Numbers that a person wrote where words are expected: a keyword, a birthday, a telephone, the number of a job.

Cameras write numbers into titles and descriptions too: of these, those of a date's length and more count, and none that
is one digit again and again.
"""

from __future__ import annotations

from fifthfloor.audit.written_by_itself import is_written_by_itself

# kind of text (`captions.Captions`) -> digits that a number has at least, to be somebody's
_FEWEST_DIGITS = {"keyword": 3, "title": 6, "description": 8, "comment": 99, "name": 6}


def is_a_number(kind: str, text: str) -> bool:
    """Say whether a text without letters is somebody's: by its kind and its length, or as a telephone's or a place."""
    digits = [character for character in text if character.isdecimal()]
    if any(map(str.isalpha, text)) or len(set(digits)) < 2:
        return False
    return (len(digits) >= _FEWEST_DIGITS.get(kind, 99) and "." not in text) or not is_written_by_itself(text)
