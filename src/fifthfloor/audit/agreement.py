"""Deleted entries and the contents they name: an entry is believed as far as its content agrees.

Free clusters alone say little: a sweep may have been over them, another photograph may lie there, and Windows clears
the upper half of a first cluster when it deletes on FAT32 (the entry then names a wrong place). So the beginning is
compared with the name's ending, and the length that carving finds with the entry's; of several places one must fit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from fifthfloor.audit.carve import follow, starts_in
from fifthfloor.audit.carved import JPEG_FORMS, STREAM_FORMS, Carved, Found
from fifthfloor.audit.filling import is_filling
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.audit.free_map import BLOCK_BYTES, says_nothing
from fifthfloor.audit.inner_lengths import holds_together
from fifthfloor.audit.photo import read_photo
from fifthfloor.cards.deleted import DeletedEntry, State, dead_chain
from fifthfloor.cards.exfat_entries import is_stream_of
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.volume import Volume
from fifthfloor.metadata.beginnings import begins_as
from fifthfloor.metadata.endings import kind_of_name
from fifthfloor.metadata.own_length import ends_as_it_says
from fifthfloor.metadata.source import BytesSource

EXACT, LIKELY, NOTHING = 2, 1, 0
_JUDGED_BYTES = 128 << 10
ZONES = timedelta(hours=26)  # clocks of a camera and of a computer differ by as much at most
MAX_TRIES = 200_000  # places looked at for entries without their upper half; a hostile card has many of them
_MAX_SUMS = 50_000  # sets without a place tried on carved files, a twentieth of a millisecond each
_MOST_NAMELESS = 327  # of more files one fits the checksum of a set by chance more often than in 1 of 100
_MAX_COMPARED_TAIL_BYTES = 64 << 20  # looked through for another file behind a picture that is shorter than its entry


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a deleted entry is worth.

    Args:
        entry: the entry.
        state: "whole", "part" or "gone" by the contents as well as by what is free; "unplaced" where the entry no
            longer says where they were.
        extents: where the contents are on the device, in order, `size_bytes` in all; empty where they are gone.
        grade: how well they fit.
    """

    entry: DeletedEntry
    state: State
    extents: tuple[Extent, ...]
    grade: int = 0


@dataclass(frozen=True, slots=True)
class _AtPlace:
    """How well the contents at one place fit an entry."""

    grade: int
    state: State
    extents: tuple[Extent, ...]


class Agreement:
    """Judges deleted entries of one volume.

    Args:
        volume: where they are.
        space: the bytes that belong to no visible file: free clusters, or free and lost ones.
        carved: what was carved, by its offset on the device.
        most_steps: clusters of chains followed in all.
        lacks: whether a sector of these could not be read.
        lengths: compare lengths too, for which contents are followed to their end.
    """

    def __init__(
        self,
        volume: Volume,
        space: FreeSpace,
        carved: Mapping[int, Carved],
        most_steps: int,
        lacks: Callable[[Sequence[Extent]], bool],
        *,
        lengths: bool = True,
    ) -> None:
        self._volume = volume
        self._lacks = lacks
        self._space = space
        self._carved = carved
        self._steps = most_steps
        self._tries = MAX_TRIES
        self._sums = _MAX_SUMS
        self._lengths = lengths
        runs = sorted(
            (run.offset_bytes, run.offset_bytes + run.length_bytes, run.offset_bytes == item.offset_bytes)
            for item in carved.values()
            if item.found.whole
            for run in item.runs
        )
        # A later piece of a file in pieces has no beginning of its own: the byte before it stands for one.
        self._starts = [start if first else start - 1 for start, _, first in runs]
        self._ends = [end for _, end, _ in runs]

    def on(self, entry: DeletedEntry) -> Agreed:
        """Judge one entry of a file."""
        if not entry.size_bytes or entry.is_directory:
            return Agreed(entry, entry.state, ())
        chain = dead_chain(self._volume, entry, self._steps)
        if chain:
            self._steps -= -(-entry.size_bytes // self._volume.cluster_bytes)
            fit = self._fit(entry, chain)
            return Agreed(entry, fit.state, fit.extents, fit.grade) if fit.grade else Agreed(entry, "gone", ())
        fits = [fit for extents in self._places(entry) if (fit := self._fit(entry, extents)).grade]
        best = max((fit.grade for fit in fits), default=NOTHING)
        good = [fit for fit in fits if fit.grade == best]
        # Of several places that fit equally well none is believed: what lies there is carved without a name.
        if len(good) != 1:
            return Agreed(entry, "unplaced" if entry.state == "unplaced" else "gone", ())
        inside = good[0].extents[0].offset_bytes - self._volume.heap_offset_bytes
        told = replace(entry, first_cluster=inside // self._volume.cluster_bytes + 2)  # its upper half, too
        return Agreed(told, good[0].state, good[0].extents, best)

    def by_checksum(self, entry: DeletedEntry, nameless: Sequence[Carved]) -> Agreed | None:
        """Find the one carved file that an exFAT set without its stream extension was of; None where none is sure.

        Args:
            entry: with `without_stream`.
            nameless: what was carved whole and has no name, anywhere on the card.
        """
        hurt, fits = entry.without_stream, list[tuple[int, Carved]]()
        self._sums -= len(nameless)
        if hurt is None or len(nameless) > _MOST_NAMELESS or self._sums < 0:
            return None
        for item in nameless:
            cluster, rest = divmod(item.offset_bytes - self._volume.heap_offset_bytes, self._volume.cluster_bytes)
            position = self._space.position_of(item.offset_bytes)
            if rest or not 0 <= cluster < self._volume.cluster_count or position is None:
                continue
            if not begins_as(PurePosixPath(entry.path).name, self._space.read(position, 64)):
                continue
            if is_stream_of(hurt, cluster + 2, item.found.length_bytes):
                fits.append((cluster + 2, item))
        if len(fits) != 1:
            return None
        ((first, item),) = fits
        told = replace(entry, size_bytes=item.found.length_bytes, first_cluster=first)
        return Agreed(told, "whole", item.runs, EXACT)

    def starts(self, entry: DeletedEntry) -> Iterator[int]:
        """Yield where the contents of an entry may begin on the device, as far as the entry says."""
        if entry.size_bytes and not entry.is_directory and entry.without_stream is None:
            yield from (extents[0].offset_bytes for extents in self._places(entry))

    def _places(self, entry: DeletedEntry) -> Iterator[tuple[Extent, ...]]:
        """Yield the runs of clusters where the contents may be; several where an upper half may have been cleared."""
        size, cluster = entry.size_bytes, self._volume.cluster_bytes
        last = self._volume.cluster_count + 2 - -(-size // cluster)
        halves = range(0, (last >> 16) + 1) if self._half_may_be_cleared(entry) else range(1)
        for half in halves:
            if half and self._tries <= 0:
                return
            self._tries -= 1
            first = entry.first_cluster + (half << 16)
            if 2 <= first <= last:
                yield (Extent(self._volume.heap_offset_bytes + (first - 2) * cluster, size),)

    def _half_may_be_cleared(self, entry: DeletedEntry) -> bool:
        return self._volume.file_system == "fat32" and entry.first_cluster <= 0xFFFF and not entry.visible

    def _fit(self, entry: DeletedEntry, extents: tuple[Extent, ...]) -> _AtPlace:
        extents = first_bytes(extents, entry.size_bytes)
        position = self._space.position_of(extents[0].offset_bytes)
        free = sum(self._free_in(extent) for extent in extents)
        state: State = "whole" if free >= entry.size_bytes else "part" if position is not None else "gone"
        if position is None or state == "gone":
            return _AtPlace(NOTHING, "gone", ())
        begins = begins_as(PurePosixPath(entry.path).name, self._space.read(position, 64))
        if not begins and self._lacks([Extent(extents[0].offset_bytes, 1)]):
            # A bad sector costs itself: nothing speaks against the entry, and what is behind it is read.
            return _AtPlace(LIKELY, "part", extents)
        if begins is None:
            head = self._space.read(position, min(BLOCK_BYTES, extents[0].length_bytes))
            overwritten = says_nothing(head) or is_filling(head, PurePosixPath(entry.path).name)
            begins = state == "whole" and not overwritten and not self._is_inside(extents[0].offset_bytes)
        if not begins:
            return _AtPlace(NOTHING, "gone", ())
        if not self._lengths:
            return _AtPlace(LIKELY, state, extents)
        return self._by_length(entry, extents, position, state)

    def _by_length(self, entry: DeletedEntry, extents: tuple[Extent, ...], position: int, state: State) -> _AtPlace:
        """Compare the length that the contents' own structure gives with the entry's."""
        found = self._found(position, extents[0].offset_bytes)
        item = self._carved.get(extents[0].offset_bytes)
        fits = found is not None and found.whole and found.length_bytes == entry.size_bytes
        raw = found is not None and found.form not in JPEG_FORMS  # of one camera, all may be of one length
        if fits and raw and not entry.visible and self._is_newer(entry, position):
            return _AtPlace(NOTHING, "gone", ())
        if fits and found is not None and len(extents) == 1:
            # Carving goes on in the next free cluster where one is used again, as cameras write.
            runs = item.runs if item is not None else self._space.runs(position, entry.size_bytes)
            return _AtPlace(EXACT, "whole" if len(runs) == 1 or found.is_followed else "part", runs)
        behind = position + found.length_bytes if found is not None else position  # where its structure ends
        chained = len(extents) > 1
        if chained and not fits:
            found = self._along_chain(extents) or found
            fits = found is not None and found.whole and found.length_bytes == entry.size_bytes
        if not chained:
            extents, behind = self._along(item, position, entry.size_bytes, behind)
            if sum(extent.length_bytes for extent in extents) < entry.size_bytes:
                return _AtPlace(NOTHING, "gone", ())
        if found is None:
            return _AtPlace(LIKELY, state if self._is_as_long(entry, extents) else "part", extents)
        if fits:
            return _AtPlace(EXACT, state, extents)
        if chained:
            # What is carved ends where another file lies between its parts; the chain knows better.
            leads = found.open_end or (found.whole and found.form not in STREAM_FORMS)
            return _AtPlace(LIKELY, state if leads else "part", extents)
        if found.open_end and found.length_bytes <= entry.size_bytes:
            return _AtPlace(LIKELY, state, extents)
        if not found.whole:
            return _AtPlace(LIKELY, "part", extents)
        left = entry.size_bytes - found.length_bytes
        if left > 0 and found.form in STREAM_FORMS:
            return _AtPlace(LIKELY, "part", extents)
        if found.form in JPEG_FORMS and self._pictures_fill(behind, left):
            return _AtPlace(EXACT, state, extents)
        if left < 0 or self._is_newer(entry, position) or self._another_begins(behind, left):
            return _AtPlace(NOTHING, "gone", ())
        tail = self._space.read(behind, left)
        # Clusters behind the picture are its own only if the file lay in one run, which exFAT says and FAT32 does not.
        untold = self._volume.file_system == "fat32" or not tail.strip(b"\0") or not tail.strip(b"\xff")
        return _AtPlace(LIKELY, "part" if untold and len(tail) >= self._volume.cluster_bytes else state, extents)

    def _along(
        self, item: Carved | None, position: int, size_bytes: int, behind: int
    ) -> tuple[tuple[Extent, ...], int]:
        """Return where contents without a chain lie, and where what carving followed of them ends.

        A photograph that was put together from its pieces goes on behind the last of them: what a camera writes
        behind an end mark belongs to the file, and only the entry says how long it is.
        """
        if item is None or not item.found.whole or item.found.length_bytes > size_bytes:
            return self._space.runs(position, size_bytes), behind
        last = self._space.position_of(item.runs[-1].offset_bytes + item.runs[-1].length_bytes - 1)
        if last is None:
            return item.runs, behind
        more = self._space.runs(last + 1, size_bytes - item.found.length_bytes)
        return (*item.runs, *more), last + 1

    def _found(self, position: int, offset_bytes: int) -> Found | None:
        item = self._carved.get(offset_bytes)
        if item is not None:
            return item.found
        head = self._space.read(position, SECTOR_BYTES).ljust(SECTOR_BYTES, b"\0")
        return _followed(self._space, position) if starts_in(head) else None

    def _along_chain(self, extents: tuple[Extent, ...]) -> Found | None:
        """Follow contents along the clusters that a chain names, other files between them."""
        runs = ((extent.offset_bytes, extent.length_bytes) for extent in extents)
        return _followed(FreeSpace(self._space.reader, runs, piece_bytes=_JUDGED_BYTES), 0)

    def _is_as_long(self, entry: DeletedEntry, extents: tuple[Extent, ...]) -> bool:
        """Whether contents that carving does not follow are there to the entry's length, as far as their form tells.

        A raw or film of which nothing but the beginning is known is not. What is no such thing, or begins as nothing
        that carving looks for (sounds, texts, a bare JPEG XL), has no structure that would speak against it.
        """
        runs = ((extent.offset_bytes, extent.length_bytes) for extent in extents)
        space = FreeSpace(self._space.reader, runs, piece_bytes=_JUDGED_BYTES, kept_pieces=2)
        ends = ends_as_it_says(lambda at, length: space.read(at, length), entry.size_bytes)
        if ends is not None:
            return ends
        kind = kind_of_name(entry.path)
        if kind in ("raw", "film", "low-resolution copy"):
            return False
        return kind == "sound" or not starts_in(space.read(0, SECTOR_BYTES).ljust(SECTOR_BYTES, b"\0"))

    def _is_newer(self, entry: DeletedEntry, position: int) -> bool:
        """Whether a picture says that it was taken after the entry's last change: its clusters were used again."""
        taken = taken_at(self._space, position)
        return taken is not None and entry.modified is not None and taken > entry.modified.replace(tzinfo=None) + ZONES

    def _is_inside(self, offset_bytes: int) -> bool:
        """Whether a place lies inside of something whole that begins before it."""
        at = bisect_right(self._starts, offset_bytes) - 1
        if at < 0 or self._starts[at] == offset_bytes:
            return False
        return offset_bytes < self._ends[at]

    def _pictures_fill(self, behind: int, left: int) -> bool:
        """Whether further pictures follow each right behind the last one's end mark, and end where the entry does.

        Two views in one file, or a small picture behind a large one, of which no index says anything. That is more
        than chance gives, whatever the clocks say.
        """
        begun = left > 0
        while left > 0:
            found = follow(self._space, behind) if self._space.read(behind, 3) == b"\xff\xd8\xff" else None
            if found is None or not found.whole:
                return False
            behind, left = behind + found.length_bytes, left - found.length_bytes
        return begun and left == 0

    def _another_begins(self, behind: int, length_bytes: int) -> bool:
        """Whether another file begins between the end of what was found and the end that the entry gives."""
        start = -(-behind // SECTOR_BYTES) * SECTOR_BYTES
        end = min(behind + length_bytes, start + _MAX_COMPARED_TAIL_BYTES)
        for at, data in self._space.from_position(start):
            if at >= end:
                return False
            part = data[: end - at]
            if any(self._begins_here(at + inside) for inside in starts_in(part[: len(part) // 512 * 512])):
                return True
        return False

    def _begins_here(self, position: int) -> bool:
        """Whether what looks like a start is one: bytes of a film may look like it too."""
        found = follow(self._space, position)
        return found is not None and found.whole and found.form in JPEG_FORMS

    def _free_in(self, extent: Extent) -> int:
        """Count how many bytes of an extent are among those searched."""
        at, end, free = extent.offset_bytes, extent.offset_bytes + extent.length_bytes, 0
        while at < end:
            position = self._space.position_of(at)
            if position is None:
                at += self._volume.cluster_bytes
                continue
            run = self._space.runs(position, end - at)[0]
            free += run.length_bytes
            at += run.length_bytes
        return free


def _followed(space: FreeSpace, position: int) -> Found | None:
    """Follow what begins at a place; in part where what is inside does not agree with its lengths and sums."""
    found = follow(space, position)
    if found is None or not found.whole or holds_together(space, position, found) is not False:
        return found
    return replace(found, whole=False)


def first_bytes(extents: tuple[Extent, ...], length_bytes: int) -> tuple[Extent, ...]:
    """Cut extents to their first bytes."""
    cut, left = [], length_bytes
    for extent in extents:
        if left <= 0:
            break
        cut.append(Extent(extent.offset_bytes, min(left, extent.length_bytes)))
        left -= extent.length_bytes
    return tuple(cut)


def taken_at(space: FreeSpace, position: int) -> datetime | None:
    """Return when what lies at a place says that it was taken, by its own clock; None where it says nothing."""
    facts = read_photo(BytesSource(space.read(position, _JUDGED_BYTES)))
    return facts.taken.replace(tzinfo=None) if facts is not None and facts.taken is not None else None
