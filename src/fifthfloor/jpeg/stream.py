"""A scan's coded data as the kernels take it: words and intervals; and where the kernels come from."""

from __future__ import annotations

import re
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.frame import Scan, broken

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


def kernels() -> ModuleType:
    """Import the sequential kernels. Raises BadInput where numba is not installed."""
    try:
        from fifthfloor.jpeg import sequential
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in ("numba", "llvmlite"):
            raise
        raise BadInput("jpeg.no_numba") from None
    return sequential


# Some cameras and programs write one more restart marker, behind the last block; every decoder skips it.
_LAST_MARKERS = re.compile(rb"(?:\xff+[\xd0-\xd7])*\Z")
_MARKER_BYTES_MAX = 64


def last_markers(coded: bytes) -> bytes:
    """Return the restart markers behind the last byte of coded data, as they stand."""
    end = coded[-_MARKER_BYTES_MAX:]
    found = _LAST_MARKERS.search(end)
    return found[0] if found else b""


def stream(
    scan: Scan, intervals: int, sequential: ModuleType, *, is_cut: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Unstuff a scan's data: its bytes, with SLACK_BYTES zeros behind them, and the end of each interval.

    Args:
        is_cut: the file ends inside this scan; then there may be fewer intervals.
    """
    raw = scan.coded.raw
    coded = np.frombuffer(raw[: len(raw) - len(last_markers(raw))], dtype=np.uint8)
    out = np.zeros((coded.size + sequential.SLACK_BYTES + 3) & ~3, dtype=np.uint8)
    ends = np.zeros(intervals, dtype=np.int64)
    found = sequential.unstuff(coded, np.flatnonzero(coded == 0xFF), out, ends)
    if found < 0:
        raise broken(REASONS[int(found)])
    if found < intervals and not is_cut:
        raise broken(REASONS[-1])
    return out, ends[: int(found)]


def words_of(coded: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return a stream as words, most significant bit first."""
    return coded.view(">u4").astype(np.uint32)
