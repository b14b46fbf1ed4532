"""Originals beside the review page, sealed under a key that is written last (`page/originals.js` opens them).

Rule 1: until every photograph of a run is done, no file on the disk shows a face that is to be hidden: a run that is
        killed, or whose computer loses its power, leaves noise. There is nobody then to remove anything.
Rule 2: this hides from nobody who has the page: with it, the key is there. It is no lock.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

KEY_BYTES, GCM_NONCE_BYTES = 32, 12


@dataclass(frozen=True, slots=True)
class Run:
    """One run of `protect`.

    Args:
        name: 16 hex digits.
        key: 32 bytes; one for all originals of the run, each with a nonce of its own.
    """

    name: str
    key: bytes


def sealed_script(stem: str, picture: bytes, run: Run, nonce: bytes) -> bytes:
    """Return an original as a script: of the files beside it a page that was opened from the disk may read only those.

    Args:
        stem: the name under which the page asks for it.
        picture: the whole JPEG.
        nonce: 12 bytes, never used before with this key.
    """
    # RFC 8439, section 2.4; the counter begins at 0.
    cipher = Cipher(ChaCha20(run.key, bytes(4) + nonce), None).encryptor()
    text = base64.b64encode(cipher.update(picture)).decode()
    return f'FFOriginals.came("{stem}","{nonce.hex()}","{text}");\n'.encode()
