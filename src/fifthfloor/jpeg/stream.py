"""A scan's coded data as the kernels take it: words and intervals; and where the kernels come from."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.frame import Scan, broken

# What the kernels' statuses mean; their names are in `sequential.py`.
REASONS = {
    -1: "the coded data ends too early",
    -2: "the coded data has a code that no table has",
    -3: "a coefficient is out of range",
    -4: "more than 64 coefficients in a block",
    -5: "a restart marker is out of turn",
    -6: "a restart interval is longer than its blocks",
    -7: "more restart intervals than the picture has",
}


def kernels() -> ModuleType:
    """Import the sequential kernels. Raises BadInput where numba is not installed."""
    try:
        from fifthfloor.jpeg import sequential
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in ("numba", "llvmlite"):
            raise
        raise BadInput("jpeg.no_numba") from None
    return sequential


def stream(scan: Scan, intervals: int, sequential: ModuleType) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Unstuff a scan's data: its bytes, with SLACK_BYTES zeros behind them, and the end of each interval."""
    coded = np.frombuffer(scan.coded.raw, dtype=np.uint8)
    out = np.zeros((coded.size + sequential.SLACK_BYTES + 3) & ~3, dtype=np.uint8)
    ends = np.zeros(intervals, dtype=np.int64)
    found = sequential.unstuff(coded, np.flatnonzero(coded == 0xFF), out, ends)
    if found < 0:
        raise broken(REASONS[int(found)])
    if found < intervals:
        raise broken(REASONS[-1])
    return out, ends


def words_of(coded: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return a stream as words, most significant bit first."""
    return coded.view(">u4").astype(np.uint32)
