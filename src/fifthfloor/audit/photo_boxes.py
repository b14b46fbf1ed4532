"""Facts in files built of boxes (ISO/IEC 14496-12): HEIC, CR3, MOV, MP4; and in PNG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from fifthfloor.audit.captions import read_xmp
from fifthfloor.audit.exif import Draft, checked_place, read_exif, read_first, read_place, read_tiff
from fifthfloor.audit.maker_notes import read_maker_note
from fifthfloor.audit.tiff import Entry, Read, Tiff, reader_of

MAX_BOXES = 2000
MAX_MOVIE_BYTES = 8 << 20  # descriptions of an hour-long film
SEARCHED_BYTES = 1 << 20  # of a HEIC, for its Exif block
CANON_BOX = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")  # uuid of Canon's metadata in moov


def boxes(read: Read, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start of contents, end) of the boxes between two offsets."""
    for _ in range(MAX_BOXES):
        head = read(start, 16)
        if len(head) < 8 or start >= end:
            return
        length, kind, skip = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1 and len(head) == 16:
            length, skip = int.from_bytes(head[8:16], "big"), 16
        if length == 0:
            length = end - start
        if length < skip:
            return
        yield kind, start + skip, min(end, start + length)
        start += length


def read_boxes(read: Read, size_bytes: int, draft: Draft) -> None:
    """Read whatever of the four forms this is into `draft`."""
    head = read(0, 16)
    brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
    draft.form = {b"crx ": "cr3", b"qt  ": "mov"}.get(brand, "mp4")
    if brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"heim", b"heis"):
        draft.form = "heic"
        _read_heic(read, size_bytes, draft)
        return
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"moov":
            _read_movie(read, start, end, draft)


def _read_heic(read: Read, size_bytes: int, draft: Draft) -> None:
    """Find the Exif item by its header: its place in `iloc` may be anywhere, its first bytes are always the same."""
    data = read(0, min(SEARCHED_BYTES, size_bytes))
    place = data.find(b"Exif\0\0")
    while place >= 0:
        if data[place + 6 : place + 10] in (b"II*\0", b"MM\0*"):
            read_tiff(reader_of(data, place + 6), place + 6, draft)
            break
        place = data.find(b"Exif\0\0", place + 1)
    packet = data.find(b"<x:xmpmeta")
    if packet >= 0:
        read_xmp(data[packet:], draft.captions)
    if b"c2pa" in data[:65536]:
        draft.signed = "c2pa"


def _read_movie(read: Read, start: int, end: int, draft: Draft) -> None:
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"uuid" and read(inside, 16) == CANON_BOX:
            _read_canon(read, inside + 16, box_end, draft)
    text = read(start, min(MAX_MOVIE_BYTES, end - start))
    place = re.search(rb"([+-]\d{1,2}\.\d{2,8})([+-]\d{1,3}\.\d{2,8})(?:[+-]\d+(?:\.\d+)?)?/", text)
    if place and draft.gps is None:
        draft.gps = checked_place(float(place[1]), float(place[2]))
    moment = re.search(rb"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d)", text)
    if moment and draft.taken is None:
        try:
            draft.taken = datetime.fromisoformat(moment[1].decode())
        except ValueError:
            draft.taken = None
    draft.make = draft.make or _quicktime_text(text, b"\xa9mak")
    draft.model = draft.model or _quicktime_text(text, b"\xa9mod")
    draft.software = draft.software or _quicktime_text(text, b"\xa9swr")


def _quicktime_text(data: bytes, kind: bytes) -> str:
    """Return a user-data text: box, then length and language (two bytes each), then the text."""
    place = data.find(kind)
    if place < 0:
        return ""
    length = int.from_bytes(data[place + 4 : place + 6], "big")
    return data[place + 8 : place + 8 + min(length, 200)].decode("utf-8", "replace").strip("\0 ")


def _read_canon(read: Read, start: int, end: int, draft: Draft) -> None:
    """Read the four TIFFs of a CR3: CMT1 is the first directory, CMT2 Exif, CMT3 the maker note, CMT4 GPS."""
    for kind, inside, box_end in boxes(read, start, end):
        if kind not in (b"CMT1", b"CMT2", b"CMT3", b"CMT4"):
            continue
        data = read(inside, min(MAX_MOVIE_BYTES, box_end - inside))
        tiff = Tiff.open(reader_of(data))
        if tiff is None:
            continue
        directory = tiff.directory(tiff.first_offset)
        if kind == b"CMT1":
            read_first(tiff, directory, draft)
        elif kind == b"CMT2":
            read_exif(tiff, directory, draft)
        elif kind == b"CMT3":
            note = read_maker_note(tiff, Entry(0x927C, 7, len(data), tiff.first_offset), draft.make, draft.model)
            if note.pop("verification", ""):
                draft.signed = "canon"
            draft.numbers.update({key: value for key, value in note.items() if key not in draft.numbers})
        else:
            draft.gps = read_place(tiff, directory) or draft.gps


def read_png(read: Read, draft: Draft) -> None:
    """Read the eXIf and text chunks of a PNG (third edition, 11.3)."""
    at = 8
    for _ in range(MAX_BOXES):
        head = read(at, 8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if len(head) < 8 or length > 1 << 31:
            return
        if kind == b"eXIf":
            read_tiff(reader_of(read(at + 8, min(length, MAX_MOVIE_BYTES))), at + 8, draft)
        elif kind in (b"iTXt", b"tEXt"):
            data = read(at + 8, min(length, MAX_MOVIE_BYTES))
            if data.startswith(b"XML:com.adobe.xmp"):
                read_xmp(data, draft.captions)
            else:
                name, _, value = data.partition(b"\0")
                draft.captions.add("software" if name == b"Software" else "comment", value.decode("latin-1"))
        elif kind == b"IHDR":
            size = read(at + 8, 8)
            draft.pixels = (int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big"))
        elif kind == b"IEND":
            return
        at += 12 + length
