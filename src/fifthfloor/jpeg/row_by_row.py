"""A picture's coefficients some rows of MCUs at a time, where its coding lets one; a progressive one's all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.frame import PROGRESSIVE, Header, JpegFrame, block_plan, lay_out
from fifthfloor.jpeg.segments import EOI, Piece
from fifthfloor.jpeg.sequential_scan import SequentialScan
from fifthfloor.jpeg.stream import kernels

# 4 MB of coefficients.
_ROW_BLOCKS_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True)
class McuRows:
    """Some rows of MCUs of a picture.

    Args:
        frame: as that of a picture of just these rows.
        coefficients: (blocks, 64) int16, of that frame.
        plan: of the blocks of an MCU, all components in order, as `frame.block_plan` has it for rows of the picture.
        until: the row of the picture behind the last one.
    """

    frame: JpegFrame
    coefficients: NDArray[np.int16]
    plan: NDArray[np.int64]
    until: int


class RowByRow:
    """The bands of a picture, from the top; `is_cut`, known behind the last one: the file ends before its picture."""

    def __init__(self, header: Header, pieces: Sequence[Piece], unit_rows: int) -> None:
        """Each band but the last one has a multiple of `unit_rows`."""
        self.is_cut = False
        self._header = header
        self._pieces = pieces
        self._unit_rows = unit_rows

    def __iter__(self) -> Iterator[McuRows]:
        """Read band by band; the next one stands where the one before stood. Raises as `coefficients.read`."""
        header, frame = self._header, self._header.frame
        order = tuple(range(len(frame.components)))
        if frame.process == PROGRESSIVE:
            coefficients, self.is_cut = read_progressive(header, self._pieces)
            yield McuRows(frame, coefficients, block_plan(frame, order), frame.mcus_high)
            return
        scan = SequentialScan(header)
        rows = max(1, _ROW_BLOCKS_AT_ONCE * frame.mcus_high // frame.blocks // self._unit_rows) * self._unit_rows
        room = np.empty((_rows(frame, min(rows, frame.mcus_high)).blocks, 64), dtype=np.int16)
        for first in range(0, frame.mcus_high, rows):
            until = min(first + rows, frame.mcus_high)
            part = _rows(frame, until - first)
            coefficients = room[: part.blocks]
            coefficients[:] = 0
            scan.decode(coefficients, _from(part, header.scans[0].components, first), until)
            yield McuRows(part, coefficients, _from(part, order, first), until)
        self.is_cut = scan.is_cut


def read_progressive(header: Header, pieces: Sequence[Piece]) -> tuple[NDArray[np.int16], bool]:
    """Decode a progressive picture whole: its coefficients, and whether it is cut. Raises as `coefficients.read`."""
    from fifthfloor.jpeg import progressive

    return progressive.read(header, kernels(), has_end=any(piece.marker == EOI for piece in pieces))


def _rows(frame: JpegFrame, count: int) -> JpegFrame:
    """Return the frame of a picture of so many rows of MCUs, and all columns."""
    parts = [(part.identifier, part.horizontal, part.vertical, part.quantiser) for part in frame.components]
    return lay_out(frame.process, frame.width, count * 8 * max(part[2] for part in parts), parts)


def _from(part: JpegFrame, order: tuple[int, ...], first: int) -> NDArray[np.int64]:
    """Return the plan of a band whose first row is that of the picture: rows are counted from the picture's top."""
    plan = block_plan(part, order)
    plan[:, 2] -= first * plan[:, 4]
    return plan
