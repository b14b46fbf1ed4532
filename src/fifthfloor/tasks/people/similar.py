"""Copies that are no longer bit for bit what was signed: which signed picture they are similar to, and what differs.

Rule 1: the statement's signature is checked first; what it says its picture looks like is all that is used.
Rule 2: the answer is "similar". Nothing here can make a picture proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.files import files_below, read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.admission import MAX_STATEMENT_BYTES, STATEMENT_ENDING, WEB_ENDING
from fifthfloor.statement.verify import signed_likeness
from fifthfloor.trace.candidates import Searched, searched
from fifthfloor.trace.differing import Differences, differences
from fifthfloor.trace.likeness import Likeness, likeness_of, read_likeness
from fifthfloor.trace.matching import match

# Tiles that differ by no more are alike, whoever decoded them; where fewer than half are, it is another picture.
# `likeness.js` has the same two numbers.
ALIKE = 16
MOST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class SignedPicture:
    """What a statement says its picture looks like, the picture's name, and whose key signed it, hex."""

    name: str
    key: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class SimilarTo:
    """A signed picture that a copy is similar to, by how many points, and what differs."""

    name: str
    key: str
    shared: int
    differences: Differences


def looks_otherwise(picture: bytes, statement: bytes) -> bool:
    """Tell whether a picture, whole and laid as it was signed, looks otherwise than its statement says.

    Args:
        picture: of the size that was signed.
        statement: signed; one that does not say what its picture looks like tells nothing.

    Raises:
        FifthFloorError: like `signed_likeness`, or the picture cannot be decoded.
    """
    told = signed_likeness(statement)
    if told is None:
        return False
    signed, seen = read_likeness(told[0]).tiles, read_likeness(likeness_of(picture)).tiles
    if signed.shape != seen.shape:
        return True
    alike = np.abs(signed.astype(int) - seen.astype(int)) <= ALIKE
    return bool(alike.mean() < MOST_ALIKE)


def is_copy_of(picture: bytes, statement: bytes) -> bool:
    """Tell whether a picture of any size, turned or cut, shows the frame that its statement says.

    Raises:
        FifthFloorError: like `signed_likeness`, or the picture cannot be decoded.
    """
    told = signed_likeness(statement)
    found = _likeness_in(searched(picture), [SignedPicture("", "", read_likeness(told[0]))]) if told else ()
    return any(one.differences.is_this_frame for one in found)


def signed_pictures_in(folder: Path) -> tuple[SignedPicture, ...]:
    """Read what the statements of a folder say their pictures look like, one a photograph.

    Raises:
        BadInput: no statement there that tells it, or like `files_below`.
    """
    found: dict[bytes, SignedPicture] = {}
    for path in sorted(files_below(folder, links=True), key=_full_sizes_first):
        if not path.name.endswith(STATEMENT_ENDING):
            continue
        name = path.name.removesuffix(STATEMENT_ENDING)
        try:
            told = signed_likeness(read_whole(path, MAX_STATEMENT_BYTES))
            if told is not None:
                # The full size and its rendition carry one likeness.
                found.setdefault(told[0], SignedPicture(name, told[1].key.hex(), read_likeness(told[0])))
        except FifthFloorError:
            continue  # a statement that is none, or not signed by its key, says nothing
    if not found:
        raise BadInput("prove.no_likeness", path=str(folder))
    return tuple(found.values())


def _full_sizes_first(statement: Path) -> tuple[bool, Path]:
    return statement.name.endswith(WEB_ENDING + STATEMENT_ENDING), statement


def similar_to(copy: Path, signed: Sequence[SignedPicture]) -> tuple[SimilarTo, ...]:
    """Say which signed pictures a copy is similar to, the nearest first. Raises BadInput if it is no picture."""
    return _likeness_in(searched(read_whole(copy, MAX_PICTURE_BYTES)), signed)


def _likeness_in(picture: Searched, signed: Sequence[SignedPicture]) -> tuple[SimilarTo, ...]:
    found = []
    for one in signed:
        placement = match(one.likeness.points, picture.points)
        if placement is not None:
            frame = one.likeness.points.width, one.likeness.points.height
            told = differences(one.likeness.tiles, frame, placement, picture.image)
            found.append(SimilarTo(one.name, one.key, placement.shared, told))
    return tuple(sorted(found, key=lambda one: one.differences.misfit))
