"""Two redactions of one photograph publish what either of them shows; this page notices.

Rule 1: nothing is remembered between runs: two pictures are compared by what both of them show.
Rule 2: one redaction may follow another if it hides at least as much; otherwise it is refused.
"""

from __future__ import annotations

from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture
from fifthfloor.statement.runs import Runs, contains, to_marks

# Intervals compared first: two different photographs differ in one of the first few.
FIRST_LOOK = 16


def is_same_photograph(one: CanonicalPicture, hidden: Runs, other: CanonicalPicture, also_hidden: Runs = ()) -> bool:
    """Tell whether two pictures show the same photograph, each with its own parts hidden.

    Args:
        one, other: canonical pictures, with the fill in their hidden intervals.
        hidden, also_hidden: the runs hidden in each.

    Returns:
        True if they are of one size and tables, and equal wherever both show something. Two photographs that hide
        everything the other shows cannot be told apart and count as the same: then nothing is lost by refusing.
    """
    if _shape(one.header) != _shape(other.header):
        return False
    count = one.header.intervals
    both = ~(to_marks(hidden, count) | to_marks(also_hidden, count))
    shown = [int(number) for number in both.nonzero()[0]]
    step = max(1, len(shown) // FIRST_LOOK)
    return all(one.interval(number) == other.interval(number) for number in (*shown[::step], *shown))


def shows_more(first: Runs, second: Runs) -> bool:
    """Tell whether a second redaction shows anything that the first one hides."""
    return not contains(second, first)


def _shape(header: CanonicalHeader) -> tuple[object, ...]:
    # Not the orientation nor the profile: they may be told differently, the coefficients not.
    return (header.width, header.height, header.colour, header.sampling, header.quantisers, header.quantiser_of)
