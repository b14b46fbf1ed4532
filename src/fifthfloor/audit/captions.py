"""What people and programs wrote into a photograph: XMP, IPTC, and who worked on it.

XMP is searched with expressions of bounded reach and never parsed as XML, so no packet can be a bomb.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from fifthfloor.audit.tiff import text_of

MAX_PACKET_BYTES = 4 << 20  # edit histories of a thousand steps are half of that
MAX_VALUES = 200  # of one kind; a photograph with more keywords is no longer about keywords
MAX_VALUE_CHARS = 2000

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
IPTC_HEADER = b"Photoshop 3.0\0"


@dataclass(slots=True)
class Captions:
    """Texts and marks; every value as it is written, trimmed."""

    texts: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, value: str) -> None:
        """Remember a value of a kind ("keyword", "title", "place", "person", "software" ...) once."""
        value = value.strip()[:MAX_VALUE_CHARS]
        values = self.texts.setdefault(kind, [])
        if value and value not in values and len(values) < MAX_VALUES:
            values.append(value)

    def first(self, kind: str) -> str:
        return next(iter(self.texts.get(kind, ())), "")


# property -> kind; each is an attribute, an element, or an element holding a list (XMP Part 1, 7)
_PROPERTIES = {
    "xmp:Rating": "rating",
    "xmp:Label": "label",
    "xap:Rating": "rating",  # the prefix of the first years
    "xap:Label": "label",
    "xap:CreatorTool": "software",
    "xmp:CreatorTool": "software",
    "stEvt:softwareAgent": "software",
    "dc:subject": "keyword",
    "lr:hierarchicalSubject": "keyword",
    "dc:title": "title",
    "dc:description": "description",
    "dc:creator": "artist",
    "photoshop:Headline": "title",
    "photoshop:City": "place",
    "photoshop:State": "place",
    "photoshop:Country": "place",
    "Iptc4xmpCore:Location": "place",
    "Iptc4xmpExt:PersonInImage": "person",
    "mwg-rs:Name": "person",
    "MPReg:PersonDisplayName": "person",
    "aux:SerialNumber": "serial",
    "aux:LensSerialNumber": "lens_serial",
    "aux:OwnerName": "owner",
    "aux:ImageNumber": "image_number",
    "exifEX:BodySerialNumber": "serial",
    "exif:GPSLatitude": "gps_latitude",
    "exif:GPSLongitude": "gps_longitude",
    "GCamera:MotionPhoto": "motion",
    "GCamera:MicroVideo": "motion",
    "GCamera:MicroVideoOffset": "motion_bytes",
    "xmpMM:OriginalDocumentID": "document_id",
}
_NAMES = "|".join(re.escape(name) for name in _PROPERTIES)
_ATTRIBUTE = re.compile(rf"\b({_NAMES})\s*=\s*(?:\"([^\"<]{{0,4000}})\"|'([^'<]{{0,4000}})')")
_OPENED = re.compile(rf"<({_NAMES})(?:\s[^<>]{{0,400}})?>")
MAX_ELEMENT_CHARS = 20_000
_ITEM = re.compile(r"<rdf:li(?:\s[^<>]{0,400})?>([^<]{0,4000})</rdf:li>")
_TAG = re.compile(r"<[^<>]{0,400}>")


def read_xmp(packet: bytes, captions: Captions) -> None:
    """Add what an XMP packet says."""
    text = packet[:MAX_PACKET_BYTES].decode("utf-8", "replace")
    for match in _ATTRIBUTE.finditer(text):
        captions.add(_PROPERTIES[match[1]], html.unescape(match[2] or match[3] or ""))
    for name, body in _elements(text):
        items = _ITEM.findall(body) if "<rdf:li" in body else [_TAG.sub(" ", body)]
        for item in items:
            captions.add(_PROPERTIES[name], html.unescape(item))


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Yield (name, contents) of known elements; each end is looked for once, so repeated starts cost nothing."""
    ends: dict[str, int] = {}
    after = 0
    for match in _OPENED.finditer(text):
        name, start = match[1], match.end()
        if match.start() < after or ends.get(name, 0) < 0:
            continue
        if ends.get(name, 0) < start:
            ends[name] = text.find(f"</{name}>", start)
        end = ends[name]
        if start <= end <= start + MAX_ELEMENT_CHARS:
            yield name, text[start:end]
            after = end


_DATASETS = {
    5: "title", 25: "keyword", 80: "artist", 90: "place", 92: "place", 95: "place", 101: "place", 105: "title",
    116: "copyright", 118: "owner", 120: "description",
}  # fmt: skip
MAX_RESOURCES = 500


def read_iptc(data: bytes, captions: Captions) -> None:
    """Add what the IPTC records of a Photoshop block say (IPTC IIM 4.2, record 2)."""
    at = len(IPTC_HEADER)
    for _ in range(MAX_RESOURCES):
        if data[at : at + 4] != b"8BIM" or at + 12 > len(data):
            return
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        name = data[at + 6] + 1 + (data[at + 6] + 1) % 2
        length = int.from_bytes(data[at + 6 + name : at + 10 + name], "big")
        body = at + 10 + name
        if kind == 0x0404:
            _read_records(data[body : body + length], captions)
        at = body + length + length % 2


def _read_records(data: bytes, captions: Captions) -> None:
    at = 0
    for _ in range(MAX_RESOURCES):
        if at + 5 > len(data) or data[at] != 0x1C:
            return
        record, dataset = data[at + 1], data[at + 2]
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if length & 0x8000:  # extended length: larger than any caption
            return
        if record == 2 and dataset in _DATASETS:
            captions.add(_DATASETS[dataset], text_of(data[at + 5 : at + 5 + length]))
        at += 5 + length
