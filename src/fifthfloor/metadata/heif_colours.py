"""What HEIF and AVIF files say of their colours: the `colr` properties of the picture that is shown.

Source: ISO/IEC 14496-12, 8.11.4 (`pitm`), 12.1.5 (`colr`); ISO/IEC 23008-12, 9.3 (`ipco`, `ipma`).
"""

from __future__ import annotations

from dataclasses import dataclass

from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.tiff import Read

_MAX_PROPERTIES_BYTES = 1 << 20
_PROFILES = (b"prof", b"rICC")
ColourNumbers = tuple[int, int]
"""Primaries and transfer, as ITU-T H.273 numbers them (tables 2 and 3)."""


@dataclass(frozen=True, slots=True)
class NamedColours:
    """What a picture's properties say.

    Args:
        numbers: None where none are given.
        has_profile: there is an ICC profile, which wins.
    """

    numbers: ColourNumbers | None = None
    has_profile: bool = False


def named_colours(read: Read, size_bytes: int) -> NamedColours:
    """Return what is said of the primary picture's colours; where no picture has the property, of any."""
    meta = next(((start, end) for kind, start, end in boxes(read, 0, size_bytes) if kind == b"meta"), None)
    if meta is None:
        return NamedColours()
    of = {kind: (start, end) for kind, start, end in reversed(list(boxes(read, meta[0] + 4, meta[1])))}
    inner = {kind: place for kind, *place in boxes(read, *of.get(b"iprp", (0, 0)))}
    said = {
        number: read(start, min(end - start, 11))
        for number, (kind, start, end) in enumerate(boxes(read, *inner.get(b"ipco", (0, 0))), 1)
        if kind == b"colr"
    }
    primary = _primary(_bytes_of(read, of.get(b"pitm", (0, 0))))
    own = _properties_of(primary, _bytes_of(read, inner.get(b"ipma", (0, 0))))
    shown = [said[number] for number in own if number in said] or list(said.values())
    named = [data for data in shown if data[:4] == b"nclx" and len(data) >= 8]
    numbers = (int.from_bytes(named[0][4:6], "big"), int.from_bytes(named[0][6:8], "big")) if named else None
    return NamedColours(numbers, any(data[:4] in _PROFILES for data in shown))


def _bytes_of(read: Read, place: tuple[int, int] | list[int]) -> bytes:
    start, end = place
    return read(start, min(end - start, _MAX_PROPERTIES_BYTES))


def _primary(pitm: bytes) -> int:
    return int.from_bytes(pitm[4 : 6 if pitm[:1] == b"\0" else 8], "big")


def _properties_of(item: int, ipma: bytes) -> list[int]:
    """Read the association table: which properties, counted from 1, an item has."""
    item_bytes = 2 if ipma[:1] == b"\0" else 4
    wide = 2 if ipma[3:4] and ipma[3] & 1 else 1
    at = 8
    while at + item_bytes < len(ipma):
        number, count = int.from_bytes(ipma[at : at + item_bytes], "big"), ipma[at + item_bytes]
        at += item_bytes + 1
        if number == item:
            listed = (ipma[at + step * wide : at + (step + 1) * wide] for step in range(count))
            # The first bit says that a reader has to know the property.
            return [int.from_bytes(one, "big") & ((1 << (8 * wide - 1)) - 1) for one in listed]
        at += count * wide
    return []
