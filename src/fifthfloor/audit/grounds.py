"""Where a searcher looks besides free space: lost clusters, slack, and what belongs to no heap.

Slack is what lies between the end of a file, or of a directory, and the end of its last cluster: an earlier roll in
smaller clusters may have left a whole picture there. Nothing of it is free, so no sweep reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.audit.carve import carve, follow, starts_in
from fifthfloor.audit.carved import Carved, Where
from fifthfloor.audit.false_sizes import behind_sizes
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreePiece, FreeSpace
from fifthfloor.cards.extents import Extent, behind, merged, outside_of
from fifthfloor.cards.fat_entries import ENTRY_BYTES
from fifthfloor.cards.image import Card
from fifthfloor.cards.volume import VisibleFile

_GROUND_PIECE_BYTES = 1 << 20
_TABLE_BYTES = 34 * SECTOR_BYTES  # a partition table at the start of a card, and its copy at the end
_OnPiece = Callable[[FreePiece, bytes], None]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What was found besides free space.

    Args:
        carved: photographs and films, whole or in part.
        slack_bytes: sectors behind the ends of files and directories that are not blank and of no known form.
        outside_bytes: the same before, between and behind volumes.
    """

    carved: tuple[Carved, ...]
    slack_bytes: int
    outside_bytes: int


def elsewhere(card: Card, look: _OnPiece = lambda _piece, _data: None, known: Container[int] = ()) -> Elsewhere:
    """Carve everything that is neither free nor a visible file's contents.

    Args:
        card: open for reading (`cards.reading.read_card`).
        look: called with each piece of lost clusters, in which directories may lie too.
        known: offsets of entries that name something: a sector that holds one is not of no known form.
    """
    lost = [(extent.offset_bytes, extent.length_bytes) for volume in card.volumes for extent in volume.lost_in_order]
    found = _carved_in(card, lost, "lost", look)
    count = _Outside(card)
    outside = _carved_in(card, [(int(o), int(n)) for o, n in card.outside], "outside", count.look)
    slack = _Slack(card, known)
    carved = [*found, *outside, *slack.carved()]
    places = {item.offset_bytes for item in carved}
    carved += [item for item in behind_sizes(card) if item.offset_bytes not in places]
    beside = sum(count.within(run) for item in outside for run in item.runs)
    return Elsewhere(tuple(carved), slack.filled_bytes, max(0, count.filled_bytes - beside))


def _carved_in(card: Card, extents: list[tuple[int, int]], where: Where, look: _OnPiece) -> list[Carved]:
    space = FreeSpace(card.device, extents, look)
    return [Carved(item.start, item.runs, item.found, where) for item in carve(space)]


def slack_of(file: VisibleFile) -> list[Extent]:
    """The whole sectors of a file's clusters behind what was written of it; of a directory all of them.

    A sector of a directory that begins like a picture is no entry.
    """
    used = file.size_bytes if file.written_bytes is None else min(file.size_bytes, file.written_bytes)
    return behind(file.extents, 0 if file.is_directory else used)


def _filled(data: bytes) -> NDArray[np.bool_]:
    """Say of each sector whether it is anything but one byte of erased memory repeated."""
    sectors = np.frombuffer(data, np.uint8, len(data) // SECTOR_BYTES * SECTOR_BYTES).reshape(-1, SECTOR_BYTES)
    filled: NDArray[np.bool_] = ((sectors != 0) & (sectors != 0xFF)).any(axis=1)
    return filled


class _Outside:
    """Counts what lies before, between and behind volumes, tables of partitions left out; nothing of it is kept."""

    def __init__(self, card: Card) -> None:
        self._card = card
        self.filled_bytes = 0

    def look(self, piece: FreePiece, data: bytes) -> None:
        self.filled_bytes += self._filled_in(piece.offset_bytes, data)

    def within(self, run: Extent) -> int:
        """Count again what belongs to something that was found; the sectors that begin in it."""
        device, found = self._card.device, 0
        end = min(run.offset_bytes + run.length_bytes, device.size_bytes)
        for start in range(-(-run.offset_bytes // SECTOR_BYTES) * SECTOR_BYTES, end, _GROUND_PIECE_BYTES):
            length = -(-min(_GROUND_PIECE_BYTES, end - start) // SECTOR_BYTES) * SECTOR_BYTES
            found += self._filled_in(start, device.read(start, min(length, device.size_bytes - start)))
        return found

    def _filled_in(self, offset_bytes: int, data: bytes) -> int:
        filled = _filled(data)
        at = offset_bytes + SECTOR_BYTES * np.arange(len(filled), dtype=np.int64)
        filled &= (at >= _TABLE_BYTES) & (at < self._card.device.size_bytes - _TABLE_BYTES)
        for volume in self._card.volumes:  # what a file system says of itself is no remnant; a bad cluster may be one
            filled &= (at < volume.offset_bytes) | (at >= volume.heap_offset_bytes)
        return int(np.count_nonzero(filled)) * SECTOR_BYTES


class _Slack:
    """Carves each stretch of slack by itself: what begins in one does not go on in the next."""

    def __init__(self, card: Card, known: Container[int]) -> None:
        self._card = card
        self._known = known
        self.filled_bytes = 0

    def carved(self) -> Iterator[Carved]:
        stretches = [(extent, True) for volume in self._card.volumes for extent in volume.root_extents]
        stretches += [(extent, False) for volume in self._card.volumes for extent in volume.tails]
        shared = merged([volume.shared for volume in self._card.volumes])
        for file in self._card.files():
            slack = [part for extent in slack_of(file) for part in outside_of(extent, shared)]
            stretches += [(extent, file.is_directory) for extent in slack]
        for stretch, is_directory in sorted(stretches, key=lambda pair: pair[0].offset_bytes):
            yield from self._in(stretch, is_directory=is_directory)

    def _in(self, stretch: Extent, *, is_directory: bool) -> Iterator[Carved]:
        resume, ended = 0, not is_directory
        for start in range(0, stretch.length_bytes, _GROUND_PIECE_BYTES):
            length = min(_GROUND_PIECE_BYTES, stretch.length_bytes - start)
            data = self._card.device.read(stretch.offset_bytes + start, length)
            begins = set(starts_in(data))
            filled = set((np.flatnonzero(_filled(data)) * SECTOR_BYTES).tolist())
            for inside in sorted(begins | filled):
                at = start + inside
                if at < resume:
                    continue
                found = self._found(stretch, at) if inside in begins else None
                if found is not None:
                    resume = at + found.found.length_bytes
                    yield found
                elif ended or self._ends_before(data, inside):
                    ended = True
                    self.filled_bytes += 0 if self._names(stretch.offset_bytes + at) else SECTOR_BYTES

    def _found(self, stretch: Extent, at: int) -> Carved | None:
        space = FreeSpace(self._card.device, [(stretch.offset_bytes + at, stretch.length_bytes - at)])
        found = follow(space, 0)
        if found is None or found.length_bytes <= 0:
            return None
        return Carved(0, space.runs(0, found.length_bytes), found, "slack")

    def _ends_before(self, data: bytes, inside: int) -> bool:
        """Whether an end mark stands before a sector of a directory, in the same piece."""
        kinds = np.frombuffer(data, np.uint8)[: inside // ENTRY_BYTES * ENTRY_BYTES : ENTRY_BYTES]
        return bool((kinds == 0).any())

    def _names(self, offset: int) -> bool:
        return any(offset + at in self._known for at in range(0, SECTOR_BYTES, ENTRY_BYTES))
