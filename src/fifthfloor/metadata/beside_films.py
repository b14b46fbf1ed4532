"""What texts beside films, and texts inside them, say of place and camera.

Sony's clip descriptions ("NonRealTimeMeta", beside and inside of films), Panasonic's P2 clips, drones' subtitles (as
DJI, Autel and others spell them), NMEA sentences, GPX, TCX, KML and GeoJSON tracks, what Google's export writes beside
a photograph. Expressions of bounded reach, never an XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.text import decode_marked

MAX_TEXT_BYTES = 16 << 20  # the subtitles of an hour are three
Spot = tuple[float, float]

_DEGREES = r"([-+]?\d{1,3}(?:\.\d{1,15})?)"
_BRACKETS = re.compile(rf"\[latitude\s*:\s*{_DEGREES}\]?[^\[\n]{{0,40}}\[?long?t?itude\s*:\s*{_DEGREES}", re.IGNORECASE)
# Longitude first; the third value is a height, or the count of satellites.
_ROUND = re.compile(rf"\bGPS\s?\(\s*{_DEGREES}\s*,\s*{_DEGREES}")
_HOME = re.compile(rf"\bHOME\s?\(\s*{_DEGREES}\s*,\s*{_DEGREES}")
_LABELLED = re.compile(
    rf"\bLat(?:itude)?[\"']?\s?[:=]\s?{_DEGREES}[^\n]{{0,12}}?\s{{0,20}}[\"']?\bLo?ng?(?:itude)?[\"']?\s?[:=]\s?{_DEGREES}",
    re.IGNORECASE,
)
_COLON = re.compile(rf"\bGPS\s?:\s?{_DEGREES}\s?,\s?{_DEGREES}")
# Letters before or behind the numbers: Autel's "GPS(E: 125.75, N: 39.02, 4m)", "39.02 N, 125.75 E".
# Both with a fraction of two digits: "E 5, N 3" and "N 12 W 34" are anything.
_BROKEN_DEGREES = r"([-+]?\d{1,3}\.\d{2,15})"
_BEFORE = re.compile(rf"\b([NSEW])\s?:?\s?{_BROKEN_DEGREES}\W{{1,4}}([NSEW])\s?:?\s?{_BROKEN_DEGREES}")
_BEHIND = re.compile(rf"{_BROKEN_DEGREES}\W{{0,2}}([NSEW])\b\W{{1,3}}{_BROKEN_DEGREES}\W{{0,2}}([NSEW])\b")
_NMEA = re.compile(
    r"\$[A-Z]{2}(?:RMC,[\d.]{0,12},A?,|(?:GGA|GNS),[\d.]{0,12},|GLL,)(\d{1,2})(\d\d\.\d+),([NS]),(\d{1,3})(\d\d\.\d+),([EW])"
)
_GPX = re.compile(
    rf"<(?:\w{{1,20}}:)?(?:trkpt|wpt|rtept)\s(?:[^<>]{{0,80}}\s)?lat=[\"']{_DEGREES}[\"']\s[^<>]{{0,40}}?lon=[\"']{_DEGREES}[\"']"
)
_GPX_TURNED = re.compile(
    rf"<(?:\w{{1,20}}:)?(?:trkpt|wpt|rtept)\slon=[\"']{_DEGREES}[\"']\s{{1,8}}lat=[\"']{_DEGREES}[\"']"
)
_GEOJSON = re.compile(rf"\"coordinates\"\s{{0,9}}:[\s\[]{{1,80}}{_DEGREES}\s{{0,80}},\s{{0,80}}{_DEGREES}")
# What photo programs write of a photograph, in any order of its fields (ExifTool's JSON, PhotoPrism's YAML).
_GPS_FIELD = re.compile(
    r"(?:\bGPS|^|\n)(Lat(?:itude)?|Lng|Longitude)\"?\s?[:=]\s?\"?(?=[-+]?\d{1,3}\.\d)([-+\d.]{3,20})(?:\s?([NSEW])\b)?"
)
_GPS_POSITION = re.compile(rf"\bGPSPosition\"?\s?[:=]\s?\"?{_BROKEN_DEGREES},?\s{_BROKEN_DEGREES}")
_NAMED_PEOPLE = re.compile(r"\"people\"\s{0,9}:\s{0,9}\[([^\[\]]{1,9000})\]")
_NAME_OF_ONE = re.compile(r"\"name\"\s{0,9}:\s{0,9}\"([^\"\\]{1,200})\"")
_DESCRIBED = re.compile(r"\"description\"\s{0,9}:\s{0,9}\"([^\"]{1,2000})\"")
_KML = re.compile(rf"<(?:coordinates|gx:coord)>\s{{0,80}}{_DEGREES}[,\s]{_DEGREES}")
_SONY_ITEM = re.compile(
    r"<Item\s{1,8}name=[\"'](Latitude|Longitude)(Ref)?[\"']\s{1,8}value=[\"']([^\"'<]{1,40})[\"']", re.IGNORECASE
)
# Panasonic's P2 ("N39.0194") and TCX, an element each.
_COORDINATE = re.compile(
    r"<(Latitude|Longitude)(?:Degrees)?>\s{0,9}([NSEW]?)\s?([-+\d.:; ]{1,40}?)\s{0,9}([NSEW]?)\s{0,9}<"
)
_PLACE_NAME = re.compile(r"<PlaceName>([^<]{1,200})<")
_DEVICE = re.compile(r"<Device\s([^<>]{1,400})>")
_XML_ATTRIBUTE = re.compile(r"\b(manufacturer|modelName|serialNo)=[\"']([^\"'<]{1,80})[\"']")
_ELEMENT = re.compile(r"<(Manufacturer|ModelName|SerialNo\.?)>([^<]{1,80})<")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a text says; empty where it says nothing."""

    make: str = ""
    model: str = ""
    serial: str = ""
    place: Spot | None = None
    place_name: str = ""
    persons: tuple[str, ...] = ()
    description: str = ""

    @property
    def says_something(self) -> bool:
        """Whether it names a place, a person or a camera's number."""
        return bool(self.serial or self.place or self.place_name or self.persons or self.description)


def read_text(data: bytes) -> TextFacts:
    """Read a text beside a film, or a film's own; nothing of it is kept but camera and first place."""
    text = decode_marked(data[:MAX_TEXT_BYTES])
    camera: dict[str, str] = {}
    for name, value in _said_of_camera(text):
        camera.setdefault(name.lower().rstrip("."), value.strip())
    place = _in_items(text) or next(_places(text), None)
    return TextFacts(
        camera.get("manufacturer", ""),
        camera.get("modelname", ""),
        camera.get("serialno", "").strip("0 "),
        place,
        named[1].strip() if (named := _PLACE_NAME.search(text)) else "",
        *_of_google(text),
    )


def _of_google(text: str) -> tuple[tuple[str, ...], str]:
    """Return the persons whom Google's export names beside a photograph, and what somebody wrote of it."""
    if '"geoData' not in text and '"photoTakenTime' not in text:
        return (), ""
    people = [name[1] for block in _NAMED_PEOPLE.finditer(text) for name in _NAME_OF_ONE.finditer(block[1])]
    described = _DESCRIBED.search(text)
    return tuple(dict.fromkeys(people)), described[1] if described else ""


def _said_of_camera(text: str) -> Iterator[tuple[str, str]]:
    for device in _DEVICE.finditer(text):
        for match in _XML_ATTRIBUTE.finditer(device[1]):
            yield match[1], match[2]
    if "<P2Main" in text or "<ClipContent" in text:
        for match in _ELEMENT.finditer(text):
            yield match[1], match[2]


def _places(text: str) -> Iterator[Spot]:
    for pattern, turned in _WAYS:
        for match in pattern.finditer(text):
            first, second = float(match[1]), float(match[2])
            # Programs do not agree about the order; where one cannot be, the other is meant.
            orders = ((second, first), (first, second)) if turned else ((first, second), (second, first))
            place = checked_place(*orders[0]) or checked_place(*orders[1])
            if place is not None:
                yield place
    for pattern, numbers, letters in ((_BEFORE, (2, 4), (1, 3)), (_BEHIND, (1, 3), (2, 4))):
        for match in pattern.finditer(text):
            said = {match[at]: float(match[number]) for number, at in zip(numbers, letters, strict=True)}
            place = _of_letters(said)
            if place is not None:
                yield place
    for match in _NMEA.finditer(text):
        latitude = (int(match[1]) + float(match[2]) / 60) * (-1 if match[3] == "S" else 1)
        longitude = (int(match[4]) + float(match[5]) / 60) * (-1 if match[6] == "W" else 1)
        place = checked_place(latitude, longitude)
        if place is not None:
            yield place


def _of_letters(said: dict[str, float]) -> Spot | None:
    found = [[value if letter in "NE" else -value for letter, value in said.items() if letter in pair]
             for pair in ("NS", "EW")]  # fmt: skip
    return checked_place(found[0][0], found[1][0]) if all(found) else None


def _in_items(text: str) -> Spot | None:
    """Read a place whose parts stand in elements of their own: Sony's items, Panasonic's and TCX's elements."""
    said: dict[str, str] = {}
    for match in _SONY_ITEM.finditer(text):
        said.setdefault(match[1].lower() + ("ref" if match[2] else ""), match[3])
    for match in _COORDINATE.finditer(text):
        said.setdefault(match[1].lower(), match[3])
        said.setdefault(match[1].lower() + "ref", match[2] or match[4])
    for match in _GPS_FIELD.finditer(text):
        name = "longitude" if match[1][:2] == "Lo" or match[1].lower() == "lng" else "latitude"
        said.setdefault(name, match[2])
        said.setdefault(name + "ref", match[3] or "")
    try:
        degrees = [_item_degrees(said[name], said.get(name + "ref", "")) for name in ("latitude", "longitude")]
    except (KeyError, ValueError):
        return None
    return checked_place(degrees[0], degrees[1])


def _item_degrees(written: str, side: str) -> float:
    negative = written.lstrip().startswith("-") or side.upper()[:1] in ("S", "W")
    value: float = sum(
        float(part) / 60**power for power, part in enumerate(re.split(r"[:; ]+", written.strip("-+ "))[:3])
    )
    return -value if negative else value


# Which stand first is tried first; `turned`: longitude before latitude.
_WAYS = ((_BRACKETS, False), (_ROUND, True), (_COLON, False), (_LABELLED, False), (_GPX, False), (_GPX_TURNED, True),
          (_GPS_POSITION, False), (_KML, True), (_GEOJSON, True), (_HOME, True))  # fmt: skip
