"""Places, persons and words that people give their cameras, where makers' notes keep them.

Elsewhere every text is told but for what is technical. Makers' notes are the other way round: nearly all texts in them
are settings ("AF-S", "NORMAL"), and a list of these ends with the next model.

Source: the tag pages of ExifTool, which is the judge (`tests/audit/test_makers_texts.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fifthfloor.metadata.text import text_of
from fifthfloor.metadata.tiff import Directory, Tiff, TiffEntry

NoteText = tuple[str, str]
"""Kind of text as in `captions.Captions`, or of number ("serial"), and the text."""

# maker -> tag -> kind
_TAGS_OF_MAKERS: tuple[tuple[str, dict[int, str]], ...] = (
    ("PANASONIC", {0x65: "title", 0x66: "person", 0x67: "place", 0x69: "place", 0x6B: "place", 0x6D: "place",
                   0x6F: "place", 0x80: "place"}),
    ("LEICA", {0x65: "title", 0x66: "person", 0x67: "place", 0x69: "place", 0x6B: "place", 0x6D: "place",
               0x6F: "place"}),
    ("PENTAX", {0x22E: "artist", 0x22F: "copyright"}),
    ("RICOH", {0x22E: "artist", 0x22F: "copyright"}),
    ("SAMSUNG", {0x30: "place", 0x31: "place", 0x123: "person"}),
)  # fmt: skip
_PANASONIC_FACES, _NIKON_PLACE, _NIKON_CODINGS = 0x61, 0x39, {0: "utf-8", 1: "utf-8", 2: "utf-16-be"}
_FACE_BYTES, _MOST_FACES = 48, 3
# What the maker's programs write where nothing is said.
_SAYS_NOTHING = frozenset(["---", "n/a", "none", "off", "null", "unknown"])
_UNCHANGED_LABEL = re.compile(r"(?i)fire\b|\bpro (?:covert|white)|\bcovert\b")  # what a label says that nobody changed
# Reconyx' trail cameras: no directory, but places in the note: of the serial, of the owner's label.
_TRAIL_CAMERAS = (
    (b"\x01\xf1", 42, 30, "utf-16-le", 86, 22),
    (b"RECONYXUF\0", 0x4B, 15, "utf-8", 0x5A, 21),
    (b"RECONYXH2\0", 0x7E, 30, "utf-16-le", 0x68, 22),
)


def note_texts(note: Tiff, directory: Directory, make: str) -> Iterator[NoteText]:
    """Yield what somebody wrote into a note that is a directory."""
    maker = make.upper()
    for name, tags in _TAGS_OF_MAKERS:
        if maker.startswith(name):
            for tag, kind in tags.items():
                yield from _said(kind, text_of(_value(note, directory, tag)))
    if maker.startswith(("PANASONIC", "LEICA")):
        faces = _value(note, directory, _PANASONIC_FACES)
        for number in range(min(_MOST_FACES, int.from_bytes(faces[:2], "little"))):
            yield from _said("person", text_of(faces[4 + number * _FACE_BYTES :][:20]))
    elif maker.startswith("NIKON"):
        place = _value(note, directory, _NIKON_PLACE)
        codec = _NIKON_CODINGS.get(place[4] if len(place) > 9 else 0, "utf-8")
        yield from _said("place", text_of(place[5:8]))
        yield from _said("place", place[9:79].decode(codec, "replace").split("\0", 1)[0])


def trail_camera_texts(tiff: Tiff, entry: TiffEntry) -> list[NoteText]:
    """Return serial and label of a note of Reconyx; nothing where it is no such note."""
    head = tiff.read(entry.at, min(entry.length_bytes, 256))
    for beginning, serial_at, serial_bytes, codec, label_at, label_bytes in _TRAIL_CAMERAS:
        if head.startswith(beginning):
            serial = head[serial_at : serial_at + serial_bytes].decode(codec, "replace").split("\0", 1)[0]
            if serial.isascii() and serial.isalnum() and len(serial) > 4:
                label = text_of(head[label_at : label_at + label_bytes])
                named = [] if _UNCHANGED_LABEL.search(label) else list(_said("said", label))
                return [("serial", serial), *named]
    return []


def _value(note: Tiff, directory: Directory, tag: int) -> bytes:
    return note.raw(directory.entries.get(tag), 1024)


def _said(kind: str, text: str) -> Iterator[NoteText]:
    text = text.strip("\0 ")
    if text.lower() not in _SAYS_NOTHING and any(map(str.isalpha, text)) and all(map(str.isprintable, text)):
        yield kind, text
