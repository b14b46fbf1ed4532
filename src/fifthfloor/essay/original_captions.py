"""What was written into an original by its photographer: caption, kicker, alt text, credit, from XMP and IPTC.

Only texts are taken, and only these four: place, time and names stay behind with the rest of the metadata.

Source: IPTC Photo Metadata Standard 2021.1; IIM 4.2, chapter 6, datasets 2:105, 2:110, 2:120; Adobe, "Photoshop File
Formats", image resource 0x0404; XMP Specification Part 3, 1.1.3 (the APP1 packet).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from xml.etree import ElementTree

from fifthfloor.errors import BadInput
from fifthfloor.essay.caution import is_boilerplate
from fifthfloor.jpeg.segments import split

_APP1, _APP13 = 0xE1, 0xED
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP_HEAD = b"Photoshop 3.0\0"
_IPTC_RESOURCE = 0x0404
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
# More than any caption, less than what would make a page of it.
MAX_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Captions:
    """Texts found in an original; empty where there is none."""

    caption: str = ""
    kicker: str = ""
    alt: str = ""
    credit: str = ""


def read_captions(data: bytes) -> Captions:
    """Read the texts of a JPEG; XMP before IPTC, as every program that writes both keeps XMP newer.

    Args:
        data: the whole file, believed in nothing.

    Returns:
        What was found; nothing at all for a file that is no JPEG or has broken metadata.
    """
    try:
        pieces = split(data)
    except BadInput:
        return Captions()
    found = Captions()
    for piece in pieces:
        if piece.marker == _APP1 and piece.payload.startswith(_XMP_HEAD):
            found = _fill(found, _of_xmp(piece.payload[len(_XMP_HEAD) :]))
    for piece in pieces:
        if piece.marker == _APP13 and piece.payload.startswith(_PHOTOSHOP_HEAD):
            found = _fill(found, _of_iptc(piece.payload[len(_PHOTOSHOP_HEAD) :]))
    return found


def _fill(found: Captions, other: Captions) -> Captions:
    empty = {f.name: _clean(getattr(other, f.name)) for f in fields(found) if not getattr(found, f.name)}
    return replace(found, **empty)


def _clean(text: str) -> str:
    one_line = " ".join("".join(c if c.isprintable() else " " for c in text[:MAX_CHARACTERS]).split())
    return "" if is_boilerplate(one_line) else one_line


def _of_xmp(packet: bytes) -> Captions:
    # A document type is the door to entities, and no packet has one.
    if b"<!" in packet.replace(b"<!--", b""):
        return Captions()
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \t\r\n"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return Captions()
    return Captions(
        caption=_property(root, f"{_DC}description"),
        kicker=_property(root, f"{_PHOTOSHOP}Headline"),
        alt=_property(root, f"{_IPTC_CORE}AltTextAccessibility"),
        credit=_property(root, f"{_PHOTOSHOP}Credit"),
    )


def _property(root: ElementTree.Element, name: str) -> str:
    for element in root.iter(name):
        first = next(element.iter(f"{_RDF}li"), None)
        text = (first if first is not None else element).text
        if text and text.strip():
            return text
    return next((found for block in root.iter(f"{_RDF}Description") if (found := block.get(name))), "")


def _of_iptc(resources: bytes) -> Captions:
    texts: dict[int, str] = {}
    for block in _resources(resources):
        for number, value in _datasets(block):
            texts.setdefault(number, value)
    return Captions(caption=texts.get(120, ""), kicker=texts.get(105, ""), credit=texts.get(110, ""))


def _resources(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 12 <= len(data) and data[at : at + 4] == b"8BIM":
        (kind,) = struct.unpack_from(">H", data, at + 4)
        name = (data[at + 6] + 2) & ~1  # a Pascal string, padded to even
        if at + 6 + name + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, at + 6 + name)
        start = at + 6 + name + 4
        if kind == _IPTC_RESOURCE:
            yield data[start : start + size]
        at = start + size + (size & 1)


def _datasets(data: bytes) -> Sequence[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    encoding = "latin-1"
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        record, number, size = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5], "big")
        if size & 0x8000:  # an extended length: pictures, not captions
            return found
        value = data[at + 5 : at + 5 + size]
        if (record, number) == (1, 90) and value == b"\x1b%G":
            encoding = "utf-8"
        elif record == 2:
            found.append((number, value.decode(encoding, "replace")))
        at += 5 + size
    return found
