"""Slots: 16 KiB that look like noise and hold one sealed shard (spec/floor.md, sections 2 and 3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from numpy.typing import NDArray

from fifthfloor.floor.seal import FloorKeys

SLOT_BYTES = 16_384
SECTOR_BYTES = 512  # slots may stand at any multiple of this (section 2)
PREFIX_BYTES = 32  # r || recogniser || masked hint
RANDOM_BYTES = 16
NONCE_BYTES = 24
TAG_BYTES = 16
HEADER_BYTES = 96
SYMBOL_BYTES = SLOT_BYTES - PREFIX_BYTES - TAG_BYTES - HEADER_BYTES
SHARE_BYTES = 32
FLOOR_ID_BYTES = 16
MAX_SOURCE_SYMBOLS = 3_200  # keeps a stripe below RaptorQ's 10 MiB (section 4), and a group at 52 MB of memory
MAX_NUMBER = 1 << 20  # groups and symbol numbers fit the hint's 20 bits
VERSION = 1

_HEADER = struct.Struct(">BBBB16sIIII32s28s")


@dataclass(frozen=True, slots=True)
class Header:
    """What a slot says of its shard, in the order of section 3."""

    carriers: int
    threshold: int
    carrier: int
    floor_id: bytes
    groups: int
    group: int
    source_symbols: int
    symbol: int
    share: bytes

    def pack(self) -> bytes:
        """Return the 96 bytes; counterpart of `unpack_header`."""
        return _HEADER.pack(
            VERSION,
            self.carriers,
            self.threshold,
            self.carrier,
            self.floor_id,
            self.groups,
            self.group,
            self.source_symbols,
            self.symbol,
            self.share,
            bytes(28),
        )


def unpack_header(header: bytes) -> Header | None:
    """Read 96 authenticated bytes; None when section 3 says to reject them. Counterpart of `Header.pack`."""
    version, carriers, threshold, carrier, floor_id, groups, group, source, symbol, share, zero = _HEADER.unpack(header)
    if version != VERSION or any(zero):
        return None
    if not (1 <= threshold <= carriers and 1 <= carrier <= carriers):
        return None
    if not (1 <= groups <= MAX_NUMBER and group < groups):
        return None
    if not (1 <= source <= MAX_SOURCE_SYMBOLS and symbol < MAX_NUMBER):
        return None
    return Header(carriers, threshold, carrier, floor_id, groups, group, source, symbol, share)


@dataclass(frozen=True, slots=True)
class Hits:
    """Recognised sectors of one buffer, not yet opened.

    Args:
        sector: shape (n,), index of the 512-byte sector in the buffer.
        floor_tag: shape (n,), first three bytes of the floor id as a number.
        group: shape (n,).
        symbol: shape (n,).
    """

    sector: NDArray[np.int64]
    floor_tag: NDArray[np.int64]
    group: NDArray[np.int64]
    symbol: NDArray[np.int64]


class SlotCipher:
    """Seals, recognises and opens the slots of one pair of keys."""

    def __init__(self, keys: FloorKeys) -> None:
        self._seal = keys.seal
        # ECB of single never-repeating blocks is the PRF of section 2; nothing longer goes through it.
        self._prf = Cipher(algorithms.AES(keys.recogniser), modes.ECB()).encryptor()

    def seal(self, header: Header, symbol: bytes, r: bytes) -> bytes:
        """Return the 16,384 bytes of a slot (section 2).

        Args:
            header: of the shard.
            symbol: 16,240 bytes.
            r: 16 random bytes, never used before.

        Counterpart: `open`.
        """
        if len(symbol) != SYMBOL_BYTES or len(r) != RANDOM_BYTES:
            raise ValueError("a slot takes 16,240 bytes of symbol and 16 of chance")
        mask = self._prf.update(r)
        nonce = r + mask[:8]
        hint = (int.from_bytes(mask[8:], "big") ^ _hint(header)).to_bytes(8, "big")
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(header.pack() + symbol, hint, nonce, self._seal)
        return nonce + hint + sealed

    def open(self, slot: bytes) -> tuple[Header, bytes] | None:
        """Open one slot: header and symbol, or None for everything that is not a slot of these keys.

        Counterpart: `seal`.
        """
        if len(slot) != SLOT_BYTES:
            return None
        mask = self._prf.update(slot[:RANDOM_BYTES])
        if mask[:8] != slot[RANDOM_BYTES:NONCE_BYTES]:
            return None
        hint = slot[NONCE_BYTES:PREFIX_BYTES]
        try:
            plain = crypto_aead_xchacha20poly1305_ietf_decrypt(
                slot[PREFIX_BYTES:], hint, slot[:NONCE_BYTES], self._seal
            )
        except CryptoError:
            return None
        header = unpack_header(plain[:HEADER_BYTES])
        if header is None or _hint(header) != int.from_bytes(mask[8:], "big") ^ int.from_bytes(hint, "big"):
            return None
        return header, plain[HEADER_BYTES:]

    def recognise(self, buffer: NDArray[np.uint8]) -> Hits:
        """Find the sectors of a buffer at which a slot of these keys may begin.

        Args:
            buffer: shape (512 n,), bytes from a 512-byte boundary of the device.

        One AES call for the whole buffer; a random sector passes with odds of 2^-64.
        """
        prefixes = buffer.reshape(-1, SECTOR_BYTES)[:, :PREFIX_BYTES]
        masks = np.frombuffer(self._prf.update(prefixes[:, :RANDOM_BYTES].tobytes()), dtype=">u8").reshape(-1, 2)
        rest = np.ascontiguousarray(prefixes[:, RANDOM_BYTES:]).view(">u8")
        sector = np.flatnonzero(masks[:, 0] == rest[:, 0])
        hint = (masks[sector, 1] ^ rest[sector, 1]).astype(np.uint64)
        return Hits(
            sector.astype(np.int64),
            (hint >> np.uint64(40)).astype(np.int64),
            ((hint >> np.uint64(20)) & np.uint64(MAX_NUMBER - 1)).astype(np.int64),
            (hint & np.uint64(MAX_NUMBER - 1)).astype(np.int64),
        )


def floor_tag(floor_id: bytes) -> int:
    """Return the three bytes of a floor id that stand in hints."""
    return int.from_bytes(floor_id[:3], "big")


def _hint(header: Header) -> int:
    return (floor_tag(header.floor_id) << 40) | (header.group << 20) | header.symbol
