"""The veil over symbols: below the threshold they are chance, however many there are (spec/floor.md, section 3.4).

Without it the symbols of a group are linear sums of one another: whoever holds more of them than the group has source
symbols finds their number by trying, and so the size of the floor, with a passphrase and fewer cards than are needed.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from fifthfloor.floor.header import expand

_VEIL_BLOCK = struct.Struct(">IIQ")


class Veil:
    """Lays the veil over symbols of one floor, and takes it off: both are the same. For one thread at a time.

    Args:
        content_key: of the floor, 32 bytes.
    """

    def __init__(self, content_key: bytes) -> None:
        # One context for all: to make one for every symbol took longer than to encrypt it.
        self._stream = Cipher(algorithms.AES(expand(content_key, b"veil")), modes.CTR(bytes(16))).encryptor()

    def over(self, group: int, number: int, symbol: bytes | memoryview) -> bytes:
        """Return a symbol with its veil on, or off.

        Args:
            group, number: of the symbol; no two symbols of a floor share them, so no keystream is used twice.
            symbol: 16,240 bytes, or 880.
        """
        self._stream.reset_nonce(_VEIL_BLOCK.pack(group, number, 0))
        return self._stream.update(symbol)

    def over_rows(self, group: int, numbers: Sequence[int], rows: NDArray[np.uint8] | Sequence[memoryview]) -> None:
        """Do it to many in place: `rows` has a symbol a row, of these numbers."""
        for number, row in zip(numbers, rows, strict=True):
            self._stream.reset_nonce(_VEIL_BLOCK.pack(group, number, 0))
            self._stream.update_into(row, row)
