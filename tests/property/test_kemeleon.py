"""Ciphertexts that look like noise (spec/sealed.md, 3)."""

from __future__ import annotations

import random

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fifthfloor.floor import kemeleon

KEY = MLKEM768PrivateKey.from_seed_bytes(bytes(range(64)))


def compress(number: int, bits: int) -> int:
    """FIPS 203, equation 4.7, in whole numbers: round half up, modulo 2^bits."""
    return ((number << bits) * 2 + 3329) // (2 * 3329) % (1 << bits)


def encoded_ones(count: int, chance: random.Random) -> list[tuple[bytes, bytes, bytes]]:
    found: list[tuple[bytes, bytes, bytes]] = []
    while len(found) < count:
        secret, ciphertext = KEY.public_key().encapsulate()
        encoded = kemeleon.encode(ciphertext, chance.randbytes)
        if encoded is not None:
            found.append((secret, ciphertext, encoded))
    return found


def test_what_was_encoded_decodes_and_opens() -> None:
    for secret, ciphertext, encoded in encoded_ones(30, random.Random(1)):
        assert len(encoded) == kemeleon.ENCODED_BYTES == 1252
        assert kemeleon.decode(encoded) == ciphertext
        assert KEY.decapsulate(kemeleon.decode(encoded)) == secret


@settings(max_examples=25)
@given(st.binary(min_size=1252, max_size=1252))
def test_any_bytes_decode_as_the_draft_says(data: bytes) -> None:
    """`VectorDecodeR` and `Compress`, digit by digit in Python's own numbers."""
    number = int.from_bytes(data[:1124], "big") & (2**8986 - 1)
    expected = 0
    for at in range(768):
        number, digit = divmod(number, 3329)
        expected |= compress(digit, 10) << 10 * at
    assert kemeleon.decode(data) == expected.to_bytes(960, "little") + data[1124:]
    KEY.decapsulate(kemeleon.decode(data))


@pytest.mark.parametrize("bits", [10, 4])
def test_preimages_are_those_of_the_compression(bits: int) -> None:
    counts = np.bincount([compress(number, bits) for number in range(3329)])
    if bits == 10:
        assert set(counts.tolist()) == {3, 4}
    else:
        assert counts[0] == kemeleon.V_ZERO_PREIMAGES == 209
        assert set(counts[1:].tolist()) == {208}


def test_encoded_ones_are_uniform_and_bare_ones_are_not() -> None:
    """Bytes of 150 ciphertexts: the planted tell is the bare ciphertext, whose numbers are rounded."""
    chance = random.Random(2)
    ours = encoded_ones(150, chance)
    assert chi_square(np.frombuffer(b"".join(encoded for _, _, encoded in ours), np.uint8)) < 350
    # In a bare one, the values with four preimages come 4/3 as often as the others.
    bare = np.concatenate([kemeleon._unpack_u(ciphertext[:960]) for _, ciphertext, _ in ours])
    assert chi_square(bare, 1024) > 1024 + 8 * (2 * 1024) ** 0.5
    decoded = np.concatenate([kemeleon._unpack_u(chance.randbytes(960)) for _ in range(150)])
    assert chi_square(decoded, 1024) < 1024 + 5 * (2 * 1024) ** 0.5


def test_a_zero_in_v_is_given_up_one_time_in_209() -> None:
    """208 of 209 draws let a zero pass; the one that is 0 gives the whole ciphertext up."""
    one_zero = bytes(960) + b"\x10" + b"\x11" * 127
    for first in range(209):
        draws = iter([bytes([first]), *[bytes([1])] * 2000])
        assert (kemeleon.encode(one_zero, lambda _, draws=draws: next(draws)) is None) == (first == 0)  # type: ignore[misc]
    none_zero = bytes(960) + b"\x11" * 128
    assert kemeleon.encode(none_zero, lambda _: bytes([0])) is not None


def test_numbers_with_the_highest_bit_are_given_up() -> None:
    """All of u at its largest value is 3,329^768 - something, beyond 2^8,986."""
    largest = kemeleon._pack_u(np.full(768, 1023, np.int64))
    assert kemeleon.encode(largest + b"\x11" * 128, random.Random(1).randbytes) is None


def chi_square(values: np.ndarray[tuple[int], np.dtype[np.integer]], kinds: int = 256) -> float:
    counts = np.bincount(values, minlength=kinds)
    expected = len(values) / kinds
    return float(((counts - expected) ** 2 / expected).sum())
