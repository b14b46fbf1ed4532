"""What stands in the directories of a TIFF as text: all of it that is no maker's, no date and no code.

Rule: as with properties of XMP (`property_kinds`), what is technical is listed, and every other text is somebody's. All
directories are gone through: further pages, pictures below others, GPS below Exif.

Source: TIFF 6.0; Exif 3.0 (CIPA DC-008-2023), 4.6; DNG 1.7; ExifTool's table of Exif tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fifthfloor.audit.captions import Captions
from fifthfloor.metadata.exif import EXIF_IFD, GPS_IFD, INTEROPERABILITY_IFD
from fifthfloor.metadata.tiff import Directory, Tiff

Role = Literal["main", "exif", "gps", "other"]
_TEXT_KINDS = (2, 129)  # ASCII, and UTF-8 since Exif 3.0
_BELOW = (0x14A, 0x190)  # pictures below a picture; GlobalParametersIFD
_MAX_WALKED = 24  # directories of one file: a raw has about ten
_MAX_BELOW = 16  # pictures below one
_POINTERS: dict[int, Role] = {EXIF_IFD: "exif", GPS_IFD: "gps", INTEROPERABILITY_IFD: "other"}
# tag -> kind of text (Exif 2.32 section 4.6.4, Exif 3.0; Windows' XP tags are UTF-16 and read apart)
TEXT_TAGS = {
    0x10D: "title", 0x10E: "description", 0x13B: "artist", 0x8298: "copyright", 0x13C: "host", 0x0B: "software",
    0xA430: "owner", 0xA436: "title", 0xA437: "artist", 0xA438: "artist", 0xA43A: "software", 0xA43B: "software",
    0xA43C: "software", 0xFDE8: "owner", 0xFDE9: "serial", 0xC62F: "serial", 0xA431: "serial", 0xA435: "lens_serial",
}  # fmt: skip
# Maker, model, program, dates, lens, fractions of seconds, sensor and profile names, digests, inks, codes.
_TECHNICAL_TAGS = frozenset([
    0x8C, 0x10F, 0x110, 0x131, 0x132, 0x14D, 0x151, 0x2BC, 0x1000, 0x1001, 0x1002, 0x828D, 0x8290, 0x829B, 0x8824,
    0x87B1, 0x8828, 0x882A, 0x9000, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x920C, 0x9216, 0x9286, 0x9290, 0x9291,
    0x9292, 0x927C, 0xA004, 0xA420, 0xA433, 0xA434, 0xA439, 0xA481, 0xC614, 0xC615, 0xC65A, 0xC68B, 0xC6F3,
    0xC6F4, 0xC6F6, 0xC6F8, 0xC6FE, 0xC716, 0xC717, 0xC718, 0xC719, 0xC71B,
    0xC763, 0xC764, 0xC7A2, 0xC7A6, 0xCD2D, 0xCD40, 0xEA1C, 0xFDEA,
])  # fmt: skip
_TECHNICAL_RANGES = ((0xFE00, 0xFEFF), (0xC6D0, 0xC6D1))
# Refs, satellites, status, measure mode, map datum, date.
_TECHNICAL_OF_GPS = frozenset([1, 3, 5, 8, 9, 10, 12, 14, 16, 18, 19, 21, 23, 25, 29])
_MAX_EXIF_TEXT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Walked:
    """A directory, and what it is of."""

    role: Role
    directory: Directory
    first: bool


def directories(tiff: Tiff) -> Iterator[Walked]:
    """Yield the directories of a TIFF that texts may stand in, each once: the first, those below it, further pages."""
    waiting: list[tuple[Role, int]] = [("main", tiff.first_offset)]
    seen = set[int]()
    while waiting and len(seen) < _MAX_WALKED:
        role, at = waiting.pop(0)
        if at <= 0 or at in seen:
            continue
        seen.add(at)
        directory = tiff.directory(at)
        for tag, below in _POINTERS.items():
            if tag in directory.entries:
                waiting.append((below, tiff.number(directory.entries[tag]) or 0))
        for tag in _BELOW:
            entry = directory.entries.get(tag)
            if entry is not None and entry.count <= _MAX_BELOW and entry.kind in (4, 13):
                waiting.extend(("main", int(offset)) for offset in tiff.numbers(entry))
        if role == "main":
            waiting.append(("main", directory.next_offset))
        yield Walked(role, directory, len(seen) == 1)


def say_texts(tiff: Tiff, walked: Walked, captions: Captions) -> None:
    """Say the texts of one directory."""
    technical = _TECHNICAL_OF_GPS if walked.role == "gps" else _TECHNICAL_TAGS
    for tag, entry in walked.directory.entries.items():
        if entry.kind not in _TEXT_KINDS or entry.count < 2 or tag in technical:
            continue
        if walked.role != "gps" and any(first <= tag <= last for first, last in _TECHNICAL_RANGES):
            continue
        if walked.role == "other" and tag in (1, 0x1000):  # index of the rules, form of the related file
            continue
        text = tiff.text(entry, _MAX_EXIF_TEXT_BYTES)
        kind = TEXT_TAGS.get(tag) if walked.role != "gps" else None
        if kind is not None:
            captions.add(kind, text)
        else:
            captions.say(f"{'gps' if walked.role == 'gps' else 'exif'}:0x{tag:04X}", text)
