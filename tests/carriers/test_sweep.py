"""Places, pieces and reading back, over free spaces of every shape (spec/card-carrier.md, sections 2 and 3)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.tasks.memory_cards import bare_volume
from tests.tasks.quick import seeded

from fifthfloor.cards.free_writer import CardMedium
from fifthfloor.cards.volume import Volume
from fifthfloor.carriers.free_space import STRETCH_BYTES, lay_out, sweep
from fifthfloor.errors import BadInput
from fifthfloor.floor.slot import SLOT_BYTES

Call = tuple[str, int, int]


class Memory(CardMedium):
    """A card in memory that keeps a log, and may lose the n-th write."""

    def __init__(self, size_bytes: int, lost: int | None = None) -> None:
        self.contents = bytearray(size_bytes)
        self.log: list[Call] = []
        self._lost = lost

    def write(self, offset_bytes: int, data: memoryview) -> None:
        if sum(name == "write" for name, _, _ in self.log) != self._lost:
            self.contents[offset_bytes : offset_bytes + len(data)] = data
        self.log.append(("write", offset_bytes, len(data)))

    def flush(self) -> None:
        self.log.append(("flush", 0, 0))

    def drop_cache(self) -> None:
        self.log.append(("drop", 0, 0))

    def read_into(self, offset_bytes: int, view: memoryview) -> None:
        view[:] = self.contents[offset_bytes : offset_bytes + len(view)]
        self.log.append(("read", offset_bytes, len(view)))


class Marked:
    """Slots that say their number in every byte pair."""

    def __init__(self, offsets: NDArray[np.int64]) -> None:
        self.offsets = offsets
        self.asked: list[int] = []
        self.given_up = False

    def save(self, piece: int) -> None:
        pass

    def fill(self, first: int, into: Sequence[memoryview]) -> None:
        for index, slot in enumerate(into, first):
            self.asked.append(index)
            slot[:] = index.to_bytes(2, "big") * (SLOT_BYTES // 2)

    def give_up(self) -> None:
        self.given_up = True


@st.composite
def volumes(draw: st.DrawFn) -> list[Volume]:
    """One or two volumes, with heaps at any sector and ragged extents up to some stretches."""
    at, made = draw(st.integers(0, 100)) * 512, []
    for _ in range(draw(st.integers(1, 2))):
        heap, rows = at, []
        for gap, length in draw(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 9000)), max_size=4)):
            at += gap * 512
            rows.append((at, length * 512))
            at += length * 512
        made.append(bare_volume(heap, np.array(rows, np.int64).reshape(-1, 2)))
        at += 512 * draw(st.integers(1, 100))
    return made


@given(volumes())
def test_writes_are_the_free_bytes_cut_at_stretches(made: list[Volume]) -> None:
    layout = lay_out(made)
    ends = set(layout.piece_ends.tolist())
    writes = layout.writes.tolist()
    at = 0
    for volume in made:
        stretches = []
        for offset, length in volume.free.tolist():
            done = 0
            while done < length:
                (start, count), at = writes[at], at + 1
                assert start == offset + done
                first, last = start - volume.heap_offset_bytes, start + count - 1 - volume.heap_offset_bytes
                assert first // STRETCH_BYTES == last // STRETCH_BYTES
                stretches.append((first // STRETCH_BYTES, at))
                done += count
            assert done == length
        after = [*(number for number, _ in stretches[1:]), -1][: len(stretches)]
        assert {at for (number, at), following in zip(stretches, after, strict=True) if number != following} <= ends
        ends -= {at for _, at in stretches}
    assert at == len(writes)
    assert not ends


@given(volumes())
def test_a_place_is_on_the_grid_of_its_heap_inside_one_extent_and_none_is_left_out(made: list[Volume]) -> None:
    expected = [
        at
        for volume in made
        for offset, length in volume.free.tolist()
        for at in range(
            offset + (volume.heap_offset_bytes - offset) % SLOT_BYTES, offset + length - SLOT_BYTES + 1, SLOT_BYTES
        )
    ]
    assert lay_out(made).places.tolist() == expected


@settings(max_examples=12)
@given(volumes())
def test_a_sweep_writes_the_layout_and_every_slot_whole(made: list[Volume]) -> None:
    layout = lay_out(made)
    size = int(layout.writes[-1].sum()) if len(layout.writes) else 0
    picked = seeded(int(layout.free_bytes))(len(layout.places) or 1)
    slots = Marked(layout.places[np.frombuffer(picked, np.uint8)[: len(layout.places)] > 127])
    done: list[int] = []
    wiped, hidden = Memory(size), Memory(size)
    sweep(wiped, layout, None, seeded(1), done.append)
    assert sum(done) == 2 * layout.free_bytes
    sweep(hidden, layout, slots, seeded(1), done.append)
    assert wiped.log == hidden.log
    assert [(o, n) for name, o, n in hidden.log if name == "write"] == [(o, n) for o, n in layout.writes.tolist()]
    assert slots.asked == list(range(len(slots.offsets))), "each once, in order"
    for index, offset in enumerate(slots.offsets.tolist()):
        assert hidden.contents[offset : offset + SLOT_BYTES] == index.to_bytes(2, "big") * (SLOT_BYTES // 2)
        hidden.contents[offset : offset + SLOT_BYTES] = wiped.contents[offset : offset + SLOT_BYTES]
    assert hidden.contents == wiped.contents, "nothing else depends on the slots"


@pytest.mark.parametrize("lost", [0, 1, 4])
def test_a_lost_write_is_told(lost: int) -> None:
    layout = lay_out([bare_volume(0, np.array([[512, 9 << 20], [10 << 20, 5 << 20]], np.int64))])
    with pytest.raises(BadInput) as raised:
        sweep(Memory(16 << 20, lost), layout, None, seeded(1), lambda _done: None)
    assert raised.value.key == "sweep.lost_writes"
    offset, length = layout.writes[lost].tolist()
    assert (raised.value.facts["offset"], raised.value.facts["length"]) == (offset, length)


def test_a_full_card_has_nothing_to_sweep() -> None:
    layout = lay_out([bare_volume(4096, np.zeros((0, 2), np.int64))])
    memory = Memory(8192)
    sweep(memory, layout, None, seeded(1), lambda _done: None)
    assert (layout.free_bytes, len(layout.places), memory.log) == (0, 0, [("drop", 0, 0)])


class Waiting(Marked):
    """Slots that never come, until they are given up."""

    def __init__(self, offsets: NDArray[np.int64]) -> None:
        super().__init__(offsets)
        self._ended = threading.Event()

    def save(self, piece: int) -> None:
        pass

    def fill(self, first: int, into: Sequence[memoryview]) -> None:
        if first and not self._ended.wait(30):
            raise TimeoutError
        if first:
            raise InterruptedError
        super().fill(first, into)

    def give_up(self) -> None:
        super().give_up()
        self._ended.set()


def test_ctrl_c_while_slots_are_awaited_ends_the_sweep_at_once() -> None:
    layout = lay_out([bare_volume(0, np.array([[512, 9 << 20]], np.int64))])
    slots = Waiting(layout.places)

    def interrupted(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(Memory(16 << 20), layout, slots, seeded(1), interrupted)
    assert slots.given_up


def test_slots_that_fail_stop_the_sweep_before_their_piece() -> None:
    layout = lay_out([bare_volume(0, np.array([[0, 12 << 20]], np.int64))])
    slots, card = Waiting(layout.places), Memory(12 << 20)
    slots.give_up()
    with pytest.raises(InterruptedError):
        sweep(card, layout, slots, seeded(1), lambda _done: None)
    assert [call[:2] for call in card.log] == [("write", 0), ("flush", 0)]
