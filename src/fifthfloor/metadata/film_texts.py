"""Every text in the description of a film, with the name it stands under: whoever wrote it, and whatever for.

User data of QuickTime (texts of many languages, a `data` box, a plain text), of 3GPP (TS 26.244, 8) and of makers,
lists of iTunes (`ilst`, `----`), keys of any name (`mdta`), Microsoft's (`Xtra`), chapters of Nero (`chpl`), names of
tracks and of their handlers. Every length in them may lie.

Source: Apple, "QuickTime File Format", chapters "User Data" and "Metadata"; 3GPP TS 26.244; ISO/IEC 14496-12, 8.10;
ExifTool's tables for those of makers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from fifthfloor.metadata.iso_boxes import boxes
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import reader_of

_MAX_FILM_TEXT_BYTES = 4096
_MAX_OF_ONE_BOX = 64  # texts, one a language
_BOX_DEPTH = 4
_BEFORE_META = frozenset([b"hdlr", b"keys", b"ilst", b"mhdr", b"free"])  # where `meta` has no version, as in QuickTime
# What stands before a text of 3GPP: version, language; of some, what is rated, and by whom.
_BEFORE_3GPP_TEXT = {b"clsf": 12, b"rtng": 14}
_3GPP = frozenset([b"titl", b"auth", b"perf", b"cprt", b"dscp", b"gnre", b"albm", b"coll", b"manu", b"modl", b"loci",
                   b"clsf", b"rtng"])  # fmt: skip
_TEXT_TYPES = (0, 1, 4)  # of a `data` box: undeclared, UTF-8, and that for sorting; 2 and 5 are UTF-16
_WIDE_TYPES = (2, 5)
_FLOATS_OF_KEYS = {23: ">f", 24: ">d"}
_XTRA_TEXT = 8  # kind of a value of Microsoft's
_READ_APART = frozenset([b"meta", b"Xtra", b"chpl", b"kywd", b"GPMF", b"CAME", b"XMP_"])
_FIRST_ISO_LANGUAGE = 0x400  # smaller numbers are a Macintosh's, its letters with them
_HANDLER_TEXT = 24  # before the name of a handler


class FilmText(NamedTuple):
    """A text, and the name it stands under: a key, or the four letters of a box."""

    name: str
    text: str


def film_texts(description: bytes) -> Iterator[FilmText]:
    """Yield the texts of the boxes `udta`, `meta` and `hdlr`, one behind the other, as `film_facts` gathers them."""
    for kind, inside in _boxes(description):
        if kind == b"udta":
            yield from _user_data(inside, _BOX_DEPTH)
        elif kind == b"meta":
            yield from _meta(inside)
        elif kind == b"hdlr":
            yield from _said("hdlr", _handler_name(inside))


def unread_user_data(description: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and contents of what stands in `udta` and is no text: a maker's, mostly."""
    for kind, inside in _boxes(description):
        for name, data in _boxes(inside) if kind == b"udta" else ():
            if name not in _READ_APART and data.strip(b"\0") and not any(_user_data(_one(name, data), _BOX_DEPTH)):
                yield _letters(name), data


def _one(kind: bytes, data: bytes) -> bytes:
    return (8 + len(data)).to_bytes(4, "big") + kind + data


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for kind, start, end in boxes(reader_of(data), 0, len(data)):
        yield kind, data[start:end]


def _handler_name(data: bytes) -> bytes:
    name = data[_HANDLER_TEXT:]
    # QuickTime's begins with its length.
    return name[1 : 1 + name[0]] if name[:1] and name[0] == len(name) - 1 else name.split(b"\0", 1)[0]


def _said(name: str, data: bytes, *, wide: bool = False, codec: str = "cp1252") -> Iterator[FilmText]:
    """Yield what is a text, and nothing for bytes that are none."""
    text = _text(data[:_MAX_FILM_TEXT_BYTES], wide=wide, codec=codec)
    if text:
        yield FilmText(name, text)


def _text(data: bytes, *, wide: bool = False, codec: str = "cp1252") -> str:
    if wide or data.startswith((b"\xfe\xff", b"\xff\xfe")):
        data = data[: len(data) // 2 * 2]
        text = data.decode("utf-16" if data.startswith((b"\xfe\xff", b"\xff\xfe")) else "utf-16-be", "replace")
    else:
        text = decode(data.rstrip(b"\0"), codec)
    text = text.strip("\0\r\n\t ")
    if not all(letter.isprintable() or letter in "\0\r\n\t\ufffd" for letter in text):
        return ""
    return text.replace("\0", "; ")


def _letters(kind: bytes) -> str:
    return kind.decode("latin-1").strip("\0 ")


def _user_data(data: bytes, depth: int) -> Iterator[FilmText]:
    for kind, inside in _boxes(data):
        if kind == b"meta":
            yield from _meta(inside)
        elif kind == b"Xtra":
            yield from _xtra(inside)
        elif kind == b"chpl":
            yield from _chapters(inside)
        elif kind == b"kywd" and inside[:1] == b"\0":
            yield from _keywords(inside)
        elif inside[4:8] == b"data":
            yield from _items(_letters(kind), inside)
        elif kind[:1] in (b"\xa9", b"@"):
            yield from _of_languages(_letters(kind), inside)
        elif kind in _3GPP and inside[:1] == b"\0":
            yield from _of_3gpp(kind, inside)
        else:
            yield from _of_maker(kind, inside, depth)


def _of_languages(name: str, data: bytes) -> Iterator[FilmText]:
    """Length and language, two bytes each, then the text, and the next; some makers write the text alone."""
    at, found = 0, False
    for _ in range(_MAX_OF_ONE_BOX):
        if at + 4 > len(data):
            break
        length = int.from_bytes(data[at : at + 2], "big")
        if not length or (not found and length > len(data) - at - 4 and length > _MAX_FILM_TEXT_BYTES):
            break
        found = True
        of_macintosh = int.from_bytes(data[at + 2 : at + 4], "big") < _FIRST_ISO_LANGUAGE
        text = data[at + 4 : at + 4 + length]
        yield from _said(name, text, codec="mac_roman" if of_macintosh else "cp1252")
        at += 4 + length
    if not found:
        yield from _said(name, data)


def _of_3gpp(kind: bytes, data: bytes) -> Iterator[FilmText]:
    if kind == b"loci":
        yield from _location(data[6:])
        return
    text = data[_BEFORE_3GPP_TEXT.get(kind, 6) :]
    yield from _said(_letters(kind), text[: _end_of(text)])  # of an album its number follows


def _location(data: bytes) -> Iterator[FilmText]:
    """Yield the name of a place, the body in the sky that it is on, and notes; numbers stand between them."""
    for name, behind in (("loci", 13), ("loci.body", 0), ("loci.notes", 0)):
        end = _end_of(data)
        yield from _said(name, data[:end])
        data = data[end + behind :]


def _end_of(data: bytes) -> int:
    """Return where a text with its closing zero ends."""
    step = 2 if data.startswith((b"\xfe\xff", b"\xff\xfe")) else 1
    for at in range(0, min(len(data), _MAX_FILM_TEXT_BYTES), step):
        if not any(data[at : at + step]):
            return at + step
    return len(data)


def _keywords(data: bytes) -> Iterator[FilmText]:
    at = 7
    for _ in range(data[6] if len(data) > 6 else 0):
        length = data[at] if at < len(data) else 0
        yield from _said("kywd", data[at + 1 : at + 1 + length])
        at += 1 + length


def _chapters(data: bytes) -> Iterator[FilmText]:
    at = 5 if data[:1] == b"\0" else 9
    while at + 9 <= len(data):
        length = data[at + 8]
        yield from _said("chapter", data[at + 9 : at + 9 + length])
        at += 9 + length


def _xtra(data: bytes) -> Iterator[FilmText]:
    """Length, length of the name, the name, how many values; of each length and kind. Little-endian inside."""
    at = 0
    while at + 12 <= len(data):
        length, size = struct.unpack_from(">II", data, at)
        if length < 12 or size > length:
            return
        name = _letters(data[at + 8 : at + 8 + min(size, 100)])
        value, end = at + 12 + size, min(at + length, len(data))
        while value + 6 <= end:
            span, kind = struct.unpack_from(">IH", data, value)
            if span < 6:
                break
            if kind == _XTRA_TEXT:
                yield from _said(name, b"\xff\xfe" + data[value + 6 : min(value + span, end)])
            value += span
        at += length


def _of_maker(kind: bytes, data: bytes, depth: int) -> Iterator[FilmText]:
    """A plain text, or one behind a version and language, or boxes of the maker's own."""
    for skip in (0, 4):
        if depth > 0 and len(data) >= skip + 8 and _holds_boxes(data[skip:]):
            yield from _user_data(data[skip:], depth - 1)
            return
    for skip in (0, 4, 6):
        if skip and any(data[:4]):
            return
        text = _text(data[skip : skip + _MAX_FILM_TEXT_BYTES]) if data[skip : skip + 1] > b"\x1f" else ""
        if text:
            yield FilmText(_letters(kind), text)
            return


def _holds_boxes(data: bytes) -> bool:
    """Whether boxes fill these bytes to their end."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8 or not all(31 < letter < 127 or letter == 0xA9 for letter in kind):
            return False
        at += length
    return at == len(data)


def _meta(data: bytes) -> Iterator[FilmText]:
    held = dict(_boxes(data if data[4:8] in _BEFORE_META else data[4:]))
    names = [_letters(name) for _, name in _boxes(held.get(b"keys", b"")[8:])]
    for kind, inside in _boxes(held.get(b"ilst", b"")):
        number = int.from_bytes(kind, "big")
        if kind == b"----":
            parts = dict(_boxes(inside))
            yield from _items(_letters(parts.get(b"name", b"")[4:]), inside)
        elif 1 <= number <= len(names):
            yield from _items(names[number - 1], inside)
        else:
            yield from _items(_letters(kind), inside)


def _items(name: str, data: bytes) -> Iterator[FilmText]:
    """Yield the texts of `data` boxes: kind and language before each."""
    for kind, inside in _boxes(data):
        number = int.from_bytes(inside[:4], "big")
        if kind == b"data" and number in _TEXT_TYPES + _WIDE_TYPES:
            yield from _said(name, inside[8:], wide=number in _WIDE_TYPES)
        elif kind == b"data" and (form := _FLOATS_OF_KEYS.get(number)) and len(inside) == 8 + struct.calcsize(form):
            yield FilmText(name, str(struct.unpack(form, inside[8:])[0]))
