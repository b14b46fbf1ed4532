"""exFAT directory entries: sets of 32-byte entries with one checksum over each set.

Source: Microsoft "exFAT file system specification" 1.00, sections 6 and 7; departures in spec/deviations.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.fat_entries import DIRECTORY, ENTRY_BYTES, Slot, unpack_time
from fifthfloor.cards.paths import MAX_ENTRIES

END_OF_ENTRIES = 0x00
IN_USE = 0x80
SECONDARY = 0x40
BENIGN = 0x20
BITMAP, UPCASE, LABEL, FILE = 0x81, 0x82, 0x83, 0x85
STREAM, NAME = 0xC0, 0xC1
ALLOCATION_POSSIBLE, NO_FAT_CHAIN = 0x01, 0x02
NAME_UNITS = 15  # UTF-16 units a name entry holds
MAX_SECONDARY = 255  # stream, at most 17 names, and what vendors add (sections 6.3.2, 7.8, 7.9)
MIN_SECONDARY = 2
_WORTH_AN_ARRAY = 64  # below that, numpy's calls cost more than they save


@dataclass(frozen=True, slots=True)
class FileSet:
    """The entries of one file: file, stream extension, names (sections 7.4, 7.6, 7.7).

    Args:
        name: joined from the name entries.
        raw: all entries, in order.
        offsets_bytes: of each entry on the device.
    """

    name: str
    raw: bytes
    offsets_bytes: tuple[int, ...]

    @property
    def is_directory(self) -> bool:
        return bool(self.raw[4] & DIRECTORY)

    @property
    def flags(self) -> int:
        return self.raw[ENTRY_BYTES + 1]

    @property
    def name_hash(self) -> int:
        return int.from_bytes(self.raw[ENTRY_BYTES + 4 : ENTRY_BYTES + 6], "little")

    @property
    def written_bytes(self) -> int:
        return int.from_bytes(self.raw[ENTRY_BYTES + 8 : ENTRY_BYTES + 16], "little")

    @property
    def first_cluster(self) -> int:
        return int.from_bytes(self.raw[ENTRY_BYTES + 20 : ENTRY_BYTES + 24], "little")

    @property
    def size_bytes(self) -> int:
        return int.from_bytes(self.raw[ENTRY_BYTES + 24 : ENTRY_BYTES + 32], "little")

    @property
    def vendor_allocations(self) -> list[tuple[int, int, int]]:
        """Flags, first cluster and bytes of benign secondary entries that have clusters of their own (section 6.4)."""
        found = []
        for at in range(2 * ENTRY_BYTES, len(self.raw), ENTRY_BYTES):
            if self.raw[at] & BENIGN and self.raw[at + 1] & ALLOCATION_POSSIBLE:
                first, length = struct.unpack_from("<IQ", self.raw, at + 20)
                found.append((self.raw[at + 1], first, length))
        return found

    @property
    def modified(self) -> datetime | None:
        time, date = struct.unpack_from("<HH", self.raw, 12)
        moment = unpack_time(date, time)
        return moment + timedelta(milliseconds=10 * self.raw[21]) if moment and self.raw[21] < 200 else moment


FoundEntry = FileSet | Slot
"""A file, or another primary entry in use (bitmap, upcase table, label, ones we do not know)."""


def entry_sets(slots: Iterable[Slot], place: str, path: str, bearing: Bearing | None = None) -> list[FoundEntry]:
    """Read a directory up to its end mark, every set checked; entries not in use are left out.

    Where faults are borne, a set that is no set is left out and one with a wrong checksum is not: drivers list it.

    Raises:
        BadInput: a set is cut short, its checksum is wrong, or it is not built as section 7.4 says.
    """
    bearing = bearing or Bearing()
    found: list[FoundEntry] = []
    for item in _candidates(slots):
        if isinstance(item, int):
            bearing.fault("cards.entry_set", place=place, path=path, offset=item)
            continue
        found.append(item)
        if len(found) > MAX_ENTRIES:
            bearing.fault("cards.too_many_files", place=place, limit=MAX_ENTRIES)
            break
    sets = [item for item in found if isinstance(item, FileSet)]
    for item, total in zip(sets, set_checksums([item.raw for item in sets]), strict=True):
        if total != int.from_bytes(item.raw[2:4], "little"):
            bearing.fault("cards.entry_set", place=place, path=path, offset=item.offsets_bytes[0])
    return found


def sets_in_use(slots: Sequence[Slot]) -> Iterator[FileSet]:
    """Read the whole sets in use among slots that no end mark divides, their checksums right."""
    at = 0
    while at < len(slots):
        found = first_set(list(slots[at : at + MAX_SECONDARY + 1])) if slots[at][1][0] == FILE else None
        if found is not None and all(entry[0] & IN_USE for _, entry in slots[at : at + len(found.offsets_bytes)]):
            yield found
        at += len(found.offsets_bytes) if found is not None else 1


def _candidates(slots: Iterable[Slot]) -> Iterator[FoundEntry | int]:
    """Entries in use, sets joined but their checksums not looked at; the offset of a set that is none."""
    walk = iter(slots)
    slot = next(walk, None)
    while slot is not None and slot[1][0] != END_OF_ENTRIES:
        offset, entry = slot
        kind = entry[0]
        if not kind & IN_USE or kind & SECONDARY:
            # A secondary entry here belongs to no set: what a deletion leaves that was stopped between two sectors.
            slot = next(walk, None)
        elif kind != FILE:
            yield offset, entry
            slot = next(walk, None)
        else:
            secondary, slot = _secondaries(walk, entry[1])
            found = _joined([(offset, entry), *secondary])
            yield offset if found is None or len(secondary) != entry[1] else found


def _secondaries(walk: Iterator[Slot], count: int) -> tuple[list[Slot], Slot | None]:
    """Take up to `count` entries of a set, to the next that begins another or ends the directory; and that one."""
    found: list[Slot] = []
    for slot in walk:
        if len(found) == count or slot[1][0] in (END_OF_ENTRIES, FILE):
            return found, slot
        found.append(slot)
    return found, None


def file_set(entries: list[Slot]) -> FileSet | None:
    """Check one set of entries (in use or restored); None where it is not one."""
    found = _joined(entries)
    if found is None or set_checksum(found.raw) != int.from_bytes(found.raw[2:4], "little"):
        return None
    return found


def _joined(entries: list[Slot]) -> FileSet | None:
    """Join one set; None where its entries are not built as section 7.4 says."""
    raw = b"".join(entry for _, entry in entries)
    kinds = [entry[0] for _, entry in entries]
    if len(kinds) <= MIN_SECONDARY or kinds[1] != STREAM or kinds[2] != NAME:
        return None
    units = raw[ENTRY_BYTES + 3]
    names = -(-units // NAME_UNITS)
    if not units or len(kinds) < 2 + names or kinds[2 : 2 + names] != [NAME] * names:
        return None
    # What follows the names may only be benign (sections 7.8 and 7.9: vendor extensions).
    if any(kind & (IN_USE | SECONDARY | BENIGN) != IN_USE | SECONDARY | BENIGN for kind in kinds[2 + names :]):
        return None
    name = b"".join(entry[2:] for _, entry in entries[2 : 2 + names])[: units * 2]
    return FileSet(name.decode("utf-16-le", "surrogatepass"), raw, tuple(offset for offset, _ in entries))


def first_set(slots: list[Slot]) -> FileSet | None:
    """Read the set that begins at the first slot, as if it were in use; None where none does.

    Of its first byte a zero may be left, as programs write that end a directory early: the checksum says whether it is
    one.
    """
    count = 1 + slots[0][1][1] if slots and slots[0][1][0] | IN_USE in (FILE, IN_USE) else 0
    if not 0 < count <= len(slots):
        return None
    (offset, entry), *secondary = slots[:count]
    restored = [(at, bytes([raw[0] | IN_USE]) + raw[1:]) for at, raw in secondary]
    return file_set([(offset, bytes([FILE]) + entry[1:]), *restored])


def set_without_file(slots: list[Slot]) -> FileSet | None:
    """Read a stream extension and its names whose file entry is gone, as if in use; None where there are none.

    The hash over the name vouches for it; attributes and times are zeros.
    """
    if not slots or slots[0][1][0] | IN_USE != STREAM:
        return None
    count = 1 + -(-slots[0][1][3] // NAME_UNITS)
    found = _joined([(offset, bytes([raw[0] | IN_USE]) + raw[1:]) for offset, raw in [(0, bytes(32)), *slots[:count]]])
    if found is None:
        return None
    if found.name_hash not in _hashes_of(found.name):
        return None
    return replace(found, offsets_bytes=found.offsets_bytes[1:])


def set_without_stream(file: Slot, names: list[Slot]) -> FileSet | None:
    """Read a file entry and all its names, their stream extension gone, as if in use; None where they are no such set.

    Zeros stand for the stream extension: attributes and times are the file's, its place and length are lost. What
    vouches for it is `is_stream_of`.
    """
    raw = bytes([FILE]) + file[1][1:] + bytes(ENTRY_BYTES)
    raw += b"".join(bytes([NAME]) + entry[1:] for _, entry in names)
    letters = b"".join(entry[2:] for _, entry in names).decode("utf-16-le", "surrogatepass")
    found = FileSet(letters.split("\0", 1)[0], raw, (file[0], *(offset for offset, _ in names)))
    return found if raw[1] == 1 + len(names) == 1 + -(-_units(found.name) // NAME_UNITS) else None


def is_stream_of(found: FileSet, first_cluster: int, size_bytes: int) -> bool:
    """Whether a set without its stream extension was that of a file here: its checksum says so, by chance 1 in 32,768.

    Args:
        found: of `set_without_stream`.
        first_cluster, size_bytes: of what may be the file.
    """
    file, names = found.raw[:ENTRY_BYTES], found.raw[2 * ENTRY_BYTES :]
    for flags in (ALLOCATION_POSSIBLE | NO_FAT_CHAIN, ALLOCATION_POSSIBLE):
        for hashed in _hashes_of(found.name):
            fields = (STREAM, flags, 0, _units(found.name), hashed, 0, size_bytes, 0, first_cluster, size_bytes)
            total = set_checksum(file + struct.pack("<BBBBHHQIIQ", *fields) + names)
            if total == int.from_bytes(file[2:4], "little"):
                return True
    return False


def _units(name: str) -> int:
    return len(name.encode("utf-16-le", "surrogatepass")) // 2


def _hashes_of(name: str) -> set[int]:
    """Return the hashes of a name by any card's up-case table, or by one of ASCII alone."""
    capital = "".join(up if len(up := letter.upper()) == 1 else letter for letter in name)
    plain = "".join(letter.upper() if letter.isascii() else letter for letter in name)
    return {name_hash(capital), name_hash(plain)}


def set_checksum(raw: bytes) -> int:
    """The 16-bit checksum over a set, its own field left out (section 6.3.3)."""
    total = 0
    for byte in raw[:2] + raw[4:]:
        total = (total << 15 & 0x8000 | total >> 1) + byte & 0xFFFF
    return total


def set_checksums(sets: Sequence[bytes]) -> list[int]:
    """`set_checksum` of many sets, those of one length together."""
    totals = [0] * len(sets)
    lengths: dict[int, list[int]] = {}
    for index, raw in enumerate(sets):
        lengths.setdefault(len(raw), []).append(index)
    for length, indices in lengths.items():
        if len(indices) < _WORTH_AN_ARRAY:
            found = [set_checksum(sets[index]) for index in indices]
        else:
            rows = np.frombuffer(b"".join(sets[index] for index in indices), np.uint8).reshape(-1, length)
            found = _rotating_sums(np.delete(rows, (2, 3), axis=1)).tolist()
        for index, total in zip(indices, found, strict=True):
            totals[index] = total
    return totals


def _rotating_sums(rows: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """The recurrence of `set_checksum` over each row at once."""
    total = np.zeros(rows.shape[0], np.uint16)
    for column in np.ascontiguousarray(rows.T):
        total = (total << 15) + (total >> 1) + column
    return total


def name_hash(upcased: str) -> int:
    """The 16-bit hash over the up-cased name (section 7.6.4, figure 4)."""
    total = 0
    for byte in upcased.encode("utf-16-le", "surrogatepass"):
        total = (total << 15 & 0x8000 | total >> 1) + byte & 0xFFFF
    return total
