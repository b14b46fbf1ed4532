"""The maker's own numbers: serial numbers, file numbers and shutter counts in maker notes.

No maker publishes these layouts; tag numbers are facts documented on the tag pages of ExifTool, which is also the
judge of this reader (`tests/audit/test_photo_judge.py`; what it reads and we do not is listed in
`docs/guide/audit.md`). Maker notes are read and never written: some numbers are keys of other, enciphered blocks.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from fifthfloor.audit.canon import canon_file_number, canon_lens_serial
from fifthfloor.audit.maker_texts import NoteText, note_texts, trail_camera_texts
from fifthfloor.audit.sony import sony_numbers
from fifthfloor.metadata.text import text_of
from fifthfloor.metadata.tiff import Directory, Order, Tiff, TiffEntry

MakerNumbers = dict[str, str | int]
"""serial, internal_serial, lens_serial, owner, unique_id: text; file_number, shutter_count, image_count: numbers."""

MAX_NOTE_ENTRIES = 255  # of a bare directory; read in the wrong byte order it has at least 256
_NOTE_GLANCE_BYTES = 1024
UNKNOWN_COUNT = 4294965247  # Nikon's "not available"


@dataclass(frozen=True, slots=True)
class MakerNote:
    """What a maker note says.

    Args:
        numbers: of the camera and of the picture.
        texts: what somebody wrote into the camera, each with its kind.
        read: it is of a kind that is read here; of others nothing is known.
    """

    numbers: MakerNumbers
    texts: tuple[NoteText, ...] = ()
    read: bool = True


def read_maker_note(tiff: Tiff, entry: TiffEntry, make: str, model: str) -> MakerNote:
    """Read one maker note; what cannot be read is left out.

    Args:
        tiff: the file's TIFF, from whose header most notes count their offsets.
        entry: tag 0x927C.
        make: the text of tag 0x10F.
        model: the text of tag 0x110.
    """
    if texts := trail_camera_texts(tiff, entry):
        return MakerNote({}, tuple(texts))
    note, start = _open(tiff, entry)
    directory = note.directory(start)
    maker = make.upper()
    for name, reader in _MAKERS:
        if maker.startswith(name) and directory.entries:
            found = reader(note, directory, model)
            numbers = {key: value for key, value in found.items() if value not in (None, "", b"")}
            return MakerNote(numbers, tuple(note_texts(note, directory, make)))
    blank = len(set(tiff.read(entry.at, min(entry.length_bytes, _NOTE_GLANCE_BYTES)))) <= 1
    return MakerNote({}, read=blank)


# first bytes of the note -> (directory from its start, offsets from its start (else from the TIFF), byte order at)
_LAYOUTS: tuple[tuple[bytes, int, bool, int | None], ...] = (
    (b"Nikon\0\x01", 8, False, None), (b"OLYMPUS\0", 12, True, 8), (b"OM SYSTEM\0", 16, True, 12),
    (b"OLYMP\0", 8, False, None), (b"EPSON\0", 8, False, None), (b"CAMER\0", 8, False, None),
    (b"MINOL\0", 8, False, None), (b"Panasonic", 12, False, None), (b"AOC\0", 6, False, 4),
    (b"PENTAX \0", 10, True, 8), (b"RICOH\0II", 8, True, 6), (b"S1\0\0\0\0\0\0\x0c\0\0\0", 12, True, None),
    (b"SIGMA\0", 10, False, None), (b"FOVEON\0", 10, False, None), (b"SONY", 12, False, None),
    (b"Apple iOS\0", 14, True, 12), (b"LEICA CAMERA AG\0", 18, False, None), (b"LEICA\0\x08\0", 8, False, None),
    (b"LEICA\0\x09\0", 8, False, None), (b"LEICA\0\x02\0", 8, False, None), (b"LEICA\0\x01\0", 8, True, None),
    (b"LEICA\0\x04\0", 8, True, None), (b"LEICA\0\x05\0", 8, True, None), (b"LEICA\0\x06\0", 8, True, None),
    (b"LEICA\0\x07\0", 8, True, None), (b"LEICA0", 8, True, None), (b"LEICA", 8, False, None),
    (b"MOT\0", 8, True, None), (b"SANYO\0", 8, False, None), (b"Ricoh", 8, False, None), (b"RICOH", 8, False, None),
)  # fmt: skip


def _open(tiff: Tiff, entry: TiffEntry) -> tuple[Tiff, int]:
    """Return a reader whose offsets count as the note's do, and where its directory is."""
    head = tiff.read(entry.at, 24)
    if head.startswith(b"Nikon\0\x02"):
        own = Tiff.open(_shifted(tiff, entry.at + 10))
        return (own, own.first_offset) if own else (tiff, 0)
    if head[:4] in (b"II*\0", b"MM\0*"):
        own = Tiff.open(_shifted(tiff, entry.at))
        return (own, own.first_offset) if own else (tiff, 0)
    if head.startswith((b"FUJIFILM", b"GENERALE")) and len(head) >= 12:
        return Tiff(_shifted(tiff, entry.at), "<", 0), struct.unpack("<I", head[8:12])[0]
    for prefix, start, own_base, order_at in _LAYOUTS:
        if head.startswith(prefix):
            order: Order = tiff.order
            if order_at is not None and head[order_at : order_at + 2] in (b"II", b"MM"):
                order = "<" if head[order_at : order_at + 2] == b"II" else ">"
            base = entry.at if own_base else 0
            return Tiff(_shifted(tiff, base), order, 0), entry.at - base + start
    return _plain(tiff, entry, head)


def _plain(tiff: Tiff, entry: TiffEntry, head: bytes) -> tuple[Tiff, int]:
    """Open a note that is a bare directory, even where a program moved it or rewrote the rest in the other order."""
    order: Order = tiff.order
    if int.from_bytes(head[:2], "little" if order == "<" else "big") > MAX_NOTE_ENTRIES:
        order = ">" if order == "<" else "<"
    note = Tiff(tiff.read, order, entry.at)
    footer = tiff.read(entry.at + entry.length_bytes - 8, 8)
    if footer[:4] in (b"II*\0", b"MM\0*"):
        # Canon writes at the end of the note where the note was when its offsets were true.
        moved = entry.at - struct.unpack(("<" if footer[:2] == b"II" else ">") + "I", footer[4:])[0]
        if moved:
            return Tiff(_shifted(tiff, moved), order, 0), entry.at - moved
    return note, entry.at


def _shifted(tiff: Tiff, base: int) -> Callable[[int, int], bytes]:
    def read(offset: int, length: int) -> bytes:
        return tiff.read(base + offset, length) if base + offset >= 0 else b""

    return read


def _canon(note: Tiff, directory: Directory, model: str) -> MakerNumbers:
    tags = directory.entries
    number = canon_file_number(note, directory, model)
    serial = note.number(tags.get(0x0C))
    return {
        "file_number": number or "",
        "owner": note.text(tags.get(0x09)),
        "serial": str(serial) if serial else "",
        "internal_serial": note.text(tags.get(0x96)),
        "unique_id": _hex(note.raw(tags.get(0x28), 16)),
        "lens_serial": canon_lens_serial(note.raw(tags.get(0x4019), 8)),
        "verification": "yes" if 0x83 in tags else "",
    }


def _nikon(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    tags = directory.entries
    count = note.number(tags.get(0xA7))
    if count in (None, 0, UNKNOWN_COUNT):
        count = note.number(tags.get(0x37))  # of the mechanical shutter, on bodies without a mirror
    info = note.raw(tags.get(0xB8), 16)
    number: int | str = ""
    if len(info) >= 10:
        # Newer models write this block little-endian in big-endian notes: take the order that gives a DCF folder.
        for order in (">", "<") if note.order == ">" else ("<", ">"):
            folder, file = struct.unpack(f"{order}HH", info[6:10])
            if 100 <= folder <= 999 and file <= 9999:
                number = file
                break
    return {
        "serial": note.text(tags.get(0x1D)) or note.text(tags.get(0xA0)),
        "shutter_count": count if count is not None and count != UNKNOWN_COUNT else "",
        "image_count": note.number(tags.get(0xA5)) or "",
        "file_number": number,
    }


def _inside(note: Tiff, entry: TiffEntry) -> dict[int, TiffEntry]:
    """The entries of a directory in a note, which an entry holds or says the place of."""
    return note.directory(entry.at if entry.kind == 7 else note.number(entry) or 0).entries


def _olympus(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    tags = directory.entries
    found: MakerNumbers = {"serial": note.text(tags.get(0x404)) or note.text(tags.get(0x101A))}
    main, equipment = tags.get(0x4000), tags.get(0x2010)
    if main is not None:  # newer notes keep here what older ones had beside it
        found["serial"] = note.text(_inside(note, main).get(0x404)) or found["serial"]
    if equipment is not None:
        inner = _inside(note, equipment)
        found["serial"] = note.text(inner.get(0x101)) or found["serial"]
        found["internal_serial"] = note.text(inner.get(0x102))
        found["lens_serial"] = note.text(inner.get(0x202))
    return found


def _pentax(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    tags = directory.entries
    date, time = note.raw(tags.get(0x06), 4), note.raw(tags.get(0x07), 3)
    sealed = note.raw(tags.get(0x5D), 4)
    found: MakerNumbers = {"serial": note.text(tags.get(0x229))}
    if len(sealed) == 4 and len(date) == 4 and len(time) == 3:
        # The count is stored combined with date and time of the photograph.
        mask = int.from_bytes(date, "big") ^ (0xFFFFFFFF - int.from_bytes(time + b"\0", "big"))
        found["shutter_count"] = int.from_bytes(sealed, "big") ^ mask
    numbers = note.numbers(tags.get(0x215), 5)
    if len(numbers) >= 5:
        found["internal_serial"] = str(int(numbers[4]))
    return found


def _fuji(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    count = note.number(directory.entries.get(0x1438))
    return {
        "internal_serial": note.text(directory.entries.get(0x10)),
        "image_count": count & 0x7FFF if count is not None else "",
    }


def _panasonic(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    tags = directory.entries
    serial = text_of(note.raw(tags.get(0x25), 64).lstrip(b"\0"))  # before some stand two zero bytes
    found: MakerNumbers = {"internal_serial": serial, "lens_serial": note.text(tags.get(0x52))}
    return found


def _leica(note: Tiff, directory: Directory, model: str) -> MakerNumbers:
    tags = directory.entries
    serial = note.number(tags.get(0x305)) if 0x305 in tags else note.number(tags.get(0x303))
    if serial is not None and tags[0x305 if 0x305 in tags else 0x303].kind == 2:
        serial = None  # there it is the lens
    found = _panasonic(note, directory, model)
    found["serial"] = str(serial) if serial is not None else ""
    found["internal_serial"] = text_of(note.raw(tags.get(0x500), 64)) or found["internal_serial"]
    return found


def _apple(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    tags = directory.entries
    return {"content_id": note.text(tags.get(0x11)), "unique_id": note.text(tags.get(0x15))}


def _kodak(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
    for tag in range(0xFC00, 0xFC08):
        at = note.number(directory.entries.get(tag))
        serial = note.text(note.directory(at).entries.get(0xFA19)) if at else ""
        if serial:
            return {"serial": serial}
    return {}


def _text_at(tag: int) -> Callable[[Tiff, Directory, str], MakerNumbers]:
    def read(note: Tiff, directory: Directory, _model: str) -> MakerNumbers:
        entry = directory.entries.get(tag)
        return {"serial": note.text(entry) if entry is not None and entry.kind in (2, 7) else ""}

    return read


def _sony(note: Tiff, directory: Directory, model: str) -> MakerNumbers:
    return {"serial": note.text(directory.entries.get(0x2031)), **sony_numbers(note, directory, model)}


def _hex(data: bytes) -> str:
    return data.hex() if any(data) else ""


_MAKERS: tuple[tuple[str, Callable[[Tiff, Directory, str], MakerNumbers]], ...] = (
    ("CANON", _canon),
    ("NIKON", _nikon),
    ("OLYMPUS", _olympus),
    ("OM DIGITAL", _olympus),
    ("SEIKO EPSON", _olympus),
    ("PENTAX", _pentax),
    ("RICOH", _pentax),
    ("FUJI", _fuji),
    ("PANASONIC", _panasonic),
    ("LEICA", _leica),
    ("APPLE", _apple),
    ("SIGMA", _text_at(0x02)),
    ("EASTMAN KODAK", _kodak),
    ("SAMSUNG", _text_at(0xA002)),
    ("MOTOROLA", _text_at(0x5501)),
    ("SONY", _sony),
)
