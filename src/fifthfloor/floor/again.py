"""The archive a second time, from any byte on: what every pass after the first reads (spec/floor.md, section 6).

Rule: no symbol leaves before the batch it belongs to has been compared with the first pass, so that two plaintexts
      never meet one keystream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fifthfloor.errors import BadInput
from fifthfloor.floor.noise import Fingerprinter
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import LENGTH_BYTES, Digests, Entry, archive_bytes, cut, member_head, padded, tar_end

_COUNTER_BYTES = 16  # one AES block; a symbol is a whole number of them
# Whoever reads symbols here and there holds one batch of each group: 32 MB, however many groups there are. A batch of
# 1 MiB makes reading cheap; one of a single symbol costs 16 bytes to remember.
_HELD_SYMBOLS = 2_000
_MOST_SYMBOLS = 64


class Reader(Protocol):
    """Gives the contents of entries: in pieces, exactly `size_bytes` in all; or from any byte on."""

    def __call__(self, entry: Entry) -> Iterator[bytes]: ...
    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        """Fill `buffer`. Raises BadInput where it cannot be read, or has another length than the entry says."""


class Again:
    """The bytes that `archive.pack` made.

    Args:
        entries, hidden: as `pack` got them.
        reader: of the same files.
        digests: as `pack` filled them.
    """

    def __init__(self, entries: Sequence[Entry], hidden: str, reader: Reader, digests: Digests) -> None:
        self._entries = entries
        self._reader = reader
        end = tar_end(entries, hidden, digests.files)
        lengths = [len(member_head(entry)) + padded(entry.size_bytes) for entry in entries]
        self._starts = np.cumsum([0, LENGTH_BYTES, *lengths])
        tar_bytes = int(self._starts[-1]) - LENGTH_BYTES + len(end)
        self._first = tar_bytes.to_bytes(LENGTH_BYTES, "big")
        self._last = end + digests.tar
        self.length_bytes = archive_bytes(entries, hidden)

    def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
        """Fill `buffer` with what stands at `offset_bytes`, all of it before `length_bytes`.

        Raises:
            BadInput: a source has another length, or cannot be read.
        """
        part = int(np.searchsorted(self._starts, offset_bytes, side="right")) - 1
        at = offset_bytes - int(self._starts[part])
        while buffer:
            end = int(self._starts[part + 1]) if part + 1 < len(self._starts) else self.length_bytes
            here = buffer[: end - int(self._starts[part]) - at]
            self._fill(part, at, here)
            buffer = buffer[len(here) :]
            part, at = part + 1, 0

    def _fill(self, part: int, at: int, buffer: memoryview) -> None:
        """Fill `buffer` from byte `at` of a part: a literal head, the contents of an entry, zeros."""
        entry = self._entries[part - 1] if 0 < part <= len(self._entries) else None
        head = self._first if part == 0 else member_head(entry) if entry else self._last
        literal = head[at : at + len(buffer)]
        buffer[: len(literal)] = literal
        buffer, at = buffer[len(literal) :], at + len(literal) - len(head)
        if entry and buffer and at < entry.size_bytes:
            here = buffer[: entry.size_bytes - at]
            self._reader.read_into(entry, at, here)
            buffer = buffer[len(here) :]
        buffer[:] = bytes(len(buffer))


def batch_symbols(groups: Sequence[int]) -> int:
    """Return how many symbols of a group are read and compared at once; its last batch may have fewer."""
    return max(1, min(_MOST_SYMBOLS, _HELD_SYMBOLS // len(groups)))


def batch_marks(stream: Iterable[bytes], groups: Sequence[int], fingerprinter: Fingerprinter) -> bytes:
    """Take the fingerprint of every batch of an archive, as `pack` makes it: the first pass of section 6.

    Args:
        stream: from `pack`.
        groups: source symbols of each group.
        fingerprinter: keyed for this run.

    Returns:
        16 bytes a batch, in order.
    """
    most = batch_symbols(groups)
    lengths = [min(most, count - at) * SYMBOL_BYTES for count in groups for at in range(0, count, most)]
    return b"".join(fingerprinter.of(batch) for batch in cut(stream, lengths))


class Sealer:
    """Encrypts batches of an archive in any order; `archive.opener` decrypts them.

    Args:
        again: the archive.
        groups: source symbols of each group.
        marks: from `batch_marks`.
        fingerprinter: the same as there.
        content_key: 32 bytes, for this archive only.
    """

    def __init__(
        self, again: Again, groups: Sequence[int], marks: bytes, fingerprinter: Fingerprinter, content_key: bytes
    ) -> None:
        self._again = again
        self._groups = groups
        self._marks = marks
        self._fingerprinter = fingerprinter
        self._key = content_key
        self._first_symbol = [0, *np.cumsum(groups).tolist()]
        self.batch_symbols = batch_symbols(groups)
        self._first_batch = [0, *np.cumsum([-(-count // self.batch_symbols) for count in groups]).tolist()]

    def batch(self, group: int, batch: int) -> memoryview:
        """Return an encrypted batch of a group.

        Raises:
            BadInput: it is not what it was in the first pass.
        """
        first = batch * self.batch_symbols
        count = min(self.batch_symbols, self._groups[group] - first)
        into = memoryview(bytearray(count * SYMBOL_BYTES))
        self._read(group, batch, into)
        return into

    def group(self, group: int, into: memoryview) -> None:
        """Fill `into` with a whole encrypted group; raises like `batch`."""
        length = self.batch_symbols * SYMBOL_BYTES
        for batch, start in enumerate(range(0, len(into), length)):
            self._read(group, batch, into[start : start + length])

    def _read(self, group: int, batch: int, into: memoryview) -> None:
        start = (self._first_symbol[group] + batch * self.batch_symbols) * SYMBOL_BYTES
        self._again.read_into(start, into)
        mark = self._fingerprinter.of(into)
        at = (self._first_batch[group] + batch) * len(mark)
        if mark != self._marks[at : at + len(mark)]:
            raise BadInput("hide.changed")
        counter = (start // _COUNTER_BYTES).to_bytes(_COUNTER_BYTES, "big")
        Cipher(algorithms.AES(self._key), modes.CTR(counter)).encryptor().update_into(into, into)
