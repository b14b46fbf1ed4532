"""Sealed shots: files that a camera writes and its owner cannot read (spec/sealed-shot.md).

One recipient-sealed file a shot. Nothing of it is given out before its piece was authenticated, and nothing is left out
or added without being noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fifthfloor.errors import BadInput
from fifthfloor.floor.kemeleon import CIPHERTEXT_BYTES
from fifthfloor.floor.recipient import X25519_BYTES, Recipient, RecipientKey
from fifthfloor.floor.seal import INFO_PREFIX
from fifthfloor.floor.xchacha import TAG_BYTES

SHOT_MAGIC: Final = b"fifthfloor shot\x01"
FILE_KEY_BYTES: Final = 32
SEALED_KEY_BYTES: Final = X25519_BYTES + CIPHERTEXT_BYTES + FILE_KEY_BYTES + TAG_BYTES  # of each recipient
SHOT_PIECE_BYTES: Final = 65_536
_ZERO_NONCE = bytes(12)

_ReadOn = Callable[[int], bytes]
"""Gives that many bytes, fewer only at the end."""


def is_shot(head: bytes) -> bool:
    """Say whether a file begins as a sealed shot."""
    return head.startswith(SHOT_MAGIC)


def seal_shot(
    pieces: Iterable[bytes], recipients: Sequence[Recipient], *, random: Callable[[int], bytes]
) -> Iterator[bytes]:
    """Seal a file, piece by piece; the counterpart of `open_shot`.

    Args:
        pieces: its bytes, in lengths of any kind.
        recipients: 1 to 255; any one of them opens it.
        random: gives that many random bytes.
    """
    if not 1 <= len(recipients) <= 255:
        raise ValueError("from 1 to 255 recipients")
    file_key = random(FILE_KEY_BYTES)
    header = SHOT_MAGIC + bytes([len(recipients)]) + b"".join(_sealed_key(file_key, one, random) for one in recipients)
    yield header
    cipher, number, held = _payload(file_key, header), 0, bytearray()
    for piece in pieces:
        held += piece
        while len(held) > SHOT_PIECE_BYTES:  # the last piece is only known at the end
            yield cipher.encrypt(_nonce(number, last=False), bytes(held[:SHOT_PIECE_BYTES]), None)
            number += 1
            del held[:SHOT_PIECE_BYTES]
    yield cipher.encrypt(_nonce(number, last=True), bytes(held), None)


def open_shot(read: _ReadOn, keys: Sequence[RecipientKey]) -> Iterator[bytes] | None:
    """Open a sealed shot; the counterpart of `seal_shot`.

    Args:
        read: of the file, from its beginning.
        keys: any of which may open it.

    Returns:
        its bytes, in pieces of 64 KiB; None where none of the keys is one of its recipients'.

    Raises:
        BadInput: it is no sealed shot, or (while it is read) it was cut or changed.
    """
    start = read(len(SHOT_MAGIC) + 1)
    if len(start) != len(SHOT_MAGIC) + 1 or not is_shot(start) or start[-1] == 0:
        raise BadInput("shot.malformed")
    sealed = read(start[-1] * SEALED_KEY_BYTES)
    if len(sealed) != start[-1] * SEALED_KEY_BYTES:
        raise BadInput("shot.malformed")
    each = [sealed[at : at + SEALED_KEY_BYTES] for at in range(0, len(sealed), SEALED_KEY_BYTES)]
    file_key = next((found for key in keys for one in each if (found := _opened_key(one, key)) is not None), None)
    return None if file_key is None else _pieces(read, _payload(file_key, start + sealed))


def _pieces(read: _ReadOn, cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    number, piece = 0, read(SHOT_PIECE_BYTES + TAG_BYTES)
    while True:
        following = read(SHOT_PIECE_BYTES + TAG_BYTES) if len(piece) == SHOT_PIECE_BYTES + TAG_BYTES else b""
        last = not following
        try:
            plain = cipher.decrypt(_nonce(number, last=last), piece, None)
        except InvalidTag:
            raise BadInput("shot.broken", piece=number + 1) from None
        if number and not plain:
            raise BadInput("shot.broken", piece=number + 1)
        yield plain
        if last:
            return
        number, piece = number + 1, following


def _sealed_key(file_key: bytes, recipient: Recipient, random: Callable[[int], bytes]) -> bytes:
    mine = X25519PrivateKey.from_private_bytes(random(X25519_BYTES))
    shared_m, ciphertext = recipient.mlkem.encapsulate()
    sent = mine.public_key().public_bytes_raw() + ciphertext
    key = _key(shared_m, mine.exchange(recipient.x25519), sent, recipient)
    return sent + ChaCha20Poly1305(key).encrypt(_ZERO_NONCE, file_key, None)


def _opened_key(sealed: bytes, key: RecipientKey) -> bytes | None:
    sent, locked = sealed[: X25519_BYTES + CIPHERTEXT_BYTES], sealed[X25519_BYTES + CIPHERTEXT_BYTES :]
    try:
        shared_x = key.x25519.exchange(X25519PublicKey.from_public_bytes(sent[:X25519_BYTES]))
        opens = _key(key.mlkem.decapsulate(sent[X25519_BYTES:]), shared_x, sent, key.public)
        return ChaCha20Poly1305(opens).decrypt(_ZERO_NONCE, locked, None)
    except (ValueError, InvalidTag):
        return None


def _key(shared_m: bytes, shared_x: bytes, sent: bytes, recipient: Recipient) -> bytes:
    bound = hashlib.sha256(sent + recipient.public).digest()
    return HKDF(SHA256(), 32, None, INFO_PREFIX + b"shot" + bound).derive(shared_m + shared_x)


def _payload(file_key: bytes, header: bytes) -> ChaCha20Poly1305:
    bound = hashlib.sha256(header).digest()
    return ChaCha20Poly1305(HKDF(SHA256(), 32, None, INFO_PREFIX + b"shot payload" + bound).derive(file_key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
