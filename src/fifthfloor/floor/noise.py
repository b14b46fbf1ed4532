"""Noise that nobody can tell from a sealed slot, and chance in bulk (spec/card-carrier.md, section 3)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

Random = Callable[[int], bytes]
"""Takes a number of bytes, returns as many random ones; `secrets.token_bytes` outside tests."""

_NOISE_KEY_BYTES = 32


class NoiseMaker:
    """Fills buffers with AES-256-CTR keystream, a new forgotten key for each.

    The system's own source gives 0.2 GB/s, this 3.8: one key of 32 bytes from the system a piece is enough.

    Args:
        most_bytes: longest buffer it will be asked for.
        random: source of the keys.
    """

    def __init__(self, most_bytes: int, random: Random) -> None:
        self._zeros = memoryview(bytes(most_bytes))
        self._random = random

    def fill(self, buffer: memoryview) -> None:
        """Overwrite the whole buffer with noise."""
        stream = Cipher(algorithms.AES(self._random(_NOISE_KEY_BYTES)), modes.CTR(bytes(16))).encryptor()
        stream.update_into(self._zeros[: len(buffer)], buffer)


class Fingerprinter:
    """Keyed fingerprints of what was written, to compare with what is read back.

    GMAC under one random key for the life of a sweep. Key and fingerprints never leave memory, so a card that lies
    cannot aim at them, and one nonce for all is no weakness; at 15 GB/s it costs less than reading.
    """

    def __init__(self, random: Random) -> None:
        self._gmac = AESGCM(random(_NOISE_KEY_BYTES))

    def of(self, data: bytes | memoryview) -> bytes:
        """Return 16 bytes for `data`."""
        return self._gmac.encrypt(bytes(12), b"", data)


def random_keys(count: int, random: Random) -> NDArray[np.uint64]:
    """Return `count` random 64-bit numbers from one 32-byte draw. Source: AES-256-CTR as a generator."""
    noise = bytearray(8 * count)
    if count:
        NoiseMaker(len(noise), random).fill(memoryview(noise))
    return np.frombuffer(noise, np.uint64)


def choose(count: int, among: int, random: Random) -> NDArray[np.int64]:
    """Choose a uniformly random subset of `range(among)`.

    Returns:
        shape (count,), rising.
    """
    if not 0 <= count <= among:
        raise ValueError("cannot choose more than there are")
    if count == among:
        return np.arange(among, dtype=np.int64)
    if count == 0:
        return np.zeros(0, np.int64)
    # The smallest `count` of the keys are a uniform subset; 4 million keys hold an equal pair with odds of 2^-21.
    return np.sort(np.argpartition(random_keys(among, random), count)[:count]).astype(np.int64)


def shuffled(values: NDArray[np.int64], random: Random) -> NDArray[np.int64]:
    """Return the values in a uniformly random order."""
    return values[np.argsort(random_keys(len(values), random), kind="stable")]
