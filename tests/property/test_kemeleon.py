"""Ciphertexts that look like noise (spec/sealed.md, 3)."""

from __future__ import annotations

import random

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from kyber_py.ml_kem import ML_KEM_768

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


def test_another_hand_makes_the_same_keys_and_opens_the_same() -> None:
    """FIPS 203 by kyber-py, which shares no code with what seals: keys of a seed, and both sides of a ciphertext."""
    public, private = ML_KEM_768._keygen_internal(bytes(range(32)), bytes(range(32, 64)))
    assert public == KEY.public_key().public_bytes_raw()
    for secret, _ciphertext, encoded in encoded_ones(3, random.Random(3)):
        assert ML_KEM_768.decaps(private, kemeleon.decode(encoded)) == secret
    secret, ciphertext = ML_KEM_768.encaps(public)
    assert KEY.decapsulate(ciphertext) == secret
    noise = kemeleon.decode(random.Random(4).randbytes(kemeleon.ENCODED_BYTES))
    assert KEY.decapsulate(noise) == ML_KEM_768.decaps(private, noise), "what is no ciphertext gives both the same"


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


def digits_of(encoded: bytes) -> list[int]:
    """The numbers modulo q, as `VectorDecodeR` takes them apart."""
    number, found = int.from_bytes(encoded[:1124], "big") & (2**8986 - 1), []
    for _ in range(768):
        number, digit = divmod(number, 3329)
        found.append(digit)
    return found


def unlikely_digits(encoded: list[bytes]) -> bool:
    """Whether the numbers modulo q come in shares that chance does not make, at six standard deviations."""
    digits = np.array([digit for one in encoded for digit in digits_of(one)])
    return bool(chi_square(digits, 3329) > 3328 + 6 * (2 * 3328) ** 0.5)


def unlikely_spare_bits(encoded: list[bytes]) -> bool:
    """Whether one of the six bits above the number is set too often or too seldom, at six standard deviations."""
    counts = [sum(one[0] >> bit & 1 for one in encoded) for bit in range(2, 8)]
    return any(abs(count - len(encoded) / 2) > 3 * len(encoded) ** 0.5 for count in counts)


def test_what_rounding_lost_is_drawn_anew_and_so_are_the_spare_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted tells: always the first number that rounds so (1,024 of 3,329 would ever be seen), and zeros on top."""
    chance = random.Random(7)
    ours = [encoded for _, _, encoded in encoded_ones(150, chance)]
    assert not unlikely_digits(ours)
    assert not unlikely_spare_bits(ours)
    assert unlikely_spare_bits([bytes([one[0] & 3]) + one[1:] for one in ours])
    monkeypatch.setattr(
        kemeleon, "_drawn_back", lambda value, _random: int(kemeleon._PREIMAGE[kemeleon._FIRST_AT[value]])
    )
    assert unlikely_digits([encoded for _, _, encoded in encoded_ones(20, chance)])


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
