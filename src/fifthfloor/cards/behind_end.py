"""What stands behind a directory's end mark: for Windows nothing, for Linux, fsck.fat and Sleuth Kit perhaps a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from fifthfloor.cards.device import Device
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.fat_entries import ENTRY_BYTES, Slot

_BEHIND_PIECE_BYTES = 1 << 20


def slots_behind_end(device: Device, extents: Iterable[Extent], limit_bytes: int) -> Iterator[Slot]:
    """Read the slots behind the first that begins with a zero byte, those left out that begin so too.

    Args:
        device: where the directory is.
        extents: the directory's clusters.
        limit_bytes: how much of it is read at most.
    """
    ended = False
    for extent in extents:
        length = min(extent.length_bytes, limit_bytes)
        limit_bytes -= length
        for start in range(0, length, _BEHIND_PIECE_BYTES):
            data = device.read(extent.offset_bytes + start, min(_BEHIND_PIECE_BYTES, length - start))
            kinds = np.frombuffer(data, np.uint8)[::ENTRY_BYTES]
            first = 0
            if not ended:
                ends = np.flatnonzero(kinds == 0)
                if not ends.size:
                    continue
                ended, first = True, int(ends[0])
            for index in np.flatnonzero(kinds[first:]) + first:
                at = int(index) * ENTRY_BYTES
                yield extent.offset_bytes + start + at, data[at : at + ENTRY_BYTES]
