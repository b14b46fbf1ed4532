"""Groups come back one after the other: none changes another, and hardly a slot is read that is not needed."""

from __future__ import annotations

import random
import threading

import pytest
from tools.vectors.build import chance, keys

from fifthfloor.carriers.collection import Collection, FloorFacts, Unlocked, scan
from fifthfloor.carriers.opened_slots import Lent, evenly
from fifthfloor.floor.header import SlotHeader, Terms
from fifthfloor.floor.shards import SURPLUS, encode
from fifthfloor.floor.shares import split
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES, SlotCipher
from fifthfloor.tasks.floors.restore import archive_of

GROUPS, SOURCES, SHARDS, X = 3, 5, 40, 7
Floor = tuple["Counting", list[bytes], Collection, FloorFacts, Unlocked]


class Counting:
    """A device in memory that counts what is read of it."""

    def __init__(self, contents: bytes) -> None:
        self._contents = contents
        self.size_bytes = len(contents)
        self.read_bytes = 0

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        buffer[:] = self._contents[offset_bytes : offset_bytes + len(buffer)]
        self.read_bytes += len(buffer)


@pytest.fixture(scope="module")
def floor() -> Floor:
    """A floor of repair symbols alone, its groups as they were, and what its slots tell."""
    key, r, cipher = bytes(range(32)), chance("bringing back"), SlotCipher(keys())
    groups = [random.Random(number).randbytes(SOURCES * SYMBOL_BYTES) for number in range(GROUPS)]
    (share,) = split(key, 1, 1, r, [X])
    terms = Terms(1, 1, 14, GROUPS, GROUPS * SOURCES, 0, SHARDS)
    slots = b"".join(
        cipher.seal(SlotHeader(X, bytes(16), group, number, share, terms.seal(key, X)), symbol.tobytes(), r(16))
        for group, whole in enumerate(groups)
        for number, symbol in enumerate(encode(whole, range(SOURCES, SOURCES + SHARDS)), start=SOURCES)
    )
    device = Counting(slots)
    collection = Collection([device], cipher, scan([device], cipher, lambda _done: None))
    (facts,) = collection.floors()
    unlocked = facts.unlock()
    assert unlocked is not None
    assert unlocked.content_key == key
    return device, groups, collection, facts, unlocked


def test_a_group_stays_what_it_is_while_others_come_back(floor: Floor) -> None:
    _device, groups, collection, facts, unlocked = floor
    for numbers in (range(GROUPS), reversed(range(GROUPS))):
        back = [(number, collection.group(facts, unlocked, number)) for number in numbers]
        assert all(whole is not None and bytes(whole) == groups[number] for number, whole in back)


def test_no_more_slots_are_read_than_are_tried_with_first(floor: Floor) -> None:
    device, groups, collection, facts, unlocked = floor
    before = device.read_bytes
    whole = collection.group(facts, unlocked, 1)
    assert whole is not None
    assert bytes(whole) == groups[1]
    assert device.read_bytes - before == (SOURCES + SURPLUS) * SLOT_BYTES


def test_memory_is_lent_once_until_it_is_taken_back() -> None:
    lent = Lent()
    for _ in range(2):
        parts = [lent.take(length) for length in (3, 5, 2)]
        for number, part in enumerate(parts):
            part[:] = bytes([number]) * len(part)
        assert [bytes(part) for part in parts] == [b"\0" * 3, b"\1" * 5, b"\2" * 2]
        lent.again()


@pytest.mark.parametrize("sources", [1, 111, 112, 113, 240, 241, 1_000, 2_755, 3_200])
def test_batches_come_out_even(sources: int) -> None:
    at_once = evenly(sources)
    assert at_once is not None
    most = sources + SURPLUS
    assert at_once <= 256
    assert 0 <= -(-most // at_once) * at_once - most < -(-most // at_once)
    assert evenly(0) is evenly(None) is None


def test_the_next_group_is_brought_back_while_the_last_is_used(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    _device, _groups, collection, facts, unlocked = floor
    asked: list[int] = []
    second = threading.Event()
    real = collection.group

    def group(facts: FloorFacts, unlocked: Unlocked, number: int) -> memoryview | None:
        asked.append(number)
        if number == 1:
            second.set()
        return real(facts, unlocked, number)

    monkeypatch.setattr(collection, "group", group)
    archive = archive_of(collection, facts, unlocked, lambda _done: None)
    assert next(archive)
    assert second.wait(10), "nobody asked for the second group yet"
    assert len(list(archive)) == GROUPS - 1
    assert asked == list(range(GROUPS))
