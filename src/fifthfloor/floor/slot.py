"""Slots: 16 KiB, or 1 KiB in a roll, that look like noise and hold a sealed shard (spec/floor.md, sections 2 and 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from fifthfloor.floor.header import HEADER_BYTES, MAX_NUMBER, SlotHeader, pack_like, unpack_header
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.xchacha import NONCE_BYTES, TAG_BYTES, Slotwise

SLOT_BYTES = 16_384
SECTOR_BYTES = 512  # slots may stand at any multiple of this (section 2)
PREFIX_BYTES = 32  # r || recogniser || masked hint
RANDOM_BYTES = 16
SEALED_BYTES = PREFIX_BYTES + TAG_BYTES + HEADER_BYTES  # of a slot of any size, what is not symbol
SYMBOL_BYTES = SLOT_BYTES - SEALED_BYTES
# Of floors that are in a roll too (section 3.3): a photograph has room for a few of these.
SMALL_SLOT_BYTES = 1_024
FINE_SYMBOL_BYTES = SMALL_SLOT_BYTES - SEALED_BYTES
FINE_IN_SLOT = SYMBOL_BYTES // FINE_SYMBOL_BYTES  # a card's slot holds so many of them, and 400 zeros


_LENGTHS = {(SYMBOL_BYTES, SLOT_BYTES), (FINE_SYMBOL_BYTES, SMALL_SLOT_BYTES)}


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


@dataclass(frozen=True, slots=True)
class Ready:
    """All that slots need before their symbols are there, worked out for many at once: for a few it costs as much.

    Args:
        nonces: shape (n, 24).
        masks: shape (n,), what hides each hint.
        cipher: under these nonces.
    """

    nonces: NDArray[np.uint8]
    masks: NDArray[np.uint64]
    cipher: Slotwise


@dataclass(frozen=True, slots=True)
class Heads:
    """Headers of slots, packed.

    Args:
        packed: 96 bytes each.
        hints: shape (n,), what stands in the slots' prefixes, not yet masked.
    """

    packed: Sequence[bytes]
    hints: NDArray[np.uint64]


class SlotCipher:
    """Seals, recognises and opens the slots of one pair of keys."""

    def __init__(self, keys: FloorKeys) -> None:
        self._seal = keys.seal
        # ECB of single never-repeating blocks is the PRF of section 2; nothing longer goes through it.
        self._prf = Cipher(algorithms.AES(keys.recogniser), modes.ECB()).encryptor()

    def seal(self, header: SlotHeader, symbol: bytes, r: bytes) -> bytes:
        """Return the 16,384 bytes of one slot; arguments as `seal_into`. Counterpart: `open`."""
        slot = bytearray(SLOT_BYTES)
        self.seal_into([(header, symbol)], r, [memoryview(slot)])
        return bytes(slot)

    def seal_into(
        self, shards: Sequence[tuple[SlotHeader, bytes | memoryview]], r: bytes, into: Sequence[memoryview]
    ) -> None:
        """Write slots (section 2).

        Args:
            shards: of each slot, its header and symbol: 16,240 bytes, or 880.
            r: 16 random bytes a slot, never used before.
            into: for each slot, the 16,384 bytes that become it, or 1,024.

        Counterpart: `open_all`.
        """
        headers = [header for header, _ in shards]
        heads = Heads([one.pack() for one in headers], np.array([_hint(one) for one in headers], np.uint64))
        if len(r) != RANDOM_BYTES * len(shards):
            raise ValueError("a slot takes 16,240 bytes of symbol, or 880, and 16 of chance")
        seal_ready(self.ready(r), 0, heads, [symbol for _, symbol in shards], into)

    def ready(self, r: bytes) -> Ready:
        """Prepare slots of these keys; `r`: 16 random bytes a slot, never used before."""
        masks = np.frombuffer(self._prf.update(r), np.uint8).reshape(-1, RANDOM_BYTES)
        nonces = np.concatenate([np.frombuffer(r, np.uint8).reshape(-1, RANDOM_BYTES), masks[:, :8]], axis=1)
        hiding = np.ascontiguousarray(masks[:, 8:]).view(">u8")[:, 0].astype(np.uint64)
        return Ready(nonces, hiding, Slotwise(self._seal, nonces))

    def open(self, slot: bytes) -> tuple[SlotHeader, bytes] | None:
        """Open one slot: header and symbol, or None for everything that is not a slot of these keys.

        Counterpart: `seal`.
        """
        opened = self.open_all(slot)[0] if len(slot) == SLOT_BYTES else None
        return opened and (opened[0], bytes(opened[1]))

    def open_all(
        self, slots: bytes | memoryview, slot_bytes: int = SLOT_BYTES, into: memoryview | None = None
    ) -> list[tuple[SlotHeader, memoryview] | None]:
        """Open slots of one size that stand one after the other, each as `open` does.

        Args:
            slots: any number of them.
            slot_bytes: of each.
            into: where the headers and symbols go, `plain_bytes` of each; memory of their own where none is given.

        Counterpart: `seal_into`.
        """
        rows = np.frombuffer(slots, np.uint8).reshape(-1, slot_bytes)
        masks = np.frombuffer(self._prf.update(rows[:, :RANDOM_BYTES].tobytes()), ">u8").reshape(-1, 2)
        prefixes = np.ascontiguousarray(rows[:, :PREFIX_BYTES])
        rest = prefixes[:, RANDOM_BYTES:].copy().view(">u8")
        known = masks[:, 0] == rest[:, 0]
        hints = (masks[:, 1] ^ rest[:, 1]).tolist()
        cipher = Slotwise(self._seal, prefixes[:, :NONCE_BYTES])
        length = plain_bytes(slot_bytes)
        whole = np.empty(len(rows) * length, np.uint8).data if into is None else into
        rooms = [whole[at : at + length] for at in range(0, len(rows) * length, length)]
        return [
            self._opened(cipher, index, memoryview(rows[index]), hints[index], rooms[index]) if known[index] else None
            for index in range(len(rows))
        ]

    @staticmethod
    def _opened(
        cipher: Slotwise, index: int, slot: memoryview, hint: int, plain: memoryview
    ) -> tuple[SlotHeader, memoryview] | None:
        try:
            cipher.open_into(index, slot[PREFIX_BYTES:], slot[NONCE_BYTES:PREFIX_BYTES], plain)
        except InvalidTag:
            return None
        header = unpack_header(plain[:HEADER_BYTES])
        if header is None or _hint(header) != hint:
            return None
        return header, plain[HEADER_BYTES:]

    def recognise(self, buffer: NDArray[np.uint8]) -> Hits:
        """Find the sectors of a buffer at which a slot of these keys may begin.

        Args:
            buffer: shape (512 n,), bytes from a 512-byte boundary of the device.

        One AES call for the whole buffer; a random sector passes with odds of 2^-64.
        """
        return self.recognise_prefixes(prefixes_of(buffer))

    def recognise_prefixes(self, prefixes: NDArray[np.uint8]) -> Hits:
        """Do what `recognise` does with what `prefixes_of` took of a buffer."""
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


def seal_ready(
    ready: Ready, first: int, heads: Heads, symbols: Sequence[bytes | memoryview], into: Sequence[memoryview]
) -> None:
    """Write slots that were made ready, from number `first` on, each once; `SlotCipher.seal_into` says the rest."""
    if not {(len(symbol), len(slot)) for symbol, slot in zip(symbols, into, strict=True)} <= _LENGTHS:
        raise ValueError("a slot takes 16,240 bytes of symbol, or 880, and 16 of chance")
    last = first + len(into)
    masked = (heads.hints ^ ready.masks[first:last]).astype(">u8").view(np.uint8).reshape(-1, 8)
    prefixes = np.concatenate([ready.nonces[first:last], masked], axis=1).tobytes()
    for index, (head, symbol, slot) in enumerate(zip(heads.packed, symbols, into, strict=True)):
        prefix = prefixes[PREFIX_BYTES * index : PREFIX_BYTES * (index + 1)]
        slot[:PREFIX_BYTES] = prefix
        ready.cipher.seal_into(first + index, b"".join((head, symbol)), prefix[NONCE_BYTES:], slot[PREFIX_BYTES:])


def heads_like(header: SlotHeader, groups: NDArray[np.int64], numbers: NDArray[np.int64]) -> Heads:
    """Pack many headers that differ from one in group and symbol number alone."""
    tag = np.uint64(floor_tag(header.floor_id) << 40)
    return Heads(pack_like(header, groups, numbers), tag | (groups << 20 | numbers).astype(np.uint64))


def plain_bytes(slot_bytes: int) -> int:
    """Return how many bytes a slot of this size holds when it is open: header and symbol."""
    return slot_bytes - PREFIX_BYTES - TAG_BYTES


def prefixes_of(buffer: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the first 32 bytes of every sector of a buffer, for any number of ciphers: shape (n, 32)."""
    return np.ascontiguousarray(buffer.reshape(-1, SECTOR_BYTES)[:, :PREFIX_BYTES])


def floor_tag(floor_id: bytes) -> int:
    """Return the three bytes of a floor id that stand in hints."""
    return int.from_bytes(floor_id[:3], "big")


def _hint(header: SlotHeader) -> int:
    return (floor_tag(header.floor_id) << 40) | (header.group << 20) | header.symbol
