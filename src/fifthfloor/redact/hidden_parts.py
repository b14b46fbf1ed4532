"""From faces and decisions to what is hidden, and the signed files of one photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import CanonicalHeader, CanonicalPicture
from fifthfloor.redact.boxes import Box, runs_of
from fifthfloor.redact.decisions import Decision, is_covered, is_taken_back, merged
from fifthfloor.redact.faces import DOUBTFUL, THRESHOLD, find_faces, head_box
from fifthfloor.redact.lettering import find_writing
from fifthfloor.redact.pixels import ShownPixels
from fifthfloor.redact.prepare import Prepared
from fifthfloor.redact.rendition import hidden_in_rendition, rendition
from fifthfloor.statement.claims import FACTS, Approval, KeyLife
from fifthfloor.statement.hidden_runs import HiddenRuns, to_marks
from fifthfloor.statement.sign import Fact, Original, RedactedBytes, sign

ENTRY_SALT_BYTES = 32
# Of twenty uncertain finds one is a face. Where nobody is there to ask they are hidden up to this share of the
# photograph: on gravel and leaves, or a cat that fills the picture, all of it would go grey for nothing.
UNASKED_SHARE = 0.1

Why = Literal["sure", "uncertain", "unasked", "given", "doubtful", "taken back", "writing"]
HIDDEN: tuple[Why, ...] = ("sure", "unasked", "given")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a photograph that is hidden, or that looks like a face and is shown.

    Args:
        box: in pixels as the photograph is shown.
        why: hidden are "sure" (found), "given" (by a person) and "unasked" (uncertain, and nobody is there to ask).
            Shown are "uncertain" (a question that a person must answer), "doubtful" (it hardly looks like a face),
            "writing" (a plate, a sign, a badge: a suggestion) and "taken back" (found, and a person wants it shown).
        score: the finder's, 0 to 1; 1 where a person gave it.
    """

    box: Box
    why: Why
    score: float

    @property
    def is_hidden(self) -> bool:
        return self.why in HIDDEN


@dataclass(frozen=True, slots=True)
class Signing:
    """With what a photograph is signed.

    Args:
        show: names of the facts that the statement shows.
        likeness: says what a published picture looks like (`trace.likeness`); None to sign none.
    """

    key: SigningKey
    key_life: KeyLife
    approval: Approval
    chance: Callable[[int], bytes]
    show: frozenset[str] = frozenset()
    likeness: Callable[[bytes], bytes] | None = None


def parts_of(
    pixels: ShownPixels | None,
    decision: Decision,
    *,
    nobody_looks: bool = False,
    suggest_writing: bool = False,
    tile_px: tuple[int, int] = (0, 0),
) -> tuple[Part, ...]:
    """Decide what to hide.

    Args:
        pixels: of the photograph as it is shown; None not to look for faces.
        decision: a person's.
        nobody_looks: hide also what is uncertain, up to UNASKED_SHARE: there is nobody to ask.
        suggest_writing: look for plates, badges, signs and screens too; none is ever hidden for it.
        tile_px: width and height of what the picture hides at once, as it is shown (`tile_px_of`).

    Returns:
        Hidden and doubtful parts: given ones first, then found ones, surest first; last what looks like writing.
    """
    parts = [Part(box, "given", 1.0) for box in decision.hide]
    if pixels is None:
        return tuple(parts)
    height, width = pixels.shape[:2]
    for face in find_faces(pixels, DOUBTFUL):
        box = Box(*head_box(face, width, height, tile_px))
        if is_taken_back(box, decision.hide):
            continue  # the person's own box is there: nothing is left to ask
        why: Why = "sure" if face.is_sure_in(width, height) else "uncertain" if face.score >= THRESHOLD else "doubtful"
        if why == "uncertain" and nobody_looks:
            why = "unasked"
        if is_taken_back(box, decision.show):
            why = "taken back"
        parts.append(Part(box, why, round(face.score, 3)))
    found = list(_capped(_joined(parts), width * height))
    return (*found, *(_writing(pixels, found) if suggest_writing else ()))


def _writing(pixels: ShownPixels, found: Sequence[Part]) -> Iterator[Part]:
    """Suggest what looks like writing and is not hidden in any case."""
    hidden = [part.box for part in found if part.is_hidden]
    for one in find_writing(pixels):
        if not is_covered(one.box, hidden):
            yield Part(one.box, "writing", round(one.score, 3))


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """Make one part of found ones that overlap and have the same reason; the surest score stands for them."""
    for why in ("given", "sure", "unasked", "uncertain", "taken back", "doubtful"):
        same = [part for part in parts if part.why == why]
        if why in ("given", "taken back"):
            yield from same
            continue
        joined = [
            Part(box, why, max(part.score for part in same if _is_in(part.box, box)))
            for box in merged([part.box for part in same])
        ]
        yield from sorted(joined, key=lambda part: -part.score)


def _capped(parts: Iterable[Part], pixels: int) -> Iterator[Part]:
    """Hide of what nobody was asked about only so much, the surest first; the rest stays a question."""
    left = UNASKED_SHARE * pixels
    for part in parts:
        if part.why == "unasked":
            area = (part.box.right - part.box.left) * (part.box.bottom - part.box.top)
            if area > left:
                yield replace(part, why="uncertain")
                continue
            left -= area
        yield part


def _is_in(box: Box, outer: Box) -> bool:
    return outer.left <= box.left and outer.top <= box.top and box.right <= outer.right and box.bottom <= outer.bottom


def tile_px_of(header: CanonicalHeader) -> tuple[int, int]:
    """Return width and height of what a picture hides at once, in pixels as it is shown."""
    wide, high = (8 * max(pair[axis] for pair in header.sampling) for axis in (0, 1))
    stored = (wide * header.interval_mcus, high)
    return stored[::-1] if header.orientation > 4 else stored


def hidden_runs(picture: CanonicalPicture, parts: Sequence[Part]) -> HiddenRuns:
    """Return the intervals that the hidden parts take. Raises BadInput for a box outside of the photograph."""
    return runs_of(picture, [part.box for part in parts if part.is_hidden])


def still_asked(picture: CanonicalPicture, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Leave out what may be a face and lies wholly within what is hidden, whatever for: that is its answer.

    Raises:
        BadInput: a box outside of the photograph.
    """
    intervals = picture.header.intervals
    hidden = to_marks(hidden_runs(picture, parts), intervals)

    def is_answered(part: Part) -> bool:
        return bool(hidden[to_marks(runs_of(picture, [part.box]), intervals)].all())

    return tuple(part for part in parts if part.why not in ("uncertain", "doubtful") or not is_answered(part))


def redact(prepared: Prepared, parts: Sequence[Part], signing: Signing) -> tuple[RedactedBytes, ...]:
    """Hide the parts in the full-size picture and in its rendition, and sign both.

    Returns:
        The full-size picture and, if it is smaller, the 2,048 px rendition, each with its statement.
    """
    full = prepared.picture
    hidden = hidden_runs(full, parts)
    originals = [Original(full, signing.chance(ENTRY_SALT_BYTES), hidden)]
    small = rendition(full, hidden)
    if small is not None:
        also = hidden_in_rendition(hidden, full.header, small.header)
        originals.append(Original(small, signing.chance(ENTRY_SALT_BYTES), also))
    facts = {name: Fact(prepared.facts[name], signing.chance(ENTRY_SALT_BYTES), name in signing.show) for name in FACTS}
    who = (signing.key, originals, facts)
    return sign(*who, key_life=signing.key_life, approval=signing.approval, likeness=signing.likeness)
