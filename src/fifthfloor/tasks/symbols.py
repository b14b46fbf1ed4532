"""The symbols of an archive, window by window, made in a second process while the first one writes.

A card is swept once, rising, and its shards come from every group; so all groups are encoded again for each window of
the sweep, and a window is as large as memory allows (spec/floor.md, section 6; blueprint, "Order of writing"). Symbol
numbers rise in order of writing: the first half of the windows is source symbols, which need no encoder.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor import engine
from fifthfloor.errors import BadInput
from fifthfloor.floor.archive import Digests, Entry, Read, pack, sealed_groups
from fifthfloor.floor.shards import encode
from fifthfloor.floor.slot import SYMBOL_BYTES

# 325 MB of symbols waiting, 364 at most while the next window comes; with encoder, group and interpreters below 600 MB.
WINDOW_SLOTS = 20_000
POOL_SLOTS = 22_400
_BATCH_SYMBOLS = 256
_SMALL_SLOTS = 2_000  # below 32 MB a second process costs more than it gives


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything a pass needs to make the same sealed archive again.

    Args:
        entries, hidden, reader: as for `floor.archive.pack`.
        groups: source symbols of each.
        digests: from the first pass.
        hashes: SHA-256 of each group's plaintext, from the first pass.
        content_key: 32 bytes.
    """

    entries: Sequence[Entry]
    hidden: str
    reader: Read
    groups: tuple[int, ...]
    digests: Digests
    hashes: tuple[bytes, ...]
    content_key: bytes


def make_symbols(archive: Archive, counts: Sequence[Sequence[int]]) -> Generator[bytes, None, None]:
    """Make all symbols of a floor in order of window, group, number.

    Args:
        archive: what to encode; read once a window.
        counts: for each window, how many symbols of each group.

    Yields:
        up to 256 symbols at once, never of two groups.

    Raises:
        BadInput: a source changed since the first pass.
    """
    begin = [0] * len(archive.groups)
    for row in counts:
        stream = sealed_groups(
            pack(archive.entries, archive.hidden, archive.reader, archive.digests), archive.groups, archive.content_key
        )
        for group, (digest, sealed) in enumerate(stream):
            if digest != archive.hashes[group]:
                raise BadInput("hide.changed")
            first, begin[group] = begin[group], begin[group] + row[group]
            made = encode(sealed, range(first, begin[group]))
            for start in range(0, len(made), _BATCH_SYMBOLS):
                yield made[start : start + _BATCH_SYMBOLS].tobytes()


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


class SymbolFeed:
    """Holds the symbols that have been made and not yet written.

    Args:
        archive: what to encode.
        counts: from `windows`.
    """

    def __init__(self, archive: Archive, counts: Sequence[Sequence[int]]) -> None:
        self._counts = counts
        self._held: list[list[deque[bytes]]] = [[deque() for _ in row] for row in counts]
        self._left = [sum(row) for row in counts]
        self._in_pool = 0
        self._arrived = [0] * len(counts)
        self._window = 0
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._closed = False
        small = sum(self._left) <= _SMALL_SLOTS
        self._source: Generator[bytes, None, None] = (
            make_symbols(archive, counts) if small else engine.stream(make_symbols, archive, counts)
        )
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def take(self, group: int) -> bytes:
        """Return the next symbol of a group, waiting until its window has arrived."""
        with self._changed:
            while self._left[self._window] == 0:
                self._window += 1
            self._wait(lambda: self._arrived[self._window] >= sum(self._counts[self._window]))
            symbol = self._held[self._window][group].popleft()
            self._left[self._window] -= 1
            self._in_pool -= 1
            if self._in_pool % _BATCH_SYMBOLS == 0:
                self._changed.notify_all()
        return symbol

    def close(self) -> None:
        """Stop the worker, whatever it is doing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _wait(self, ready: Callable[[], bool]) -> None:
        while not ready():
            if self._error is not None:
                raise self._error
            self._changed.wait()

    def _receive(self) -> None:
        try:
            for window, row in enumerate(self._counts):
                for group, count in enumerate(row):
                    self._receive_group(window, group, count)
        except BaseException as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()
        finally:
            self._source.close()

    def _receive_group(self, window: int, group: int, count: int) -> None:
        while count:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._in_pool + _BATCH_SYMBOLS <= POOL_SLOTS)
                if self._closed:
                    raise InterruptedError
            batch = next(self._source)
            made = [batch[at : at + SYMBOL_BYTES] for at in range(0, len(batch), SYMBOL_BYTES)]
            count -= len(made)
            with self._changed:
                self._held[window][group].extend(made)
                self._arrived[window] += len(made)
                self._in_pool += len(made)
                self._changed.notify_all()
