"""The free extents of a card as one long sequence of bytes, read in pieces and each piece kept for a moment.

Carving and the free map look at the same bytes; on a real card every second look costs minutes, so whoever reads a
piece first shows it to the other (`on_piece`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from fifthfloor.cards.extents import Extent

SECTOR_BYTES = 512
PIECE_BYTES = 4 << 20  # long enough for full read speed on a card, short enough to keep several
_FIRST_PIECE_BYTES = 16 << 10
KEPT_PIECES = 8  # 32 MiB: a raw's header, its directories and its end may lie in different pieces


class FreeReader(Protocol):
    """What the audit needs of a device: bytes at a place, never a way to write."""

    def read(self, offset_bytes: int, length_bytes: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FreePiece:
    """A stretch of at most PIECE_BYTES inside one free extent.

    Args:
        start: position in the sequence of free bytes.
        offset_bytes: position on the device.
        length_bytes: more than 0.
    """

    start: int
    offset_bytes: int
    length_bytes: int


class FreeSpace:
    """Free bytes addressed by their position in the sequence of all free bytes.

    `likely` is carving's own: sectors of a piece that it has to come back to.

    Args:
        reader: the device.
        extents: free extents as (offset_bytes, length_bytes), rising, not touching.
        on_piece: called with each piece and its bytes the first time it is read.
        piece_bytes, kept_pieces: how much is read at once, and how many reads are remembered.
    """

    def __init__(
        self,
        reader: FreeReader,
        extents: Iterable[tuple[int, int]],
        on_piece: Callable[[FreePiece, bytes], None] | None = None,
        *,
        piece_bytes: int = PIECE_BYTES,
        kept_pieces: int = KEPT_PIECES,
    ) -> None:
        self.reader = reader
        self._on_piece = on_piece
        self._kept_pieces = kept_pieces
        self.pieces: list[FreePiece] = []
        self.length_bytes = 0
        for offset, length in extents:
            for done in range(0, length, piece_bytes):
                step = min(piece_bytes, length - done)
                self.pieces.append(FreePiece(self.length_bytes, offset + done, step))
                self.length_bytes += step
        self._starts = [piece.start for piece in self.pieces]
        self._offsets = [piece.offset_bytes for piece in self.pieces]
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._at, self._here = 0, b""  # the piece that was used last
        self._seen = bytearray(len(self.pieces))
        self.likely: dict[int, array[int]] = {}

    def piece_at(self, position: int) -> int:
        """Return the index of the piece that holds `position` (0 <= position < length_bytes)."""
        return bisect_right(self._starts, position) - 1

    def position_of(self, offset_bytes: int) -> int | None:
        """Return the position of a byte of the device, None where it is not free. Counterpart: `runs`."""
        index = bisect_right(self._offsets, offset_bytes) - 1
        if index < 0:
            return None
        piece = self.pieces[index]
        inside = offset_bytes - piece.offset_bytes
        return piece.start + inside if inside < piece.length_bytes else None

    def bytes_of(self, index: int) -> bytes:
        """Return the bytes of a piece; a device that ends early is read as zeros."""
        kept = self._kept.get(index)
        piece = self.pieces[index]
        if kept is not None:
            self._kept.move_to_end(index)
            self._at, self._here = piece.start, kept
            return kept
        data = self.reader.read(piece.offset_bytes, piece.length_bytes)
        if len(data) < piece.length_bytes:
            data = data.ljust(piece.length_bytes, b"\0")
        self._kept[index] = data
        self._at, self._here = piece.start, data
        if len(self._kept) > self._kept_pieces:
            self._kept.popitem(last=False)
        if not self._seen[index]:
            self._seen[index] = 1
            if self._on_piece is not None:
                self._on_piece(piece, data)
        return data

    def read(self, position: int, length_bytes: int) -> bytes:
        """Return up to `length_bytes` from `position`; less at the end of the free space."""
        inside = position - self._at
        if 0 <= inside <= inside + length_bytes <= len(self._here):  # nearly always: a thousand asks a piece
            return self._here[inside : inside + length_bytes]
        position = max(0, position)
        end = min(position + length_bytes, self.length_bytes)
        parts = []
        while position < end:
            index = self.piece_at(position)
            piece = self.pieces[index]
            inside = position - piece.start
            take = min(end - position, piece.length_bytes - inside)
            parts.append(self.bytes_of(index)[inside : inside + take])
            position += take
        return b"".join(parts) if len(parts) != 1 else parts[0]

    def from_position(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield (position, bytes) from `position` on, a little first, then more: most who ask stop soon."""
        step = _FIRST_PIECE_BYTES
        while position < self.length_bytes:
            index = self.piece_at(position)
            inside = position - self.pieces[index].start
            data = self.bytes_of(index)
            part = data[inside : inside + step] if inside or step < len(data) else data
            yield position, part
            position += len(part)
            step *= 2

    def runs(self, position: int, length_bytes: int) -> tuple[Extent, ...]:
        """Return where a stretch of the sequence lies on the device; touching pieces joined."""
        piece = self.pieces[self.piece_at(position)] if 0 <= position < self.length_bytes else None
        if piece is not None and 0 < length_bytes <= piece.start + piece.length_bytes - position:  # nearly always
            return (Extent(piece.offset_bytes + position - piece.start, length_bytes),)
        end = min(position + length_bytes, self.length_bytes)
        found: list[Extent] = []
        while position < end:
            piece = self.pieces[self.piece_at(position)]
            inside = position - piece.start
            take = min(end - position, piece.length_bytes - inside)
            offset = piece.offset_bytes + inside
            if found and found[-1].offset_bytes + found[-1].length_bytes == offset:
                found[-1] = Extent(found[-1].offset_bytes, found[-1].length_bytes + take)
            else:
                found.append(Extent(offset, take))
            position += take
        return tuple(found)
