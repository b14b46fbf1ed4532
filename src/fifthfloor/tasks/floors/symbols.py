"""The symbols of an archive: source symbols read where they are, repair symbols made in a second process.

A card is swept once, rising, and its shards come from every group. Symbol numbers rise in order of writing, so the
first half of a sweep takes source symbols: batches of the sources, read again and compared. The other half needs the
encoder: all groups are encoded again for each window of the sweep, and a window is as large as memory allows
(spec/floor.md, section 6). The encoder begins at once, so its first window is there long
before it is needed, and each symbol can be taken as soon as its batch has come.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor import engine
from fifthfloor.floor.again import Again, Reader, Sealer
from fifthfloor.floor.archive import Digests, Entry
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.shards import encode
from fifthfloor.floor.slot import SYMBOL_BYTES

# 325 MB of symbols waiting, 364 at most while the next window comes; with encoder, group and interpreters below 600 MB.
WINDOW_SLOTS = 20_000
AHEAD_SLOTS = 2_400  # of the next window, while this one is not all taken
MARK_KEY_BYTES = 32
_BATCH_SYMBOLS = 32  # memory comes back to the pool when all symbols of a batch are taken
_SMALL_SLOTS = 2_000  # below 32 MB a second process costs more than it gives


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything a pass needs to make the same sealed archive again.

    Args:
        entries, hidden: as `floor.archive.pack` got them.
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

    def sealer(self) -> Sealer:
        """Return what reads and encrypts it again."""
        again = Again(self.entries, self.hidden, self.reader, self.digests)
        return Sealer(again, self.groups, self.marks, Fingerprinter(lambda _: self.mark_key), self.content_key)


def make_repair(archive: Archive, counts: Sequence[Sequence[int]]) -> Generator[memoryview, None, None]:
    """Make all repair symbols of a floor in order of window, group, number.

    Args:
        archive: what to encode; read once a window.
        counts: for each window, how many repair symbols of each group.

    Yields:
        up to 32 symbols at once, never of two groups or windows.

    Raises:
        BadInput: a source changed since the first pass.
    """
    sealer = archive.sealer()
    begin = list(archive.groups)
    buffer = memoryview(bytearray(max(archive.groups) * SYMBOL_BYTES))
    for row in counts:
        for group, count in enumerate(row):
            if not count:
                continue
            whole = buffer[: archive.groups[group] * SYMBOL_BYTES]
            sealer.group(group, whole)
            made = encode(whole, range(begin[group], begin[group] + count))
            begin[group] += count
            for start in range(0, count, _BATCH_SYMBOLS):
                yield made[start : start + _BATCH_SYMBOLS].reshape(-1).data


def windows(labels: NDArray[np.int64], groups: Sequence[int], most: int = WINDOW_SLOTS) -> list[list[int]]:
    """Cut the slots of a sweep, in order of writing, into windows; returns the count of each group in each.

    Args:
        labels: group of each slot.
        groups: source symbols of each group.
        most: slots of a window.

    A window ends where the first group runs out of source symbols, so that no window before it needs an encoder.
    """
    border = min((_nth(labels, group, count) for group, count in enumerate(groups)), default=len(labels))
    parts = [
        part
        for side in (labels[:border], labels[border:])
        for part in np.array_split(side, max(1, -(-len(side) // most)))
        if len(part)
    ]
    return [np.bincount(part, minlength=len(groups)).tolist() for part in parts]


def _nth(labels: NDArray[np.int64], group: int, count: int) -> int:
    """Return how many slots hold the first `count` of a group."""
    places = np.flatnonzero(labels == group)
    return int(places[count - 1]) + 1 if len(places) >= count else len(labels)


def repair_counts(counts: Sequence[Sequence[int]], groups: Sequence[int]) -> list[list[int]]:
    """Return how many of the symbols of each window and group are repair symbols."""
    last = np.cumsum(np.asarray(counts, np.int64).reshape(-1, len(groups)), axis=0)
    beyond = np.maximum(last - np.asarray(groups, np.int64), 0)
    repair: list[list[int]] = np.diff(beyond, axis=0, prepend=0).tolist()
    return repair


class SymbolFeed:
    """Gives out the symbols of each group in order of their numbers.

    Args:
        archive: what to encode.
        counts: from `windows`.
    """

    def __init__(self, archive: Archive, counts: Sequence[Sequence[int]]) -> None:
        self._groups = archive.groups
        self._given = [0] * len(archive.groups)
        self._sealer = archive.sealer()
        self._batches: list[memoryview] = [memoryview(b"")] * len(archive.groups)
        self._repair = _RepairPool(archive, repair_counts(counts, archive.groups))

    def take(self, group: int) -> memoryview:
        """Return the next symbol of a group, waiting until it is there.

        Raises:
            BadInput: a source changed since the first pass.
            InterruptedError: the feed is closed.
        """
        number = self._given[group]
        self._given[group] += 1
        if number >= self._groups[group]:
            return self._repair.take(group)
        batch, at = divmod(number, self._sealer.batch_symbols)
        if at == 0:
            self._batches[group] = self._sealer.batch(group, batch)
        return self._batches[group][at * SYMBOL_BYTES : (at + 1) * SYMBOL_BYTES]

    def close(self) -> None:
        """Stop the worker, whatever it is doing, and whoever waits for it."""
        self._repair.close()


class _RepairPool:
    """Holds the repair symbols that have been made and not yet taken.

    Args:
        archive: what to encode.
        counts: for each window, how many repair symbols of each group.
    """

    def __init__(self, archive: Archive, counts: Sequence[Sequence[int]]) -> None:
        self._counts = counts
        # One window after the other, so by the time symbols of the next are taken, no batch of this one is held.
        self._held: list[deque[memoryview]] = [deque() for _ in archive.groups]
        self._at = [0] * len(archive.groups)  # bytes taken of each group's first batch
        self._in_pool = 0
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._closed = False
        self._most = max(map(sum, counts), default=0) + AHEAD_SLOTS
        small = sum(map(sum, counts)) <= _SMALL_SLOTS
        self._source: Generator[memoryview | bytearray, None, None] = (
            make_repair(archive, counts) if small else engine.stream(make_repair, archive, counts)
        )
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def take(self, group: int) -> memoryview:
        with self._changed:
            self._wait(lambda: bool(self._held[group]))
            batch, at = self._held[group][0], self._at[group]
            self._at[group] += SYMBOL_BYTES
            if self._at[group] == len(batch):
                self._at[group] = 0
                self._held[group].popleft()
                self._in_pool -= len(batch) // SYMBOL_BYTES
                self._changed.notify_all()
        return batch[at : at + SYMBOL_BYTES]

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _wait(self, ready: Callable[[], bool]) -> None:
        while not ready():
            if self._error is not None:
                raise self._error
            if self._closed:
                raise InterruptedError
            self._changed.wait()

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
