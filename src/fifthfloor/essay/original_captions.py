"""What was written into an original by its photographer: caption, kicker, alt text, credit, from XMP and IPTC.

Only texts are taken, and only these four: place, time and names stay behind with the rest of the metadata.

Source: IPTC Photo Metadata Standard 2021.1; IIM 4.2, chapter 6, datasets 2:105, 2:110, 2:120.
"""

from __future__ import annotations

from dataclasses import dataclass

from fifthfloor.essay.caution import is_boilerplate
from fifthfloor.metadata import iptc
from fifthfloor.metadata.blocks import blocks_of
from fifthfloor.metadata.tiff import Read
from fifthfloor.metadata.xmp import preferred, read_xmp

_CAPTION_PROPERTIES = {
    "caption": "dc:description",
    "kicker": "photoshop:Headline",
    "alt": "Iptc4xmpCore:AltTextAccessibility",
    "credit": "photoshop:Credit",
}
_CAPTION_DATASETS = {"caption": 120, "kicker": 105, "credit": 110}
# More than any caption, less than what would make a page of it.
MAX_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class OriginalCaptions:
    """Texts found in an original; empty where there is none.

    Args:
        caption, kicker, alt, credit: the texts.
        guessed: in one of them letters are a guess, as its code page is not declared.
    """

    caption: str = ""
    kicker: str = ""
    alt: str = ""
    credit: str = ""
    guessed: bool = False


def read_captions(read: Read, size_bytes: int, sidecar: bytes = b"") -> OriginalCaptions:
    """Read the texts of an original: its sidecar first, then its XMP, which every program keeps newer than its IPTC.

    Args:
        read: gives the bytes of a photograph or raw, believed in nothing.
        size_bytes: of it.
        sidecar: the XMP file beside it, or nothing.

    Returns:
        What was found; nothing at all for a file of another kind.
    """
    found = dict.fromkeys(_CAPTION_PROPERTIES, "")
    guessed = False
    _fill(found, _of_xmp(sidecar))
    blocks = list(blocks_of(read, size_bytes))
    for block in blocks:
        if block.kind == "xmp":
            _fill(found, _of_xmp(block.content()))
    for block in blocks:
        if block.kind == "iptc":
            content = block.content()
            new, guesses = _fill(found, _of_iptc(content)), iptc.guessed(content)
            guessed = guessed or any(_CAPTION_DATASETS[name] in guesses for name in new)
    return OriginalCaptions(found["caption"], found["kicker"], found["alt"], found["credit"], guessed)


def _fill(found: dict[str, str], other: dict[str, str]) -> list[str]:
    """Take what is not there yet; return the names of it."""
    new = [name for name, text in other.items() if not found[name] and _clean(text)]
    found.update((name, _clean(other[name])) for name in new)
    return new


def _clean(text: str) -> str:
    one_line = " ".join("".join(c if c.isprintable() else " " for c in text[:MAX_CHARACTERS]).split())
    return "" if is_boilerplate(one_line) else one_line


def _of_xmp(packet: bytes) -> dict[str, str]:
    values = read_xmp(packet, _CAPTION_PROPERTIES.values())
    return {key: preferred(values, name) for key, name in _CAPTION_PROPERTIES.items()}


def _of_iptc(data: bytes) -> dict[str, str]:
    texts: dict[int, str] = {}
    for number, text in iptc.records(data):
        texts.setdefault(number, text)
    return {key: texts.get(number, "") for key, number in _CAPTION_DATASETS.items()}
