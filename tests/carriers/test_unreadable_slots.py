"""A slot that could be recognised and then not be read is no slot, whatever was read before it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tools.vectors.build import HEADER, SYMBOL, chance, keys

from fifthfloor.carriers import collection, opened_slots
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher


class Failing:
    """A device of which one slot can be read once, with its neighbours, and not alone."""

    def __init__(self, contents: bytes, bad: int) -> None:
        self._contents = contents
        self._bad = bad
        self.size_bytes = len(contents)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        if offset_bytes == self._bad * SLOT_BYTES and len(buffer) == SLOT_BYTES:
            raise OSError("a bad sector")
        buffer[:] = self._contents[offset_bytes : offset_bytes + len(buffer)]


@pytest.mark.parametrize("at_once", [1, 2, 128])
@pytest.mark.parametrize("bad", [0, 1, 2, 4])
def test_the_others_are_found_where_they_are(bad: int, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened_slots, "OPENED_AT_ONCE", at_once)
    cipher, r = SlotCipher(keys()), chance("unreadable")
    headers = [replace(HEADER, symbol=number) for number in range(5)]
    device = Failing(b"".join(cipher.seal(header, SYMBOL, r(16)) for header in headers), bad)
    index = collection.scan([device], cipher, lambda _done: None)
    assert len(index) == 5
    found = collection.Collection([device], cipher, index)
    (facts,) = found.floors()
    placed = [(offset // SLOT_BYTES, header.symbol) for (_, offset), header in found.placed(facts, headers[0].group)]
    assert placed == [(number, number) for number in range(5) if number != bad]
