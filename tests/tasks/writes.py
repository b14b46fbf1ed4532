"""The writes and flushes of a command with their bytes, and every state a power cut could leave."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fifthfloor.cards import image
from fifthfloor.cards.descriptor import DeviceFacts
from fifthfloor.cards.device import Device, OpenFile
from fifthfloor.cards.opening import open_path
from fifthfloor.cards.past_cache import PastCache

SECTOR = 512
Write = tuple[int, bytes]


class KeepingFile(OpenFile):
    """An image that keeps what is written to it, by flush."""

    def __init__(self, under: OpenFile, kept: list[list[Write]]) -> None:
        self._descriptor = under._descriptor
        self._past_cache = PastCache(under._descriptor)
        self.path, self.sector_bytes, self.size_bytes = under.path, under.sector_bytes, under.size_bytes
        self._kept = kept

    def write(self, offset_bytes: int, data: bytes | bytearray | memoryview) -> None:
        super().write(offset_bytes, data)
        self._kept[-1].append((offset_bytes, bytes(data)))

    def flush(self) -> None:
        super().flush()
        self._kept.append([])


@dataclass(slots=True)
class WriteLog:
    """What was written to each card: lists of writes, one list between two flushes."""

    cards: dict[str, list[list[Write]]] = field(default_factory=dict)

    def open_path(self, path: Path, *, writable: bool, serial: str | None) -> tuple[Device, DeviceFacts]:
        device, facts = open_path(path, writable=writable, serial=serial)
        if not writable:
            return device, facts
        assert isinstance(device, OpenFile)
        return KeepingFile(device, self.cards.setdefault(path.name, [[]])), facts


@pytest.fixture
def write_log(monkeypatch: pytest.MonkeyPatch) -> WriteLog:
    """Keeps every write of every card opened for writing."""
    made = WriteLog()
    monkeypatch.setattr(image, "open_path", made.open_path)
    return made


def power_cuts(card: Path, log: list[list[Write]], chance: random.Random, torn: int) -> Iterator[str]:
    """Bring `card`, as it was before, into every state a power cut could have left; gives the name of each.

    Between two flushes writes may reach the card in any order, or not at all; a single write may be torn at any sector.

    Args:
        card: changed under way; at the end all writes have reached it.
        log: of the command.
        chance: chooses orders and torn sectors.
        torn: how many torn states to try for each write.
    """
    with card.open("r+b", buffering=0) as raw:
        for number, between in enumerate(log):
            for state in range(torn if between else 0):
                undo = _apply(raw.fileno(), _cut(between, chance))
                yield f"flush {number}, cut {state}"
                _apply(raw.fileno(), undo)
            for done, write in enumerate(between):
                _apply(raw.fileno(), [write])
                yield f"flush {number}, write {done}"


def _cut(between: list[Write], chance: random.Random) -> list[Write]:
    """Some of the writes in any order, the last of them torn at a sector."""
    order = chance.sample(between, chance.randint(1, len(between)))
    offset, data = order[-1]
    return [*order[:-1], (offset, data[: SECTOR * chance.randrange(len(data) // SECTOR + 1)])]


def _apply(descriptor: int, writes: list[Write]) -> list[Write]:
    """Write, and return what undoes it."""
    import os

    undo = []
    for offset, data in writes:
        undo.append((offset, os.pread(descriptor, len(data), offset)))
        os.pwrite(descriptor, data, offset)
    return undo[::-1]
