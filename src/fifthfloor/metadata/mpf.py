"""The index of a file of several pictures, in APP2 (CIPA DC-007, 5.2.3): previews, gain maps, views of a scene."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fifthfloor.metadata.tiff import Read, Tiff

MPF_HEADER = b"MPF\0"
SEVERAL_VIEWS = 0x02  # high byte of a picture's type: panorama, disparity, several angles (5.2.3.3.1)
_ENTRIES = 0xB002
_MPF_ENTRY_BYTES = 16
_MAX_MPF_ENTRIES = 64


@dataclass(frozen=True, slots=True)
class MpfEntry:
    """One picture of the file.

    Args:
        kind: high byte of its type.
        size_bytes: its length.
        offset_bytes: where it begins, from the index's own TIFF header; 0 for the first one.
    """

    kind: int
    size_bytes: int
    offset_bytes: int


def entries_of(index: Read) -> tuple[MpfEntry, ...]:
    """Read the entries of an index, whose offset 0 is its TIFF header; none where it is no such thing."""
    tiff = Tiff.open(index)
    if tiff is None:
        return ()
    entry = tiff.directory(tiff.first_offset).entries.get(_ENTRIES)
    data = tiff.raw(entry, _MPF_ENTRY_BYTES * _MAX_MPF_ENTRIES)
    rows = struct.iter_unpack(tiff.order + "IIII", data[: len(data) // _MPF_ENTRY_BYTES * _MPF_ENTRY_BYTES])
    return tuple(MpfEntry(attribute >> 16 & 0xFF, size, offset) for attribute, size, offset, _dependent in rows)


def end_of_last(entries: tuple[MpfEntry, ...], index_at_bytes: int) -> int:
    """Return where the last picture ends, of an index whose TIFF header lies there; 0 where none says so."""
    return max((index_at_bytes + one.offset_bytes + one.size_bytes for one in entries if one.offset_bytes), default=0)
