"""A card's free space: places, pieces and the sweep (spec/card-carrier.md, sections 1 to 3)."""

from __future__ import annotations

import itertools
import mmap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.free_writer import CardMedium
from fifthfloor.cards.volume import Volume
from fifthfloor.carriers.ahead import Ahead
from fifthfloor.errors import BadInput
from fifthfloor.floor.grid import MOST_VOLUMES, STRIDE_BYTES, Grid
from fifthfloor.floor.noise import Fingerprinter, NoiseMaker, Random
from fifthfloor.floor.plan import Room
from fifthfloor.floor.slot import SLOT_BYTES

# A piece is the free bytes of one stretch: as large as cards like them, and on a small card a 64th of what is free, so
# that a stop costs a kept floor at most about so much.
STRETCH_BYTES = 4 << 20
LEAST_STRETCH_BYTES = 256 << 10
_PIECES = 64

Advance = Callable[[int], None]


class Slots(Protocol):
    """Sealed slots by place, each asked for once, in order, from a thread of its own."""

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Device offsets of the places, rising."""

    def save(self, piece: int) -> None:
        """Read what the writing of this piece, the next one, will destroy and a later `fill` needs."""

    def fill(self, first: int, into: Sequence[memoryview]) -> None:
        """Write the slots of `offsets[first]` and those that follow into these 16 KiB each."""

    def give_up(self) -> None:
        """Make a `fill` that waits stop waiting, with any exception; nothing is asked for after this."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a sweep decides from the visible state alone.

    Args:
        writes: shape (n, 2), offset and length in bytes of every write, rising.
        piece_ends: shape (m,), index of the first write after each piece; the device is flushed there.
        places: shape (p,), device offsets of all places, rising.
        on_grid: shape (p,), whether the index of each place is a multiple of 64: only there may a capsule stand.
    """

    writes: NDArray[np.int64]
    piece_ends: NDArray[np.int64]
    places: NDArray[np.int64]
    on_grid: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))

    @property
    def free_bytes(self) -> int:
        return int(self.writes[:, 1].sum())

    @property
    def room(self) -> Room:
        return Room(len(self.places), self.free_bytes)

    @property
    def grid(self) -> Grid:
        return Grid(int(self.on_grid.sum()), self.free_bytes)


def lay_out(volumes: Sequence[Volume]) -> Layout:
    """Work out the writes, flushes and places of a card.

    Args:
        volumes: of the card, in order of their heaps.
    """
    writes, ends, places, on_grid = [], [], [], []
    count = 0
    stretch_bytes = stretch_of(sum(int(volume.free[:, 1].sum()) for volume in volumes))
    for number, volume in enumerate(volumes):
        cut, stretch = _cut(volume.free, volume.heap_offset_bytes, stretch_bytes)
        last_of_stretch = np.flatnonzero(np.diff(stretch, append=-1)) + 1 if len(stretch) else stretch
        writes.append(cut)
        ends.append(last_of_stretch + count)
        places.append(_places(volume.free, volume.heap_offset_bytes))
        aligned = (places[-1] - volume.heap_offset_bytes) % STRIDE_BYTES == 0
        on_grid.append(aligned & (number < MOST_VOLUMES))
        count += len(cut)
    nothing = np.zeros(0, np.int64)
    return Layout(
        np.concatenate([np.zeros((0, 2), np.int64), *writes]),
        np.concatenate([nothing, *ends]).astype(np.int64),
        np.concatenate([nothing, *places]),
        np.concatenate([np.zeros(0, np.bool_), *on_grid]),
    )


def stretch_of(free_bytes: int) -> int:
    """Return the length of a stretch: the largest power of two that is at most a 64th of the free bytes, in bounds."""
    fitting = 1 << max(0, (free_bytes // _PIECES).bit_length() - 1)
    return min(STRETCH_BYTES, max(LEAST_STRETCH_BYTES, fitting))


def sweep(
    medium: CardMedium,
    layout: Layout,
    slots: Slots | None,
    random: Random,
    advance: Advance,
) -> None:
    """Rewrite every free byte with noise, sealed slots among it, and read it all back.

    Args:
        medium: the card.
        layout: of the card as it is now.
        slots: what to hide; None to wipe. The order of writes, flushes and reads does not depend on it.
        random: source of the noise's keys.
        advance: told the bytes just written or read back; twice `layout.free_bytes` in all.

    Raises:
        BadInput: what is read back is not what was written.

    Source: spec/card-carrier.md, section 3.
    """
    fingerprint = Fingerprinter(random)
    marks: list[bytes] = []
    with Ahead(_pieces(layout, slots, NoiseMaker(STRETCH_BYTES, random), fingerprint)) as ahead:
        try:
            for piece in ahead:
                for (offset, length), at in zip(piece.writes, piece.starts, strict=True):
                    medium.write(offset, piece.data[at : at + length])
                medium.flush()
                marks += piece.marks
                advance(len(piece.data))
        except BaseException:
            if slots is not None:
                slots.give_up()
            raise
    buffer = memoryview(mmap.mmap(-1, STRETCH_BYTES))  # whole pages, for reading past the cache
    medium.drop_cache()
    for (offset, length), mark in zip(layout.writes.tolist(), marks, strict=True):
        medium.read_into(offset, buffer[:length])
        if fingerprint.of(buffer[:length]) != mark:
            raise BadInput("sweep.lost_writes", offset=offset, length=length)
        advance(length)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A piece ready to be written.

    Args:
        writes: offset on the device and length of each, in bytes.
        starts: where each begins in `data`.
        data: all their bytes.
        marks: a fingerprint for each.
    """

    writes: Sequence[tuple[int, int]]
    starts: Sequence[int]
    data: memoryview
    marks: Sequence[bytes]


def _pieces(layout: Layout, slots: Slots | None, noise: NoiseMaker, fingerprint: Fingerprinter) -> Iterator[_Stretch]:
    """Prepare one piece after the other: noise, the slots over it, and what reading back will be compared with."""
    # One is written, one waits, one is being prepared; whole pages, for writing past the cache.
    buffers = itertools.cycle([memoryview(mmap.mmap(-1, STRETCH_BYTES)) for _ in range(3)])
    first = taken = 0
    for number, end in enumerate(layout.piece_ends.tolist()):
        writes = layout.writes[first:end]
        lengths = writes[:, 1]
        starts = (np.cumsum(lengths) - lengths).tolist()
        data = next(buffers)[: int(lengths.sum())]
        noise.fill(data)
        if slots is not None:
            slots.save(number)
            last = int(np.searchsorted(slots.offsets, int(writes[-1].sum())))
            if last > taken:
                slots.fill(taken, _targets(data, writes, starts, slots.offsets[taken:last]))
            taken = last
        marks = [fingerprint.of(data[at : at + length]) for at, length in zip(starts, lengths.tolist(), strict=True)]
        yield _Stretch(writes.tolist(), starts, data, marks)
        first = end


def _targets(
    data: memoryview, writes: NDArray[np.int64], starts: Sequence[int], offsets: NDArray[np.int64]
) -> list[memoryview]:
    """Return the 16 KiB of a piece's bytes that belong to each of these places."""
    write = np.searchsorted(writes[:, 0], offsets, side="right") - 1
    begin = np.asarray(starts, np.int64)[write] + offsets - writes[write, 0]
    return [data[at : at + SLOT_BYTES] for at in begin.tolist()]


def _cut(free: NDArray[np.int64], heap: int, stretch_bytes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut free extents at stretch boundaries; returns writes (n, 2) and the stretch of each."""
    if not len(free):
        return np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    start, end = free[:, 0] - heap, free[:, 0] + free[:, 1] - heap
    first, last = start // stretch_bytes, (end - 1) // stretch_bytes
    parts = last - first + 1
    extent = np.repeat(np.arange(len(free)), parts)
    stretch = np.arange(int(parts.sum())) - np.repeat(np.cumsum(parts) - parts, parts) + first[extent]
    begin = np.maximum(start[extent], stretch * stretch_bytes)
    stop = np.minimum(end[extent], (stretch + 1) * stretch_bytes)
    return np.stack([begin + heap, stop - begin], axis=1), stretch


def _places(free: NDArray[np.int64], heap: int) -> NDArray[np.int64]:
    first = -(-(free[:, 0] - heap) // SLOT_BYTES)
    last = (free[:, 0] + free[:, 1] - heap) // SLOT_BYTES
    count = np.maximum(last - first, 0)
    extent = np.repeat(np.arange(len(free)), count)
    index = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count) + first[extent]
    places: NDArray[np.int64] = index * SLOT_BYTES + heap
    return places
