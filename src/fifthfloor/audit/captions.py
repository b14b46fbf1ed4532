"""What people and programs wrote into a photograph, by what it is: keywords, titles, places, persons, programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fifthfloor.metadata.iptc import records
from fifthfloor.metadata.xmp import MAX_PACKET_BYTES, MAX_VALUES, read_xmp

_MAX_CAPTIONS = 200  # of one kind; a photograph with more keywords is no longer about keywords
_MAX_CAPTION_CHARS = 2000


@dataclass(slots=True)
class Captions:
    """Texts and marks; every value as it is written, trimmed.

    Args:
        texts: kind -> values.
        left_out: there were more than are kept here.
    """

    texts: dict[str, list[str]] = field(default_factory=dict)
    left_out: bool = False

    def add(self, kind: str, value: str) -> None:
        """Remember a value of a kind ("keyword", "title", "place", "person", "software" ...) once."""
        text = value.strip()
        value = text[:_MAX_CAPTION_CHARS]
        values = self.texts.setdefault(kind, [])
        if value and value not in values:
            self.left_out = self.left_out or len(values) >= _MAX_CAPTIONS or len(text) > _MAX_CAPTION_CHARS
            if len(values) < _MAX_CAPTIONS:
                values.append(value)

    def first(self, kind: str) -> str:
        return next(iter(self.texts.get(kind, ())), "")


# property -> kind
_PROPERTIES = {
    "xmp:Rating": "rating",
    "xmp:Label": "label",
    "xmp:CreatorTool": "software",
    "stEvt:softwareAgent": "software",
    "tiff:Software": "software",
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
    "exif:GPSLatitude": "gps_latitude",
    "exif:GPSLongitude": "gps_longitude",
    # Apple and others write degrees and say apart on which half of the globe.
    "exif:GPSLatitudeRef": "gps_latitude_ref",
    "exif:GPSLongitudeRef": "gps_longitude_ref",
    "drone-dji:GpsLatitude": "gps_latitude",
    "drone-dji:GpsLongitude": "gps_longitude",
    "drone-dji:GpsLongtitude": "gps_longitude",
    "drone-dji:DroneSerialNumber": "serial",
    "drone-dji:CameraSerialNumber": "serial",
    "GCamera:MotionPhoto": "motion",
    "GCamera:MicroVideo": "motion",
    "GCamera:MicroVideoOffset": "motion_bytes",
    "xmpMM:OriginalDocumentID": "document_id",
}


def add_xmp(packet: bytes, captions: Captions) -> None:
    """Add what an XMP packet says."""
    values = read_xmp(packet, _PROPERTIES)
    captions.left_out = captions.left_out or len(values) >= MAX_VALUES or len(packet) > MAX_PACKET_BYTES
    for value in values:
        captions.add(_PROPERTIES[value.name], value.text)


def add_said(said: Iterable[tuple[str, str]], captions: Captions) -> None:
    """Add what the assertions of a C2PA manifest say: properties with their usual prefixes, and persons."""
    for name, text in said:
        kind = "artist" if name == "schema:Person" else _PROPERTIES.get(name)
        if kind is not None:
            captions.add(kind, text)


_DATASETS = {
    5: "title", 25: "keyword", 80: "artist", 90: "place", 92: "place", 95: "place", 101: "place", 105: "title",
    116: "copyright", 118: "owner", 120: "description",
}  # fmt: skip


def add_iptc(data: bytes, captions: Captions) -> None:
    """Add what IPTC records say (IIM 4.2, record 2)."""
    for number, text in records(data):
        if number in _DATASETS:
            captions.add(_DATASETS[number], text)
