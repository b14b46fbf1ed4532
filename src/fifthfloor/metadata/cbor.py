"""CBOR (RFC 8949) as assertions of C2PA are written in it: read whole within bounds, never written.

Rule: every item costs at least one byte and is counted, and nesting has an end: hostile bytes end in `CborError` soon.
Tags are read over: what they stand before is read as it is.
"""

from __future__ import annotations

import struct

MAX_CBOR_ITEMS = 20_000
_MAX_NESTED = 16
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_SIMPLE = {20: False, 21: True, 22: None, 23: None}
_BREAK = object()

CborValue = None | bool | int | float | str | bytes | list["CborValue"] | dict[str, "CborValue"]
"""What an item becomes. Keys that are no texts are written out; of two that are equal, the first counts."""


class CborError(ValueError):
    """Bytes that are no CBOR, or more of it than is read."""


def read_cbor(data: bytes) -> CborValue:
    """Read one item that fills `data`.

    Raises:
        CborError: it is damaged, ends too early, goes on behind the item, is too deep or too long.
    """
    walk = _CborWalk(data)
    try:
        value = walk.value(_MAX_NESTED)
    except (IndexError, UnicodeDecodeError, struct.error) as error:
        raise CborError from error
    if walk.at != len(data):
        raise CborError
    return value


class _CborWalk:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.left = data, 0, MAX_CBOR_ITEMS

    def value(self, depth: int) -> CborValue:
        """Read an item; one that only ends another is damage."""
        found = self._item(depth)
        if found is _BREAK:
            raise CborError
        return found  # type: ignore[return-value]

    def _item(self, depth: int) -> object:
        self.left -= 1
        if self.left < 0 or depth < 0:
            raise CborError
        first = self._take(1)[0]
        kind, short = first >> 5, first & 31
        if kind == 7:
            return self._simple(short)
        size = self._size(short)
        if kind in (2, 3):
            joined = self._take(size) if size is not None else b"".join(self._pieces(kind, depth))
            return joined if kind == 2 else joined.decode()
        if kind == 4:
            return [item for item, _ in self._items(size, depth, pairs=False)]
        if kind == 5:
            found: dict[str, CborValue] = {}
            for key, value in self._items(size, depth, pairs=True):
                found.setdefault(key if isinstance(key, str) else repr(key), value)
            return found
        if size is None:
            raise CborError
        return (size, -1 - size)[kind] if kind < 2 else self.value(depth - 1)

    def _size(self, short: int) -> int | None:
        """Read a length, a count or a number; None where only the end will tell."""
        if short < 24:
            return short
        if short < 28:
            return int.from_bytes(self._take(1 << short - 24), "big")
        if short == 31:
            return None
        raise CborError

    def _simple(self, short: int) -> object:
        if short in _FLOATS:
            return struct.unpack(_FLOATS[short], self._take(1 << short - 24))[0]
        if short == 31:
            return _BREAK
        return _SIMPLE.get(self._take(1)[0] if short == 24 else short)

    def _items(self, count: int | None, depth: int, *, pairs: bool) -> list[tuple[CborValue, CborValue]]:
        found: list[tuple[CborValue, CborValue]] = []
        while count is None or len(found) < count:
            first = self._item(depth - 1)
            if first is _BREAK:
                if count is not None:
                    raise CborError
                break
            found.append((first, self.value(depth - 1) if pairs else None))  # type: ignore[arg-type]
        return found

    def _pieces(self, kind: int, depth: int) -> list[bytes]:
        """Read a text or bytes in pieces, each of its kind, up to the end mark."""
        pieces: list[bytes] = []
        while (piece := self._item(depth - 1)) is not _BREAK:
            if not isinstance(piece, str if kind == 3 else bytes):
                raise CborError
            pieces.append(piece.encode() if isinstance(piece, str) else piece)
        return pieces

    def _take(self, length: int) -> bytes:
        part = self.data[self.at : self.at + length]
        if len(part) < length:
            raise CborError
        self.at += length
        return part
