"""What people and programs wrote into a photograph, by what it is: keywords, titles, places, persons, programs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fifthfloor.audit.angles import Angles
from fifthfloor.audit.property_kinds import is_wordy, kind_of_property
from fifthfloor.audit.written_by_itself import is_written_by_itself
from fifthfloor.metadata.iptc import other_records, records
from fifthfloor.metadata.xmp import MAX_PACKET_BYTES, MAX_VALUES, walk_xmp

_MAX_CAPTIONS = 200  # of one kind; a photograph with more keywords is no longer about keywords
_MAX_CAPTION_CHARS = 2000


@dataclass(slots=True)
class Captions:
    """Texts and marks; every value as it is written, trimmed.

    Args:
        texts: kind -> values.
        left_out: there were more than are kept here.
        angles: latitudes and longitudes, which come apart.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    left_out: bool = False
    angles: Angles = field(default_factory=Angles)

    def add(self, kind: str, value: str) -> None:
        """Remember a value of a kind ("keyword", "title", "place", "person", "software" ...) once."""
        text = value.strip()
        value = text[:_MAX_CAPTION_CHARS]
        values = self.texts.setdefault(kind, [])
        if value and value not in values:
            self.left_out = self.left_out or len(values) >= _MAX_CAPTIONS or len(text) > _MAX_CAPTION_CHARS
            if len(values) < _MAX_CAPTIONS:
                values.append(value)

    def say(self, name: str, text: str) -> bool:
        """Remember words of no known kind with the name of what they stand in; not what cameras write by themselves."""
        if not text or is_written_by_itself(text):
            return False
        self.add("said", f"{name}: {text.strip()}")
        return True

    def take(self, name: str, inside: tuple[str, ...], text: str) -> bool:
        """Remember the value of a property, of XMP or of a text that names it; whether it is no machine's.

        Args:
            name: with the usual prefix, where it has one.
            inside: the properties it is nested in.
            text: its value.
        """
        kind = _PROPERTIES.get(name) or kind_of_property(name, inside, text)
        if kind is None:
            return False
        if kind.startswith(("latitude", "longitude")):
            self.angles.add(name, inside, text)
        elif kind == "said":
            return self.say(name.lstrip("?"), text)
        else:
            self.add(kind, text)
        return True

    def first(self, kind: str) -> str:
        return next(iter(self.texts.get(kind, ())), "")


# property -> kind
_PROPERTIES = {
    "xmp:Rating": "rating",
    "xmp:Label": "label",
    "xmp:CreatorTool": "software",
    "stEvt:softwareAgent": "software",
    "tiff:Software": "software",
    "tiff:ImageDescription": "description",
    "tiff:Artist": "artist",
    "tiff:Copyright": "copyright",
    "exif:UserComment": "comment",
    "exifEX:Photographer": "artist",
    "exifEX:ImageEditor": "artist",
    "exifEX:ImageTitle": "title",
    "photoshop:AuthorsPosition": "said",
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
    "exifEX:LensSerialNumber": "lens_serial",
    "exifEX:CameraOwnerName": "owner",
    "exifEX:SerialNumber": "serial",
    "exif:BodySerialNumber": "serial",
    "Iptc4xmpExt:City": "place",
    "Iptc4xmpExt:Sublocation": "place",
    "Iptc4xmpExt:CountryName": "place",
    "Iptc4xmpExt:ProvinceState": "place",
    "Iptc4xmpExt:LocationName": "place",
    "Iptc4xmpExt:PersonName": "person",
    "mediapro:People": "person",
    "mediapro:Location": "place",
    "digiKam:TagsList": "keyword",
    "MicrosoftPhoto:LastKeywordXMP": "keyword",
    "drone-dji:DroneSerialNumber": "serial",
    "drone-dji:CameraSerialNumber": "serial",
    "GCamera:MotionPhoto": "motion",
    "GCamera:MicroVideo": "motion",
    "GCamera:MicroVideoOffset": "motion_bytes",
    "xmpMM:OriginalDocumentID": "document_id",
}


# Angles whose element names its space by itself.
_WITHOUT_PREFIX = re.compile(rb"<(GPSL\w{1,20})\s[^<>]{0,200}>([^<>]{1,100})<")


def add_xmp(packet: bytes, captions: Captions) -> None:
    """Add what an XMP packet says: whatever stands in it, but for what is known to be technical."""
    kept = 0
    for value in walk_xmp(packet):
        kept += captions.take(value.name, value.inside, value.text)
        if kept >= MAX_VALUES:
            break
    if b"<GPSL" in packet:
        for match in _WITHOUT_PREFIX.finditer(packet[:MAX_PACKET_BYTES]):
            captions.take(f"exif:{match[1].decode()}", (), match[2].decode("utf-8", "replace"))
    captions.left_out = captions.left_out or kept >= MAX_VALUES or len(packet) > MAX_PACKET_BYTES


_DATASETS = {
    5: "title", 25: "keyword", 80: "artist", 90: "place", 92: "place", 95: "place", 101: "place", 105: "title",
    116: "copyright", 118: "owner", 120: "description", 26: "place", 27: "place", 100: "place", 110: "artist",
    115: "artist", 122: "artist", 20: "keyword", 188: "owner", 65: "software",
}  # fmt: skip
# Versions, dates, pictures, sounds, marks of programs and of the exposure (IIM 4.2, chapter 6): never words.
_TECHNICAL_DATASETS = frozenset(
    [0, 30, 35, 37, 38, 47, 55, 60, 62, 63, 70, 125, 151, 152, 153, 200, 201, 202, 221, 228, 232]
)
# Codes of one, two or three letters and identities, in which programs write words, too.
_CODED_DATASETS = frozenset([3, 7, 8, 10, 12, 15, 42, 45, 50, 75, 130, 131, 135, 150, 154, 185, 186, 187, 225])


_OBJECT_DATA = 8  # the picture itself


def add_iptc(data: bytes, captions: Captions) -> None:
    """Add what IPTC records say (IIM 4.2, record 2): all of it that is no date, no code and no picture."""
    for number, text in records(data):
        if number in _DATASETS:
            captions.add(_DATASETS[number], text)
        elif number not in _TECHNICAL_DATASETS and (number not in _CODED_DATASETS or is_wordy(text)):
            captions.say(f"iptc:2:{number:03d}", text)
    for record, number, text in other_records(data):
        if record != _OBJECT_DATA and is_wordy(text):
            captions.say(f"iptc:{record}:{number:03d}", text)
