"""What a photograph is as a carrier: what embedding never touches, and how much may be in it (sections 2 and 3)."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.floor.roll_order import FREQUENCIES, order_of
from fifthfloor.floor.slot import SMALL_SLOT_BYTES
from fifthfloor.jpeg.coefficients import Picture, read
from fifthfloor.jpeg.frame import PROGRESSIVE

# The published ladder: bits for each luma coefficient that is not a DC, in 2,048ths.
LADDER = (2, 3, 4, 6, 8, 12, 16, 24)
SLOT_BITS = 8 * SMALL_SLOT_BYTES


@dataclass(frozen=True, slots=True)
class Cover:
    """A photograph that can be read as a carrier.

    Args:
        picture: decoded.
        rows: of `picture.coefficients`, those of the luma blocks that are seen, row by row; shape (blocks,).
        fingerprint: SHA-256 of what embedding never touches.
    """

    picture: Picture
    rows: NDArray[np.int64]
    fingerprint: bytes

    @property
    def coefficients(self) -> int:
        """How many coefficients the order has."""
        return FREQUENCIES * len(self.rows)

    def spans(self, slots: int) -> list[tuple[int, int]]:
        """Return the segments of so many slots: first place, and the one behind the last."""
        edges = [self.coefficients * number // slots for number in range(slots + 1)]
        return list(pairwise(edges))

    def order(self, roll_key: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the secret order as the kernels take it: a row of `picture.coefficients` each, and the turns."""
        order, turns = order_of(roll_key, self.fingerprint, len(self.rows))
        return self.rows[order], turns


def cover_of(data: bytes) -> Cover:
    """Read a photograph as a carrier.

    Raises:
        BadInput: it is none: not a JPEG of one sequential scan, broken or cut.
    """
    picture = read(data)
    if picture.frame.process == PROGRESSIVE:
        raise BadInput("roll.progressive")
    if picture.is_cut:
        raise BadInput("roll.cut")
    luma = picture.frame.components[0]
    grid = np.arange(luma.blocks_high, dtype=np.int64)[:, None] * luma.padded_wide + np.arange(luma.blocks_wide)
    return Cover(picture, (grid + luma.first_block).reshape(-1), _fingerprint(picture))


def ladder_of(blocks: int) -> tuple[int, ...]:
    """Return the numbers of slots that a photograph of so many luma blocks may hold, rising, each once (section 2)."""
    counts = (FREQUENCIES * blocks * rate // (2_048 * SLOT_BITS) for rate in LADDER)
    return tuple(sorted({count for count in counts if count}))


def _fingerprint(picture: Picture) -> bytes:
    """Hash size, sampling, quantisation tables and DC coefficients (section 3)."""
    frame = picture.frame
    digest = hashlib.sha256(struct.pack(">HHB", frame.width, frame.height, len(frame.components)))
    for number, part in enumerate(frame.components):
        digest.update(bytes([part.horizontal, part.vertical]))
        digest.update(picture.header.quantisers[part.quantiser].astype(">u2").tobytes())
        seen = picture.plane(number)[: part.blocks_high, : part.blocks_wide, 0]
        digest.update(seen.astype(">i2").tobytes())
    return digest.digest()
