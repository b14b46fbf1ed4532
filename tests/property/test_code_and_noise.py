"""The erasure code as a law, and noise as AES-256-CTR and GMAC say (spec/floor.md 4, card-carrier.md 3)."""

from __future__ import annotations

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.vectors.build import chance, group_bytes

from fifthfloor.floor.noise import Fingerprinter, NoiseMaker, choose, random_keys, shuffled
from fifthfloor.floor.shards import decode, encode

SYMBOL = 16_240


@settings(max_examples=25)
@given(st.integers(1, 14), st.data())
def test_any_k_plus_3_symbols_bring_a_group_back(sources: int, data: st.DataObject) -> None:
    group = group_bytes(sources)
    numbers = data.draw(st.lists(st.integers(0, 3 * sources + 5), min_size=sources + 3, unique=True))
    made = encode(group, numbers)
    held = {number: symbol.tobytes() for number, symbol in zip(numbers, made, strict=True)}
    # Three more than K fail with odds of at most 10^-8.
    assert bytes(decode(sources, held) or b"") == group
    few = dict(list(held.items())[: sources - 1])
    assert decode(sources, few) is None


def test_source_symbols_alone_need_no_code() -> None:
    group = group_bytes(5)
    held = {number: group[number * SYMBOL : (number + 1) * SYMBOL] for number in (4, 2, 0, 1, 3)}
    assert bytes(decode(5, held) or b"") == group
    assert bytes(decode(5, held | {9: bytes(SYMBOL)}) or b"") == group


def test_symbols_come_in_the_order_asked_for() -> None:
    group = group_bytes(4)
    rising = {n: encode(group, [n])[0].tobytes() for n in (0, 1, 2, 3, 4, 5, 9)}
    asked = [9, 0, 5, 3, 4, 0]
    assert [row.tobytes() for row in encode(group, asked)] == [rising[n] for n in asked]
    assert encode(group, []).shape == (0, SYMBOL)


def test_byte_columns_are_coded_apart() -> None:
    """A change in one byte of the group changes that byte column of every repair symbol, and no other."""
    group = bytearray(group_bytes(4))
    before = encode(bytes(group), [4, 5, 6])
    group[2 * SYMBOL + 7] ^= 1
    changed = encode(bytes(group), [4, 5, 6]) != before
    assert np.flatnonzero(changed.any(axis=0)).tolist() == [7]


@pytest.mark.parametrize(
    ("sources", "numbers"), [(0, [0]), (3201, [0]), (1, [-1]), (1, [2**20]), (2, [0, 2**20]), (3201, [])]
)
def test_encode_refuses_what_the_header_cannot_say(sources: int, numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="source symbols, numbers below"):
        encode(bytes(sources * SYMBOL), numbers)


def test_the_largest_group_has_3200_source_symbols() -> None:
    group = bytes(3199 * SYMBOL) + b"\x07" * SYMBOL
    assert encode(group, [3199]).tobytes() == b"\x07" * SYMBOL


@pytest.mark.parametrize("sources", [0, -1, 3201])
def test_decode_refuses_what_the_header_cannot_say(sources: int) -> None:
    with pytest.raises(ValueError, match="source symbols"):
        decode(sources, {})
    assert decode(1, {}) is None
    assert decode(3200, {}) is None


def keystream(key: bytes, length: int) -> bytes:
    return Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(length))


@pytest.mark.parametrize("length", [0, 1, 16, 4095, 5000])
def test_noise_is_keystream_under_a_new_key_each_time(length: int) -> None:
    source, again = chance("noise"), chance("noise")
    maker = NoiseMaker(5000, source)
    for _ in range(3):
        buffer = bytearray(length)
        maker.fill(memoryview(buffer))
        assert bytes(buffer) == keystream(again(32), length)


def test_random_keys_are_the_keystream_as_numbers() -> None:
    assert random_keys(9, chance("keys")).tobytes() == keystream(chance("keys")(32), 72)
    assert random_keys(9, chance("keys")).dtype == np.uint64
    assert len(random_keys(0, chance("keys"))) == 0


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 2**32))
def test_choose_gives_a_rising_subset(count: int, among: int, seed: int) -> None:
    if count > among:
        with pytest.raises(ValueError, match="more than there are"):
            choose(count, among, chance(str(seed)))
        return
    found = choose(count, among, chance(str(seed)))
    assert found.dtype == np.int64
    assert len(found) == count
    assert (np.diff(found) > 0).all()
    assert not count or (found[0] >= 0 and found[-1] < among)
    # The smallest keys win: the law by which it is uniform.
    if 0 < count < among:
        assert found.tolist() == sorted(
            np.argsort(random_keys(among, chance(str(seed))), kind="stable")[:count].tolist()
        )


def test_choose_gives_whole_numbers_even_of_none_and_of_all() -> None:
    for count, expected in ((0, []), (5, [0, 1, 2, 3, 4])):
        found = choose(count, 5, chance("x"))
        assert found.dtype == np.int64
        assert found.tolist() == expected


def test_choose_refuses_a_negative_count() -> None:
    with pytest.raises(ValueError, match="more than there are"):
        choose(-1, 5, chance("x"))


@given(st.lists(st.integers(0, 9), max_size=50), st.integers(0, 2**32))
def test_shuffled_keeps_every_value(values: list[int], seed: int) -> None:
    found = shuffled(np.array(values, np.int64), chance(str(seed)))
    assert sorted(found.tolist()) == sorted(values)
    order = np.argsort(random_keys(len(values), chance(str(seed))), kind="stable")
    assert found.tolist() == [values[i] for i in order]


def times_in_gcm(left: int, right: int) -> int:
    """NIST SP 800-38D, section 6.3: multiply in GF(2^128), bit by bit."""
    product = 0
    for bit in range(127, -1, -1):
        if left >> bit & 1:
            product ^= right
        right = right >> 1 ^ (0xE1 << 120 if right & 1 else 0)
    return product


def gmac(key: bytes, data: bytes) -> bytes:
    """NIST SP 800-38D with the nonce of zeros, and `data` as the text that is only authenticated."""
    aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    h = int.from_bytes(aes.update(bytes(16)), "big")
    total = 0
    for at in range(0, len(data), 16):
        total = times_in_gcm(total ^ int.from_bytes(data[at : at + 16].ljust(16, b"\0"), "big"), h)
    total = times_in_gcm(total ^ len(data) * 8 << 64, h)
    return (total ^ int.from_bytes(aes.update(bytes(15) + b"\1"), "big")).to_bytes(16, "big")


@given(st.binary(max_size=200))
def test_fingerprints_are_gmac_under_one_key(data: bytes) -> None:
    prints = Fingerprinter(chance("print"))
    assert prints.of(data) == prints.of(memoryview(data)) == gmac(chance("print")(32), data)
