"""A sequential scan, decoded some rows of MCUs at a time: the coefficients of a large picture need not be held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.frame import Header, Scan, block_plan, broken
from fifthfloor.jpeg.huffman import HuffmanTable
from fifthfloor.jpeg.stream import damaged, kernels, stream

# Of a cut file at least this part must be there; bounds what a few bytes can ask for.
MOST_MISSING = 100


class SequentialScan:
    """The only scan of a sequential picture, and how far it was decoded.

    `plan` says where its blocks lie in the coefficients of the whole picture; `pads`, `tail` and `is_cut` are those of
    `coefficients.Picture`, known when all of it was decoded.
    """

    def __init__(self, header: Header) -> None:
        """Raises BadInput for more scans than one, and for a file too short for its picture."""
        frame = header.frame
        if len(header.scans) != 1 or len(header.scans[0].components) != len(frame.components):
            raise BadInput("jpeg.non_interleaved", scans=len(header.scans))
        scan = header.scans[0]
        # Every block takes at least two bits; so a small file cannot ask for much memory.
        if frame.blocks * 2 > len(scan.coded.raw) * 8 * MOST_MISSING:
            raise damaged(-1)
        self.tail = b""
        self.is_cut = False
        self.plan = block_plan(frame, scan.components)
        self._kernels = kernels()
        self._frame = frame
        dc, ac = both_tables(scan)
        self._tables = (
            np.stack([table.fast_dc for table in dc]),
            np.stack([table.lookup for table in dc]),
            np.stack([table.fast_ac for table in ac]),
            np.stack([table.lookup for table in ac]),
        )
        mcus = frame.mcus_wide * frame.mcus_high
        self._restart = scan.restart_mcus or mcus
        intervals = -(-mcus // self._restart)
        self._coded, self._ends, self._behind = stream(scan, intervals, self._kernels, is_cut=True)
        self.pads = np.zeros(intervals, dtype=np.int64)
        self._state = np.zeros(7, dtype=np.int64)

    def decode(self, coefficients: NDArray[np.int16], plan: NDArray[np.int64], until: int) -> None:
        """Decode the next rows of MCUs; nothing where the file ended above them.

        Args:
            coefficients: (blocks, 64) int16, zeros.
            plan: places in `coefficients` of an MCU's blocks, as `frame.block_plan` has them.
            until: the row behind the last one.

        Raises:
            BadInput: a broken scan.
        """
        if self.is_cut:
            return
        sequential, wide = self._kernels, self._frame.mcus_wide
        mcus = wide * self._frame.mcus_high
        status = sequential.decode(
            self._coded,
            self._ends,
            self._restart,
            mcus,
            wide,
            plan,
            self._tables,
            coefficients,
            self.pads,
            self._state,
            until * wide,
        )
        ended = status in (sequential.RAN_OUT, sequential.NO_CODE)
        if ended and self._behind:
            raise damaged(sequential.RESTARTS)  # more intervals, and none of them may be what is missing
        mcu = int(self.pads[0])
        if ended and mcu >= self._restart * (self._ends.size - 1) and mcu > 0:
            # Decoding stopped in the last interval there is: the file is cut there.
            self.is_cut = True
            if mcu < until * wide:
                _clear(coefficients, plan, mcu, wide)
        elif status < 0:
            raise damaged(int(status))
        elif until == self._frame.mcus_high:
            # A status above 0 counts whole bytes that no block needed; they are kept for `write`.
            end = int(self._ends[-1])
            raw = self._coded[end - int(status) : end].tobytes()
            self.tail = raw.replace(b"\xff", b"\xff\x00") + self._behind


def both_tables(scan: Scan) -> tuple[list[HuffmanTable], list[HuffmanTable]]:
    """Return DC and AC table of each component of a scan. Raises BadInput where one is missing."""
    dc = [table for table in scan.dc_tables if table is not None]
    ac = [table for table in scan.ac_tables if table is not None]
    if len(dc) != len(scan.components) or len(ac) != len(scan.components):
        raise broken("jpeg.what.no_huffman")
    return dc, ac


def _clear(coefficients: NDArray[np.int16], blocks: NDArray[np.int64], mcu: int, mcus_wide: int) -> None:
    """Take back the blocks of an MCU of which only the beginning was there."""
    row = mcu // mcus_wide
    for _, _, place, across, down, _ in blocks:
        coefficients[place + row * down + (mcu - row * mcus_wide) * across] = 0
