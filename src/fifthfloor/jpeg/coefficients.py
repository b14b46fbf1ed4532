"""Photographs as quantised coefficients, and back with the file's own tables.

Rule 1: `write(read(data))` is `data`, byte for byte, for every baseline file an ordinary encoder wrote; a caller that
        depends on it compares (a file may use longer codes than it needs).
Rule 2: what is not read exactly is refused by name; nothing is guessed or mended.
The kernels are numba's, in the extras `home` and `roll`; they are imported when first needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import segments
from fifthfloor.jpeg.frame import PROGRESSIVE, Header, JpegFrame, block_plan, read_header
from fifthfloor.jpeg.huffman import HuffmanTable
from fifthfloor.jpeg.row_by_row import McuRows, read_progressive
from fifthfloor.jpeg.segments import Piece
from fifthfloor.jpeg.sequential_scan import SequentialScan, both_tables
from fifthfloor.jpeg.stream import kernels


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph's coefficients and all that is needed to write it again.

    Args:
        header: of the file.
        pieces: of the file.
        coefficients: (blocks, 64) int16, quantised, zigzag order; `frame.Component` says where each block lies.
        pads: for baseline files the bits behind each restart interval (count << 8 | bits), else empty.
        tail: coded bytes behind the last block; some cameras leave a few, or a restart marker; decoders skip them.
        is_cut: the file ends before its picture does; blocks that are not there are all zero, or coarse.
    """

    header: Header
    pieces: tuple[Piece, ...]
    coefficients: NDArray[np.int16]
    pads: NDArray[np.int64]
    tail: bytes = b""
    is_cut: bool = False

    @property
    def frame(self) -> JpegFrame:
        """The file's frame header."""
        return self.header.frame

    def plane(self, component: int) -> NDArray[np.int16]:
        """Return a view of one component: (padded_high, padded_wide, 64)."""
        part = self.frame.components[component]
        last = part.first_block + part.padded_wide * part.padded_high
        return self.coefficients[part.first_block : last].reshape(part.padded_high, part.padded_wide, 64)


def read(data: bytes) -> Picture:
    """Read a photograph's coefficients.

    Args:
        data: a whole JPEG file: 8 bits, Huffman, sequential with one scan or progressive, up to 160 million pixels.

    Returns:
        The picture; `tests.jpeg.rewriting` is the counterpart for baseline files. What viewers bear is borne:
        parameters of a sequential scan that say nothing (Samsung), a restart marker behind the last block, typical
        tables that are left out (MJPEG), a height told later (DNL), a file that is cut.

    Raises:
        BadInput: not such a file, or a broken one; named.

    Source: T.81 Annexes F and G.
    """
    pieces = segments.split(data)
    header = read_header(pieces)
    frame = header.frame
    if frame.process == PROGRESSIVE:
        coefficients, is_cut = read_progressive(header, pieces)
        return Picture(header, pieces, coefficients, np.zeros(0, dtype=np.int64), is_cut=is_cut)
    scan = SequentialScan(header)
    coefficients = np.zeros((frame.blocks, 64), dtype=np.int16)
    scan.decode(coefficients, scan.plan, frame.mcus_high)
    return Picture(header, pieces, coefficients, scan.pads, scan.tail, scan.is_cut)


def write(picture: Picture) -> bytes:
    """Write a baseline picture with its own header, tables and restart intervals; the counterpart of `read`.

    Raises:
        BadInput: a coefficient that the file's own tables cannot code.
        ValueError: a progressive picture.
    """
    frame = picture.frame
    if frame.process == PROGRESSIVE or picture.is_cut:
        raise ValueError("only whole sequential pictures are written")
    scan = picture.header.scans[0]
    mcus = frame.mcus_wide * frame.mcus_high
    coded = encode(
        frame,
        picture.coefficients,
        restart_mcus=scan.restart_mcus or mcus,
        tables=[(dc, ac) for dc, ac in zip(*both_tables(scan), strict=True)],
        order=scan.components,
        pads=picture.pads,
        keep_padding=True,
    )
    return b"".join(coded.data + picture.tail if piece is scan.coded else piece.raw for piece in picture.pieces)


@dataclass(frozen=True, slots=True)
class Coded:
    """Coded data with its RST markers, and where each interval starts and ends in it."""

    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def encode(
    frame: JpegFrame,
    coefficients: NDArray[np.int16],
    *,
    restart_mcus: int,
    tables: list[tuple[HuffmanTable, HuffmanTable]],
    order: tuple[int, ...],
    pads: NDArray[np.int64] | None = None,
    keep_padding: bool = False,
) -> Coded:
    """Encode a sequential scan of all components.

    Args:
        coefficients: as in `Picture`.
        restart_mcus: MCUs an interval.
        tables: DC and AC table of each component of `order`.
        order: the components as the scan names them.
        pads: as in `Picture`; ones where missing.
        keep_padding: write blocks beyond a component's size as they are, not as libjpeg makes them.

    Raises:
        BadInput: a coefficient the tables cannot code.
    """
    whole = McuRows(frame, coefficients, block_plan(frame, order), frame.mcus_high)
    limits = _limits(frame, order, unlimited=keep_padding)
    return encode_bands(frame, [whole], restart_mcus=restart_mcus, tables=tables, limits=limits, pads=pads)


def encode_bands(
    frame: JpegFrame,
    bands: Iterable[McuRows],
    *,
    restart_mcus: int,
    tables: list[tuple[HuffmanTable, HuffmanTable]],
    limits: NDArray[np.int64] | None = None,
    pads: NDArray[np.int64] | None = None,
) -> Coded:
    """Encode a sequential scan band by band, each of whole intervals; all components in order, arguments as `encode`.

    Args:
        bands: of the whole picture, from the top; each is done with before the next one is asked for.
        limits: as the kernel has them; None for those of the frame, as libjpeg makes them.
    """
    sequential = kernels()
    mcus = frame.mcus_wide * frame.mcus_high
    intervals = -(-mcus // restart_mcus)
    limits = _limits(frame, tuple(range(len(frame.components))), unlimited=False) if limits is None else limits
    emits = (np.stack([dc.emit for dc, _ in tables]), np.stack([ac.emit for _, ac in tables]))
    if pads is None or pads.size != intervals:
        pads = np.full(intervals, -1, dtype=np.int64)
    starts, ends = np.zeros(intervals, dtype=np.int64), np.zeros(intervals, dtype=np.int64)
    # Room for the longest interval there can be, and otherwise for a few megabytes at a time.
    out = np.empty(restart_mcus * len(limits) * 496 + (4 << 20), dtype=np.uint8)
    # It gives away what it holds; joining parts would take as much again.
    data = io.BytesIO()
    at = 0
    for band in bands:
        planes = (band.coefficients, band.coefficients.view(np.uint64))
        last = -(-band.until * frame.mcus_wide // restart_mcus)
        while at < last:
            places = (restart_mcus, mcus, frame.mcus_wide)
            made = (out, starts, ends)
            after, used = sequential.encode((at, last), *places, planes, band.plan, limits, emits, pads, *made)
            if used < 0:
                raise BadInput("jpeg.range")
            starts[at:after] += data.tell()
            ends[at:after] += data.tell()
            data.write(out[:used].tobytes())
            at = int(after)
    return Coded(data.getvalue(), starts, ends)


def _limits(frame: JpegFrame, order: tuple[int, ...], *, unlimited: bool) -> NDArray[np.int64]:
    rows = []
    for component in order:
        part = frame.components[component]
        wide, high = (part.padded_wide, part.padded_high) if unlimited else (part.blocks_wide, part.blocks_high)
        for y in range(part.vertical):
            for x in range(part.horizontal):
                rows.append((x, y, wide, high, part.horizontal, part.vertical))
    return np.array(rows, dtype=np.int64)
