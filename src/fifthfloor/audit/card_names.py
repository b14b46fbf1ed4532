"""Names that outlive their files: deleted entries, directories of an earlier roll, and names that never were.

Deleted entries of directories that are still there come from `cards.deleted`; here are the clusters of directories
that nothing points to any more, and an estimate of the names an examiner's program invents on noise.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from fifthfloor.audit.finding import Finding, Place, finding, listed
from fifthfloor.audit.free_bytes import FreePiece
from fifthfloor.cards.dead_names import LOST_LETTER
from fifthfloor.cards.deleted import DeletedEntry, deleted_in, emptied_slots
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.fat_entries import ENTRY_BYTES
from fifthfloor.cards.volume import Volume
from fifthfloor.metadata.endings import is_shot

LOOKED_AT = 16  # entries at the start of a cluster that must all look like entries
_LEAST_LETTERS = 3  # "000", "ZZZZ.ZZZ", "oooooooo.ooo" (docs/threat-model.md, 3.1)
MAX_ORPHAN_CLUSTERS = 4096  # 64 directories of full size; a hostile card ends the list, not the memory
# Measured: fls 4.11 printed 1,057 invented names on 0.86 GiB of noise of an exFAT card.
INVENTED_PER_BYTE = 1057 / (0.86 * (1 << 30))


class OrphanFinder:
    """Finds clusters of free space that hold a directory. Feed it each piece; pieces are cut on clusters.

    Args:
        volume: whose free space it is.
    """

    def __init__(self, volume: Volume) -> None:
        self._volume = volume
        self._looks = _looks_like_fat if volume.file_system == "fat32" else _looks_like_exfat
        self.clusters: list[Extent] = []
        self.passed_bytes = 0  # looked at no more once there are MAX_ORPHAN_CLUSTERS

    def feed(self, piece: FreePiece, data: bytes) -> None:
        """Look at one piece; bytes outside the volume are none of its business."""
        size = self._volume.cluster_bytes
        start = self._volume.heap_offset_bytes
        inside = piece.offset_bytes - start
        if not 0 <= inside < self._volume.cluster_count * size:
            return
        if len(self.clusters) >= MAX_ORPHAN_CLUSTERS:
            self.passed_bytes += len(data)
            return
        skip = -inside % size
        count = (len(data) - skip) // size
        if count <= 0:
            return
        whole = np.frombuffer(data, dtype=np.uint8, count=count * size, offset=skip).reshape(count, size)
        heads = whole[:, : LOOKED_AT * ENTRY_BYTES].reshape(count, LOOKED_AT, ENTRY_BYTES)
        # Most clusters are ruled out by their first entry alone.
        likely = np.flatnonzero(self._looks(heads[:, :1]))
        for index in likely[self._looks(heads[likely])]:
            self.clusters.append(Extent(piece.offset_bytes + skip + int(index) * size, size))

    def names(self) -> list[DeletedEntry]:
        """Read the entries of every cluster found."""
        found: list[DeletedEntry] = []
        joined: list[list[Extent]] = []
        for extent in self.clusters:  # a set may begin in one and end in the next
            before = joined[-1][-1] if joined else None
            if before is not None and before.offset_bytes + before.length_bytes == extent.offset_bytes:
                joined[-1].append(extent)
            else:
                joined.append([extent])
        for number, extents in enumerate(joined):
            found += deleted_in(self._volume, extents, f"(earlier roll {number + 1})", everything=True)
        return found


def _looks_like_fat(heads: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say which clusters begin with 16 entries that are short, long-name, or empty to the end."""
    attributes = heads[:, :, 11]
    long = (attributes == 0x0F) & (heads[:, :, 12] == 0) & (heads[:, :, 26] == 0) & (heads[:, :, 27] == 0)
    name = heads[:, :, 1:11]
    text = ((name >= 0x20) & (name != 0x7F)).all(axis=2)
    short = ((attributes & 0xC8) == 0) & (attributes != 0) & text & (heads[:, :, 0] >= 0x05) & (heads[:, :, 12] < 0x20)
    empty = ~heads.any(axis=2)
    lawful = (long | short | empty).all(axis=1) & (long | short)[:, 0]
    result: NDArray[np.bool_] = lawful & short.any(axis=1) if heads.shape[1] > 1 else lawful
    return result


def _looks_like_exfat(heads: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say which clusters begin with a file entry followed by its stream extension, in use or not.

    The rest of a set that began in the cluster before may stand in front of it: a directory's later clusters.
    """
    kinds = heads[:, :, 0] | 0x80
    first = (kinds == 0x85) & (heads[:, :, 1] >= 2) & (heads[:, :, 1] <= 18)
    rest = (kinds == 0xC0) | (kinds == 0xC1)
    if heads.shape[1] == 1:
        begins: NDArray[np.bool_] = first[:, 0] | rest[:, 0]
        return begins
    starts = first[:, :-2] & (kinds[:, 1:-1] == 0xC0) & (kinds[:, 2:] == 0xC1)
    before = np.logical_and.accumulate(rest, axis=1)[:, : starts.shape[1] - 1]
    result: NDArray[np.bool_] = starts[:, 0] | (starts[:, 1:] & before).any(axis=1)
    return result


def deleted_findings(entries: Iterable[DeletedEntry]) -> list[Finding]:
    """Say which removed files directories still name; photographs are critical, the rest is litter."""
    photographs: list[DeletedEntry] = []
    others: list[DeletedEntry] = []
    for entry in entries:
        if not entry.is_directory:
            (photographs if is_shot(entry.path) else others).append(entry)
    found = []
    if photographs:
        states = [entry.state for entry in photographs]
        found.append(
            finding(
                "card.deleted",
                "critical",
                "certain",
                [_place(entry) for entry in photographs],
                whole=states.count("whole"),
                part=states.count("part"),
                gone=states.count("gone"),
                unplaced=states.count("unplaced"),
                names=listed(PurePosixPath(entry.path).name for entry in photographs),
            )
        )
    if others:
        names = listed(PurePosixPath(entry.path).name for entry in others)
        found.append(finding("card.deleted_other", "medium", "certain", [_place(e) for e in others], names=names))
    return found


def emptied_findings(volume: Volume, entries: Iterable[DeletedEntry]) -> list[Finding]:
    """Say where a program scrubbed names: marked slots that say nothing, and names of one letter repeated."""
    slots = list(emptied_slots(volume))
    places = [Place(path or "/", offset, None, None, str(count)) for path, offset, count in slots]
    renamed = [entry for entry in entries if not entry.is_directory and _is_one_letter(entry.path)]
    places += [_place(entry) for entry in renamed]
    if not places:
        return []
    names = listed([*(path or "/" for path, _, _ in slots), *(PurePosixPath(entry.path).name for entry in renamed)])
    count = sum(count for _, _, count in slots) + len(renamed)
    return [Finding("card.emptied", "medium", "likely", {"count": count, "names": names}, tuple(places))]


def _is_one_letter(path: str) -> bool:
    """Whether a name is one letter repeated, as programs that shred call a file before they delete it."""
    letters = PurePosixPath(path).name.replace(".", "").removeprefix(LOST_LETTER)
    return len(letters) >= _LEAST_LETTERS and len(set(letters)) == 1


def orphan_findings(entries: Iterable[DeletedEntry]) -> list[Finding]:
    """Say what directories of an earlier roll still name."""
    files = [entry for entry in entries if not entry.is_directory]
    if not files:
        return []
    photographs = sum(is_shot(entry.path) for entry in files)
    return [
        finding(
            "card.earlier_roll",
            "critical" if photographs else "medium",
            "certain",
            [_place(entry) for entry in files],
            photographs=photographs,
            names=listed(PurePosixPath(entry.path).name for entry in files),
        )
    ]


def _place(entry: DeletedEntry) -> Place:
    offset = entry.extents[0].offset_bytes if entry.extents else None
    return Place(entry.path, offset, entry.size_bytes, entry.first_cluster or None, entry.state)


def invented_findings(random_bytes: int) -> list[Finding]:
    """Estimate the names that examiners' programs invent on an exFAT card's noise (they test no checksum)."""
    invented = round(random_bytes * INVENTED_PER_BYTE)
    return [finding("card.invented", "high", "likely", count=invented, size=random_bytes)] if invented else []
