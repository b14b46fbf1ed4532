"""What texts beside films, and texts inside them, say of place and camera.

Sony's clip descriptions ("NonRealTimeMeta", beside and inside of films), Panasonic's P2 clips, drones' subtitles (the
three spellings of DJI), NMEA sentences, GPX and KML tracks. Expressions of bounded reach, never an XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fifthfloor.metadata.exif import checked_place

MAX_TEXT_BYTES = 16 << 20  # the subtitles of an hour are three
Spot = tuple[float, float]

_NUMBER = r"([-+]?\d{1,3}(?:\.\d{1,15})?)"
_BRACKETS = re.compile(rf"\[latitude\s*:\s*{_NUMBER}\]?[^\[\n]{{0,40}}\[?long?t?itude\s*:\s*{_NUMBER}", re.IGNORECASE)
# Longitude first; the third value is a height, or the count of satellites.
_ROUND = re.compile(rf"\bGPS\s?\(\s*{_NUMBER}\s*,\s*{_NUMBER}")
_NMEA = re.compile(
    r"\$[A-Z]{2}(?:RMC,[\d.]{0,12},A?|GGA,[\d.]{0,12}),(\d{1,2})(\d\d\.\d+),([NS]),(\d{1,3})(\d\d\.\d+),([EW])"
)
_GPX = re.compile(
    rf"<(?:trkpt|wpt|rtept)\s(?:[^<>]{{0,80}}\s)?lat=[\"']{_NUMBER}[\"']\s[^<>]{{0,40}}?lon=[\"']{_NUMBER}[\"']"
)
_GPX_TURNED = re.compile(rf"<(?:trkpt|wpt|rtept)\slon=[\"']{_NUMBER}[\"']\s{{1,8}}lat=[\"']{_NUMBER}[\"']")
_KML = re.compile(rf"<(?:coordinates|gx:coord)>\s{{0,80}}{_NUMBER}[,\s]{_NUMBER}")
_SONY_ITEM = re.compile(
    r"<Item\s{1,8}name=\"(Latitude|Longitude)(Ref)?\"\s{1,8}value=\"([^\"<]{1,40})\"", re.IGNORECASE
)
_DEVICE = re.compile(r"<Device\s([^<>]{1,400})>")
_ATTRIBUTE = re.compile(r"\b(manufacturer|modelName|serialNo)=\"([^\"<]{1,80})\"")
_ELEMENT = re.compile(r"<(Manufacturer|ModelName|SerialNo\.?)>([^<]{1,80})<")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a text says; empty where it says nothing."""

    make: str = ""
    model: str = ""
    serial: str = ""
    place: Spot | None = None

    @property
    def says_something(self) -> bool:
        """Whether it names a place or a camera's number."""
        return bool(self.serial or self.place)


def read_text(data: bytes) -> TextFacts:
    """Read a text beside a film, or a film's own; nothing of it is kept but camera and first place."""
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data[:MAX_TEXT_BYTES].decode(codec, "replace")
    camera: dict[str, str] = {}
    for name, value in _said_of_camera(text):
        camera.setdefault(name.lower().rstrip("."), value.strip())
    place = _sony_place(text) or next(_places(text), None)
    return TextFacts(
        camera.get("manufacturer", ""), camera.get("modelname", ""), camera.get("serialno", "").strip("0 "), place
    )


def _said_of_camera(text: str) -> Iterator[tuple[str, str]]:
    for device in _DEVICE.finditer(text):
        for match in _ATTRIBUTE.finditer(device[1]):
            yield match[1], match[2]
    if "<P2Main" in text or "<ClipContent" in text:
        for match in _ELEMENT.finditer(text):
            yield match[1], match[2]


def _places(text: str) -> Iterator[Spot]:
    for pattern, turned in ((_BRACKETS, False), (_ROUND, True), (_GPX, False), (_GPX_TURNED, True), (_KML, True)):
        for match in pattern.finditer(text):
            first, second = float(match[1]), float(match[2])
            # Programs do not agree about the order; where one cannot be, the other is meant.
            orders = ((second, first), (first, second)) if turned else ((first, second), (second, first))
            place = checked_place(*orders[0]) or checked_place(*orders[1])
            if place is not None:
                yield place
    for match in _NMEA.finditer(text):
        latitude = (int(match[1]) + float(match[2]) / 60) * (-1 if match[3] == "S" else 1)
        longitude = (int(match[4]) + float(match[5]) / 60) * (-1 if match[6] == "W" else 1)
        place = checked_place(latitude, longitude)
        if place is not None:
            yield place


def _sony_place(text: str) -> Spot | None:
    said: dict[str, str] = {}
    for match in _SONY_ITEM.finditer(text):
        said.setdefault(match[1].lower() + ("ref" if match[2] else ""), match[3])
    try:
        degrees = [
            sum(float(part) / 60**power for power, part in enumerate(re.split(r"[:; ]+", said[name])[:3]))
            * (-1 if said.get(name + "ref", "").upper() in ("S", "W") else 1)
            for name in ("latitude", "longitude")
        ]
    except (KeyError, ValueError):
        return None
    return checked_place(degrees[0], degrees[1])
