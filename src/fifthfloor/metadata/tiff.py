"""Directories of TIFF 6.0, as Exif, maker notes, MPF and most raw files use them; every number in them may lie.

Rule: an offset, count or kind off the file is checked before it is used; what does not fit is as if it were absent.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from fifthfloor.metadata.text import text_of

Read = Callable[[int, int], bytes]  # (offset, length) -> bytes, fewer at the end
Order = Literal["<", ">"]

_MAX_TIFF_ENTRIES = 1024  # the longest directory in 400 camera files had 170
MAX_DIRECTORIES = 64  # a raw has about ten; bounds cyclic chains
_MAX_VALUE_BYTES = 1 << 20  # larger values are pictures or padding, not facts

# kind -> (bytes of one, struct letter); TIFF 6.0 section 2, 13 is IFD (TIFF Tech Note 1), 129 UTF-8 (Exif 3.0, 4.6.2)
_VALUE_KINDS: dict[int, tuple[int, str]] = {
    1: (1, "B"), 2: (1, "s"), 3: (2, "H"), 4: (4, "I"), 5: (8, "II"), 6: (1, "b"), 7: (1, "s"),
    8: (2, "h"), 9: (4, "i"), 10: (8, "ii"), 11: (4, "f"), 12: (8, "d"), 13: (4, "I"), 129: (1, "s"),
}  # fmt: skip
MAGICS = {b"II*\0", b"MM\0*", b"IIRO", b"IIRS", b"MMOR", b"IIU\0"}  # TIFF, Olympus, Panasonic


@dataclass(frozen=True, slots=True)
class TiffEntry:
    """One entry of a directory; its value is not read yet.

    Args:
        tag: what it says.
        kind: one of KINDS.
        count: how many values.
        at: offset of the value, from where the directory's offsets count.
    """

    tag: int
    kind: int
    count: int
    at: int

    @property
    def length_bytes(self) -> int:
        return _VALUE_KINDS[self.kind][0] * self.count


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory and the offset of the next one (0: none)."""

    entries: dict[int, TiffEntry]
    next_offset: int

    def __contains__(self, tag: int) -> bool:
        return tag in self.entries


class Tiff:
    """Reads directories and values.

    Args:
        read: gives bytes at an offset; offsets count from the TIFF header.
        order: byte order.
        first_offset: of the first directory.
    """

    def __init__(self, read: Read, order: Order, first_offset: int) -> None:
        self.read = read
        self.order: Order = order
        self.first_offset = first_offset
        self._entry = struct.Struct(order + "HHI4s")
        self._directories: dict[int, Directory] = {}

    @classmethod
    def open(cls, read: Read) -> Tiff | None:
        """Open by the eight bytes of the header; None where they are something else."""
        head = read(0, 8)
        if len(head) < 8 or head[:4] not in MAGICS:
            return None
        order: Order = "<" if head[:2] == b"II" else ">"
        return cls(read, order, struct.unpack(order + "I", head[4:8])[0])

    def directory(self, offset: int) -> Directory:
        """Read the directory at `offset`, once; empty where there is none."""
        found = self._directories.get(offset)
        if found is None:
            found = self._read_directory(offset)
            if len(self._directories) < MAX_DIRECTORIES:
                self._directories[offset] = found
        return found

    def _read_directory(self, offset: int) -> Directory:
        head = self.read(offset, 2) if offset > 0 else b""
        if len(head) < 2:
            return Directory({}, 0)
        count = struct.unpack(self.order + "H", head)[0]
        if not 0 < count <= _MAX_TIFF_ENTRIES:
            return Directory({}, 0)
        body = self.read(offset + 2, 12 * count + 4)
        entries: dict[int, TiffEntry] = {}
        for index, (tag, kind, number, value) in enumerate(self._entry.iter_unpack(body[: len(body) // 12 * 12])):
            if index == count or kind not in _VALUE_KINDS or tag in entries:
                continue
            inline = _VALUE_KINDS[kind][0] * number <= 4
            at = offset + 10 + 12 * index if inline else struct.unpack(self.order + "I", value)[0]
            entries[tag] = TiffEntry(tag, kind, number, at)
        after = body[12 * count : 12 * count + 4]
        return Directory(entries, struct.unpack(self.order + "I", after)[0] if len(after) == 4 else 0)

    def leads_on(self, offset: int) -> bool:
        """Whether the directory at `offset` names another one; its entries are not looked at."""
        head = self.read(offset, 2) if offset > 0 else b""
        count = int.from_bytes(head, "little" if self.order == "<" else "big")
        return any(self.read(offset + 2 + 12 * count, 4)) if len(head) == 2 and count else False

    def chain(self, offset: int) -> Iterator[Directory]:
        """Yield the directory at `offset` and those it leads to, each once."""
        seen: set[int] = set()
        while offset and offset not in seen and len(seen) < MAX_DIRECTORIES:
            seen.add(offset)
            directory = self.directory(offset)
            yield directory
            offset = directory.next_offset

    def raw(self, entry: TiffEntry | None, limit_bytes: int = _MAX_VALUE_BYTES) -> bytes:
        """Return the bytes of a value, cut at `limit_bytes`; empty where the file ends before it."""
        if entry is None:
            return b""
        length = min(entry.length_bytes, limit_bytes)
        data = self.read(entry.at, length) if entry.at >= 0 else b""
        return data if len(data) == length else b""

    def numbers(self, entry: TiffEntry | None, limit: int = 4096) -> tuple[float, ...]:
        """Return the values as numbers; rationals divided, a zero denominator gives 0."""
        if entry is None:
            return ()
        size, letter = _VALUE_KINDS[entry.kind]
        if letter == "s":
            return tuple(self.raw(entry, limit))
        count = min(entry.count, limit)
        data = self.raw(entry, size * count)
        values = struct.unpack(f"{self.order}{count * len(letter)}{letter[0]}", data) if data else ()
        if len(letter) == 2:
            return tuple(a / b if b else 0.0 for a, b in zip(values[::2], values[1::2], strict=True))
        return values

    def number(self, entry: TiffEntry | None) -> int | None:
        """Return the first value as a whole number; None where there is none."""
        values = self.numbers(entry, 1)
        try:
            return int(values[0]) if values else None
        except (ValueError, OverflowError):  # a float that is not a number
            return None

    def text(self, entry: TiffEntry | None, limit_bytes: int = 4096) -> str:
        """Return the value as text up to its first zero byte, trimmed."""
        return text_of(self.raw(entry, limit_bytes))


def reader_of(data: bytes, base: int = 0) -> Read:
    """Return a Read over bytes, its offset 0 at `base`."""

    def read(offset: int, length: int) -> bytes:
        start = base + offset
        return data[start : start + length] if offset >= 0 and length > 0 else b""

    return read


def embedded_thumbnail(tiff: Tiff) -> tuple[int, int] | None:
    """Return (offset, length) of the JPEG thumbnail of IFD1 (Exif 2.3, 4.6.2), from the TIFF header; None if none."""
    for number, directory in enumerate(tiff.chain(tiff.first_offset) if tiff.leads_on(tiff.first_offset) else ()):
        offset = tiff.number(directory.entries.get(0x201))
        length = tiff.number(directory.entries.get(0x202))
        if number and offset and length and tiff.read(offset, 2) == b"\xff\xd8":
            return offset, length
        if number > 3:
            break
    return None
