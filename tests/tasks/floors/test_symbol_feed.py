"""Symbols come in order, from the sources and from the encoder, and whoever waits can be let go."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from tests.tasks.memory_cards import one_file
from tools.vectors.build import chance

from fifthfloor.floor.again import Sealer, batch_marks
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.shards import encode
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import Digests, archive_bytes, pack
from fifthfloor.floor.veil import Veil
from fifthfloor.tasks.floors import symbols
from fifthfloor.tasks.floors.symbols import Archive, SymbolFeed, make_symbols, windows

KEY = bytes(range(32))
DAY = "2026-11-27"


def archive_in(folder: Path, groups: int) -> Archive:
    sources = one_file(folder, 400_000, 5)
    count = archive_bytes(sources.entries, DAY) // SYMBOL_BYTES
    cut = tuple(count // groups + (g < count % groups) for g in range(groups))
    digests = Digests()
    marks = batch_marks(pack(sources.entries, DAY, sources.reader, digests), cut, Fingerprinter(lambda _: KEY))
    return Archive(sources.entries, DAY, sources.reader, cut, digests, marks, KEY, KEY[::-1])


@pytest.mark.parametrize(
    ("groups", "most", "small", "kept"),
    [(1, 100, 1 << 30, 1 << 30), (3, 17, 1 << 30, 1 << 30), (3, 17, 1 << 30, 0), (3, 17, 0, 1 << 30)],
)
def test_every_symbol_is_the_one_of_its_number(
    groups: int, most: int, small: int, kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process and from a second one, whatever the windows, whatever is kept, and the order of the numbers."""
    monkeypatch.setattr(symbols, "_SMALL_SLOTS", small)
    monkeypatch.setattr(symbols, "MOST_KEPT_SYMBOLS", kept)
    archive = archive_in(tmp_path, groups)
    sealer = archive.sealer()
    wholes = []
    for count in archive.groups:
        wholes.append(memoryview(bytearray(count * SYMBOL_BYTES)))
        sealer.group(len(wholes) - 1, wholes[-1])
    labels = np.repeat(np.arange(groups), [2 * count + 3 for count in archive.groups])
    labels = labels[np.argsort(np.frombuffer(chance("order")(8 * len(labels)), np.uint64))]
    numbers = np.argsort(np.frombuffer(chance("numbers")(8 * len(labels)), np.uint64)).astype(np.int64)
    feed = SymbolFeed(archive, windows(labels, numbers, groups, most))
    try:
        for label, number in zip(labels.tolist(), numbers.tolist(), strict=True):
            bare = encode(wholes[label], [number])[0].tobytes()
            assert bytes(feed.take([label])[0]) == Veil(archive.content_key).over(label, number, bare)
    finally:
        feed.close()


def test_windows_hold_every_slot_once_in_order() -> None:
    labels, numbers = np.array([0, 1, 0, 2, 2, 1, 0]), np.array([7, 8, 9, 1, 2, 3, 4])
    rows = windows(labels, numbers, 3, 4)
    assert [[one.tolist() for one in row] for row in rows] == [[[7, 9], [8], [1]], [[4], [3], [2]]]
    assert windows(labels[:0], numbers[:0], 3, 4) == []


def test_who_waits_for_a_symbol_is_let_go_when_the_feed_is_closed(tmp_path: Path) -> None:
    archive = archive_in(tmp_path, 1)
    feed = SymbolFeed(archive, [[np.arange(3)]])
    for _ in range(3):
        feed.take([0])
    threading.Timer(0.2, feed.close).start()
    with pytest.raises(InterruptedError):
        feed.take([0])


@pytest.mark.parametrize("kept", [0, 1 << 30])
def test_a_floor_that_fits_into_memory_is_read_once(kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a larger one once a window."""
    monkeypatch.setattr(symbols, "MOST_KEPT_SYMBOLS", kept)
    archive, read, group = archive_in(tmp_path, 2), list[int](), Sealer.group

    def counted(self: Sealer, number: int, into: memoryview) -> None:
        read.append(number)
        group(self, number, into)

    monkeypatch.setattr(Sealer, "group", counted)
    for _ in make_symbols(archive, [[np.arange(3), np.arange(2)], [np.arange(3, 5), np.arange(2, 3)]]):
        pass
    assert read == ([0, 1] if kept else [0, 1, 0, 1])


def test_whoever_closes_the_feed_waits_until_its_worker_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds what is hidden, and the content key."""
    archive, gone, real = archive_in(tmp_path, 1), list[bool](), make_symbols

    def slow_to_go(*arguments: object) -> Generator[memoryview, None, None]:
        try:
            yield from real(*arguments)  # type: ignore[arg-type]
        finally:
            time.sleep(0.2)
            gone.append(True)

    monkeypatch.setattr(symbols, "make_symbols", slow_to_go)
    feed = SymbolFeed(archive, [[np.arange(3)]])
    feed.take([0])
    assert any(feed._held)
    feed.close()
    assert gone == [True]
    assert not any(feed._held), "the memory of what was given up"
