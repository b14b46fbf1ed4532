"""Facts of films and CR3 (ISO/IEC 14496-12), and the texts of PNG."""

from __future__ import annotations

import re
from datetime import datetime

from fifthfloor.audit.maker_notes import read_maker_note
from fifthfloor.audit.photo_facts import Draft, read_exif, read_first
from fifthfloor.metadata.exif import checked_place, read_place
from fifthfloor.metadata.iso_boxes import CANON, boxes, form_of
from fifthfloor.metadata.png import MAX_CHUNK_BYTES, chunks
from fifthfloor.metadata.text import decode
from fifthfloor.metadata.tiff import Read, Tiff, TiffEntry, reader_of

MAX_MOVIE_BYTES = 8 << 20  # descriptions of an hour-long film


def read_film(read: Read, size_bytes: int, draft: Draft) -> None:
    """Read a file of boxes that is no HEIF into `draft`."""
    draft.form = form_of(read(0, 16))
    for kind, start, end in boxes(read, 0, size_bytes):
        if kind == b"moov":
            _read_movie(read, start, end, draft)


def _read_movie(read: Read, start: int, end: int, draft: Draft) -> None:
    for kind, inside, box_end in boxes(read, start, end):
        if kind == b"uuid" and read(inside, 16) == CANON:
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
            note = read_maker_note(tiff, TiffEntry(0x927C, 7, len(data), tiff.first_offset), draft.make, draft.model)
            if note.pop("verification", ""):
                draft.signed = "canon"
            draft.numbers.update({key: value for key, value in note.items() if key not in draft.numbers})
        else:
            draft.gps = read_place(tiff, directory) or draft.gps


def read_png(read: Read, draft: Draft) -> None:
    """Read size and texts of a PNG; its blocks of metadata are read as those of any container."""
    for chunk in chunks(read):
        if chunk.kind in (b"iTXt", b"tEXt"):
            data = read(chunk.offset_bytes, min(chunk.length_bytes, MAX_CHUNK_BYTES))
            if not data.startswith(b"XML:com.adobe.xmp"):
                name, _, value = data.partition(b"\0")
                draft.captions.add("software" if name == b"Software" else "comment", decode(value))
        elif chunk.kind == b"IHDR":
            size = read(chunk.offset_bytes, 8)
            draft.pixels = (int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big"))
