"""Photographs as quantised coefficients, and back with the file's own tables.

Rule 1: `write(read(data))` is `data`, byte for byte, for every baseline file an ordinary encoder wrote; a caller that
        depends on it compares (a file may use longer codes than it needs).
Rule 2: what is not read exactly is refused by name; nothing is guessed or mended.
The kernels are numba's, in the extras `home` and `roll`; they are imported when first needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import segments
from fifthfloor.jpeg.frame import PROGRESSIVE, Header, JpegFrame, Scan, block_plan, broken, read_header
from fifthfloor.jpeg.huffman import HuffmanTable
from fifthfloor.jpeg.segments import Piece
from fifthfloor.jpeg.stream import REASONS, kernels, stream

# Of a cut file at least this part must be there; bounds what a few bytes can ask for.
MOST_MISSING = 100


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
        from fifthfloor.jpeg import progressive

        coefficients, is_cut = progressive.read(
            header, kernels(), has_end=any(piece.marker == segments.EOI for piece in pieces)
        )
        return Picture(header, pieces, coefficients, np.zeros(0, dtype=np.int64), is_cut=is_cut)
    if len(header.scans) != 1 or len(header.scans[0].components) != len(frame.components):
        raise BadInput("jpeg.non_interleaved", scans=len(header.scans))
    scan = header.scans[0]
    # Every block takes at least two bits; so a small file cannot ask for much memory.
    if frame.blocks * 2 > len(scan.coded.raw) * 8 * MOST_MISSING:
        raise broken(REASONS[-1])
    coefficients = np.zeros((frame.blocks, 64), dtype=np.int16)
    pads, tail, is_cut = _decode(frame, scan, coefficients)
    return Picture(header, pieces, coefficients, pads, tail, is_cut)


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
        tables=[(dc, ac) for dc, ac in zip(*_both(scan), strict=True)],
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
    sequential = kernels()
    mcus = frame.mcus_wide * frame.mcus_high
    intervals = -(-mcus // restart_mcus)
    blocks = block_plan(frame, order)
    limits = _limits(frame, order, unlimited=keep_padding)
    emits = (np.stack([dc.emit for dc, _ in tables]), np.stack([ac.emit for _, ac in tables]))
    planes = (coefficients, coefficients.view(np.uint64))
    if pads is None or pads.size != intervals:
        pads = np.full(intervals, -1, dtype=np.int64)
    starts, ends = np.zeros(intervals, dtype=np.int64), np.zeros(intervals, dtype=np.int64)
    # Room for the longest interval there can be, and otherwise for a few megabytes at a time.
    out = np.empty(restart_mcus * len(blocks) * 496 + (4 << 20), dtype=np.uint8)
    parts: list[bytes] = []
    at = done = 0
    while at < intervals:
        after, used = sequential.encode(
            at, restart_mcus, mcus, frame.mcus_wide, planes, blocks, limits, emits, pads, out, starts, ends
        )
        if used < 0:
            raise BadInput("jpeg.range")
        starts[at:after] += done
        ends[at:after] += done
        parts.append(out[:used].tobytes())
        done += int(used)
        at = int(after)
    return Coded(b"".join(parts), starts, ends)


def _limits(frame: JpegFrame, order: tuple[int, ...], *, unlimited: bool) -> NDArray[np.int64]:
    rows = []
    for component in order:
        part = frame.components[component]
        wide, high = (part.padded_wide, part.padded_high) if unlimited else (part.blocks_wide, part.blocks_high)
        for y in range(part.vertical):
            for x in range(part.horizontal):
                rows.append((x, y, wide, high, part.horizontal, part.vertical))
    return np.array(rows, dtype=np.int64)


def _both(scan: Scan) -> tuple[list[HuffmanTable], list[HuffmanTable]]:
    dc = [table for table in scan.dc_tables if table is not None]
    ac = [table for table in scan.ac_tables if table is not None]
    if len(dc) != len(scan.components) or len(ac) != len(scan.components):
        raise broken("jpeg.what.no_huffman")
    return dc, ac


def _decode(frame: JpegFrame, scan: Scan, coefficients: NDArray[np.int16]) -> tuple[NDArray[np.int64], bytes, bool]:
    """Decode a sequential scan into `coefficients`; returns padding bits, the tail, and whether the scan is cut."""
    sequential = kernels()
    dc, ac = _both(scan)
    mcus = frame.mcus_wide * frame.mcus_high
    restart = scan.restart_mcus or mcus
    intervals = -(-mcus // restart)
    coded, ends, behind = stream(scan, intervals, sequential, is_cut=True)
    pads = np.zeros(intervals, dtype=np.int64)
    blocks = block_plan(frame, scan.components)
    status = sequential.decode(
        coded,
        ends,
        restart,
        mcus,
        frame.mcus_wide,
        blocks,
        (
            np.stack([table.fast_dc for table in dc]),
            np.stack([table.lookup for table in dc]),
            np.stack([table.fast_ac for table in ac]),
            np.stack([table.lookup for table in ac]),
        ),
        coefficients,
        pads,
    )
    if status in (sequential.RAN_OUT, sequential.NO_CODE) and behind:
        raise broken(REASONS[sequential.RESTARTS])  # more intervals, and none of them may be what is missing
    if status in (sequential.RAN_OUT, sequential.NO_CODE) and pads[0] >= restart * (ends.size - 1) and pads[0] > 0:
        # Decoding stopped in the last interval there is: the file is cut there.
        _clear(coefficients, blocks, int(pads[0]), frame.mcus_wide)
        return pads, b"", True
    if status < 0:
        raise broken(REASONS[int(status)])
    # A status above 0 counts whole bytes that no block needed; they are kept for `write`.
    raw = coded[int(ends[-1]) - int(status) : int(ends[-1])].tobytes()
    return pads, raw.replace(b"\xff", b"\xff\x00") + behind, False


def _clear(coefficients: NDArray[np.int16], blocks: NDArray[np.int64], mcu: int, mcus_wide: int) -> None:
    """Take back the blocks of an MCU of which only the beginning was there."""
    row = mcu // mcus_wide
    for _, _, place, across, down, _ in blocks:
        coefficients[place + row * down + (mcu - row * mcus_wide) * across] = 0
