"""XChaCha20-Poly1305 for many slots at once (draft-irtf-cfrg-xchacha-03, sections 2.2 and 2.3).

XChaCha20-Poly1305 is ChaCha20-Poly1305 (RFC 8439) under a subkey that HChaCha20 makes of the key and the first 16 bytes
of the nonce. Here HChaCha20 runs over all nonces together, in numpy, and OpenSSL does the rest: the same bytes as
libsodium's in half the time (measured in docs/performance/floor.md). numpy's additions, rotations and exclusive ors
take the same time whatever the key.
"""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from numpy.typing import NDArray

KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16
_HCHACHA_NONCE_BYTES = 16
_DOUBLE_ROUNDS = 10
_CONSTANT = np.frombuffer(b"expand 32-byte k", "<u4")
# Rows by number in place of `np.roll`, which takes as long as the rounds between.
_ONE_ON, _TWO_ON, _THREE_ON = (np.roll(np.arange(4), -many) for many in (1, 2, 3))


def hchacha20(key: bytes | bytearray, nonces: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Make a subkey for every nonce (section 2.2).

    Args:
        key: 32 bytes.
        nonces: shape (n, 16).

    Returns:
        shape (n, 32).
    """
    count = len(nonces)
    a, b, c, d, carried = np.empty((5, 4, count), np.uint32)
    words = np.frombuffer(key, "<u4")
    a[:], b[:], c[:] = _CONSTANT[:, None], words[:4, None], words[4:, None]
    d[:] = np.ascontiguousarray(nonces).view("<u4").T
    for _ in range(_DOUBLE_ROUNDS):
        _quarter_rounds(a, b, c, d, carried)
        b, c, d = b[_ONE_ON], c[_TWO_ON], d[_THREE_ON]  # columns become diagonals
        _quarter_rounds(a, b, c, d, carried)
        b, c, d = b[_THREE_ON], c[_TWO_ON], d[_ONE_ON]
    return np.ascontiguousarray(np.concatenate([a, d]).T.astype("<u4")).view(np.uint8)


class Slotwise:
    """ChaCha20-Poly1305 under the subkeys of many nonces.

    Args:
        key: 32 bytes.
        nonces: shape (n, 24).
    """

    def __init__(self, key: bytes | bytearray, nonces: NDArray[np.uint8]) -> None:
        subkeys = hchacha20(key, nonces[:, :_HCHACHA_NONCE_BYTES]).tobytes()
        rests = np.ascontiguousarray(nonces[:, _HCHACHA_NONCE_BYTES:]).tobytes()
        self._subkeys = [subkeys[at : at + KEY_BYTES] for at in range(0, len(subkeys), KEY_BYTES)]
        # The nonce of RFC 8439 has 12 bytes: four zeros, then what HChaCha20 did not take (section 2.3).
        self._nonces = [bytes(4) + rests[at : at + 8] for at in range(0, len(rests), 8)]

    def seal_into(self, index: int, plain: bytes, associated: bytes, into: memoryview) -> None:
        """Write ciphertext and tag of `plain` under nonce `index` into as many bytes. Counterpart: `open_into`."""
        ChaCha20Poly1305(self._subkeys[index]).encrypt_into(self._nonces[index], plain, associated, into)

    def open_into(self, index: int, sealed: memoryview, associated: memoryview, into: memoryview) -> None:
        """Write what was sealed under nonce `index` into 16 bytes fewer.

        Raises:
            cryptography.exceptions.InvalidTag: it was not; `into` then holds anything.

        Counterpart: `seal_into`.
        """
        ChaCha20Poly1305(self._subkeys[index]).decrypt_into(self._nonces[index], sealed, associated, into)


_WordRows = NDArray[np.uint32]


def _quarter_rounds(a: _WordRows, b: _WordRows, c: _WordRows, d: _WordRows, carried: _WordRows) -> None:
    """Do four quarter rounds side by side, in place (RFC 8439, section 2.1); `carried` is overwritten."""
    for first, second in ((16, 12), (8, 7)):
        a += b
        d ^= a
        _rotate(d, first, carried)
        c += d
        b ^= c
        _rotate(b, second, carried)


def _rotate(words: _WordRows, bits: int, carried: _WordRows) -> None:
    np.right_shift(words, np.uint32(32 - bits), carried)
    words <<= np.uint32(bits)
    words |= carried
