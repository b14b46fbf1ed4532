"""Closes the gaps that scrubbed names leave between others, so that a directory is as if they had never been there.

Every state a stop can leave is one that a file system allows, and shows every file once:

The directory moves out and back:
  1. free clusters become clusters that belong to no file;
  2. the directory is written there without its gaps;
  3. its entry names them: one write within a sector, and it has moved;
  4. it is written without gaps where it was, which belongs to no file now;
  5. its entry names that place again;
  6. what stood in the borrowed clusters is put back, and they are free as they were.
Roots, and directories of FAT32 that hold others (their ".." would name the wrong place for a moment), cannot move: they
are closed where all that changes stands in 256 bytes, which no sector tears, and stay as they are else. So does what
has its own entry across such a border, and a card without a free run that is long enough.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fifthfloor.cards.exfat import ExfatVolume
from fifthfloor.cards.exfat_entries import set_checksum
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.fat32 import FAT32_END_OF_CHAIN, Fat32Volume
from fifthfloor.cards.fat_boot import ENTRY_MASK
from fifthfloor.cards.fat_entries import ENTRY_BYTES, is_dot
from fifthfloor.cards.image import Card
from fifthfloor.cards.remove import EXFAT_SCRUBBED, FAT_SCRUBBED, known_volume, live_sets, planner_of
from fifthfloor.cards.sector_plan import Planner, Stages
from fifthfloor.cards.volume import VisibleFile

# Less than a sector, in case one is torn in the middle; longer than any entry that must change at once.
_WHOLE_BYTES = 256
_EXFAT_CHAIN_END = 0xFFFFFFFF


def plan_closing(card: Card) -> Stages:
    """Plan to close the gaps of one directory, the first that can be; empty where none can or none has any.

    Args:
        card: opened writable, after `plan_scrub` was done; it must be opened again before the next is planned.
    """
    for volume in card.volumes:
        known = known_volume(volume)
        for directory in (None, *(file for file in known.files() if file.is_directory)):
            extents = known.root_extents if directory is None else directory.extents
            old = b"".join(card.device.read(extent.offset_bytes, extent.length_bytes) for extent in extents)
            new = _without_gaps(old, FAT_SCRUBBED if isinstance(known, Fat32Volume) else EXFAT_SCRUBBED)
            if new == old:
                continue
            planner = planner_of(card, known)
            if directory is not None and _move(planner, known, directory, new):
                return planner.plan()
            if _in_one_write(old, new):
                _put_all(planner, extents, new)
                return planner.plan()
    return ()


def _without_gaps(data: bytes, scrubbed: bytes) -> bytes:
    """A directory without the scrubbed entries before its end mark; what stands behind that does not move."""
    entries = [data[at : at + ENTRY_BYTES] for at in range(0, len(data), ENTRY_BYTES)]
    end = next((number for number, entry in enumerate(entries) if not entry[0]), len(entries))
    kept = b"".join(entry for entry in entries[:end] if entry != scrubbed)
    return kept.ljust(end * ENTRY_BYTES, b"\0") + data[end * ENTRY_BYTES :]


def _in_one_write(old: bytes, new: bytes) -> bool:
    """Whether nothing is in use behind the piece that changes first: then one write closes the gaps."""
    first = next(
        at for at in range(0, len(old), _WHOLE_BYTES) if old[at : at + _WHOLE_BYTES] != new[at : at + _WHOLE_BYTES]
    )
    return not old[first + _WHOLE_BYTES :].strip(b"\0")


def _put_all(planner: Planner, extents: Sequence[Extent], data: bytes) -> None:
    at = 0
    for extent in extents:
        planner.put(extent.offset_bytes, data[at : at + extent.length_bytes])
        at += extent.length_bytes
    planner.end_stage()


@dataclass(frozen=True, slots=True)
class _Borrowed:
    """A run of free clusters, and where tables say that it is free."""

    first: int  # cluster number, from 2
    count: int
    extent: Extent


def _move(planner: Planner, volume: Fat32Volume | ExfatVolume, directory: VisibleFile, new: bytes) -> bool:
    """Plan the six steps; False where they cannot be taken."""
    entry = _entry_of(volume, directory)
    borrowed = _borrow(volume, len(new))
    if entry is None or borrowed is None or entry[0] // _WHOLE_BYTES != entry[min(1, len(entry) - 1)] // _WHOLE_BYTES:
        return False
    if isinstance(volume, Fat32Volume) and _holds_directories(volume, directory):
        return False
    contents = planner.read(borrowed.extent.offset_bytes, borrowed.extent.length_bytes)
    tables = list(_taken(planner, volume, borrowed))
    undo = [(at, planner.read(at, len(data))) for at, data in tables]
    _put_stage(planner, tables)
    _put_all(planner, (borrowed.extent,), _at_home(volume, new, borrowed.first))
    home = _first_cluster(volume, directory)
    _put_stage(planner, _naming(planner, volume, entry, borrowed.first))
    _put_all(planner, directory.extents, _at_home(volume, new, home))
    _put_stage(planner, _naming(planner, volume, entry, home))
    _put_all(planner, (borrowed.extent,), contents)
    _put_stage(planner, undo)
    return True


def _put_stage(planner: Planner, writes: Sequence[tuple[int, bytes]]) -> None:
    for at, data in writes:
        planner.put(at, data)
    planner.end_stage()


def _first_cluster(volume: Fat32Volume | ExfatVolume, directory: VisibleFile) -> int:
    return (directory.extents[0].offset_bytes - volume.heap_offset_bytes) // volume.cluster_bytes + 2


def _entry_of(volume: Fat32Volume | ExfatVolume, directory: VisibleFile) -> tuple[int, ...] | None:
    """Where a directory's own entry is: the short one on FAT32, all of its set on exFAT."""
    parent, _, name = directory.path.rpartition("/")
    places = {"": volume.root_extents, **{file.path: file.extents for file in volume.files() if file.is_directory}}
    for found, offsets in live_sets(volume, parent, places[parent]):
        if found == name:
            return offsets[-1:] if isinstance(volume, Fat32Volume) else offsets
    return None


def _holds_directories(volume: Fat32Volume | ExfatVolume, directory: VisibleFile) -> bool:
    return any(file.is_directory and file.path.startswith(directory.path + "/") for file in volume.files())


def _borrow(volume: Fat32Volume | ExfatVolume, length_bytes: int) -> _Borrowed | None:
    """The end of the last free run that is long enough."""
    for offset, length in volume.free[::-1].tolist():
        if length >= length_bytes:
            at = offset + length - length_bytes
            first = (at - volume.heap_offset_bytes) // volume.cluster_bytes + 2
            return _Borrowed(first, length_bytes // volume.cluster_bytes, Extent(at, length_bytes))
    return None


def _at_home(volume: Fat32Volume | ExfatVolume, data: bytes, cluster: int) -> bytes:
    """A directory's bytes where it begins in that cluster: on FAT32 its "." says so."""
    if isinstance(volume, ExfatVolume) or not is_dot(data[:ENTRY_BYTES]):
        return data
    return _with_cluster(data[:ENTRY_BYTES], cluster) + data[ENTRY_BYTES:]


def _with_cluster(entry: bytes, cluster: int) -> bytes:
    high, low = struct.pack("<H", cluster >> 16), struct.pack("<H", cluster & 0xFFFF)
    return entry[:20] + high + entry[22:26] + low + entry[28:]


def _naming(
    planner: Planner, volume: Fat32Volume | ExfatVolume, entry: tuple[int, ...], cluster: int
) -> list[tuple[int, bytes]]:
    """A directory's own entry as it is where that cluster is its first."""
    if isinstance(volume, Fat32Volume):
        return [(entry[0], _with_cluster(planner.read(entry[0], ENTRY_BYTES), cluster))]
    # The rest of a set may stand in another cluster of its folder, anywhere on the card.
    raw = bytearray(b"".join(planner.read(at, ENTRY_BYTES) for at in entry))
    struct.pack_into("<I", raw, ENTRY_BYTES + 20, cluster)
    struct.pack_into("<H", raw, 2, set_checksum(bytes(raw)))
    return [(entry[0], bytes(raw[: 2 * ENTRY_BYTES]))]


def _taken(planner: Planner, volume: Fat32Volume | ExfatVolume, borrowed: _Borrowed) -> Iterator[tuple[int, bytes]]:
    """The tables' bytes with the borrowed run taken, and chained."""
    geometry = volume.geometry
    last = borrowed.first + borrowed.count
    end = FAT32_END_OF_CHAIN | 7 if isinstance(volume, Fat32Volume) else _EXFAT_CHAIN_END
    chain = np.array([*range(borrowed.first + 1, last), end], np.uint32)
    if isinstance(volume, Fat32Volume):
        for copy in range(volume.geometry.fat_count):
            at = geometry.fat_offset_bytes + copy * geometry.fat_bytes + borrowed.first * 4
            before = np.frombuffer(planner.read(at, borrowed.count * 4), "<u4")
            yield at, (before & np.uint32(0xFFFFFFFF ^ ENTRY_MASK) | chain).astype("<u4").tobytes()
        return
    yield geometry.fat_offset_bytes + borrowed.first * 4, chain.astype("<u4").tobytes()
    yield from _bits_taken(planner, volume, borrowed)


def _bits_taken(planner: Planner, volume: ExfatVolume, borrowed: _Borrowed) -> Iterator[tuple[int, bytes]]:
    start, (first, last) = 0, (borrowed.first - 2, borrowed.first - 2 + borrowed.count)
    for extent in volume.bitmap_extents:
        for index in range(max(first // 8, start), min(-(-last // 8), start + extent.length_bytes)):
            here = range(max(first, index * 8), min(last, index * 8 + 8))
            at = extent.offset_bytes + index - start
            yield at, bytes([planner.read(at, 1)[0] | sum(1 << bit % 8 for bit in here)])
        start += extent.length_bytes
