"""Argon2id, one derivation at a time: what a guess of a passphrase costs (RFC 9106).

OpenSSL gives the lanes of all derivations one pool of threads: two at once wait for each other for ever (seen with
OpenSSL 4.0.3, two windows of the desk at Check).
"""

from __future__ import annotations

import threading

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_ONE_AT_A_TIME = threading.Lock()


def derived(secret: bytes, salt: bytes, *, length: int, passes: int, lanes: int, memory_kib: int) -> bytes:
    """Derive bytes from a passphrase.

    Args:
        secret: the passphrase.
        salt: 16 bytes or more.
        length: of what is derived, in bytes.
        passes, lanes, memory_kib: the cost.
    """
    kdf = Argon2id(salt=salt, length=length, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    with _ONE_AT_A_TIME:
        return kdf.derive(secret)
