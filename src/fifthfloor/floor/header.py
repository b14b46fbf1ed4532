"""What a slot says of its shard, and what it says to those alone who hold the threshold (spec/floor.md, section 3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

HEADER_BYTES = 96
SHARE_BYTES = 32
FLOOR_ID_BYTES = 16
MAX_SOURCE_SYMBOLS = 3_200  # keeps a stripe below RaptorQ's 10 MiB (section 4), and a group at 52 MB of memory
MAX_NUMBER = 1 << 20  # groups and symbol numbers fit the hint's 20 bits
OLD_VERSION, BARE_VERSION, BARE_FINE_VERSION, VERSION, FINE_VERSION = 1, 2, 3, 4, 5
# Of each version since the second: whether its symbols are fine, and whether they are veiled.
_KIND_OF_VERSION = {
    BARE_VERSION: (False, False),
    BARE_FINE_VERSION: (True, False),
    VERSION: (False, True),
    FINE_VERSION: (True, True),
}
_VERSION_OF = {kind: version for version, kind in _KIND_OF_VERSION.items()}

_OLD = struct.Struct(">BBBB16sIIII32s28s")
_VERSION_HEAD = struct.Struct(">BB2s16sII32s32s4s")
_NUMBERS_AT = 20  # of group and symbol number in `_VERSION_HEAD`
_TERMS = struct.Struct(">12sBBBBIIII")
_FLOOR_KEY_BYTES = 32
_HEADER_INFO = b"fifthfloor/2 "


@dataclass(frozen=True, slots=True)
class OldTerms:
    """What every slot of version 1 says openly, to whoever has one card and the passphrase.

    Args:
        carriers, threshold: how many the floor was hidden in, and how many are needed.
        groups: of the floor.
        source_symbols: of this slot's group.
    """

    carriers: int
    threshold: int
    groups: int
    source_symbols: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What only the content key opens, one for each carrier.

    Args:
        carriers, threshold: how many the floor was hidden in, and how many are needed.
        number_bits: symbol numbers are below two to this power (section 4.1).
        groups, symbols: of the floor; source symbols of all groups together.
        first, shards: this carrier's stretch of every group's list of numbers.
    """

    carriers: int
    threshold: int
    number_bits: int
    groups: int
    symbols: int
    first: int
    shards: int

    def source_symbols(self, group: int) -> int:
        """Return K of a group (section 4)."""
        return self.symbols // self.groups + (1 if group < self.symbols % self.groups else 0)

    def seal(self, content_key: bytes, carrier: int) -> bytes:
        """Return the 32 bytes that stand in the headers of one carrier; counterpart of `open_terms`."""
        plain = _TERMS.pack(
            bytes(12),
            self.carriers,
            self.threshold,
            self.number_bits,
            0,
            self.groups,
            self.symbols,
            self.first,
            self.shards,
        )
        return _masked(plain, content_key, carrier)


def open_terms(sealed: bytes, content_key: bytes, carrier: int) -> Terms | None:
    """Open a carrier's terms; None where the key is another (odds of error 2^-96) or section 3 says to reject them.

    Args:
        sealed: 32 bytes of a header.
        content_key: from as many shares as there are; with too few it is noise.
        carrier: the number in that header.

    Counterpart: `Terms.seal`.
    """
    zero, carriers, threshold, bits, also_zero, groups, symbols, first, shards = _TERMS.unpack(
        _masked(sealed, content_key, carrier)
    )
    if any(zero) or also_zero or not (1 <= threshold <= carriers and bits <= 20 and shards >= 1):
        return None
    if not (1 <= groups <= MAX_NUMBER and groups <= symbols <= groups * MAX_SOURCE_SYMBOLS):
        return None
    if first + shards > 1 << bits:
        return None
    return Terms(carriers, threshold, bits, groups, symbols, first, shards)


def expand(content_key: bytes, word: bytes) -> bytes:
    """Return 32 bytes for one use beside the archive. Source: RFC 5869."""
    return HKDF(hashes.SHA256(), _FLOOR_KEY_BYTES, salt=None, info=_HEADER_INFO + word).derive(content_key)


def _masked(block: bytes, content_key: bytes, carrier: int) -> bytes:
    # A key for each carrier, and one text ever under it: nothing meets the same keystream twice.
    key = expand(content_key, b"terms" + bytes([carrier]))
    return Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(block)


@dataclass(frozen=True, slots=True)
class SlotHeader:
    """What a slot says of its shard.

    Args:
        carrier: the `x` of this carrier's share, 1 to 255; chance, since version 2.
        floor_id: 16 bytes.
        group, symbol: numbers of the shard.
        share: 32 bytes.
        terms: 32 bytes for who holds the content key; empty in version 1.
        old: what version 1 says instead.
        fine: of a floor with symbols of 880 bytes, which fit a roll (versions 3 and 5, section 3.3).
        veiled: whether its symbol is (versions 4 and 5, section 3.4).
    """

    carrier: int
    floor_id: bytes
    group: int
    symbol: int
    share: bytes
    terms: bytes
    old: OldTerms | None = None
    fine: bool = False
    veiled: bool = False

    @property
    def kind(self) -> tuple[bool, bool]:
        """Whether the symbols are fine, and veiled: the same for all slots of a floor."""
        return self.fine, self.veiled

    def pack(self) -> bytes:
        """Return the 96 bytes; counterpart of `unpack_header`."""
        if self.old is None:
            return _VERSION_HEAD.pack(
                _VERSION_OF[self.kind],
                self.carrier,
                bytes(2),
                self.floor_id,
                self.group,
                self.symbol,
                self.share,
                self.terms,
                bytes(4),
            )
        old = self.old
        return _OLD.pack(
            OLD_VERSION,
            old.carriers,
            old.threshold,
            self.carrier,
            self.floor_id,
            old.groups,
            self.group,
            old.source_symbols,
            self.symbol,
            self.share,
            bytes(28),
        )


def pack_like(header: SlotHeader, groups: NDArray[np.int64], numbers: NDArray[np.int64]) -> list[bytes]:
    """Return what `pack` would for many headers of version 2 and later that differ in group and symbol number alone."""
    rows = np.tile(np.frombuffer(header.pack(), np.uint8), (len(groups), 1))
    rows[:, _NUMBERS_AT : _NUMBERS_AT + 8] = np.stack([groups, numbers], axis=1).astype(">u4").view(np.uint8)
    flat = rows.tobytes()
    return [flat[at : at + HEADER_BYTES] for at in range(0, len(flat), HEADER_BYTES)]


def unpack_header(header: bytes | memoryview) -> SlotHeader | None:
    """Read 96 authenticated bytes; None when section 3 says to reject them. Counterpart of `SlotHeader.pack`."""
    if header[0] == OLD_VERSION:
        return _unpack_old(header)
    version, carrier, zero, floor_id, group, symbol, share, terms, also_zero = _VERSION_HEAD.unpack(header)
    if version not in _KIND_OF_VERSION or any(zero) or any(also_zero) or carrier == 0:
        return None
    if not (group < MAX_NUMBER and symbol < MAX_NUMBER):
        return None
    return SlotHeader(carrier, floor_id, group, symbol, share, terms, None, *_KIND_OF_VERSION[version])


def _unpack_old(header: bytes | memoryview) -> SlotHeader | None:
    _, carriers, threshold, carrier, floor_id, groups, group, source, symbol, share, zero = _OLD.unpack(header)
    if any(zero) or not (1 <= threshold <= carriers and 1 <= carrier <= carriers):
        return None
    if not (1 <= groups <= MAX_NUMBER and group < groups):
        return None
    if not (1 <= source <= MAX_SOURCE_SYMBOLS and symbol < MAX_NUMBER):
        return None
    return SlotHeader(carrier, floor_id, group, symbol, share, b"", OldTerms(carriers, threshold, groups, source))
