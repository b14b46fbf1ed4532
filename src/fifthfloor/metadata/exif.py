"""What Exif says of a photograph: how it is turned, who made it, when and where (Exif 2.32, CIPA DC-008).

Rule: metadata never makes a photograph unreadable: these functions give a value or none, and do not raise.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime

from fifthfloor.metadata.text import text_of
from fifthfloor.metadata.tiff import Directory, Read, Tiff, TiffEntry

ORIENTATION, MAKE, MODEL, EXIF_IFD, GPS_IFD, TAKEN = 0x0112, 0x010F, 0x0110, 0x8769, 0x8825, 0x9003
INTEROPERABILITY_IFD = 0xA005
GPS_PLACE, GPS_DESTINATION, GPS_AREA = 1, 19, 28
_SHORT = 3
_USUAL_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)", re.ASCII)  # as nearly all write it
MAX_COMMENT_BYTES = 4096


ExifPart = tuple[Tiff, Directory]
"""A directory, and the TIFF that its values lie in."""


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What a camera says of a photograph; empty where it says nothing: maker and model, local time, place."""

    camera: str
    captured: str
    place: str


NOTHING_TAKEN = ExifFacts("", "", "")


def orientation_of(exif: Read) -> int:
    """Return the orientation of an Exif block (`jpeg_head.exif_in`), 1 to 8; 1 where there is none."""
    tiff = Tiff.open(exif)
    entry = tiff.directory(tiff.first_offset).entries.get(ORIENTATION) if tiff else None
    value = tiff.number(entry) if tiff and entry and entry.kind == _SHORT else None
    return value if value is not None and 1 <= value <= 8 else 1


@dataclass(frozen=True, slots=True)
class ExifParts:
    """The directories of a photograph's Exif; in a CR3 each stands in a TIFF of its own."""

    main: ExifPart
    detail: ExifPart
    gps: ExifPart


def parts_of(exif: Read) -> ExifParts | None:
    """Return the directories of an Exif block (`jpeg_head.exif_in`) or of a raw that is a TIFF; None of no TIFF."""
    tiff = Tiff.open(exif)
    if tiff is None:
        return None
    main = tiff.directory(tiff.first_offset)
    detail, gps = (tiff.directory(tiff.number(main.entries.get(tag)) or 0) for tag in (EXIF_IFD, GPS_IFD))
    return ExifParts((tiff, main), (tiff, detail), (tiff, gps))


def is_adobe_rgb(exif: Read | ExifParts | None) -> bool:
    """Say whether Exif names Adobe RGB, and no profile does: index R03 of DCF 2.0, section 4.3."""
    parts = exif if isinstance(exif, ExifParts | None) else parts_of(exif)
    if parts is None:
        return False
    tiff, detail = parts.detail
    return tiff.text(tiff.directory(tiff.number(detail.entries.get(INTEROPERABILITY_IFD)) or 0).entries.get(1)) == "R03"


def taken_of(exif: Read | ExifParts | None) -> ExifFacts:
    """Return camera, time and place as an Exif block (`jpeg_head.exif_in`) gives them."""
    parts = exif if isinstance(exif, ExifParts | None) else parts_of(exif)
    if parts is None:
        return NOTHING_TAKEN
    (tiff, main), (of_detail, detail), (of_gps, gps) = parts.main, parts.detail, parts.gps
    camera = f"{_printable(tiff, main.entries.get(MAKE))} {_printable(tiff, main.entries.get(MODEL))}".strip()
    # Which half of the world is not guessed for what will be signed.
    sided = of_gps.text(gps.entries.get(1)) and of_gps.text(gps.entries.get(3))
    place = read_place(of_gps, gps) if sided else None
    captured = _printable(of_detail, detail.entries.get(TAKEN))
    return ExifFacts(camera, captured, f"{place[0]:.6f},{place[1]:.6f}" if place else "")


def _printable(tiff: Tiff, entry: TiffEntry | None) -> str:
    return "".join(c for c in tiff.text(entry, 200) if c.isprintable()).strip()


def read_place(tiff: Tiff, gps: Directory, first_tag: int = GPS_PLACE) -> tuple[float, float] | None:
    """Return latitude and longitude of a GPS directory (Exif 2.32, 4.6.6); None where there is no fix.

    Args:
        tiff, gps: the directory.
        first_tag: of the four: GPS_PLACE of the camera, GPS_DESTINATION of where it was going.
    """
    degrees = []
    for value_tag, sign_tag, negative in ((first_tag + 1, first_tag, "S"), (first_tag + 3, first_tag + 2, "W")):
        parts = tiff.numbers(gps.entries.get(value_tag), 3)
        if not parts or not all(math.isfinite(part) for part in parts):
            return None
        value = sum(part / 60**power for power, part in enumerate(parts[:3]))
        degrees.append(-value if tiff.text(gps.entries.get(sign_tag)).upper().startswith(negative) else value)
    return checked_place(degrees[0], degrees[1])


def checked_place(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Return a place on the globe, rounded to 0.1 m; None for one that is not, and for the zero of an empty field."""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (latitude == 0 and longitude == 0):
        return None
    return round(latitude, 6), round(longitude, 6)


def read_comment(tiff: Tiff, entry: TiffEntry | None) -> str:
    """Return UserComment (tag 0x9286) or its like: eight bytes say its code, and some programs leave them out."""
    comment = tiff.raw(entry, MAX_COMMENT_BYTES)
    if comment.startswith((b"ASCII\0\0\0", b"\0" * 8)):
        return text_of(comment[8:])
    if comment.startswith(b"UNICODE\0"):
        codec = "utf-16-le" if tiff.order == "<" else "utf-16-be"
        return comment[8:].decode(codec, "replace").split("\0", 1)[0]
    if comment.startswith(b"JIS\0\0\0\0\0"):
        return comment[8:].decode("iso2022_jp", "replace").split("\0", 1)[0]
    return text_of(comment)


def parse_time(text: str) -> datetime | None:
    """Read an Exif time, "YYYY:MM:DD HH:MM:SS"; None for nonsense and for a clock never set."""
    match = _USUAL_TIME.fullmatch(text[:19])
    try:
        if match is not None:
            year, month, day, hour, minute, second = map(int, match.groups())
            moment = datetime(year, month, day, hour, minute, second)
        else:
            moment = datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return moment if moment.year > 1980 else None
