"""FAT directory entries: 32 bytes each, long names in entries before the short one.

Source: Microsoft "FAT: General Overview of On-Disk Format" 1.03, sections "FAT Directory Structure" and
"FAT Long Directory Entries"; departures in spec/deviations.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

ENTRY_BYTES = 32
END = 0x00
DELETED = 0xE5
READ_ONLY, _NOT_SHOWN, SYSTEM, VOLUME_LABEL, DIRECTORY = 0x01, 0x02, 0x04, 0x08, 0x10
LONG_NAME = READ_ONLY | _NOT_SHOWN | SYSTEM | VOLUME_LABEL
LONG_NAME_MASK = 0x3F
LAST_LONG = 0x40
MAX_LONG = 20  # long-name entries of one name: 255 units, rounded up
# Section "Short Directory Entries"; small letters are written by nobody, case is told by bits.
_NEVER_IN_A_NAME = frozenset(b'"*+,./:;<=>?[\\]|\x7f' + bytes(range(ord("a"), ord("z") + 1)))
_KANJI_E5 = 0x05  # stands for 0xE5 as first byte, which would mean deleted
_LOWER_BASE, _LOWER_EXTENSION = 0x08, 0x10  # Windows NT's case bits, in the reserved byte 12

Slot = tuple[int, bytes]
"""Offset on the device and the 32 bytes there."""


@dataclass(frozen=True, slots=True)
class Record:
    """One name in a directory: the short entry and the long-name entries that belong to it.

    Args:
        name: long where there is a valid one, else short.
        short: the 32 bytes of the short entry.
        offsets_bytes: of all its entries on the device, in order; the short one last.
    """

    name: str
    short: bytes
    offsets_bytes: tuple[int, ...]

    @property
    def attributes(self) -> int:
        return self.short[11]

    @property
    def first_cluster(self) -> int:
        high, low = struct.unpack_from("<H4xH", self.short, 20)
        return int((high << 16 | low) & 0x0FFFFFFF)

    @property
    def size_bytes(self) -> int:
        return int.from_bytes(self.short[28:32], "little")

    @property
    def modified(self) -> datetime | None:
        time, date = struct.unpack_from("<HH", self.short, 22)
        return unpack_time(date, time)


def records(slots: Iterable[Slot]) -> Iterator[Record]:
    """Read a directory up to its end mark; deleted entries, "." and ".." are left out, the volume label is not."""
    long: list[Slot] = []
    for offset, entry in slots:
        if entry[0] == END:
            return
        if entry[0] == DELETED:
            long = []
        elif entry[11] & LONG_NAME_MASK == LONG_NAME:
            if entry[0] & LAST_LONG or len(long) == MAX_LONG:
                long = []
            long.append((offset, entry))
        else:
            if not is_dot(entry):
                yield _record(offset, entry, long)
            long = []


def is_lawful(entry: bytes) -> bool:
    """Whether 32 bytes can be the short entry of a file or directory: name, attributes, case bits and date.

    Bytes of a picture are not, but for one slot in millions; what a driver wrote is, in any code page. A letter may be
    the second byte of a Shift-JIS character, where 0x5C and small letters are lawful.
    """
    if entry[11] & (0xC0 | VOLUME_LABEL) or entry[12] & 0xE0:
        return False
    name = (bytes([DELETED]) if entry[0] in (_KANJI_E5, DELETED) else entry[:1]) + entry[1:11]
    trail = False
    for byte in name:
        if not trail and (byte < 0x20 or byte in _NEVER_IN_A_NAME):
            return False
        trail = not trail and (0x81 <= byte <= 0x9F or 0xE0 <= byte <= 0xFC)
    time, date = struct.unpack_from("<HH", entry, 22)
    return name[0] != 0x20 and ((time, date) == (0, 0) or unpack_time(date, time) is not None)


def is_dot(entry: bytes) -> bool:
    """Whether a short entry is "." or "..", which every directory but the root begins with."""
    return entry[:11] in (b".          ", b"..         ")


def _record(offset: int, entry: bytes, long: list[Slot]) -> Record:
    name = None if entry[11] & VOLUME_LABEL else long_name([raw for _, raw in long], short_checksum(entry[:11]))
    if name is None:
        return Record(short_name(entry), entry, (offset,))
    return Record(name, entry, (*(at for at, _ in long), offset))


def long_name(entries: list[bytes], checksum: int) -> str | None:
    """Join long-name entries as they lie on the card (last part first); None where they do not fit together."""
    count = len(entries)
    for index, entry in enumerate(entries):
        order = count - index
        expected = order | LAST_LONG if index == 0 else order
        if entry[0] != expected or entry[13] != checksum or entry[12] != 0:
            return None
    units = b"".join(long_units(entry) for entry in reversed(entries))
    name = units.decode("utf-16-le", "surrogatepass").split("\0", 1)[0]
    return name or None


def long_units(entry: bytes) -> bytes:
    """The 13 UTF-16 units of one long-name entry, as bytes."""
    return entry[1:11] + entry[14:26] + entry[28:32]


def short_checksum(name: bytes) -> int:
    """The checksum over the 11 bytes of a short name that ties long-name entries to it (section "checksum")."""
    total = 0
    for byte in name:
        total = ((total & 1) << 7 | total >> 1) + byte & 0xFF
    return total


def short_name(entry: bytes) -> str:
    """The 8.3 name as systems show it: code page 437, Windows NT's case bits honoured."""
    raw = bytes([DELETED]) + entry[1:11] if entry[0] == _KANJI_E5 else entry[:11]
    base, extension = (part.decode("cp437").rstrip(" ") for part in (raw[:8], raw[8:]))
    if entry[12] & _LOWER_BASE:
        base = base.lower()
    if entry[12] & _LOWER_EXTENSION:
        extension = extension.lower()
    return f"{base}.{extension}" if extension else base


def unpack_time(date: int, time: int) -> datetime | None:
    """Read a FAT date and time (2 s steps, local time, no zone); None for nonsense."""
    try:
        return datetime(1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2)
    except ValueError:
        return None
