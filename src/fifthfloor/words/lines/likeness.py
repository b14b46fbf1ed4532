"""What a copy shows of a picture, and what it does not, in lines."""

from __future__ import annotations

from typing import Any, Protocol

from fifthfloor.words import sentence
from fifthfloor.words.form import printable

_SIDES = ("left", "top", "right", "bottom")
# What is below is the rounding of a place, not a cut.
_LEAST_SAID_SHARE = 0.01


class _AreaLike(Protocol):
    @property
    def left(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def bottom(self) -> float: ...
    @property
    def shows_through(self) -> bool: ...


class ShownDifferences(Protocol):
    """The facts of `trace.differing.Differences` that are said."""

    @property
    def kept(self) -> float: ...
    @property
    def sides(self) -> tuple[float, float, float, float]: ...
    @property
    def covered(self) -> tuple[float, float, float, float]: ...
    @property
    def added(self) -> float: ...
    @property
    def tiles(self) -> int: ...
    @property
    def compared(self) -> int: ...
    @property
    def areas(self) -> tuple[_AreaLike, ...]: ...
    @property
    def is_mirrored(self) -> bool: ...
    @property
    def quarters(self) -> int: ...


class SimilarLike(Protocol):
    """The facts of `trace.Similar` that are said."""

    @property
    def pdq(self) -> int: ...
    @property
    def differences(self) -> ShownDifferences | None: ...


class LaidLike(Protocol):
    """The facts of `store_places.Laid`."""

    @property
    def places(self) -> tuple[str, ...]: ...
    @property
    def gone(self) -> tuple[str, ...]: ...


def place_words(laid: LaidLike) -> str:
    """Name the file of a photograph, one that is there before others, and say so where it is not."""
    if not laid.places:
        return sentence("trace.place_unknown")
    place = laid.places[0]
    return sentence("trace.place_gone", place=printable(place)) if place in laid.gone else printable(place)


def told_words(laid: LaidLike, frames: int, count: int) -> str:
    """Name the photograph, or the first of `frames` that cannot be told apart, of which `count` pages tell."""
    key = "trace.told_alike" if frames > 1 else "trace.told"
    return sentence(key, place=place_words(laid), count=count, others=frames - 1)


def similar_lines(similar: SimilarLike) -> list[str]:
    """Say how a copy differs, or that its hash alone is alike."""
    if similar.differences is None:
        return [sentence("trace.hash_only", distance=similar.pdq)]
    return differing_lines(similar.differences)


def differing_lines(found: ShownDifferences) -> list[str]:
    """Say how a copy was cut, laid and changed, and of how much of it that can be said."""
    lines = [_cut_line(found)]
    if found.added >= _LEAST_SAID_SHARE:
        lines.append(sentence("trace.framed", percent=100 * found.added))
    if found.is_mirrored:
        lines.append(sentence("trace.mirrored"))
    if found.quarters:
        lines.append(sentence("trace.turned", degrees=90 * found.quarters))
    if not found.compared:
        return [*lines, sentence("trace.not_compared")]
    lines.append(_area_line(found))
    key = "trace.every_tile" if found.compared == found.tiles else "trace.some_tiles"
    lines.append(sentence(key, compared=found.compared, tiles=found.tiles))
    return lines


def differing_document(found: ShownDifferences) -> dict[str, Any]:
    """Return the same for --json (docs/guide/json.md)."""
    areas = [
        {"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom, "mark": area.shows_through}
        for area in found.areas
    ]
    return {
        "kept": round(found.kept, 3),
        "cut": [round(side, 3) for side in found.sides],
        "covered": [round(side, 3) for side in found.covered],
        "added": round(found.added, 3),
        "mirrored": found.is_mirrored,
        "quarters": found.quarters,
        "tiles": found.tiles,
        "compared": found.compared,
        "areas": areas,
    }


def _cut_line(found: ShownDifferences) -> str:
    if 1 - found.kept < _LEAST_SAID_SHARE:
        return sentence("trace.whole")
    percent = 100 * (1 - found.kept)
    missing = [one for one in zip(_SIDES, found.sides, found.covered, strict=True) if one[1] >= _LEAST_SAID_SHARE]
    is_covered = any(covered >= _LEAST_SAID_SHARE for _, _, covered in missing)
    sides = []
    for name, side, covered in missing:
        key = "trace.side_covered" if covered >= _LEAST_SAID_SHARE else "trace.side_cut"
        key = key if is_covered else "trace.side"
        sides.append(sentence(key, side=sentence(f"trace.side_{name}"), percent=100 * side))
    return sentence("trace.not_there" if is_covered else "trace.cropped", percent=percent, sides=", ".join(sides))


def _area_line(found: ShownDifferences) -> str:
    if not found.areas:
        return sentence("trace.no_area")
    marks = sum(area.shows_through for area in found.areas)
    where = "; ".join(
        sentence(
            "trace.area", left=100 * area.left, top=100 * area.top, right=100 * area.right, bottom=100 * area.bottom
        )
        for area in found.areas[:4]
    )
    line = sentence("trace.areas", count=len(found.areas), where=where)
    return line + (sentence("trace.mark", count=marks) if marks else "")
