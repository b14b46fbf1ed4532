"""Shamir's secret sharing of the content key, byte by byte over GF(2^8) (spec/floor.md, section 5).

Own code because no small, kept library shares 32 bytes over this field; forty lines with a vector and an independent
judge (tests/property/test_shares_schoolbook.py) cost a travelling laptop less than another package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x11B


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    exponents = np.zeros(510, np.uint8)
    logarithms = np.zeros(256, np.int64)
    value = 1
    for power in range(255):
        exponents[power] = exponents[power + 255] = value
        logarithms[value] = power
        value ^= value << 1  # times 3, a generator of the field
        if value & 0x100:
            value ^= _POLYNOMIAL
    return exponents, logarithms


_EXP, _LOG = _tables()


def _times(values: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Multiply bytes by a factor that is not 0: in Lagrange's formula and Horner's scheme none is."""
    product = _EXP[_LOG[values] + _LOG[factor]]
    return np.where(values == 0, np.uint8(0), product).astype(np.uint8)


def split(
    secret: bytes, threshold: int, count: int, random: Callable[[int], bytes], at: Sequence[int] | None = None
) -> list[bytes]:
    """Split a secret so that any `threshold` of the shares give it back and fewer say nothing.

    Args:
        secret: any length.
        threshold: from 1 to `count`.
        count: shares to make, at most 255.
        random: source of the other coefficients.
        at: the x of each share, different ones from 1 to 255; 1, 2, 3, ... where it is not given.

    Counterpart: `combine`. Source: Shamir, "How to share a secret", 1979.
    """
    if not 1 <= threshold <= count <= 255:
        raise ValueError("threshold from 1 to count, count at most 255")
    rows = [np.frombuffer(secret, np.uint8)]
    rows += [np.frombuffer(random(len(secret)), np.uint8) for _ in range(threshold - 1)]
    places = range(1, count + 1) if at is None else at
    if len(set(places)) != count or not all(1 <= x <= 255 for x in places):
        raise ValueError("as many different places from 1 to 255 as shares")
    shares = []
    for x in places:
        value = np.zeros(len(secret), np.uint8)
        for row in reversed(rows):
            value = _times(value, x) ^ row
        shares.append(value.tobytes())
    return shares


def combine(shares: Mapping[int, bytes]) -> bytes:
    """Bring a secret back from exactly as many shares as its threshold, by Lagrange interpolation at 0.

    Args:
        shares: x (1 to 255) -> share, all of one length.

    With too few or foreign shares the result is noise: whoever uses it must check what it decrypts.
    Counterpart: `split`.
    """
    if not shares:
        raise ValueError("no shares")
    secret = np.zeros(len(next(iter(shares.values()))), np.uint8)
    for x, share in shares.items():
        # The product of other / (other - x) over the others, as a sum of logarithms.
        logarithm = sum(int(_LOG[other] - _LOG[other ^ x]) for other in shares if other != x)
        secret = secret ^ _times(np.frombuffer(share, np.uint8), int(_EXP[logarithm % 255]))
    return secret.tobytes()
