"""Texts in a colour profile, and where files keep profiles (ICC.1:2022): who made it, on what machine, for whom.

Every offset, count and length in a profile may lie; what does not fit is as if it were absent.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from fifthfloor.metadata import jpeg_head, png
from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import Read

MAX_ICC_BYTES = 8 << 20
_ICC_HEAD_BYTES, _ROW_BYTES = 128, 12
_MAX_ICC_TAGS = 100  # a display profile has about 20
_MAX_LANGUAGES = 64
_MAX_ICC_TEXT_BYTES = 64 << 10
# Types of values that are numbers, curves and tables (ICC.1:2022, 10), Apple's (`vcgt`, `ndin`, `vcgp`) with them.
_OF_NUMBERS = frozenset(
    b"XYZ |curv|para|sf32|uf32|ui08|ui16|ui32|sig |mft1|mft2|mAB |mBA |view|meas|chrm|dtim|clro|cicp|mpet|vcgt|ndin"
    b"|ui64|vcgp|bfd |crdi|devs|resp|rcs2|psid|ncl2|clrt|pseq|psdx|data|ucmI".split(b"|")
)


class ProfileText(NamedTuple):
    """A text, and the four letters of the tag that it stands under."""

    tag: str
    text: str


class IccTexts(NamedTuple):
    """What a profile says.

    Args:
        texts: in the order of its tags.
        unread: tags of a type that nobody here knows, each with its length.
    """

    texts: tuple[ProfileText, ...]
    unread: tuple[tuple[str, int], ...]


def read_profile(profile: bytes) -> IccTexts:
    """Read the texts of a profile; nothing of what is none."""
    texts: list[ProfileText] = []
    unread: list[tuple[str, int]] = []
    if profile[36:40] != b"acsp":
        return IccTexts((), ())
    count, seen = min(_MAX_ICC_TAGS, int.from_bytes(profile[128:132], "big")), set[tuple[int, int]]()
    for row in range(count):
        head = profile[_ICC_HEAD_BYTES + 4 + row * _ROW_BYTES :][:_ROW_BYTES]
        if len(head) < _ROW_BYTES:
            break
        tag, at, length = struct.unpack(">4sII", head)
        data = profile[at : at + length]
        if (at, length) in seen or len(data) < length or length < 8:
            continue
        seen.add((at, length))
        name = tag.decode("latin-1").strip("\0 ")
        said = list(_texts_of(data))
        texts += [ProfileText(name, text) for text in dict.fromkeys(said) if text]
        if not said and data[:4] not in _OF_NUMBERS and data[8:].strip(b"\0"):
            unread.append((name, length))
    return IccTexts(tuple(texts), tuple(unread))


def _texts_of(data: bytes) -> Iterator[str]:
    kind, body = data[:4], data[8:]
    if kind == b"desc":
        length = int.from_bytes(body[:4], "big")
        yield _plain(body[4 : 4 + length])
        wide = body[4 + length :]  # language, count of letters of two bytes; then script, length, a Macintosh's
        letters = 2 * int.from_bytes(wide[4:8], "big")
        yield _wide(wide[8 : 8 + letters])
        old = wide[8 + letters :]
        yield decode(old[3 : 3 + old[2]].split(b"\0", 1)[0], "mac_roman").strip() if len(old) > 3 else ""
    elif kind in (b"text", b"utf8"):
        yield _plain(body)
    elif kind in (b"ut16", b"utf1"):
        yield _wide(body)
    elif kind == b"mluc":
        yield from _of_languages(data)
    elif kind == b"dict":
        yield from _of_pairs(data)
    elif kind == b"mmod":
        yield _of_display(data)
    elif kind == b"data" and not any(body[:4]):
        yield _plain(body[4:])


def _plain(data: bytes) -> str:
    return decode(data[:_MAX_ICC_TEXT_BYTES].split(b"\0", 1)[0]).strip()


def _wide(data: bytes) -> str:
    return data[: min(len(data), _MAX_ICC_TEXT_BYTES) // 2 * 2].decode("utf-16-be", "replace").strip("\0 \r\n\t")


def _of_languages(data: bytes) -> Iterator[str]:
    """Yield the English text, or the first, before those of other languages, which say the same."""
    count, size = struct.unpack(">II", data[8:16]) if len(data) >= 16 else (0, 0)
    if size < 12:
        return
    rows = [data[16 + size * row :][:12] for row in range(min(count, _MAX_LANGUAGES))]
    for row in sorted(rows, key=lambda row: row[:2] != b"en"):
        if len(row) == 12:
            length, at = struct.unpack(">II", row[4:])
            yield _wide(data[at : at + length])


def _of_pairs(data: bytes) -> Iterator[str]:
    """Yield "name: value" of a dictionary (10.5), as programs of monitors and printers write."""
    count, size = struct.unpack(">II", data[8:16]) if len(data) >= 16 else (0, 0)
    for row in range(min(count, _MAX_ICC_TAGS) if size >= 16 else 0):
        places = data[16 + size * row :][:16]
        if len(places) < 16:
            return
        name_at, name_bytes, at, length = struct.unpack(">IIII", places)
        yield f"{_wide(data[name_at : name_at + name_bytes])}: {_wide(data[at : at + length])}"


def _of_display(data: bytes) -> str:
    """Return the serial number of a display (Apple's `mmod`); nothing where it has none, or one that all have."""
    number = int.from_bytes(data[16:20], "big")
    return "" if number in _NO_SERIALS or len(data) < 20 else f"serial {number}"


_NO_SERIALS = frozenset([0, 1, 0x01010101, 0xFD626D62])
# TIFF and DNG 1.7: the profile of the picture, as it was shot, and of now.
PROFILE_TAGS = frozenset([0x8773, 0xC68F, 0xC691])


def profiles_of_png(read: Read) -> Iterator[tuple[str, bytes]]:
    """Yield what `iCCP` holds: the name that the profile was given, and the profile, nothing where it is damaged."""
    for chunk in png.chunks(read):
        if chunk.kind == b"IDAT":
            return  # a profile stands before the picture (third edition, 5.6)
        if chunk.kind == b"iCCP":
            name, _, packed = read(chunk.offset_bytes, min(chunk.length_bytes, MAX_ICC_BYTES)).partition(b"\0")
            try:
                profile = zlib.decompressobj().decompress(packed[1:], MAX_ICC_BYTES)
            except zlib.error:
                profile = b""
            yield _plain(name), profile


def profiles_of_heif(read: Read, size_bytes: int) -> Iterator[bytes]:
    """Yield the profiles among the properties of a HEIF's pictures (ISO/IEC 14496-12, 12.1.5)."""
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"meta":
            for below, first, stop in boxes(read, start + 4, end):
                yield from _in_properties(read, first, stop) if below == b"iprp" else ()


def _in_properties(read: Read, start: int, end: int) -> Iterator[bytes]:
    for kind, first, stop in boxes(read, start, end):
        if kind == b"ipco":
            for name, at, to in boxes(read, first, stop):
                if name == b"colr" and read(at, 4) in (b"prof", b"rICC"):
                    yield read(at + 4, min(to - at - 4, MAX_ICC_BYTES))


def profiles_of_jpeg(found: list[jpeg_head.Segment]) -> Iterator[bytes]:
    """Yield the profile of a JPEG, or what there is of one of which pieces are missing."""
    if jpeg_head.names_a_profile(found):
        yield jpeg_head.profile_in(found) or b"".join(
            segment.payload[14:]
            for segment in found
            if segment.marker == jpeg_head.APP2 and segment.payload.startswith(jpeg_head.ICC)
        )
