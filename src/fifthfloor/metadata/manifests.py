"""What a C2PA manifest says in the open, in JSON or CBOR, and whether a camera made it (C2PA 2.1; ISO 19566-5).

Rule: nothing is verified here. Signatures, their certificates and embedded pictures are not read, and whoever reports
says so.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from fifthfloor.metadata.cbor import read_cbor
from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.tiff import Read, reader_of

_DEPTH = 12  # boxes: store, manifest, assertion store, assertion: four
_MAX_MANIFEST_JSON_BYTES = 1 << 20
_MAX_MANIFEST_VALUES = 2000
_MAX_PURPOSE_BYTES = 64
_IN_XML = re.compile(rb"<c2pa:manifest[^>]{0,400}>([^<]*)")
_DIGITAL_CAPTURE = b"digitalsourcetype/digitalCapture"
_CHANGED = (b"c2pa.opened", b"c2pa.edited", b"c2pa.placed", b"c2pa.cropped", b"c2pa.ingredient")
_ASSERTION_READERS: dict[bytes, Callable[[bytes], object]] = {b"json": json.loads, b"cbor": read_cbor}
_NAMING_PROPERTIES = {"Person": "schema:Person", "Place": "Iptc4xmpExt:LocationName", "City": "Iptc4xmpExt:City"}
# Whatever a program calls them: XMP, ExifTool's groups, schema.org, words of its own.
_ANGLES = {
    **dict.fromkeys(("gpslatitude", "latitude", "lat"), "exif:GPSLatitude"),
    **dict.fromkeys(("gpslongitude", "longitude", "lon", "lng"), "exif:GPSLongitude"),
    "gpslatituderef": "exif:GPSLatitudeRef",
    "gpslongituderef": "exif:GPSLongitudeRef",
}

_GEOMETRIES = frozenset(["point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon"])


class Said(NamedTuple):
    """A property: its name with its prefix ("exif:GPSLatitude"), its value, and what it stands in, outermost first."""

    name: str
    text: str
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says in the open.

    Args:
        said: properties of its assertions and claims, whatever they are nested in.
        captured: it says that a camera captured the picture, and of no change since.
        rest: it holds something that was not read: a signature, a picture, what is damaged or too much.
    """

    said: tuple[Said, ...]
    captured: bool
    rest: bool


def store_in(data: bytes) -> bytes:
    """Return the store of a manifest: in files of boxes a purpose and an offset stand before it (C2PA 2.1, A.5)."""
    at = data.find(b"jumb", 0, _MAX_PURPOSE_BYTES)
    return data[max(0, at - 4) :]


def store_beside(data: bytes) -> bytes:
    """Return the store that a file of any name is, or that an SVG holds as base64; nothing where there is none."""
    if data[4:8] == b"jumb":
        return data
    at = data.find(b"<c2pa:manifest")
    found = _IN_XML.match(data, at) if at >= 0 else None
    try:
        return base64.b64decode(b"".join(found[1].split()), validate=True) if found else b""
    except ValueError:
        return found[1] if found else b""  # it is there, and whoever reads it says that it cannot be read


def read_manifest(data: bytes) -> Manifest:
    """Read the boxes of a manifest store; what is damaged is as if it were absent."""
    said: list[Said] = []
    rest = data[4:8] != b"jumb"
    for kind, content in _contents(reader_of(data), 0, len(data), _DEPTH):
        if kind not in _ASSERTION_READERS or len(said) > _MAX_MANIFEST_VALUES:
            rest = True
            continue
        try:
            value = _ASSERTION_READERS[kind](content)
            said += said_in(value)
        except (ValueError, RecursionError):
            rest = True
        else:
            rest = rest or isinstance(value, list)  # a signature is one (COSE, RFC 9052, 2)
    captured = _DIGITAL_CAPTURE in data and not any(word in data for word in _CHANGED)
    return Manifest(tuple(said[:_MAX_MANIFEST_VALUES]), captured, rest or len(said) >= _MAX_MANIFEST_VALUES)


def names_maker(data: bytes, make: str) -> bool:
    """Say whether a manifest names the maker that Exif names: its signer is then the camera, as far as words tell."""
    first = make.split(" ", 1)[0].encode().lower()
    return len(first) > 2 and first in data.lower()


def _contents(read: Read, start: int, end: int, depth: int) -> Iterator[tuple[bytes, bytes]]:
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"jumb" and depth:
            yield from _contents(read, inside, box_end, depth - 1)
        elif kind != b"jumd":
            yield kind, read(inside, min(box_end - inside, _MAX_MANIFEST_JSON_BYTES))


def said_in(value: object) -> tuple[Said, ...]:
    """Return the texts and numbers of a value of JSON or CBOR; raises ValueError where they lie too deep."""
    return tuple(islice(_values(value, _DEPTH), _MAX_MANIFEST_VALUES))


def _values(value: object, depth: int, name: str = "", inside: tuple[str, ...] = ()) -> Iterator[Said]:
    """Yield the texts and numbers of a value, each with its name; raises ValueError where they lie too deep."""
    if not depth:
        raise ValueError("too deep")
    if isinstance(value, dict):
        # schema.org names persons and places by objects with a type and a name.
        named = _NAMING_PROPERTIES.get(str(value.get("@type")))
        yield from _geometry(value)
        within = (*inside, name) if name else inside
        for key, inner in value.items():
            usual = _ANGLES.get(re.split(r"[:.]", str(key))[-1].lower(), str(key))
            yield from _values(inner, depth - 1, named if named and key == "name" else usual, within)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, depth - 1, name, inside)
    elif isinstance(value, str | int | float) and name:
        yield Said(name, str(value), inside)


def _geometry(value: Mapping[str, object]) -> Iterator[Said]:
    """Yield the first place of a geometry of GeoJSON (RFC 7946), which has the longitude before the latitude."""
    numbers = value.get("coordinates") if str(value.get("type")).lower() in _GEOMETRIES else None
    while isinstance(numbers, list) and numbers and isinstance(numbers[0], list):
        numbers = numbers[0]
    if isinstance(numbers, list) and len(numbers) >= 2 and all(isinstance(one, int | float) for one in numbers[:2]):
        yield Said("exif:GPSLongitude", str(numbers[0]), ("coordinates",))
        yield Said("exif:GPSLatitude", str(numbers[1]), ("coordinates",))
