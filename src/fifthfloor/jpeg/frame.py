"""What the header segments say: size, components, tables, colour. Nothing here allocates by what a file claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.huffman import TYPICAL, HuffmanTable, read_tables
from fifthfloor.jpeg.segments import APP0, APP14, CODED, DHT, DNL, DQT, DRI, SOS, Piece
from fifthfloor.metadata.jpeg_head import FRAMES

Colour = Literal["grey", "ycbcr", "rgb", "cmyk adobe", "ycck", "cmyk plain"]

# What is refused; SOF0 to SOF2 are read.
_PROCESS = {
    0xC3: "jpeg.what.lossless",
    **dict.fromkeys((0xC5, 0xC6, 0xC7), "jpeg.what.hierarchical"),
}
_ARITHMETIC = frozenset(range(0xC9, 0xD0)) - {0xCC}
PROGRESSIVE = 0xC2
# Larger than any camera's picture (150 million pixels). A progressive one of 12,600 x 12,600 was seen to take 1.07 GB
# with both finders; one without chroma subsampling, whose coefficients alone are 0.95 GB, 1.6 GB without them.
MAX_PIXELS = 160_000_000
# Ten scans are usual in progressive files; each one costs a pass over all coefficients.
_MAX_SCANS = 64


@dataclass(frozen=True, slots=True)
class Component:
    """One colour component of a frame; sizes in blocks of 8 x 8 samples.

    Args:
        identifier: as the frame header names it.
        horizontal, vertical: sampling factors, 1 to 4.
        quantiser: number of its quantisation table, 0 to 3.
        blocks_wide, blocks_high: what the picture needs.
        padded_wide, padded_high: with the blocks that fill up whole MCUs.
        first_block: its first block among all of the picture; a component's blocks lie together, row by row, padded.
    """

    identifier: int
    horizontal: int
    vertical: int
    quantiser: int
    blocks_wide: int
    blocks_high: int
    padded_wide: int
    padded_high: int
    first_block: int


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """A frame header (T.81 B.2.2): size in pixels, MCUs of an interleaved scan, components in order."""

    process: int
    width: int
    height: int
    mcus_wide: int
    mcus_high: int
    components: tuple[Component, ...]

    @property
    def blocks(self) -> int:
        """Blocks of all components, padding included."""
        last = self.components[-1]
        return last.first_block + last.padded_wide * last.padded_high


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan with everything in force where it begins.

    Args:
        components: places in `JpegFrame.components`.
        dc_tables, ac_tables: one per component; None where the scan needs none or the file gives none.
        first, last: spectral selection, 0 to 63.
        high, low: successive approximation bits.
        restart_mcus: restart interval, 0 for none.
        coded: its piece of coded data.
    """

    components: tuple[int, ...]
    dc_tables: tuple[HuffmanTable | None, ...]
    ac_tables: tuple[HuffmanTable | None, ...]
    first: int
    last: int
    high: int
    low: int
    restart_mcus: int
    coded: Piece


@dataclass(frozen=True, slots=True)
class Header:
    """Frame, scans and quantisation tables (zigzag order, shape (64,)) of one picture."""

    frame: JpegFrame
    scans: tuple[Scan, ...]
    quantisers: dict[int, NDArray[np.uint16]]
    colour: Colour


def broken(what: str, **numbers: int) -> BadInput:
    """Return the error for a file that contradicts itself: the key of a phrase, and the numbers in it."""
    return BadInput("jpeg.broken", what=what, **numbers)


def read_frame(marker: int, payload: bytes, told_later: int = 0) -> JpegFrame:
    """Read a frame header. Raises BadInput for what is not 8-bit sequential or progressive Huffman, by name.

    Args:
        told_later: the height in pixels that a DNL segment gives, for a header that says 0 (T.81 B.2.5).
    """
    if marker in _ARITHMETIC:
        raise BadInput("jpeg.arithmetic")
    if marker in _PROCESS:
        raise BadInput("jpeg.process", process=_PROCESS[marker])
    if len(payload) < 6 or len(payload) != 6 + 3 * payload[5]:
        raise broken("jpeg.what.frame_length")
    if payload[0] != 8:
        raise BadInput("jpeg.precision", bits=payload[0])
    height, width = int.from_bytes(payload[1:3], "big"), int.from_bytes(payload[3:5], "big")
    height = height or told_later
    if height == 0:
        raise BadInput("jpeg.dnl")
    if width == 0 or payload[5] not in (1, 3, 4):
        raise broken("jpeg.what.width", width=width, components=payload[5])
    if width * height > MAX_PIXELS:
        raise BadInput("jpeg.too_large", width=width, height=height, limit=MAX_PIXELS)
    rows = [payload[at : at + 3] for at in range(6, len(payload), 3)]
    return lay_out(marker, width, height, [(row[0], row[1] >> 4, row[1] & 15, row[2]) for row in rows])


def lay_out(process: int, width: int, height: int, parts: Sequence[tuple[int, int, int, int]]) -> JpegFrame:
    """Work out the blocks of a frame (T.81 A.1.1, A.2.4).

    Args:
        parts: identifier, horizontal and vertical factor, quantiser of each component.

    Raises:
        BadInput: factors or a table number outside of T.81 table B.2, or an MCU of more than 10 blocks.
    """
    if any(not 1 <= h <= 4 or not 1 <= v <= 4 or tq > 3 for _, h, v, tq in parts):
        raise broken("jpeg.what.factors")
    if len({part[0] for part in parts}) != len(parts):
        raise broken("jpeg.what.one_name")
    if len(parts) == 1:
        # A scan of one component has MCUs of one block, whatever its factors say (T.81 A.2.2).
        parts = [(parts[0][0], 1, 1, parts[0][3])]
    if sum(h * v for _, h, v, _ in parts) > 10:
        raise broken("jpeg.what.large_mcu")
    h_max, v_max = max(part[1] for part in parts), max(part[2] for part in parts)
    mcus_wide, mcus_high = -(-width // (8 * h_max)), -(-height // (8 * v_max))
    components = []
    first = 0
    for identifier, h, v, quantiser in parts:
        wide, high = -(-width * h // (8 * h_max)), -(-height * v // (8 * v_max))
        component = Component(identifier, h, v, quantiser, wide, high, mcus_wide * h, mcus_high * v, first)
        components.append(component)
        first += component.padded_wide * component.padded_high
    return JpegFrame(process, width, height, mcus_wide, mcus_high, tuple(components))


def block_plan(frame: JpegFrame, order: tuple[int, ...]) -> NDArray[np.int64]:
    """Return for each block of an MCU: table, component, place in MCU 0, step to the next MCU and row of MCUs, 0."""
    rows = []
    for table, component in enumerate(order):
        part = frame.components[component]
        for y in range(part.vertical):
            for x in range(part.horizontal):
                place = part.first_block + y * part.padded_wide + x
                rows.append((table, component, place, part.horizontal, part.vertical * part.padded_wide, 0))
    return np.array(rows, dtype=np.int64)


def read_quantisers(payload: bytes) -> dict[int, NDArray[np.uint16]]:
    """Read the payload of a DQT segment: table number to its 64 entries in zigzag order (T.81 B.2.4.1)."""
    found: dict[int, NDArray[np.uint16]] = {}
    at = 0
    while at < len(payload):
        kind, number = payload[at] >> 4, payload[at] & 15
        size = 64 << kind
        entries = payload[at + 1 : at + 1 + size]
        if kind > 1 or number > 3 or len(entries) < size:
            raise broken("jpeg.what.quantiser_cut")
        found[number] = np.frombuffer(entries, dtype=">u2" if kind else "u1").astype(np.uint16)
        at += 1 + size
    return found


def read_header(pieces: Sequence[Piece]) -> Header:
    """Read all header segments of a file.

    Args:
        pieces: of `segments.split`.

    Returns:
        The header; scans in order of the file.

    Raises:
        BadInput: what the codec does not read, by name, or a file that contradicts itself.
    """
    reader = _FrameReader(_height_told_later(pieces))
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        reader.take(piece, after)
    header = reader.header()
    if reader.is_height_later and header.frame.process != PROGRESSIVE and len(header.scans) != 1:
        raise BadInput("jpeg.dnl_coding")
    return header


def _height_told_later(pieces: Sequence[Piece]) -> int:
    """Return the height of the DNL segment behind the first scan, 0 where there is none."""
    return next((int.from_bytes(piece.payload, "big") for piece in pieces if piece.marker == DNL), 0) & 0xFFFF


class _FrameReader:
    """The tables in force, segment by segment."""

    def __init__(self, told_later: int) -> None:
        self.told_later = told_later
        self.is_height_later = False
        self.frame: JpegFrame | None = None
        self.quantisers: dict[int, NDArray[np.uint16]] = {}
        # Films of photographs (MJPEG) leave out the typical tables, and every viewer knows them.
        self.tables: dict[int, HuffmanTable] = dict(TYPICAL)
        self.restart_mcus = 0
        self.scans: list[Scan] = []
        self.jfif = False
        self.adobe: int | None = None

    def take(self, piece: Piece, after: Piece | None) -> None:
        marker, payload = piece.marker, piece.payload
        if marker in FRAMES:
            if self.frame is not None:
                raise broken("jpeg.what.two_frames")
            self.is_height_later = payload[1:3] == b"\0\0" and self.told_later > 0
            if self.is_height_later and marker in _ARITHMETIC:
                raise BadInput("jpeg.dnl_coding")  # nor does any other program here, so none can be named
            self.frame = read_frame(marker, payload, self.told_later)
        elif marker == DQT:
            self._quantise(read_quantisers(payload))
        elif marker == DHT:
            self.tables.update(read_tables(payload))
        elif marker == DRI:
            if len(payload) != 2:
                raise broken("jpeg.what.restart_length")
            self.restart_mcus = int.from_bytes(payload, "big")
        elif marker == SOS:
            self.scans.append(self._scan(payload, after))
        elif marker == APP0 and payload[:5] == b"JFIF\0":
            self.jfif = True
        elif marker == APP14 and len(payload) >= 12 and payload[:5] == b"Adobe":
            self.adobe = payload[11]

    def _quantise(self, tables: dict[int, NDArray[np.uint16]]) -> None:
        # A table that changes between scans would give one component two scales.
        for number, table in tables.items():
            if self.scans and number in self.quantisers and not np.array_equal(self.quantisers[number], table):
                raise broken("jpeg.what.quantiser_changes")
            self.quantisers[number] = table

    def _scan(self, payload: bytes, coded: Piece | None) -> Scan:
        frame = self.frame
        if frame is None:
            raise broken("jpeg.what.early_scan")
        if len(self.scans) >= _MAX_SCANS:
            if self.is_height_later:
                raise BadInput("jpeg.dnl_coding")
            raise BadInput("jpeg.too_many_scans", limit=_MAX_SCANS)
        count = payload[0] if payload else 0
        if not 1 <= count <= 4 or len(payload) != 4 + 2 * count or coded is None or coded.marker != CODED:
            raise broken("jpeg.what.scan_length")
        names = [component.identifier for component in frame.components]
        rows = [(payload[at], payload[at + 1] >> 4, payload[at + 1] & 15) for at in range(1, 1 + 2 * count, 2)]
        if any(name not in names for name, _, _ in rows) or len({row[0] for row in rows}) != count:
            raise broken("jpeg.what.scan_of_nothing")
        first, last, approximation = payload[-3:]
        return Scan(
            tuple(names.index(name) for name, _, _ in rows),
            tuple(self.tables.get(dc) for _, dc, _ in rows),
            tuple(self.tables.get(0x10 | ac) for _, _, ac in rows),
            first,
            last,
            approximation >> 4,
            approximation & 15,
            self.restart_mcus,
            coded,
        )

    def header(self) -> Header:
        if self.frame is None or not self.scans:
            raise broken("jpeg.what.no_picture")
        for component in self.frame.components:
            if component.quantiser not in self.quantisers:
                raise broken("jpeg.what.no_quantiser")
        return Header(self.frame, tuple(self.scans), self.quantisers, self._colour(self.frame))

    def _colour(self, frame: JpegFrame) -> Colour:
        # libjpeg's rules (jdapimin.c default_decompress_parms), so that every viewer shows what it showed before.
        if len(frame.components) == 1:
            return "grey"
        if len(frame.components) == 3:
            letters = tuple(component.identifier for component in frame.components) == (0x52, 0x47, 0x42)
            if self.jfif:
                return "ycbcr"
            if self.adobe is not None:
                return "rgb" if self.adobe == 0 else "ycbcr"
            return "rgb" if letters else "ycbcr"
        if self.adobe is None:
            return "cmyk plain"
        return "ycck" if self.adobe == 2 else "cmyk adobe"
