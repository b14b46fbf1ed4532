"""Colours that a converted photograph names without an ICC profile, or beside one.

Rule 1: what is sRGB needs no word; Display P3 and Adobe RGB (1998) get our profile, as a JPEG's do (`profiles`).
Rule 2: anything else (BT.2020, HDR by PQ or HLG, light that is coded otherwise) keeps its numbers, loses its name,
        and a person is told. Nothing is tone-mapped here: 8 bits of PQ or HLG are too few to do it well.
Rule 3: a file that says two things is not guessed at: a person is told.

Source: ITU-T H.273 (numbers), PNG third edition 11.3.2 and 4.3 (which chunk wins), TIFF 6.0 section 20, DCF 2.0.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Literal

from fifthfloor.metadata.exif import is_adobe_rgb
from fifthfloor.metadata.heif_colours import ColourNumbers, named_colours
from fifthfloor.metadata.png import chunks
from fifthfloor.metadata.tiff import Read, Tiff, reader_of
from fifthfloor.redact.profiles import ProfileVerdict, adobe_rgb, display_p3, publishable

NamedSpace = Literal["srgb", "p3", "adobe", "other"]

# H.273, tables 2 and 3. 2 is "not said"; the curves of BT.709, BT.601 and BT.2020 are shown as sRGB's by all viewers.
_OF_PRIMARIES: dict[int, NamedSpace] = {1: "srgb", 2: "srgb", 12: "p3"}
_ORDINARY_CURVES = {1, 2, 4, 6, 13, 14, 15}
# White, red, green, blue as CIE 1931 x and y.
_D65 = (0.3127, 0.3290)
_OF_CHROMATICITIES: dict[NamedSpace, tuple[float, ...]] = {
    "srgb": (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06),
    "p3": (*_D65, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
    "adobe": (*_D65, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06),
}
_NEAR_XY = 0.005
_GAMMA, _NEAR_GAMMA = 2.2, 0.1  # within it, no eye sees a difference to sRGB's curve
_WHITE_POINT, _PRIMARIES, _TRANSFER = 0x13E, 0x13F, 0x12D


def profile_of(data: bytes, kind: str, given: bytes, exif: Read) -> tuple[bytes, ProfileVerdict]:
    """Return the profile to write into a converted photograph, and what became of its own.

    Args:
        data: the file, whole, of an unknown source.
        kind: one of `converting.ConvertedKind`.
        given: its ICC profile as the decoder gave it, empty for none.
        exif: its Exif block.
    """
    said, wins = _said(data, kind)
    if given and not wins:
        return publishable(given)
    if is_adobe_rgb(exif) and said != "adobe":
        # Cameras set to Adobe RGB say it in EXIF only.
        said = "other" if said else "adobe"
    return written(said)


def written(space: NamedSpace | None) -> tuple[bytes, ProfileVerdict]:
    """Return our profile of a space, and what is said of it."""
    if space in ("p3", "adobe"):
        return display_p3() if space == "p3" else adobe_rgb(), "replaced"
    return b"", "unknown" if space == "other" else "none"


def _said(data: bytes, kind: str) -> tuple[NamedSpace | None, bool]:
    """Return which space is named without a profile, and whether that wins over one."""
    read = reader_of(data)
    if kind in ("HEIC", "AVIF"):
        named = named_colours(read, len(data))
        # A profile that is there and that the decoder did not give is broken.
        return "other" if named.has_profile else _of_numbers(named.numbers), False
    if kind == "PNG":
        return _said_by_png(read)
    return (_said_by_tiff(read) if kind == "TIFF" else None), False


def _of_numbers(numbers: ColourNumbers | None) -> NamedSpace | None:
    if numbers is None or numbers == (2, 2):
        return None
    primaries, curve = numbers
    return _OF_PRIMARIES.get(primaries, "other") if curve in _ORDINARY_CURVES else "other"


def _said_by_png(read: Read) -> tuple[NamedSpace | None, bool]:
    """cICP wins over iCCP, that over sRGB, and that over gAMA and cHRM."""
    found: dict[bytes, bytes] = {}
    for chunk in chunks(read):
        if chunk.kind in (b"IDAT", b"IEND"):
            break
        if chunk.kind in (b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"):
            found.setdefault(chunk.kind, read(chunk.offset_bytes, min(chunk.length_bytes, 32)))
    if len(found.get(b"cICP", b"")) >= 4:
        return _of_numbers((found[b"cICP"][0], found[b"cICP"][1])), True
    if b"iCCP" in found:
        return "other", False  # as above: broken, where the decoder did not give it
    if b"sRGB" in found:
        return "srgb", False
    gamma, places = found.get(b"gAMA", b""), found.get(b"cHRM", b"")
    is_odd = len(gamma) == 4 and not _is_ordinary(int.from_bytes(gamma, "big") / 100_000)
    if is_odd or len(places) != 32:
        return ("other" if is_odd else None), False
    return _of_chromaticities([value / 100_000 for value in struct.unpack(">8I", places)]), False


def _is_ordinary(exponent: float) -> bool:
    return exponent > 0 and abs(1 / exponent - _GAMMA) < _NEAR_GAMMA


def _said_by_tiff(read: Read) -> NamedSpace | None:
    tiff = Tiff.open(read)
    first = tiff.directory(tiff.first_offset).entries if tiff else {}
    if tiff is None or _PRIMARIES not in first:
        return "other" if _TRANSFER in first else None
    places = (*tiff.numbers(first.get(_WHITE_POINT), 2), *tiff.numbers(first[_PRIMARIES], 6))
    return "other" if _TRANSFER in first else _of_chromaticities(places)


def _of_chromaticities(places: Sequence[float]) -> NamedSpace:
    for space, known in _OF_CHROMATICITIES.items():
        if len(places) == len(known) and all(abs(a - b) < _NEAR_XY for a, b in zip(places, known, strict=True)):
            return space
    return "other"
