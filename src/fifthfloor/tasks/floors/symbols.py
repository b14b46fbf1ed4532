"""The symbols of an archive, made in a second process in the order in which a sweep takes them.

A card is swept once, rising, and its shards come from every group, with symbol numbers in no order. Up to some 400 MB
all groups are solved once and kept, and any symbol is a short sum. Of a larger floor all groups are encoded for each
window of the sweep, and a window is as large as memory allows (spec/floor.md, section 6). The encoder begins at once,
and each symbol can be taken as soon as its batch has come.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor import engine
from fifthfloor.floor.again import Again, Reader, Sealer
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.shards import Solved, solve, solved_symbols
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import Digests, Entry
from fifthfloor.floor.veil import Veil

# 325 MB of symbols waiting, 364 at most while the next window comes; with encoder, group and interpreters below 600 MB.
WINDOW_SLOTS = 20_000
AHEAD_SLOTS = 2_400  # of the next window, while this one is not all taken
# Groups that are kept wait for nothing, so a window of theirs is short; their memory is this many symbols:
# 685 MB of all processes at the most (docs/performance/floor.md).
MOST_KEPT_SYMBOLS = 29_500
KEPT_WINDOW_SLOTS = 500
MARK_KEY_BYTES = 32
_BATCH_SYMBOLS = 32  # memory comes back to the pool when all symbols of a batch are taken
_SMALL_SLOTS = 2_000  # below 32 MB a second process costs more than it gives


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything a pass needs to make the same sealed archive again.

    Args:
        entries, hidden: as `floor.tar_stream.pack` got them.
        reader: of the same files.
        groups: source symbols of each.
        digests: from the first pass.
        marks: fingerprints of the first pass (`floor.again.batch_marks`).
        mark_key: 32 bytes, the key of the fingerprints.
        content_key: 32 bytes.
    """

    entries: Sequence[Entry]
    hidden: str
    reader: Reader
    groups: tuple[int, ...]
    digests: Digests
    marks: bytes
    mark_key: bytes
    content_key: bytes

    @property
    def kept(self) -> bool:
        """Whether all groups fit into memory as what their symbols are made of."""
        return sum(map(solved_symbols, self.groups)) <= MOST_KEPT_SYMBOLS

    @property
    def window_slots(self) -> int:
        """Slots of a window."""
        return KEPT_WINDOW_SLOTS if self.kept else WINDOW_SLOTS

    def sealer(self) -> Sealer:
        """Return what reads and encrypts it again."""
        again = Again(self.entries, self.hidden, self.reader, self.digests)
        return Sealer(again, self.groups, self.marks, Fingerprinter(lambda _: self.mark_key), self.content_key)


Window = Sequence[NDArray[np.int64]]
"""Of each group, the symbol numbers that a window of the sweep takes, in order of writing."""


def make_symbols(archive: Archive, rows: Sequence[Window]) -> Generator[memoryview, None, None]:
    """Make all symbols of a floor, veiled, in order of window, group, writing.

    Args:
        archive: what to encode; read once where it is `kept`, else once a window.
        rows: the windows.

    Yields:
        up to 32 symbols at once, never of two groups or windows.

    Raises:
        BadInput: a source changed since the first pass.
    """
    sealer = archive.sealer()
    buffer = np.empty(max(archive.groups) * SYMBOL_BYTES, np.uint8).data
    kept: dict[int, Solved] = {}
    veil = Veil(archive.content_key)
    for row in rows:
        for group, numbers in enumerate(row):
            if not len(numbers):
                continue
            if (solved := kept.get(group)) is None:
                whole = buffer[: archive.groups[group] * SYMBOL_BYTES]
                sealer.group(group, whole)
                solved = solve(whole, lent=not archive.kept)
                if archive.kept:
                    kept[group] = solved
                    if len(kept) == len(archive.groups):
                        buffer = whole = memoryview(b"")  # 52 MB that nobody needs any more
            batches = solved.encode_in_parts(numbers, _BATCH_SYMBOLS)
            for start, batch in zip(range(0, len(numbers), _BATCH_SYMBOLS), batches, strict=True):
                veil.over_rows(group, numbers[start : start + len(batch)].tolist(), batch)
                yield batch.reshape(-1).data


def windows(
    labels: NDArray[np.int64], numbers: NDArray[np.int64], groups: int, most: int
) -> list[list[NDArray[np.int64]]]:
    """Cut the slots of a sweep, in order of writing, into windows.

    Args:
        labels: group of each slot.
        numbers: symbol number of each slot.
        groups: of the floor.
        most: slots of a window.
    """
    parts = max(1, -(-len(labels) // most))
    cut = zip(np.array_split(labels, parts), np.array_split(numbers, parts), strict=True)
    return [_by_group(label, number, groups) for label, number in cut if len(label)]


def _by_group(labels: NDArray[np.int64], numbers: NDArray[np.int64], groups: int) -> list[NDArray[np.int64]]:
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(1, groups))
    return np.split(numbers[order], bounds)


class SymbolFeed:
    """Gives out the symbols of each group in order of writing; holds those that are made and not yet taken.

    Args:
        archive: what to encode.
        rows: from `windows`.
    """

    def __init__(self, archive: Archive, rows: Sequence[Window]) -> None:
        self._counts = [[len(numbers) for numbers in row] for row in rows]
        # One window after the other, so by the time symbols of the next are taken, no batch of this one is held.
        self._held: list[deque[memoryview]] = [deque() for _ in archive.groups]
        self._at = [0] * len(archive.groups)  # bytes taken of each group's first batch
        self._in_pool = 0
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._closed = False
        longest = max(map(sum, self._counts), default=0)
        self._most = longest + max(_BATCH_SYMBOLS, min(longest, AHEAD_SLOTS))
        small = sum(map(sum, self._counts)) <= _SMALL_SLOTS
        self._source: Generator[memoryview | bytearray, None, None] = (
            make_symbols(archive, rows) if small else engine.stream(make_symbols, archive, rows)
        )
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def take(self, groups: Sequence[int]) -> list[memoryview]:
        """Return the next symbol of each of these groups, one after the other, waiting until they are there.

        Raises:
            BadInput: a source changed since the first pass.
            InterruptedError: the feed is closed.
        """
        with self._changed:
            return [self._take(group) for group in groups]

    def close(self) -> None:
        """Stop the worker, whatever it is doing, and whoever waits for it; when this returns, its process has ended."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        for batches in self._held:
            batches.clear()  # whoever keeps what was begun and given up would keep 33 MB with it

    def _take(self, group: int) -> memoryview:
        while not self._held[group]:
            if self._error is not None:
                raise self._error
            if self._closed:
                raise InterruptedError
            self._changed.wait()
        batch, at = self._held[group][0], self._at[group]
        self._at[group] += SYMBOL_BYTES
        if self._at[group] == len(batch):
            self._at[group] = 0
            self._held[group].popleft()
            self._in_pool -= len(batch) // SYMBOL_BYTES
            self._changed.notify_all()
        return batch[at : at + SYMBOL_BYTES]

    def _receive(self) -> None:
        try:
            for row in self._counts:
                for group, count in enumerate(row):
                    self._receive_group(group, count)
        except BaseException as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()
        finally:
            self._source.close()

    def _receive_group(self, group: int, count: int) -> None:
        while count:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._in_pool + _BATCH_SYMBOLS <= self._most)
                if self._closed:
                    raise InterruptedError
            batch = memoryview(next(self._source))
            made = len(batch) // SYMBOL_BYTES
            count -= made
            with self._changed:
                self._held[group].append(batch)
                self._in_pool += made
                self._changed.notify_all()
