"""ML-KEM-768 ciphertexts that look like 1,252 random bytes: Kemeleon, the variant with rejection (spec/sealed.md, 3).

A ciphertext is 768 numbers of 10 bits (the vector u) and 256 of 4 bits (v), and neither is uniform: both were rounded
from numbers modulo 3,329. Encoding draws back what rounding lost, writes u as one large number in base 3,329, and
gives up where that number or v would show a bias; the writer then encapsulates anew (about one time in four).

Sources: FIPS 203, sections 4.2.1 and 5.2; draft-irtf-cfrg-kemeleon, "Smaller Outputs from Rejection Sampling".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

Q: Final = 3_329
U_NUMBERS: Final = 768
U_BITS: Final = 10
V_NUMBERS: Final = 256
V_BITS: Final = 4
U_BYTES: Final = U_NUMBERS * U_BITS // 8
V_BYTES: Final = V_NUMBERS * V_BITS // 8
CIPHERTEXT_BYTES: Final = U_BYTES + V_BYTES
# 3,329 ** 768 has 8,987 bits; numbers with the highest of them set are given up.
NUMBER_BITS: Final = (Q**U_NUMBERS).bit_length() - 1
NUMBER_BYTES: Final = (NUMBER_BITS + 8) // 8
ENCODED_BYTES: Final = NUMBER_BYTES + V_BYTES
# Of 3,329 numbers modulo q, 209 round to 0 in four bits and 208 to each other value.
V_ZERO_PREIMAGES: Final = -(-Q // (1 << V_BITS))
# Divisors for splitting 768 digits in halves down to three, which fit an int64.
_DIVISORS = tuple(Q ** (U_NUMBERS >> level) for level in range(1, 9))

_Coefficients = npt.NDArray[np.int64]


def _preimages() -> tuple[_Coefficients, _Coefficients]:
    """For each 10-bit value the numbers modulo q that round to it: how many, and which (FIPS 203, equation 4.7)."""
    rounded = _compress(np.arange(Q, dtype=np.int64), U_BITS)
    order = np.argsort(rounded, kind="stable")
    return np.bincount(rounded, minlength=1 << U_BITS).astype(np.int64), order.astype(np.int64)


def _compress(numbers: _Coefficients, bits: int) -> _Coefficients:
    rounded: _Coefficients = ((numbers << (bits + 1)) + Q) // (2 * Q) & ((1 << bits) - 1)
    return rounded


_COUNT, _PREIMAGE = _preimages()
_FIRST_AT = np.concatenate(([0], np.cumsum(_COUNT)[:-1])).astype(np.int64)


def encode(ciphertext: bytes, random: Callable[[int], bytes]) -> bytes | None:
    """Write a ciphertext as uniform bytes; the counterpart of `decode`.

    Args:
        ciphertext: 1,088 bytes of ML-KEM-768.
        random: gives that many random bytes; must stay secret.

    Returns:
        1,252 bytes, or None: this ciphertext cannot be written without a bias, encapsulate again.
    """
    v = ciphertext[U_BYTES:]
    zeros = sum(byte & 15 == 0 for byte in v) + sum(byte >> 4 == 0 for byte in v)
    if any(_below(V_ZERO_PREIMAGES, random) == 0 for _ in range(zeros)):
        return None
    number: int = 0
    for chosen in reversed([_drawn_back(int(value), random) for value in _unpack_u(ciphertext[:U_BYTES])]):
        number = number * Q + chosen
    if number >> NUMBER_BITS:
        return None
    spare = NUMBER_BYTES * 8 - NUMBER_BITS
    number |= (random(1)[0] & ((1 << spare) - 1)) << NUMBER_BITS
    return number.to_bytes(NUMBER_BYTES, "big") + v


def decode(encoded: bytes) -> bytes:
    """Read any 1,252 bytes as a ciphertext of ML-KEM-768; the counterpart of `encode`."""
    number = int.from_bytes(encoded[:NUMBER_BYTES], "big") & ((1 << NUMBER_BITS) - 1)
    return _pack_u(_compress(_digits(number), U_BITS)) + encoded[NUMBER_BYTES:]


def _digits(number: int) -> _Coefficients:
    """Split a number below 2^8,986 into 768 digits in base q, lowest first: halves of halves, then arrays."""
    level = [number]
    for divisor in _DIVISORS:
        halves: list[int] = []
        for each in level:
            high, low = divmod(each, divisor)
            halves += (low, high)
        level = halves
    threes = np.array(level, dtype=np.int64)
    return np.stack((threes % Q, threes // Q % Q, threes // (Q * Q)), axis=1).ravel()


def _drawn_back(value: int, random: Callable[[int], bytes]) -> int:
    return int(_PREIMAGE[_FIRST_AT[value] + _below(int(_COUNT[value]), random)])


def _below(limit: int, random: Callable[[int], bytes]) -> int:
    """Draw a number from 0 to limit - 1, each with the same odds. `limit` is at most 256."""
    lawful = 256 - 256 % limit
    while (drawn := random(1)[0]) >= lawful:
        pass
    return drawn % limit


def _unpack_u(packed: bytes) -> _Coefficients:
    # ByteEncode_10 (FIPS 203, algorithm 5): little-endian bits.
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little").reshape(U_NUMBERS, U_BITS)
    numbers: _Coefficients = (bits.astype(np.int64) << np.arange(U_BITS)).sum(axis=1)
    return numbers


def _pack_u(numbers: _Coefficients) -> bytes:
    bits = (numbers[:, None] >> np.arange(U_BITS) & 1).astype(np.uint8)
    return np.packbits(bits.ravel(), bitorder="little").tobytes()
