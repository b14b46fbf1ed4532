"""What directories still say of files that were deleted: names, sizes, first clusters.

On FAT32 a deleted entry loses its first byte and its chain; on exFAT it loses one bit, and often nothing else.
Entries behind a directory's end mark are read too: no system shows them, every examiner's program does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from fifthfloor.cards import exfat_entries, fat_entries
from fifthfloor.cards.dead_names import LOST_LETTER, dead_long_name, up_to_the_end
from fifthfloor.cards.exfat import EXFAT_END_OF_CHAIN, ExfatVolume
from fifthfloor.cards.extents import Extent, on_device
from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.fat_entries import ENTRY_BYTES, Slot
from fifthfloor.cards.paths import MAX_PATH_CHARACTERS
from fifthfloor.cards.volume import Volume

_LONGEST_RUN = 1 << 16  # neighbouring dead slots held at once; a set that the cut divides is reported in pieces

State = Literal["whole", "part", "gone", "unplaced"]
_EMPTIED = frozenset(
    (
        fat_entries.DELETED,
        *(kind & ~exfat_entries.IN_USE for kind in (exfat_entries.FILE, exfat_entries.STREAM, exfat_entries.NAME)),
    )
)
_SURROGATES = "".join(map(chr, range(0xD800, 0xE000)))
MAX_DELETED = 500_000  # as many as visible entries at most; a hostile card ends the list, not the memory


@dataclass(frozen=True, slots=True)
class DeletedEntry:
    """A directory entry that is no longer in use and still says something.

    Args:
        path: directory and name; the first letter is "_" where it is lost; may be a piece of a name.
        is_directory: whether it was one.
        size_bytes: as the entry says, unchecked against anything.
        first_cluster: as the entry says; 0 where it says none.
        state: whether the clusters where it lay, taken as one run, are all free ("whole"), the first and some others
            ("part"), or the first is used again ("gone"); or the entry no longer says where it lay ("unplaced").
        extents: those clusters on the device, one run; empty where the entry names none on the volume.
        modified: its last change, or None.
        offsets_bytes: of its entries on the device.
        chained: exFAT's entry says that its clusters are in the allocation table (`dead_chain`), not in one run.
        visible: it is no deleted entry, but one without all its clusters (`unchained_entries`): all of it is believed.
        without_stream: on exFAT what is left of a set that has lost its place (`exfat_entries.is_stream_of`).
    """

    path: str
    is_directory: bool
    size_bytes: int
    first_cluster: int
    state: State
    extents: tuple[Extent, ...]
    modified: datetime | None
    offsets_bytes: tuple[int, ...]
    chained: bool = False
    visible: bool = False
    without_stream: exfat_entries.FileSet | None = None


def dead_chain(volume: Volume, entry: DeletedEntry, most_steps: int) -> tuple[Extent, ...]:
    """Follow the chain of a deleted exFAT file, which outlives it: systems clear the bitmap and leave the table.

    Args:
        volume: where it was.
        entry: with `chained`.
        most_steps: how many clusters are followed at most; a hostile card has many long chains.

    Returns:
        Its extents; empty where the chain is broken, runs in a circle, is not as long as the file, or meets a cluster
        that is in use again.
    """
    count = -(-entry.size_bytes // volume.cluster_bytes)
    if not entry.chained or not isinstance(volume, ExfatVolume) or not 0 < count <= most_steps:
        return ()
    table, taken = volume.chains.entries, volume.chains.allocated
    clusters: list[int] = []
    at = entry.first_cluster
    while len(clusters) < count:
        if not 2 <= at <= volume.cluster_count + 1 or taken[at - 2]:
            return ()
        clusters.append(at)
        at = int(table[at])
    if at < EXFAT_END_OF_CHAIN or len(set(clusters)) < count:
        return ()
    return on_device([(cluster, 1) for cluster in clusters], volume.heap_offset_bytes, volume.cluster_bytes)


def deleted_entries(volume: Volume) -> Iterator[DeletedEntry]:
    """Walk the deleted entries of every directory, those of deleted directories that are still there included.

    Args:
        volume: from an open card.
    """
    visible = [("", volume.root_extents), *((f.path, f.extents) for f in volume.files() if f.is_directory)]
    count = 0
    descent = Descent(volume)
    waiting = [(path, extents, False) for path, extents in reversed(visible)]
    while waiting:
        path, extents, was_deleted = waiting.pop()
        for entry in deleted_in(volume, extents, path, everything=was_deleted):
            count += 1
            if count > MAX_DELETED:
                return
            yield entry
            if descent.enters(entry):
                waiting.append((entry.path, entry.extents, True))


class Descent:
    """Which deleted directories are looked into: each place once, and no more of them than the volume has bytes.

    Args:
        volume: whose deleted entries are walked.
    """

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._seen: set[int] = set()
        self._left_bytes = volume.length_bytes

    def enters(self, entry: DeletedEntry) -> bool:
        """Whether `entry` is a directory to be read now."""
        if not entry.is_directory or entry.state in ("gone", "unplaced") or len(entry.path) > MAX_PATH_CHARACTERS:
            return False
        (extent,) = entry.extents
        if extent.offset_bytes in self._seen or extent.length_bytes > self._left_bytes:
            return False
        if isinstance(self._volume, Fat32Volume) and not self._begins_with_itself(extent):
            return False  # its cluster was used again, or swept: noise has lawful names in it
        self._seen.add(extent.offset_bytes)
        self._left_bytes -= extent.length_bytes
        return True

    def _begins_with_itself(self, extent: Extent) -> bool:
        """Whether "." and ".." stand where every directory of FAT32 but the root has them; they outlive it."""
        first, second = (self._volume.device.read(extent.offset_bytes + at, 11) for at in (0, ENTRY_BYTES))
        return first[1:] == b" " * 10 and second[1:] == b"." + b" " * 9


def emptied_slots(volume: Volume) -> Iterator[tuple[str, int, int]]:
    """Count slots between the names of visible directories that are marked as deleted and say nothing.

    Cameras and systems mark a slot and leave the rest of it; only a program that scrubs leaves a mark and one byte
    repeated. An exFAT card without a label has such a slot for it, which is not counted.

    Args:
        volume: from an open card.

    Returns:
        Path of each directory that has some, offset of the first, and how many.
    """
    if not isinstance(volume, Fat32Volume | ExfatVolume):
        raise TypeError(f"{type(volume).__name__} is neither FAT32 nor exFAT")
    for path, extents in (("", volume.root_extents), *((f.path, f.extents) for f in volume.files() if f.is_directory)):
        first, count = 0, 0
        for _, behind, (offset, entry) in _numbered(volume, extents, everything=False):
            if not behind and entry[0] in _EMPTIED and entry[1:] == entry[1:2] * (ENTRY_BYTES - 1):
                first, count = first or offset, count + 1
        if count:
            yield path, first, count


def deleted_in(
    volume: Volume, extents: Sequence[Extent], path: str, *, everything: bool = False
) -> Iterator[DeletedEntry]:
    """Read the deleted entries of one directory.

    Args:
        volume: where it is.
        extents: the directory's clusters; or free clusters that look like a directory's.
        path: of the directory.
        everything: the directory itself was deleted, so all its entries were, marked or not.
    """
    if isinstance(volume, Fat32Volume):
        yield from _fat(volume, _numbered(volume, extents, everything=everything), path)
    elif isinstance(volume, ExfatVolume):
        yield from _exfat(volume, _numbered(volume, extents, everything=everything), path)
    else:
        raise TypeError(f"{type(volume).__name__} is neither FAT32 nor exFAT")


def dead_slots(
    volume: Fat32Volume | ExfatVolume, extents: Sequence[Extent], *, everything: bool = False
) -> Iterator[Slot]:
    """Read the slots of a directory that are not in use and not empty, to the end of its clusters."""
    return (slot for _, _, slot in _numbered(volume, extents, everything=everything))


_NumberedSlot = tuple[int, bool, Slot]
"""Number in the directory; whether it stands where no name need be: behind the end mark, or in a deleted directory."""


def _numbered(
    volume: Fat32Volume | ExfatVolume, extents: Sequence[Extent], *, everything: bool
) -> Iterator[_NumberedSlot]:
    """Read dead slots with their number in the directory: neighbours there may lie far apart on the device.

    Slots behind an end mark that a reader lists as files (`bearing`) are not dead.
    """
    live = volume.bearing.behind_end
    before = 0
    fat = isinstance(volume, Fat32Volume)
    ended = everything
    for extent in extents:
        for start in range(0, extent.length_bytes, 1 << 20):
            data = volume.device.read(extent.offset_bytes + start, min(1 << 20, extent.length_bytes - start))
            table = np.frombuffer(data, np.uint8).reshape(-1, ENTRY_BYTES)
            kinds = table[:, 0]
            dead = (kinds == fat_entries.DELETED) if fat else (kinds < exfat_entries.IN_USE)
            ends = np.flatnonzero(kinds == 0)
            behind = 0 if ended else int(ends[0]) if ends.size else len(table)
            ended = ended or bool(ends.size)
            dead[behind:] = True
            for index in np.flatnonzero(dead & table.any(axis=1)):
                at = int(index) * ENTRY_BYTES
                offset = extent.offset_bytes + start + at
                if offset not in live:
                    yield before + int(index), int(index) >= behind, (offset, data[at : at + ENTRY_BYTES])
            before += len(table)


def _fat(volume: Fat32Volume, slots: Iterator[_NumberedSlot], path: str) -> Iterator[DeletedEntry]:
    long: list[Slot] = []
    expected = 0
    for number, behind, (offset, entry) in slots:
        if number != expected:
            long = []
        expected = number + 1
        if entry[11] & fat_entries.LONG_NAME_MASK == fat_entries.LONG_NAME:
            long = [*long[1 - fat_entries.MAX_LONG :], (offset, entry)]
            continue
        if _plausible(entry, behind=behind):
            yield _fat_entry(volume, offset, entry, long, path)
        long = []


def _plausible(entry: bytes, *, behind: bool) -> bool:
    """Whether a dead FAT slot says something: not ".", "..", a label, or bytes that were never a short entry.

    A marked slot among others was an entry. Behind the end mark, or in a directory that was deleted, there may be bytes
    of a picture instead, which drivers that do not clear a new cluster leave: there all of it must be lawful.
    """
    if entry[11] & 0xC0 or entry[11] & fat_entries.VOLUME_LABEL or entry[1:11] in (b" " * 10, b"." + b" " * 9):
        return False
    if behind:
        return fat_entries.is_lawful(bytes([entry[0] or fat_entries.DELETED]) + entry[1:])
    return entry[0] != 0 and all(byte >= 0x20 for byte in entry[1:11])


def _fat_entry(volume: Fat32Volume, offset: int, entry: bytes, long: list[Slot], path: str) -> DeletedEntry:
    record = fat_entries.Record("", entry, (*(at for at, _ in long), offset))
    name = dead_long_name(entry, [raw for _, raw in long])
    if name is None:
        lost = entry[0] in (0, fat_entries.DELETED)
        name = fat_entries.short_name(LOST_LETTER.encode() + entry[1:] if lost else entry)
    is_directory = bool(record.attributes & fat_entries.DIRECTORY)
    # A directory's entry says no size; one cluster is what can be known of it.
    size = volume.cluster_bytes if is_directory else record.size_bytes
    state, extents = _place_of(volume, record.first_cluster, size)
    return DeletedEntry(
        f"{path}/{name}" if path else name,
        is_directory,
        record.size_bytes,
        record.first_cluster,
        state,
        extents,
        record.modified,
        record.offsets_bytes,
    )


def _exfat(volume: ExfatVolume, slots: Iterator[_NumberedSlot], path: str) -> Iterator[DeletedEntry]:
    run: list[Slot] = []
    alone: dict[int, Slot] = {}  # by number: file entries without a set
    expected, before = 0, False
    for number, behind, slot in slots:
        if run and (number != expected or behind != before or len(run) == _LONGEST_RUN):
            yield from _exfat_run(volume, run, path, expected - len(run), alone, behind=before)
            run = []
        expected, before = number + 1, behind
        run.append(slot)
    yield from _exfat_run(volume, run, path, expected - len(run), alone, behind=before)


def _exfat_run(
    volume: ExfatVolume, run: list[Slot], path: str, first: int, alone: dict[int, Slot], *, behind: bool
) -> Iterator[DeletedEntry]:
    """Take neighbouring dead slots apart: whole sets by their checksum, and what names are left beside them.

    A stream extension between a file entry and its names may have been zeroed or used again: `alone` has the file
    entries before this run, by their numbers; `first` is the number of its first slot.

    Behind an end mark there may be a text in UTF-16 instead, whose "A" begins a slot as a name does: there only names
    that end within their slots are believed.
    """
    at = 0
    while at < len(run):
        slots = run[at : at + exfat_entries.MAX_SECONDARY + 1]
        found = exfat_entries.first_set(slots) or exfat_entries.set_without_file(slots)
        if found:
            yield _exfat_entry(volume, found, path)
            at += len(found.offsets_bytes)
            continue
        if run[at][1][0] | exfat_entries.IN_USE == exfat_entries.FILE:
            alone[first + at] = run[at]
        names = at
        while names < len(run) and _is_name(run[names][1]):
            names += 1
        head = alone.pop(first + at - 2, None) if names > at else None
        joined = exfat_entries.set_without_stream(head, run[at:names]) if head is not None else None
        if joined is not None:
            yield _unplaced(joined, path)
        elif names > at and not (behind and any(run[names - 1][1][-2:])):
            yield _piece_of_name(run[at:names], path)
        at = max(names, at + 1)


def _is_name(entry: bytes) -> bool:
    """Whether a slot without its set is part of a name: no checksum says so, and bytes of a picture must not pass."""
    if entry[0] | exfat_entries.IN_USE != exfat_entries.NAME or entry[1]:
        return False
    units, _, rest = entry[2:].decode("utf-16-le", "surrogatepass").partition("\0")
    # Half a letter is lawful where a name was cut, at either end.
    odd = any(unicodedata.category(letter) in ("Cn", "Co", "Cs") for letter in units.strip(_SURROGATES))
    control = any(ord(letter) < 0x20 or letter in '"*/:<>?\\|' for letter in units)
    return bool(units) and not rest.strip("\0") and not control and not odd


def _exfat_entry(volume: ExfatVolume, found: exfat_entries.FileSet, path: str) -> DeletedEntry:
    state, extents = _place_of(volume, found.first_cluster, found.size_bytes)
    return DeletedEntry(
        f"{path}/{found.name}" if path else found.name,
        found.is_directory,
        found.size_bytes,
        found.first_cluster,
        state,
        extents,
        found.modified,
        found.offsets_bytes,
        not found.flags & exfat_entries.NO_FAT_CHAIN,
    )


def _piece_of_name(slots: list[Slot], path: str) -> DeletedEntry:
    name = up_to_the_end(b"".join(entry[2:] for _, entry in slots).decode("utf-16-le", "replace")) or LOST_LETTER
    offsets = tuple(offset for offset, _ in slots)
    return DeletedEntry(f"{path}/{name}" if path else name, False, 0, 0, "unplaced", (), None, offsets)


def _unplaced(found: exfat_entries.FileSet, path: str) -> DeletedEntry:
    name = f"{path}/{up_to_the_end(found.name) or LOST_LETTER}".removeprefix("/")
    moment, offsets = found.modified, found.offsets_bytes
    return DeletedEntry(name, found.is_directory, 0, 0, "unplaced", (), moment, offsets, without_stream=found)


def _place_of(volume: Fat32Volume | ExfatVolume, first: int, size_bytes: int) -> tuple[State, tuple[Extent, ...]]:
    return where_of(volume, first, size_bytes) if first else ("unplaced", ())


def where_of(volume: Fat32Volume | ExfatVolume, first: int, size_bytes: int) -> tuple[State, tuple[Extent, ...]]:
    """Where the contents were if they lay in one run, and how much of that is free now."""
    count = -(-size_bytes // volume.cluster_bytes)
    if not count or not 2 <= first <= volume.cluster_count + 1 or first + count > volume.cluster_count + 2:
        return "gone", ()
    taken = volume.chains.allocated[first - 2 : first - 2 + count]
    extents = on_device([(first, count)], volume.heap_offset_bytes, volume.cluster_bytes)
    if not taken.any():
        return "whole", extents
    return ("gone" if taken[0] or taken.all() else "part"), extents
