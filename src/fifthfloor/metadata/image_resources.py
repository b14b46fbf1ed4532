"""Photoshop's image resources beside IPTC, Exif and XMP: what in them is a name, and what nobody reads.

Names are of the document before it was renamed, of the printer, of addresses and paths. What is known to be a machine's
(resolution, guides, thumbnails, versions, digests, settings) is listed; everything else is for the caller to count.

Source: Adobe, "Photoshop File Formats Specification" (2019), image resource IDs; ExifTool's `Photoshop.pm`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fifthfloor.metadata.text import text_of

# Read elsewhere: IPTC, its digest, the picture's address, profile, Exif, XMP.
_READ_OF_PHOTOSHOP = frozenset([0x0404, 0x0425, 0x040B, 0x040F, 0x0422, 0x0423, 0x0424])
_SLICES, _ADDRESSES, _PRINTER, _CLIPPING_PATH = 0x041A, 0x041E, 0x043A, 0x0BB7
_NAMED_CHANNELS, _WIDE_CHANNELS, _CAPTION, _NOTES = 0x03EE, 0x0415, 0x03F0, 0x03F6
# Of a machine: numbers of the specification's table up to 0x0444, paths, plug-ins' settings, print flags.
_NUMBERS_OF_A_MACHINE = frozenset([
    *range(0x03E8, 0x03EA), *range(0x03EB, 0x03EE), 0x03EF, *range(0x03F1, 0x03F6), *range(0x03F7, 0x0404),
    *range(0x0405, 0x040B), 0x040C, 0x040D, 0x040E, *range(0x0410, 0x0415), *range(0x0416, 0x041A), 0x041B, 0x041D,
    0x041F, 0x0420, 0x0421, *range(0x0426, 0x0430), *range(0x0430, 0x043A), 0x043B, 0x043C, 0x043D, 0x0440, 0x0442,
    0x0443, 0x0444, *range(0x07D0, 0x0BB7), 0x0BB8, 0x1B58, 0x2710, *range(0x0FA0, 0x1388),
])  # fmt: skip
_PRINTERS_NAME = re.compile(rb"printerNameTEXT(.{4})", re.DOTALL)
_WIDE_ADDRESS = re.compile(rb"(?:\0[!-~]){8,500}")
_MOST_ADDRESSES = 50


def names_of(number: int, contents: bytes) -> Iterator[tuple[str, str]]:
    """Yield the names in a resource, each with what it is of; none where it has none."""
    if number == _SLICES and contents[:4] == b"\0\0\0\6":
        yield "photoshop:document", _wide(contents, 20)
    elif number == _PRINTER and (found := _PRINTERS_NAME.search(contents)):
        yield "photoshop:printer", _wide(contents, found.start(1))
    elif number == _ADDRESSES:
        for match in list(_WIDE_ADDRESS.finditer(contents))[:_MOST_ADDRESSES]:
            yield "photoshop:link", match[0].decode("utf-16-be")
    elif number in (_CLIPPING_PATH, _CAPTION, _NOTES):
        yield "photoshop:name", text_of(contents[1 : 1 + contents[0]]) if contents else ""
    elif number == _NAMED_CHANNELS:
        at = 0
        while at < len(contents):
            yield "photoshop:channel", text_of(contents[at + 1 : at + 1 + contents[at]])
            at += 1 + contents[at]
    elif number == _WIDE_CHANNELS:
        at = 0
        while at + 4 <= len(contents):
            yield "photoshop:channel", _wide(contents, at)
            at += 4 + 2 * int.from_bytes(contents[at : at + 4], "big")


def is_known(number: int) -> bool:
    """Whether a resource is read, here or elsewhere, or a machine's."""
    named = (_SLICES, _ADDRESSES, _PRINTER, _CLIPPING_PATH, _NAMED_CHANNELS, _WIDE_CHANNELS, _CAPTION, _NOTES)
    return number in _READ_OF_PHOTOSHOP or number in _NUMBERS_OF_A_MACHINE or number in named


def _wide(contents: bytes, at: int) -> str:
    letters = int.from_bytes(contents[at : at + 4], "big")
    return contents[at + 4 : at + 4 + 2 * min(letters, 2000)].decode("utf-16-be", "replace").strip("\0 ")
