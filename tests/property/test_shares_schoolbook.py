"""Shares against GF(2^8) as it is taught: polynomials over two elements, long division, Lagrange (section 5)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.vectors.build import chance

from fifthfloor.floor.shares import combine, split
from tools import rescue


def times(a: int, b: int) -> int:
    """Multiply as polynomials, then divide by x^8 + x^4 + x^3 + x + 1 and keep the rest."""
    product = 0
    for bit in range(8):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


INVERSE = {a: next(b for b in range(1, 256) if times(a, b) == 1) for a in range(1, 256)}


def lagrange(points: dict[int, int]) -> int:
    """The value at 0 of the polynomial through some points."""
    total = 0
    for x, y in points.items():
        term = y
        for other in points:
            if other != x:
                term = times(term, times(other, INVERSE[other ^ x]))
        total ^= term
    return total


def evaluated(coefficients: list[int], x: int) -> int:
    """c0 + c1 x + c2 x^2 ..., power by power."""
    total, power = 0, 1
    for coefficient in coefficients:
        total ^= times(coefficient, power)
        power = times(power, x)
    return total


def test_rescue_multiplies_as_taught() -> None:
    assert all(rescue.multiply(a, b) == times(a, b) for a, b in itertools.product(range(256), repeat=2))


@given(st.binary(min_size=1, max_size=33), st.integers(1, 9), st.integers(0, 9), st.integers(0, 2**32), st.data())
def test_any_enough_shares_give_the_secret_back(
    secret: bytes, threshold: int, more: int, seed: int, data: st.DataObject
) -> None:
    count = threshold + more
    shares = split(secret, threshold, count, chance(str(seed)))
    chosen = data.draw(st.permutations(range(1, count + 1)))[:threshold]
    points = {x: shares[x - 1] for x in chosen}
    assert combine(points) == secret
    assert bytes(lagrange({x: share[i] for x, share in points.items()}) for i in range(len(secret))) == secret


@given(st.integers(1, 6), st.integers(0, 5), st.binary(min_size=32, max_size=32))
def test_shares_are_the_values_of_the_polynomial(threshold: int, more: int, secret: bytes) -> None:
    shares = split(secret, threshold, threshold + more, chance("coefficients"))
    source = chance("coefficients")
    rows = [secret] + [source(32) for _ in range(threshold - 1)]
    for x, share in enumerate(shares, 1):
        assert share == bytes(evaluated([row[i] for row in rows], x) for i in range(32))


@given(st.dictionaries(st.integers(1, 255), st.binary(min_size=4, max_size=4), min_size=1, max_size=12))
def test_hostile_shares_give_what_arithmetic_says(shares: dict[int, bytes]) -> None:
    expected = bytes(lagrange({x: share[i] for x, share in shares.items()}) for i in range(4))
    assert combine(shares) == expected


def test_too_few_shares_say_nothing() -> None:
    """One share of two: over all 256 values of the coefficient the share takes every value, whatever the secret."""
    for secret in (0, 77, 255):
        for x in (1, 2, 200):
            assert {evaluated([secret, c], x) for c in range(256)} == set(range(256))
    values = {split(b"\x00", 2, 2, lambda n, c=c: bytes([c]) * n)[1] for c in range(256)}  # type: ignore[misc]
    assert len(values) == 256


@pytest.mark.parametrize(("threshold", "count"), [(0, 1), (2, 1), (1, 256), (-1, 3), (256, 256)])
def test_split_refuses_other_numbers(threshold: int, count: int) -> None:
    with pytest.raises(ValueError, match="threshold from 1 to count"):
        split(b"secret", threshold, count, bytes)


def test_the_ends_of_the_range() -> None:
    everything = split(b"secret", 255, 255, chance("255"))
    assert combine(dict(enumerate(everything, 1))) == b"secret"
    assert split(b"secret", 1, 3, chance("1")) == [b"secret"] * 3
    with pytest.raises(ValueError, match="no shares"):
        combine({})
