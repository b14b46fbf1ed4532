"""Originals beside the review page, sealed under a key that is written last (`page/originals.js` opens them).

Rule 1: until every photograph of a run is done, no file on the disk shows a face that is to be hidden: a run that is
        killed, or whose computer loses its power, leaves noise. There is nobody then to remove anything.
Rule 2: this hides from nobody who has the page: with it, the key is there. It is no lock.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from fifthfloor.errors import BadInput

GCM_KEY_BYTES, GCM_NONCE_BYTES = 32, 12
_SEALED = re.compile(rb'FFOriginals\.came\("[0-9a-f]{16}","([0-9a-f]{24})","([A-Za-z0-9+/=]*)"\);\n')


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
    text = base64.b64encode(_stream(run.key, nonce, picture)).decode()
    return f'FFOriginals.came("{stem}","{nonce.hex()}","{text}");\n'.encode()


def unsealed(script: bytes, key: bytes) -> bytes:
    """Return the original of a script, for a page that is served. Counterpart: `sealed_script`.

    Args:
        script: as it lies there.
        key: of its run, 32 bytes.

    Raises:
        BadInput: it is none, or another run sealed it.
    """
    found = _SEALED.fullmatch(script)
    try:
        picture = _stream(key, bytes.fromhex(found[1].decode()), base64.b64decode(found[2])) if found else b""
    except ValueError:
        picture = b""
    if picture[:2] != b"\xff\xd8":
        raise BadInput("looking.original")
    return picture


def _stream(key: bytes, nonce: bytes, data: bytes) -> bytes:
    # RFC 8439, section 2.4; the counter begins at 0.
    return Cipher(ChaCha20(key, bytes(4) + nonce), None).encryptor().update(data)
