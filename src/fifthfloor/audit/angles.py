"""Latitudes and longitudes that properties give apart, whatever they call them, and the places these are together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from fifthfloor.metadata.exif import checked_place

# XMP writes "39,1.166667N" or "39,1,10N"; programs also degrees alone, with a sign, a letter or a property beside it.
_ANGLE = re.compile(
    r"([NSEW]?)\s*([-+]?)\s*(\d{1,3}(?:\.\d+)?)(?:\D{1,8}?(\d{1,2}(?:\.\d+)?))?(?:\D{1,8}?(\d{1,2}(?:\.\d+)?))?\W{0,4}([NSEW]?)",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"(\d{1,9})/([1-9]\d{0,8})")  # as Exif keeps numbers, and ImageMagick writes them
_DECIMAL_COMMA = re.compile(r"(\d),(\d{3,})")  # seconds have two digits
_AXIS = re.compile(r"lat(?:itude)?|lon(?:g(?:t?itude)?)?|lng", re.IGNORECASE)
_SAYS_SIDE = re.compile(r"ref$", re.IGNORECASE)
_OF_ELSEWHERE = re.compile(r"dest|shown", re.IGNORECASE)  # where the camera was comes first
_MAX_ANGLES = 1000


class Angles:
    """What properties say of where a photograph was taken, or what it shows."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], list[str]] = {}
        self._count = 0

    def add(self, name: str, inside: tuple[str, ...], text: str) -> None:
        """Take an angle, or (of a name that ends in "Ref") which half of the globe it is on."""
        axis = _AXIS.search(name.rpartition(":")[2])
        self._count += 1
        if axis is not None and self._count <= _MAX_ANGLES:
            kind = axis[0][:2].lower() + ("_ref" if name.lower().endswith("ref") else "")
            stem = _AXIS.sub("*", "/".join((*inside[-1:], _SAYS_SIDE.sub("", name))))
            self._values.setdefault((stem, kind), []).append(text)

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield the places that two angles of one name are together, the camera's before others."""
        stems = {stem for stem, _ in self._values}
        for stem in sorted(stems, key=lambda stem: (_OF_ELSEWHERE.search(stem) is not None, stem)):
            sides = [next(iter(self._values.get((stem, f"{axis}_ref"), ())), "") for axis in ("la", "lo")]
            pairs = zip(self._values.get((stem, "la"), ()), self._values.get((stem, "lo"), ()), strict=False)
            for pair in pairs:
                found = [_degrees(text, side) for text, side in zip(pair, sides, strict=True)]
                place = checked_place(*(math.inf if value is None else value for value in found))
                if place is not None:
                    yield place

    def alone(self) -> Iterator[str]:
        """Yield the angles whose other half nobody gives, but for an empty field's zero, and those nobody reads."""
        for (stem, axis), texts in self._values.items():
            if axis in ("la", "lo"):
                single = (stem, "lo" if axis == "la" else "la") not in self._values
                name = "latitude" if axis == "la" else "longitude"
                told = texts if single else [text for text in texts if any(map(str.isdigit, text))]
                yield from (
                    f"{name} {text}" for text in told if not _is_number(text) or (single and _degrees(text, ""))
                )


def _is_number(text: str) -> bool:
    return _match(text) is not None


def _match(text: str) -> re.Match[str] | None:
    plain = _FRACTION.sub(lambda found: f"{int(found[1]) / int(found[2]):.9f}", text.strip())
    return _ANGLE.fullmatch(_DECIMAL_COMMA.sub(r"\1.\2", plain))


def _degrees(text: str, side: str) -> float | None:
    match = _match(text)
    if match is None:
        return None
    value = float(match[3]) + float(match[4] or 0) / 60 + float(match[5] or 0) / 3600
    south = match[2] == "-" or (match[1] or match[6] or side[:1]).upper() in ("S", "W")
    return -value if south else value
