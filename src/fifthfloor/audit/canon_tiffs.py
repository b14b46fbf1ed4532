"""The four TIFFs in which Canon keeps Exif in files of boxes: in the box of a CR3, and again in its timed records."""

from __future__ import annotations

from fifthfloor.audit.exif_texts import Role, Walked
from fifthfloor.audit.photo_facts import Draft, read_exif, read_first, read_gps, read_note, read_texts
from fifthfloor.metadata.tiff import Tiff, TiffEntry, reader_of

CANON_TIFFS = (b"CMT1", b"CMT2", b"CMT3", b"CMT4")
_ROLES_OF_CANON: dict[bytes, Role] = {b"CMT1": "main", b"CMT2": "exif", b"CMT4": "gps"}


def read_canon_tiff(kind: bytes, data: bytes, draft: Draft) -> None:
    """Read one of `CANON_TIFFS`: CMT1 is the first directory, CMT2 Exif, CMT3 the maker note, CMT4 GPS."""
    tiff = Tiff.open(reader_of(data))
    if tiff is None:
        return
    directory = tiff.directory(tiff.first_offset)
    if kind == b"CMT1":
        read_first(tiff, directory, draft)
    elif kind == b"CMT2":
        read_exif(tiff, directory, draft)
    elif kind == b"CMT3":
        note = read_note(tiff, TiffEntry(0x927C, 7, len(data), tiff.first_offset), draft)
        draft.numbers.update({key: value for key, value in note.items() if key not in draft.numbers})
    else:
        read_gps(tiff, directory, draft)
    if kind in _ROLES_OF_CANON:
        read_texts(tiff, Walked(_ROLES_OF_CANON[kind], directory, first=True), draft)
