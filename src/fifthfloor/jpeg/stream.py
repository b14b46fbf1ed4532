"""A scan's coded data as the kernels take it: words and intervals; and where the kernels come from."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.frame import Scan

# What the kernels' statuses mean; their names are in `sequential.py`.
REASONS = {
    -1: "jpeg.what.data_ends",
    -2: "jpeg.what.unknown_code",
    -3: "jpeg.what.coefficient_range",
    -4: "jpeg.what.block_long",
    -5: "jpeg.what.restart_turn",
    -6: "jpeg.what.restart_long",
    -7: "jpeg.what.restart_many",
}


def damaged(status: int) -> BadInput:
    """Return the error for coded data that says nothing: the tables before it are sound, and programs show the rest."""
    return BadInput("jpeg.damaged", what=REASONS[status])


def kernels() -> ModuleType:
    """Import the sequential kernels. Raises BadInput where numba is not installed."""
    try:
        from fifthfloor.jpeg import sequential
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in ("numba", "llvmlite"):
            raise
        raise BadInput("jpeg.no_numba", extra="home") from None
    return sequential


def stream(
    scan: Scan, intervals: int, sequential: ModuleType, *, is_cut: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.int64], bytes]:
    """Unstuff a scan's data.

    Args:
        is_cut: the file ends inside this scan; then there may be fewer intervals.

    Returns:
        Its bytes, with SLACK_BYTES zeros behind them; the end of each interval; and what stands behind the restart
        marker that ends the last interval, with it: some cameras and programs write one, and every decoder skips it.
    """
    raw = scan.coded.raw
    coded = np.frombuffer(raw, dtype=np.uint8)
    marks = np.flatnonzero(coded == 0xFF)
    restarts = marks[:-1] if marks.size and marks[-1] + 1 == coded.size else marks
    restarts = restarts[coded[restarts + 1] & 0xF8 == 0xD0]
    end = coded.size
    if restarts.size >= intervals:
        end = int(restarts[intervals - 1])
        end = len(raw[:end].rstrip(b"\xff")) if raw[end - 1 : end] == b"\xff" else end
    coded, marks = coded[:end], marks[: np.searchsorted(marks, end)]
    out = np.zeros((coded.size + sequential.SLACK_BYTES + 3) & ~3, dtype=np.uint8)
    ends = np.zeros(intervals, dtype=np.int64)
    found = sequential.unstuff(coded, marks, out, ends)
    if found < 0:
        raise damaged(int(found))
    if found < intervals and not is_cut:
        raise damaged(-1)
    return out, ends[: int(found)], raw[end:]


def words_of(coded: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return a stream as words, most significant bit first."""
    return coded.view(">u4").astype(np.uint32)
