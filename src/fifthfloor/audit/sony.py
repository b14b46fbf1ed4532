"""Sony's counts and body numbers, which stand in blocks enciphered byte by byte.

Source: the tag pages of ExifTool (Sony FocusInfo, Tag9050a to c), which say that the blocks are under a substitution;
that it is the cube modulo 249 (249 to 255 stay) is described by several readers, and checked against ExifTool by
`tests/audit/test_makers_judge.py`. Where a model has its numbers at a place we do not know, nothing is said.
"""

from __future__ import annotations

import re

from fifthfloor.metadata.tiff import Directory, Tiff

_SONY_PRIME = 249
_DECIPHER = bytearray(range(256))
for _plain in range(_SONY_PRIME):
    _DECIPHER[_plain**3 % _SONY_PRIME] = _plain

COUNT_MASK = 0xFFFFFF  # the fourth byte is something else
_FOCUS_BYTES = (19148, 19154)  # of the block of DSLRs of 2008 to 2010
_FOCUS_COUNT_AT = 0x846

# model -> (offset of the count, of the body's number, its bytes) in the deciphered block 0x9050
_SONY_PLACES: tuple[tuple[str, int, int, int], ...] = (
    (r"ILCE-1$", 0x3A, 0x8A, 6),
    (
        r"(ILCE-(6100|6300|6400|6500|6600|7C|7M[34]|7RM[2345]A?|7SM[23]|9|9M2)|ILCA-99M2|ZV-E10|ILME-FX3)$",
        0x3A,
        0x88,
        6,
    ),
    (r"(SLT-A\d+V?|ILCA-(68|77M2))$", 0x32, 0xF0, 5),
    (r"NEX-(5N|7|VG20E?)$", 0x32, 0, 0),
    (r"(NEX-\w+|ILCE-(3000|3500|5000|5100|6000|7|7R|7S|7M2|QX1))$", 0x32, 0x7C, 4),
)


def sony_numbers(note: Tiff, directory: Directory, model: str) -> dict[str, str | int]:
    """Return shutter_count and internal_serial where this model has them at a known place."""
    focus = note.raw(directory.entries.get(0x0020), max(_FOCUS_BYTES))
    if len(focus) in _FOCUS_BYTES:
        return {"shutter_count": _count(focus, _FOCUS_COUNT_AT)}
    block = note.raw(directory.entries.get(0x9050), 4096).translate(bytes(_DECIPHER))
    for pattern, count_at, number_at, length in _SONY_PLACES:
        if len(block) >= count_at + 4 and re.match(pattern, model):
            number = block[number_at : number_at + length]
            return {
                "shutter_count": _count(block, count_at),
                "internal_serial": number.hex() if len(number) == length and any(number) else "",
            }
    return {}


def _count(data: bytes, at: int) -> int | str:
    return (int.from_bytes(data[at : at + 4], "little") & COUNT_MASK) or ""
