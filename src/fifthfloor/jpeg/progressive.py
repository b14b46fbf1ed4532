"""Progressive scans: which scan refines what, checked; the kernels are in `progressive_kernels.py` (T.81 Annex G)."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.frame import Header, JpegFrame, Scan, block_plan, broken
from fifthfloor.jpeg.huffman import HuffmanTable
from fifthfloor.jpeg.stream import damaged, stream, words_of

# A coefficient that no scan has brought yet.
UNSEEN = -1
# A scan that refines DC reads bits and no codes.
NO_LOOKUPS = np.zeros((1, 1), dtype=np.uint16)


def read(header: Header, sequential: ModuleType, *, has_end: bool) -> tuple[NDArray[np.int16], bool]:
    """Decode all scans of a progressive picture.

    Args:
        has_end: whether the file ends as files do; without, scans that are still missing were cut off.

    Returns:
        (blocks, 64) int16, as `coefficients.Picture` holds them; and whether the file was cut in or between scans.

    Raises:
        BadInput: scans that do not fit together or are broken.
    """
    frame = header.frame
    out = np.zeros((frame.blocks, 64), dtype=np.int16)
    # How many low bits of each coefficient are still missing, by component.
    missing = np.full((len(frame.components), 64), UNSEEN, dtype=np.int64)
    is_cut = False
    for scan in header.scans:
        _check(scan, missing)
        is_cut = _decode(frame, scan, out, sequential, is_last=scan is header.scans[-1], has_end=has_end)
        for component in scan.components:
            missing[component, scan.first : scan.last + 1] = scan.low
    if (missing[:, 0] == UNSEEN).any() and not is_cut:
        raise broken("jpeg.what.unscanned")
    return out, is_cut or (not has_end and bool((missing != 0).any()))


def _check(scan: Scan, missing: NDArray[np.int64]) -> None:
    alone = scan.first <= scan.last <= 63 and len(scan.components) == 1
    fits = alone if scan.first else scan.last == 0
    if not fits or scan.low > 13:
        raise broken("jpeg.what.scan_mixed")
    if scan.high and scan.low != scan.high - 1:
        raise broken("jpeg.what.scan_skips")
    for component in scan.components:
        before = scan.high if scan.high else UNSEEN
        if (missing[component, scan.first : scan.last + 1] != before).any():
            raise broken("jpeg.what.scan_turn")
        if scan.first and missing[component, 0] == UNSEEN:
            raise broken("jpeg.what.scan_turn")


def _decode(
    frame: JpegFrame, scan: Scan, out: NDArray[np.int16], sequential: ModuleType, *, is_last: bool, has_end: bool
) -> bool:
    """Decode a scan into `out`; returns whether it is cut, which only the last one may be."""
    """Decode a scan into `out`; returns whether it is cut, which only the last one may be."""
    from fifthfloor.jpeg import progressive_kernels

    plan, wide, high = _plan(frame, scan)
    restart = scan.restart_mcus or wide * high
    intervals = -(-wide * high // restart)
    coded, ends, behind = stream(scan, intervals, sequential, is_cut=is_last)
    words = words_of(coded)
    shape, refines = (restart, wide * high, wide), scan.high > 0
    if scan.first == 0:
        kernel = progressive_kernels.refine_dc_scan if refines else progressive_kernels.first_dc_scan
        lookups = NO_LOOKUPS if refines else np.stack([_needed(table).lookup for table in scan.dc_tables])
        status = kernel(words, ends, shape, plan, lookups, scan.low, out)
    else:
        kernel = progressive_kernels.refine_ac_scan if refines else progressive_kernels.first_ac_scan
        lookup, band = _needed(scan.ac_tables[0]).lookup, (scan.first, scan.last, scan.low)
        status = kernel(words, ends, shape, plan[0], lookup, band, out)
    # Where a file was cut, the last bits may be half a code: any reason will do. One that has its end must run out.
    if (
        is_last
        and not behind
        and (status == sequential.RAN_OUT or (status < 0 and not has_end) or (status == 0 and ends.size < intervals))
    ):
        return True
    if status < 0:
        raise damaged(int(status))
    return False


def _plan(frame: JpegFrame, scan: Scan) -> tuple[NDArray[np.int64], int, int]:
    if len(scan.components) > 1:
        if sum(frame.components[c].horizontal * frame.components[c].vertical for c in scan.components) > 10:
            raise broken("jpeg.what.large_mcu")
        return block_plan(frame, scan.components), frame.mcus_wide, frame.mcus_high
    # A scan of one component has its blocks in rows and leaves out the padding (T.81 A.2.2).
    part = frame.components[scan.components[0]]
    row = (0, scan.components[0], part.first_block, 1, part.padded_wide, 0)
    return np.array([row], dtype=np.int64), part.blocks_wide, part.blocks_high


def _needed(table: HuffmanTable | None) -> HuffmanTable:
    if table is None:
        raise broken("jpeg.what.no_huffman")
    return table
