"""Our RaptorQ beside the one in Rust (`raptorq`): the same symbols, and the same fate of too few."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from fifthfloor.floor.raptor.block import MAX_CODE_SYMBOLS, block_of
from fifthfloor.floor.raptor.decoder import decode
from fifthfloor.floor.raptor.encoder import encode

raptorq = pytest.importorskip("raptorq", reason="has wheels for Linux x86-64 only")

WIDTH = 8  # the matrix depends on the numbers only, so the shortest symbol shows the same


def source(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(count).integers(0, 256, (count, WIDTH), np.uint8)


def packets(block: NDArray[np.uint8], repair: int) -> list[bytes]:
    """All encoding symbols below K + repair, each after its payload id of four bytes."""
    made: list[bytes] = raptorq.Encoder.with_defaults(block.tobytes(), WIDTH).get_encoded_packets(repair)
    return made


@pytest.mark.parametrize("count", [*range(1, 31), 99, 100, 101, 500, 1000, 1653, 2755, 3199, 3200])
def test_symbols_are_those_of_raptorq(count: int) -> None:
    block = source(count)
    theirs = packets(block, 40)
    ours = encode(block, range(count + 40))
    assert [row.tobytes() for row in ours] == [packet[4:] for packet in theirs]


def test_far_numbers_are_those_of_raptorq() -> None:
    block = source(26)
    theirs = packets(block, 70_000)
    numbers = random.Random(7).sample(range(26, 70_026), 500)
    ours = encode(block, numbers)
    assert [row.tobytes() for row in ours] == [theirs[number][4:] for number in numbers]


@pytest.mark.parametrize("surplus", [0, 1, 2])
@pytest.mark.parametrize("count", [1, 10, 26, 100])
def test_too_few_symbols_have_the_same_fate(count: int, surplus: int) -> None:
    chance = random.Random(count * 10 + surplus)
    block = source(count)
    theirs = packets(block, 3 * count + 8)
    fates = set()
    for _ in range(300 if surplus == 0 else 40):
        numbers = chance.sample(range(4 * count + 8), count + surplus)
        decoder = raptorq.Decoder.with_defaults(count * WIDTH, WIDTH)
        back = next((whole for whole in (decoder.decode(theirs[n]) for n in numbers) if whole is not None), None)
        ours = decode(count, {n: np.frombuffer(theirs[n], np.uint8)[4:] for n in numbers})
        assert (ours is None) == (back is None)
        assert ours is None or ours.tobytes() == back == block.tobytes()
        fates.add(ours is None)
    # The sample must have shown both fates somewhere, or equal fates say nothing.
    assert fates == {True, False} or surplus or count in (1, 100)


def test_blocks_end_where_the_table_does() -> None:
    assert block_of(MAX_CODE_SYMBOLS).padded == MAX_CODE_SYMBOLS == 3224
    for count in (0, MAX_CODE_SYMBOLS + 1):
        with pytest.raises(ValueError, match="source symbols"):
            block_of(count)
