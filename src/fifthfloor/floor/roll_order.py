"""The secret order in which a photograph's coefficients are read (spec/roll-carrier.md, section 3)."""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

_ORDER_KEY_BYTES = 32
_ORDER_INFO = b"fifthfloor/3 order"
FREQUENCIES = 63


def order_of(roll_key: bytes, fingerprint: bytes, blocks: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the order of one photograph.

    Args:
        roll_key: 32 bytes, of the passphrase.
        fingerprint: 32 bytes, of what embedding never touches in this photograph.
        blocks: of its luma, at least 1.

    Returns:
        (which block comes when, shape (blocks,); where each frequency begins in it, shape (63,)).
    """
    if len(roll_key) != _ORDER_KEY_BYTES:
        raise ValueError("keys for cards alone cannot read a roll")
    key = HKDF(hashes.SHA256(), _ORDER_KEY_BYTES, salt=None, info=_ORDER_INFO + fingerprint).derive(roll_key)
    stream = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(8 * (blocks + FREQUENCIES)))
    words = np.frombuffer(stream, ">u8").astype(np.uint64)
    order = np.argsort(words[:blocks], kind="stable").astype(np.int64)
    return order, (words[blocks:] % np.uint64(blocks)).astype(np.int64)
