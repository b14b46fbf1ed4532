"""Symbols come in order, from the sources and from the encoder, and whoever waits can be let go."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from tests.tasks.memory_cards import one_file
from tools.vectors.build import chance

from fifthfloor.floor.again import batch_marks
from fifthfloor.floor.archive import Digests, archive_bytes, pack
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.shards import encode
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.tasks.floors import symbols
from fifthfloor.tasks.floors.symbols import Archive, SymbolFeed, repair_counts, windows

KEY = bytes(range(32))
DAY = "2026-11-27"


def archive_in(folder: Path, groups: int) -> Archive:
    sources = one_file(folder, 400_000, 5)
    count = archive_bytes(sources.entries, DAY) // SYMBOL_BYTES
    cut = tuple(count // groups + (g < count % groups) for g in range(groups))
    digests = Digests()
    marks = batch_marks(pack(sources.entries, DAY, sources.reader, digests), cut, Fingerprinter(lambda _: KEY))
    return Archive(sources.entries, DAY, sources.reader, cut, digests, marks, KEY, KEY[::-1])


@pytest.mark.parametrize(("groups", "most", "small"), [(1, 100, 1 << 30), (3, 17, 1 << 30), (3, 17, 0)])
def test_every_symbol_is_the_one_of_its_number(
    groups: int, most: int, small: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process and from a second one, whatever the windows."""
    monkeypatch.setattr(symbols, "_SMALL_SLOTS", small)
    archive = archive_in(tmp_path, groups)
    sealer = archive.sealer()
    expected = []
    for group, count in enumerate(archive.groups):
        whole = memoryview(bytearray(count * SYMBOL_BYTES))
        sealer.group(group, whole)
        expected.append(iter(encode(whole, range(2 * count + 3))))
    labels = np.repeat(np.arange(groups), [2 * count + 3 for count in archive.groups])
    labels = labels[np.argsort(np.frombuffer(chance("order")(8 * len(labels)), np.uint64))]
    feed = SymbolFeed(archive, windows(labels, archive.groups, most))
    try:
        for label in labels.tolist():
            assert bytes(feed.take(label)) == next(expected[label]).tobytes()
    finally:
        feed.close()
    assert [list(islice(rest, 1)) for rest in expected] == [[]] * groups


def test_repair_symbols_are_those_beyond_the_sources() -> None:
    assert repair_counts([[3, 1], [2, 5], [0, 4]], (4, 6)) == [[0, 0], [1, 0], [0, 4]]
    assert repair_counts([], (4, 6)) == []


def test_who_waits_for_a_symbol_is_let_go_when_the_feed_is_closed(tmp_path: Path) -> None:
    archive = archive_in(tmp_path, 1)
    feed = SymbolFeed(archive, [[archive.groups[0]]])  # no repair symbol will ever come
    for _ in range(archive.groups[0]):
        feed.take(0)
    threading.Timer(0.2, feed.close).start()
    with pytest.raises(InterruptedError):
        feed.take(0)
