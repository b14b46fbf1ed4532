"""A wrong symbol among more than are needed is noticed and named, whatever is wrong with it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray
from tools.vectors.build import group_bytes

from fifthfloor.floor import shards
from fifthfloor.floor.raptor import one_fault, suspects
from fifthfloor.floor.raptor.decoder import SURPLUS, WrongSymbols, decode
from fifthfloor.floor.raptor.encoder import encode

WIDTH = 40
Symbols = dict[int, NDArray[np.uint8]]


def drawn(count: int, surplus: int, seed: int) -> tuple[NDArray[np.uint8], Symbols]:
    """A block and K + surplus of its symbols, half of them repair symbols."""
    block = np.random.default_rng(seed).integers(0, 256, (count, WIDTH), np.uint8)
    numbers = random.Random(seed).sample(range(2 * count + 40), count + surplus)
    return block, dict(zip(numbers, encode(block, numbers), strict=True))


def flip(symbols: Symbols, number: int, chance: random.Random) -> None:
    """Flip one bit of a symbol."""
    symbols[number] = symbols[number].copy()
    symbols[number][chance.randrange(WIDTH)] ^= 1 << chance.randrange(8)


def contradicted(count: int, symbols: Symbols, *, every_check: bool = False) -> tuple[int, ...] | None:
    """Which symbols decoding says are wrong; None when it sees no contradiction."""
    try:
        decode(count, symbols, every_check=every_check)
    except WrongSymbols as error:
        return error.numbers
    return None


def test_right_symbols_never_contradict_each_other() -> None:
    for seed in range(60):
        block, symbols = drawn(1 + seed, seed % 40, seed)
        back = decode(1 + seed, symbols)
        assert back is None or (back == block).all()


@pytest.mark.parametrize("count", [1, 10, 60, 300])
def test_one_flipped_bit_is_noticed_and_named(count: int) -> None:
    noticed = 0
    for seed in range(20):
        block, symbols = drawn(count, SURPLUS, seed)
        chance = random.Random(seed)
        wrong = chance.choice(list(symbols))
        flip(symbols, wrong, chance)
        named = contradicted(count, symbols)
        if named is not None:
            noticed += 1
            assert named == (wrong,)
            del symbols[wrong]
            back = decode(count, symbols)
            assert back is not None
            assert (back == block).all()
    # Six rows or so are left over, each of which misses a symbol in half of the cases.
    assert noticed >= 17


def test_with_every_check_no_flipped_bit_goes_by() -> None:
    missed = 0
    for seed in range(150):
        _block, symbols = drawn(10, SURPLUS, seed)
        chance = random.Random(seed)
        wrong = chance.choice(list(symbols))
        flip(symbols, wrong, chance)
        missed += contradicted(10, symbols) is None
        assert contradicted(10, symbols, every_check=True) == (wrong,)
    assert missed, "otherwise every check shows nothing that the binary rows do not"


def test_several_wrong_symbols_are_named_together() -> None:
    block, symbols = drawn(100, 2 * SURPLUS, 3)
    chance = random.Random(3)
    wrong = sorted(chance.sample(list(symbols), 4))
    for number in wrong:
        symbols[number] = np.frombuffer(chance.randbytes(WIDTH), np.uint8)
    with pytest.raises(WrongSymbols) as caught:
        decode(100, symbols)
    assert sorted(caught.value.numbers) == wrong
    for number in wrong:
        del symbols[number]
    back = decode(100, symbols)
    assert back is not None
    assert (back == block).all()


@pytest.mark.parametrize(
    ("wrong_ones", "faults"),
    [(2, (0x10,)), (3, (0x10,)), (12, (0x10,)), (3, (0x10, 0x24, 0x01)), (8, (0x10, 0))],
    ids=["two", "three", "twelve", "one byte, other bits", "two cells"],
)
def test_faults_of_bad_cells_are_told_apart(wrong_ones: int, faults: tuple[int, ...]) -> None:
    """A bad cell of memory that many symbols went through: their faults are multiples of each other."""
    block, symbols = drawn(200, 150, 5)
    wrong = sorted(random.Random(wrong_ones).sample(list(symbols), wrong_ones))
    for place, number in enumerate(wrong):
        fault = faults[place % len(faults)]
        symbols[number] = symbols[number].copy()
        symbols[number][17 if fault else 31] ^= fault or 0x02
    assert sorted(contradicted(200, symbols) or ()) == wrong
    for number in wrong:
        del symbols[number]
    back = decode(200, symbols)
    assert back is not None
    assert (back == block).all()


def test_more_faults_of_one_cell_than_the_checks_tell_are_noticed_and_none_is_called_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(one_fault, "_SETS_TRIED", 4)
    monkeypatch.setattr(suspects, "_ATTEMPTS", 4)
    for seed in range(3):
        _block, symbols = drawn(60, 30, seed)
        for number in random.Random(seed).sample(list(symbols), 40):
            symbols[number] = symbols[number] ^ np.uint8(0x10)
        assert contradicted(60, symbols) == ()


def test_what_two_symbols_too_many_cannot_tell_is_not_guessed() -> None:
    noticed, named = 0, set()
    for seed in range(20):
        _block, symbols = drawn(300, 2, seed)
        wrong = next(iter(symbols))
        flip(symbols, wrong, random.Random(seed))
        found = contradicted(300, symbols)
        noticed += found is not None
        named.add(found)
        assert not found or found == (wrong,)
    assert noticed >= 17
    assert () in named


def test_a_group_with_all_source_symbols_is_compared_only_when_asked() -> None:
    group = group_bytes(12)
    made = shards.encode(group, range(12 + SURPLUS))
    held = {number: symbol.tobytes() for number, symbol in enumerate(made)}
    assert bytes(shards.decode(12, held, compare=True) or b"") == group
    held[3] = bytes(len(held[3]))
    assert bytes(shards.decode(12, held) or b"") != group
    with pytest.raises(shards.WrongSymbols) as caught:
        shards.decode(12, held, compare=True)
    assert caught.value.numbers == (3,)
