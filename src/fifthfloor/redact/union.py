"""Two redactions of one photograph publish what either of them shows; this page notices.

Rule 1: nothing is remembered between runs: two pictures are compared by what both of them show.
Rule 2: one redaction may follow another if it hides at least as much; otherwise it is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture
from fifthfloor.statement.hidden_runs import HiddenRuns, contains, to_marks

# Intervals compared first: two different photographs differ in one of the first few.
FIRST_LOOK = 16


def is_same_photograph(
    one: CanonicalPicture, hidden: HiddenRuns, other: CanonicalPicture, also_hidden: HiddenRuns = ()
) -> bool:
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


def shows_more(first: HiddenRuns, second: HiddenRuns) -> bool:
    """Tell whether a second redaction shows anything that the first one hides."""
    return not contains(second, first)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a redacted picture shows, small enough to hold for every photograph of a folder.

    Args:
        shape: size, colour and tables.
        shown: uint64 (intervals,), a hash of each shown interval; 0 where it is hidden.
    """

    shape: tuple[object, ...]
    shown: NDArray[np.uint64]

    def publishes_more_with(self, other: Fingerprint) -> bool:
        """Tell whether this and the other are one photograph, and each shows something the other hides."""
        if self.shape != other.shape:
            return False
        here, there = self.shown != 0, other.shown != 0
        if not bool((here & ~there).any() and (there & ~here).any()):
            return False
        both = here & there
        return bool((self.shown[both] == other.shown[both]).all())


def fingerprint(picture: CanonicalPicture, hidden: HiddenRuns) -> Fingerprint:
    """Take the fingerprint of a redacted picture."""
    count = picture.header.intervals
    shown = np.zeros(count, np.uint64)
    for number in (~to_marks(hidden, count)).nonzero()[0]:
        value = hashlib.blake2b(picture.interval(int(number)), digest_size=8).digest()
        shown[number] = int.from_bytes(value, "big") | 1
    return Fingerprint(_shape(picture.header), shown)


def _shape(header: CanonicalHeader) -> tuple[object, ...]:
    # Not the orientation nor the profile: they may be told differently, the coefficients not.
    seen = (header.width, header.height, header.colour, header.sampling, header.quantisers, header.quantiser_of)
    return (*seen, header.interval_mcus)
