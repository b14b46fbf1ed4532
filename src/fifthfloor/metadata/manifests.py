"""What a C2PA manifest says in the open: assertions in JSON, and whether a camera made it (C2PA 2.1; ISO 19566-5).

Rule: nothing is verified here. Claims, actions and ingredients are CBOR, of which only two words are looked for;
whoever reports says that the rest was not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.tiff import Read, reader_of

_DEPTH = 8  # store, manifest, assertion store, assertion: four
_MAX_JSON_BYTES = 1 << 20
_MAX_VALUES = 2000
_CAPTURED = b"digitalsourcetype/digitalCapture"
_CHANGED = (b"c2pa.opened", b"c2pa.edited", b"c2pa.placed", b"c2pa.cropped", b"c2pa.ingredient")

Said = tuple[str, str]
"""Name of a property with its prefix ("exif:GPSLatitude"), and its value."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says in the open.

    Args:
        said: properties of its JSON assertions, whatever they are nested in.
        captured: it says that a camera captured the picture, and of no change since.
        rest: it holds claims in CBOR, which are not read.
    """

    said: tuple[Said, ...]
    captured: bool
    rest: bool


def read_manifest(data: bytes) -> Manifest:
    """Read the boxes of a manifest store; what is damaged is as if it were absent."""
    said: list[Said] = []
    rest = False
    for kind, content in _contents(reader_of(data), 0, len(data), _DEPTH):
        if kind == b"json" and len(said) < _MAX_VALUES:
            try:
                said += list(_values(json.loads(content), _DEPTH))
            except (ValueError, RecursionError):
                rest = True
        elif kind == b"cbor":
            rest = True
    captured = _CAPTURED in data and not any(word in data for word in _CHANGED)
    return Manifest(tuple(said[:_MAX_VALUES]), captured, rest)


def names_maker(data: bytes, make: str) -> bool:
    """Say whether a manifest names the maker that Exif names: its signer is then the camera, as far as words tell."""
    first = make.split(" ", 1)[0].encode().lower()
    return len(first) > 2 and first in data.lower()


def _contents(read: Read, start: int, end: int, depth: int) -> Iterator[tuple[bytes, bytes]]:
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"jumb" and depth:
            yield from _contents(read, inside, box_end, depth - 1)
        elif kind in (b"json", b"cbor"):
            yield kind, read(inside, min(box_end - inside, _MAX_JSON_BYTES))


def _values(value: object, depth: int, name: str = "") -> Iterator[Said]:
    """Yield the texts and numbers of a JSON value, each with the name it stands under."""
    if isinstance(value, dict) and depth:
        # schema.org names persons by objects with a type and a name.
        person = value.get("@type") == "Person"
        for key, inner in value.items():
            yield from _values(inner, depth - 1, "schema:Person" if person and key == "name" else str(key))
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _values(inner, depth - 1, name)
    elif isinstance(value, str | int | float) and name:
        yield name, str(value)
