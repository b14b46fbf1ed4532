"""XMP packets (ISO 16684-1): the texts of properties, in whatever language, prefix and state.

Rule 1: a packet is walked tag by tag with expressions of bounded reach and never parsed as XML: no packet can be a
        bomb, no entity is expanded, and one that is cut or damaged gives what stands before the damage.
Rule 2: a property is what its name space says, whatever prefix the packet gives it; a prefix nobody declared is taken
        for the usual one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from fifthfloor.metadata.text import decode_marked, narrowed

JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
JPEG_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
MAX_PACKET_BYTES = 4 << 20  # edit histories of a thousand steps are half of that
MAX_VALUES = 10_000
_MAX_VALUE_CHARS = 20_000
_MAX_OPEN_TAGS = 64  # of elements in elements; of deeper ones the innermost
_MOST_PARENTS = 12  # elements, of which about every third is a property
_OF_MARKUP = ("rdf:", "xml:", "xmlns:", "?rdf:", "?x:", "?xml:", "?xmlns:")
DEFAULT = "x-default"

# name space -> its usual prefix (ISO 16684-1, 8; IPTC Photo Metadata; MWG; Microsoft; Google)
NAME_SPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.iview-multimedia.com/mediapro/1.0/": "mediapro",
}
# Prefixes of the first years.
_OLD_PREFIXES = {"xap": "xmp", "xapMM": "xmpMM"}

# Name spaces that every packet of XMP declares, whatever it calls its tags, in each coding a packet may have.
DECLARED = tuple(
    space.encode(codec)
    for space in ("adobe:ns:meta/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
    for codec in ("utf-8", "utf-16-le", "utf-16-be")
)

_DECLARATION = re.compile(r"\bxmlns:([\w.-]{1,40})\s{0,9}=\s{0,9}(?:\"([^\"<]{1,200})\"|'([^'<]{1,200})')")
_TAG = re.compile(r"<(/?)([\w.-]{1,40}:[\w.-]{1,80})((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>")
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([\w.-]{1,40}:[\w.-]{1,80})\s{0,9}=\s{0,9}(?:\"([^\"<]*)\"|'([^'<]*)')")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property, as it is written, trimmed.

    Args:
        name: "dc:description", with the usual prefix.
        text: not empty.
        language: of an item of a language alternative, else empty.
        inside: the properties it is nested in, outermost first; the nearest ones of many.
    """

    name: str
    text: str
    language: str = ""
    inside: tuple[str, ...] = ()


def read_xmp(packet: bytes, wanted: Collection[str]) -> list[Value]:
    """Read the values of the wanted properties, in their order.

    Args:
        packet: with or without the wrapper; more than MAX_PACKET_BYTES is not looked at.
        wanted: names with usual prefixes.
    """
    return list(islice((value for value in walk_xmp(packet) if value.name in wanted), MAX_VALUES))


def walk_xmp(packet: bytes) -> Iterator[Value]:
    """Yield every value of every property, whatever it is nested in, in their order."""
    packet = narrowed(packet[:MAX_PACKET_BYTES])
    if packet[:2] == b"\0<" and packet[2:3] != b"\0":
        packet = packet[1:]  # a stray zero, and no UTF-16
    text = decode_marked(packet)  # packets may be UTF-16 (ISO 16684-1, 7.1)
    if "<!" in text:
        text = _plain(text)
    return _walk(text, _prefixes(text))


def packet_in(data: bytes) -> int | None:
    """Return where the first packet of any bytes begins: with the tag that declares one of its name spaces.

    Args:
        data: any bytes; a packet is known by what it declares, in UTF-8 or UTF-16, not by what its tags are called.
    """
    at = next((at for mark in DECLARED if (at := data.find(mark)) >= 0), None)
    if at is None:
        return None
    # From its "<" on, UTF-16 reads as one whose low bytes come first, whichever it is.
    return max(0, data.rfind(b"<", max(0, at - 8192), at))


def preferred(values: list[Value], name: str) -> str:
    """Return the value of a property that is meant for everybody: `x-default`, else the first; empty without one."""
    mine = [value for value in values if value.name == name]
    default = [value for value in mine if value.language.lower() == DEFAULT]
    return (default or mine)[0].text if mine else ""


def _plain(text: str) -> str:
    """Leave comments out and write CDATA as text; each end is looked for once."""
    for opened, closed, keeps in (("<!--", "-->", False), ("<![CDATA[", "]]>", True)):
        parts: list[str] = []
        at = 0
        while (start := text.find(opened, at)) >= 0 and (end := text.find(closed, start + len(opened))) >= 0:
            parts.append(text[at:start])
            if keeps:
                parts.append(html.escape(text[start + len(opened) : end]))
            at = end + len(closed)
        text = "".join((*parts, text[at:]))
    return text


def _prefixes(text: str) -> dict[str, str]:
    """Return prefix of the packet -> usual prefix."""
    usual = {prefix: prefix for prefix in NAME_SPACES.values()} | _OLD_PREFIXES
    for match in _DECLARATION.finditer(text):
        space = match[2] or match[3]
        if space in NAME_SPACES:
            usual[match[1]] = NAME_SPACES[space]
    return usual


def _walk(text: str, prefixes: dict[str, str]) -> Iterator[Value]:
    """Yield the values; the state is what elements one stands in, each with its language."""
    usual = _Usual(prefixes)
    open_tags: list[tuple[str, str]] = []
    behind = 0
    for tag in _TAG.finditer(text):
        if open_tags and tag.start() > behind:
            between = text[behind : min(tag.start(), behind + _MAX_VALUE_CHARS)]
            if not between.isspace():
                yield from _between(between, open_tags)
        behind = tag.end()
        closing, name, attributes = tag[1], usual[tag[2]], tag[3]
        if closing:
            _close(open_tags, name)
            continue
        if ":" in attributes:
            yield from _attributes(attributes, usual, [*open_tags[-_MOST_PARENTS:], (name, "")])
        if not attributes.endswith("/"):
            del open_tags[: max(0, len(open_tags) - _MAX_OPEN_TAGS + 1)]
            open_tags.append((name, _language(attributes) if "xml:lang" in attributes else ""))


class _Usual(dict[str, str]):
    """Name as the packet has it -> name with the usual prefix; behind "?" a prefix nobody knows."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        super().__init__()
        self._prefixes = prefixes

    def __missing__(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        self[name] = found = f"{self._prefixes.get(prefix, '?' + prefix)}:{local}"
        return found


def _between(text: str, open_tags: list[tuple[str, str]]) -> Iterator[Value]:
    """Give what stands between two tags to the property that it is in."""
    inside = _properties(open_tags)
    if inside:
        language = open_tags[-1][1] if open_tags[-1][0] == "rdf:li" else ""
        yield from _value(inside[-1], re.sub(r"<[^<>]*>", " ", text), language, inside[:-1])


def _attributes(attributes: str, usual: _Usual, open_tags: list[tuple[str, str]]) -> Iterator[Value]:
    inside = _properties(open_tags)
    for match in _ATTRIBUTE.finditer(attributes):
        name, text = usual[match[1]], match[2] or match[3] or ""
        if name in ("rdf:resource", "rdf:value") and inside:
            yield from _value(inside[-1], text, "", inside[:-1])
        elif name == "rdf:about" or not name.startswith(_OF_MARKUP):
            yield from _value(name, text, "", inside)


def _properties(open_tags: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for name, _ in open_tags[-_MOST_PARENTS:] if not name.startswith(_OF_MARKUP))


def _close(open_tags: list[tuple[str, str]], name: str) -> None:
    """Close an element, and those in it that nobody closed."""
    for at in range(len(open_tags) - 1, -1, -1):
        if open_tags[at][0] == name:
            del open_tags[at:]
            return


def _language(attributes: str) -> str:
    return next((m[2] or m[3] or "" for m in _ATTRIBUTE.finditer(attributes) if m[1] == "xml:lang"), "")


def _value(name: str, text: str, language: str, inside: tuple[str, ...]) -> Iterator[Value]:
    plain = html.unescape(text[:_MAX_VALUE_CHARS]).strip("\0 \t\r\n")
    if plain:
        yield Value(name, plain, language, inside)
