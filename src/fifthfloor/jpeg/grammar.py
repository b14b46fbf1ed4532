"""Reading a canonical picture, strictly: one lawful form, everything else refused (`spec/statement.md` section 1).

No codec is needed and none is used: the coded data is cut at its restart markers, not decoded.
Rule 1: whatever `parse` returns, `to_bytes` of it is the file, byte for byte.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.canonical import (
    ADOBE,
    IDENTIFIERS,
    JFIF_PAYLOAD,
    MAX_PROFILE_PIECES,
    CanonicalHeader,
    CanonicalPicture,
    widest_tile,
)
from fifthfloor.jpeg.frame import Colour
from fifthfloor.jpeg.segments import (
    APP0,
    APP1,
    APP2,
    APP11,
    APP14,
    DHT,
    DQT,
    DRI,
    PROFILE_NAME,
    PROFILE_PIECE_BYTES,
    SOF0,
    SOI,
)


def parse(data: bytes) -> CanonicalPicture:
    """Read a canonical picture; the counterpart of `CanonicalPicture.to_bytes`.

    Raises:
        BadInput: any byte that the canonical form does not have.
    """
    reader = _GrammarReader(data)
    header = reader.header()
    parts = header.parts()
    manifest_at = reader.manifest_part(parts)
    manifest = data[reader.manifest[0] : reader.manifest[1]]
    expected = b"".join((*parts[:manifest_at], manifest, *parts[manifest_at:]))
    if data[: len(expected)] != expected:
        raise _odd("jpeg.what.odd_header", _first_difference(data, expected))
    if data[-2:] != b"\xff\xd9":
        raise _odd("jpeg.what.odd_end", len(data) - 2)
    coded = data[len(expected) : -2]
    starts, ends = _intervals(coded, header.intervals, len(expected))
    return CanonicalPicture(header, coded, starts, ends, manifest, manifest_at)


def _odd(what: str, offset: int, **numbers: int) -> BadInput:
    return BadInput("jpeg.not_canonical", what=what, offset=offset, **numbers)


def _first_difference(data: bytes, expected: bytes) -> int:
    return next((i for i, byte in enumerate(expected) if data[i : i + 1] != bytes([byte])), len(expected))


def _intervals(coded: bytes, count: int, base: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut coded data at its markers; they must be RST0 to RST7 in turn and as many as the picture needs."""
    raw = np.frombuffer(coded, dtype=np.uint8)
    places = np.flatnonzero(raw == 0xFF)
    if places.size and places[-1] == raw.size - 1:
        raise _odd("jpeg.what.odd_marker_cut", base + raw.size)
    after = raw[places + 1]
    marks = places[after != 0]
    if marks.size != count - 1:
        raise _odd("jpeg.what.odd_intervals", base, found=int(marks.size) + 1, wanted=count)
    wrong = np.flatnonzero(raw[marks + 1] != 0xD0 + (np.arange(marks.size) & 7))
    if wrong.size:
        raise _odd("jpeg.what.odd_marker_turn", base + int(marks[wrong[0]]))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), marks + 2)).astype(np.int64)
    ends = np.concatenate((marks, np.array([raw.size]))).astype(np.int64)
    if (ends <= starts).any():
        raise _odd("jpeg.what.odd_empty", base)
    return starts, ends


class _GrammarReader:
    """Collects what the header says; whether it says it in the canonical form is checked by writing it again."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 2
        self.manifest = (0, 0)
        if data[:2] != bytes([0xFF, SOI]):
            raise BadInput("jpeg.not_jpeg", first=data[:4].hex() or "jpeg.what.nothing")

    def _marker(self) -> int:
        if len(self.data) < self.at + 4 or self.data[self.at] != 0xFF:
            raise _odd("jpeg.what.odd_no_segment", self.at)
        return self.data[self.at + 1]

    def _take(self, marker: int) -> bytes | None:
        """Return the payload of the next segment if it has that marker; APP11 before it is noted once."""
        self._skip_manifest()
        if self._marker() != marker:
            return None
        payload, self.at = self._segment()
        return payload

    def _segment(self) -> tuple[bytes, int]:
        length = int.from_bytes(self.data[self.at + 2 : self.at + 4], "big")
        end = self.at + 2 + length
        if length < 2 or end > len(self.data):
            raise _odd("jpeg.what.odd_segment_cut", self.at)
        return self.data[self.at + 4 : end], end

    def _skip_manifest(self) -> None:
        start = self.at
        while self._marker() == APP11:
            payload, self.at = self._segment()
            # ISO 19566-5 (JUMBF) segments begin so; nothing else may hide behind APP11.
            if payload[:2] != b"JP":
                raise _odd("jpeg.what.odd_app11", start)
        if self.at > start:
            if self.manifest[1]:
                raise _odd("jpeg.what.odd_manifest", start)
            self.manifest = (start, self.at)

    def header(self) -> CanonicalHeader:
        jfif = self._take(APP0) == JFIF_PAYLOAD
        orientation = self._orientation()
        profile = self._profile()
        adobe = self._take(APP14)
        quantisers: list[bytes] = []
        while (table := self._take(DQT)) is not None:
            if len(table) != 65 or len(quantisers) >= 4 or 0 in table[1:] or table[1:] in quantisers:
                raise _odd("jpeg.what.odd_quantiser", self.at)
            quantisers.append(table[1:])
        frame = self._take(SOF0)
        if frame is None or len(frame) < 9 or len(frame) != 6 + 3 * frame[5] or frame[5] not in (1, 3, 4):
            raise _odd("jpeg.what.odd_frame", self.at)
        # A manifest behind SOF0 stands before the Huffman tables.
        self._skip_manifest()
        header = self._build(jfif, adobe, orientation, profile, tuple(quantisers), frame)
        return replace(header, tile_mcus=self._tile(widest_tile(header.sampling)))

    def _tile(self, widest: int) -> int:
        """Return what DRI says behind the Huffman tables, 0 for the widest interval there may be."""
        while self._marker() == DHT:
            _, self.at = self._segment()
        restart, _ = self._segment() if self._marker() == DRI else (b"", 0)
        if len(restart) != 2 or not 1 <= int.from_bytes(restart, "big") <= widest:
            raise _odd("jpeg.what.odd_restart", self.at)
        return int.from_bytes(restart, "big") % widest

    def _build(
        self,
        jfif: bool,
        adobe: bytes | None,
        orientation: int,
        profile: bytes,
        quantisers: tuple[bytes, ...],
        frame: bytes,
    ) -> CanonicalHeader:
        height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
        rows = [frame[at : at + 3] for at in range(6, len(frame), 3)]
        colour = _colour(bytes(row[0] for row in rows), jfif, adobe)
        used = bytes(row[2] for row in rows)
        sampling = tuple((row[1] >> 4, row[1] & 15) for row in rows)
        if not width or not height or colour is None:
            raise _odd("jpeg.what.odd_size", self.at)
        if list(dict.fromkeys(used)) != list(range(len(quantisers))):
            raise _odd("jpeg.what.odd_quantiser_turn", self.at)
        if any(not 1 <= factor <= 4 for pair in sampling for factor in pair) or sum(h * v for h, v in sampling) > 10:
            raise _odd("jpeg.what.odd_factors", self.at)
        if colour == "grey" and sampling != ((1, 1),):
            raise _odd("jpeg.what.odd_factors", self.at)
        return CanonicalHeader(width, height, colour, sampling, quantisers, used, orientation, profile)

    def _orientation(self) -> int:
        payload = self._take(APP1)
        if payload is None:
            return 1
        if len(payload) != 32 or not 2 <= payload[25] <= 8:
            raise _odd("jpeg.what.odd_exif", self.at)
        return payload[25]

    def _profile(self) -> bytes:
        pieces: list[bytes] = []
        while (payload := self._take(APP2)) is not None:
            if len(pieces) >= MAX_PROFILE_PIECES or not payload.startswith(PROFILE_NAME) or len(payload) < 15:
                raise _odd("jpeg.what.odd_profile", self.at)
            pieces.append(payload[14:])
        if any(len(piece) != PROFILE_PIECE_BYTES for piece in pieces[:-1]):
            raise _odd("jpeg.what.odd_profile", self.at)
        return b"".join(pieces)

    def manifest_part(self, parts: tuple[bytes, ...]) -> int:
        """Return before which header part the manifest stands (1 where there is none)."""
        at = 0
        for number, part in enumerate(parts):
            if at == self.manifest[0] and number:
                return number
            at += len(part)
        return 1


def _colour(identifiers: bytes, jfif: bool, adobe: bytes | None) -> Colour | None:
    """Return the one colour whose canonical header has these; None where there is none."""
    transform = adobe[-1] if adobe else None
    for colour, names in IDENTIFIERS.items():
        if names == identifiers and ADOBE.get(colour) == transform and jfif == (colour in ("grey", "ycbcr")):
            return colour
    return None
