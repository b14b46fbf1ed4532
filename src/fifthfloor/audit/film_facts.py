"""Facts of films and CR3 (ISO/IEC 14496-12), and the texts of PNG."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import datetime

from fifthfloor.audit.canon_tiffs import CANON_TIFFS, read_canon_tiff
from fifthfloor.audit.captions import add_xmp
from fifthfloor.audit.film_tracks import read_tracks
from fifthfloor.audit.film_words import read_words
from fifthfloor.audit.photo_facts import Draft, read_action, read_block, read_film_text, read_tiff
from fifthfloor.metadata import jpeg_head
from fifthfloor.metadata.beside_films import read_text
from fifthfloor.metadata.brands import HEAD_BYTES, form_of
from fifthfloor.metadata.exif import checked_place
from fifthfloor.metadata.gpmf import read_gpmf
from fifthfloor.metadata.iso6709 import find_iso6709
from fifthfloor.metadata.iso_boxes import C2PA, CANON, XMP, boxes
from fifthfloor.metadata.nikon_films import NikonFilm, read_nikon_film
from fifthfloor.metadata.parts import holds_boxes
from fifthfloor.metadata.png import chunks, is_metadata, texts
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import Read, reader_of
from fifthfloor.metadata.xmp import MAX_PACKET_BYTES, packet_in

MAX_CLIP_BYTES = 1 << 20
MAX_MOVIE_BYTES = 8 << 20  # of a description, the tables of its tracks left out
_OF_A_TRACK = frozenset([b"udta", b"meta", b"uuid", b"tapt"])
_UNUSED = frozenset([b"free", b"skip"])  # where dashcams keep places, before the film or behind it
_UNUSED_START_BYTES = 64
_EXIF = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_MAX_HANDLER_BYTES = 1024
_DASHCAM = frozenset([b"gps ", b"GPS "])  # Novatek's index of the places in the film's data, which is not read


def read_film(read: Read, size_bytes: int, draft: Draft) -> None:
    """Read a file of boxes that is no HEIF into `draft`."""
    draft.form = form_of(read(0, HEAD_BYTES)) or draft.form
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"moov":
            _read_movie(read, start, end, draft)
        elif kind == b"meta":
            # Sony keeps the clip's description, which also stands beside the film, in here.
            read_film_text(read_text(read(start, min(MAX_CLIP_BYTES, end - start))), draft)
            read_words(_boxed(kind, read(start, min(MAX_CLIP_BYTES, end - start))), draft)
        elif kind == b"udta":
            read_words(_boxed(kind, read(start, min(MAX_CLIP_BYTES, end - start))), draft)
        elif kind in _UNUSED and b"GPS" in read(start, min(_UNUSED_START_BYTES, end - start)):
            draft.unread["tracks"] += 1
        elif kind in _UNUSED and holds_boxes(read, start, end):
            _read_replaced(read, start, end, draft)
        elif kind == b"uuid" and read(start, 16) == XMP:
            add_xmp(read(start + 16, min(MAX_MOVIE_BYTES, end - start - 16)), draft.captions)
        elif kind == b"uuid" and read(start, 16) == C2PA:
            draft.manifests.append(read(start + 16, min(MAX_MOVIE_BYTES, end - start - 16)))


def _read_replaced(read: Read, start: int, end: int, draft: Draft) -> None:
    """Read a description that was written anew elsewhere: the old one stays, under another name."""
    held = [(kind, inside, stop) for kind, inside, stop in boxes(read, start, end)]
    for kind, inside, stop in held:
        if kind == b"moov":
            _read_movie(read, inside, stop, draft)
    if any(kind in (b"mvhd", b"trak", b"udta") for kind, _, _ in held):
        _read_movie(read, start, end, draft)


def read_films_of_still(read: Read, size_bytes: int, draft: Draft) -> None:
    """Read what a HEIF has of a film: the description of a sequence of pictures, and a film behind a picture."""
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"moov":
            _read_movie(read, start, end, draft)
        elif kind == b"mpvd":
            form, film = draft.form, _from(read, start)
            read_film(film, end - start, draft)
            read_tracks(film, end - start, draft)
            draft.form = form
    read_tracks(read, size_bytes, draft)


def _from(read: Read, start: int) -> Read:
    return lambda offset, length: read(start + offset, length) if offset >= 0 else b""


def _read_movie(read: Read, start: int, end: int, draft: Draft) -> None:
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"uuid" and read(inside, 16) == CANON:
            _read_canon(read, inside + 16, box_end, draft)
        elif kind == b"cmov":
            _read_packed(read, inside, box_end, draft)
        elif kind in _DASHCAM:
            draft.unread["tracks"] += 1
    text = _description(read, start, end, draft)
    read_words(text, draft)
    draft.gps = draft.gps or find_iso6709(text) or _loci_place(text)
    _read_user_data(text, draft)
    moment = re.search(rb"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)", text)
    if moment and draft.taken is None:
        try:
            draft.taken = datetime.fromisoformat(moment[1].decode())
        except ValueError:
            draft.taken = None


def _description(read: Read, start: int, end: int, draft: Draft) -> bytes:
    """Return what a movie box says but for its tracks' tables, which of a long film are longer than all of it."""
    parts, room = [], MAX_MOVIE_BYTES
    for kind, inside, box_end in boxes(read, start, end):
        held = boxes(read, inside, box_end) if kind == b"trak" else [(kind, inside, box_end)]
        for below, first, stop in held:
            if kind == b"trak" and below == b"mdia":
                parts += [_boxed(b"hdlr", read(at, min(_MAX_HANDLER_BYTES, to - at)))
                          for name, at, to in boxes(read, first, stop) if name == b"hdlr"]  # fmt: skip
            if kind == b"trak" and below not in _OF_A_TRACK:
                continue
            data = read(first, min(room, stop - first))
            draft.unread["captions"] |= len(data) < stop - first
            room -= len(data)
            # With a head of its own: of a box that was cut nothing is read beyond what is here.
            parts.append(_boxed(below, data))
    return b"".join(parts)


def _boxed(kind: bytes, data: bytes) -> bytes:
    return (8 + len(data)).to_bytes(4, "big") + kind + data


def _read_packed(read: Read, start: int, end: int, draft: Draft) -> None:
    """Read a packed movie (QuickTime before 2000): `dcom` says how, `cmvd` its length and the packed box."""
    inner = {kind: (inside, stop) for kind, inside, stop in boxes(read, start, end)}
    inside, stop = inner.get(b"cmvd", (0, 0))
    try:
        data = zlib.decompressobj().decompress(read(inside + 4, min(MAX_MOVIE_BYTES, stop - inside)), MAX_MOVIE_BYTES)
    except zlib.error:
        data = b""
    if data[4:8] == b"moov" and b"cmov" not in data[8:16]:
        _read_movie(reader_of(data), 8, len(data), draft)
    else:
        draft.unread["packed"] += 1


def _loci_place(data: bytes) -> tuple[float, float] | None:
    """Read the box of 3GPP TS 26.244, 8.3: language, a name that ends in zero, role, longitude and latitude."""
    at = data.find(b"loci")
    if at < 0:
        return None
    wide = data[at + 10 : at + 12] == b"\xfe\xff"
    end = _end_of_text(data, at + 10, 2 if wide else 1)
    fixed = data[end + 1 : end + 9]
    if len(fixed) < 8:
        return None
    longitude, latitude = struct.unpack(">ii", fixed)
    return checked_place(latitude / 65536, longitude / 65536)


def _end_of_text(data: bytes, at: int, step: int) -> int:
    for place in range(at, min(len(data), at + 1024), step):
        if not any(data[place : place + step]):
            return place + step
    return len(data)


def _read_user_data(data: bytes, draft: Draft) -> None:
    """Read what makers keep in `udta`: GoPro's records, an XMP packet, Canon's and others' pictures with Exif."""
    at = data.find(b"CAME")
    if at >= 4 and int.from_bytes(data[at - 4 : at], "big") == 24:  # a digest of the serial number, alike in all films
        draft.numbers.setdefault("internal_serial", data[at + 4 : at + 20].hex())
    at = data.find(b"GPMF")
    if at >= 4:
        read_action(read_gpmf(data[at + 4 : at - 4 + int.from_bytes(data[at - 4 : at], "big")]), draft)
    at = data.find(b"NCTG")
    if at >= 4:
        _take_nikon(read_nikon_film(data[at + 4 : at - 4 + int.from_bytes(data[at - 4 : at], "big")]), draft)
    if (start := packet_in(data)) is not None:
        add_xmp(data[start : start + MAX_PACKET_BYTES], draft.captions)
    for match in _EXIF.finditer(data):  # Panasonic's, Leica's, Ricoh's, each at a place of its own
        read_tiff(reader_of(data, match.end()), 0, draft)
    for name in (b"CNTH", b"CNDA"):
        at = data.find(name)
        picture = data.find(b"\xff\xd8\xff", at, at + 64) if at >= 0 else -1
        if picture >= 0:
            for block in jpeg_head.blocks(jpeg_head.segments(reader_of(data, picture))):
                if block.kind == "exif":
                    read_block(block, draft)


def _take_nikon(facts: NikonFilm, draft: Draft) -> None:
    draft.make, draft.model = draft.make or facts.make, draft.model or facts.model
    for kind, value in (("serial", facts.serial), ("lens_serial", facts.lens_serial), ("owner", facts.owner)):
        if value:
            draft.numbers.setdefault(kind, value)
    draft.gps = draft.gps or facts.place
    for name, text in facts.words:
        draft.captions.say(name, text)


def _read_canon(read: Read, start: int, end: int, draft: Draft) -> None:
    for kind, inside, box_end in boxes(read, start, end):
        if kind in CANON_TIFFS:
            read_canon_tiff(kind, read(inside, min(MAX_MOVIE_BYTES, box_end - inside)), draft)


def read_png(read: Read, draft: Draft) -> None:
    """Read size and texts of a PNG; its blocks of metadata are read as those of any container."""
    for text in texts(read):
        if not is_metadata(text):
            kind = _PNG_TEXTS.get(text.keyword.lower())
            if kind is not None:
                draft.captions.add(kind, decode(text.value))
            else:
                draft.captions.take(decode(text.keyword), (), decode(_unlisted(text.value)))
            if text.translated != text.keyword:
                draft.captions.say("png:iTXt", decode(text.translated))
    for chunk in chunks(read):
        if chunk.kind == b"IHDR":
            size = read(chunk.offset_bytes, 8)
            draft.pixels = (int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big"))


def _unlisted(value: bytes) -> bytes:
    """Return the bytes that ImageMagick lists by their numbers ("65, 83 ..."), without the code before a comment."""
    if _LISTED_BYTES.fullmatch(value) is None:
        return value
    found = bytes(int(number) & 255 for number in value.split(b","))
    return found[8:] if found.startswith((b"ASCII\0\0\0", b"UNICODE\0", bytes(8))) else found


_LISTED_BYTES = re.compile(rb"\d{1,3}(?:, ?\d{1,3}){8,}")
# Keywords of the third edition, 11.3.3.1; of others the name says what they are, as of properties of XMP.
_PNG_TEXTS = {b"software": "software", b"author": "artist", b"copyright": "copyright", b"title": "title",
              b"description": "description", b"comment": "comment", b"disclaimer": "comment", b"warning": "comment",
              b"source": "comment"}  # fmt: skip
