"""A scan followed over pieces of data: whether the next piece continues a picture (T.81 annex F)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fifthfloor.errors import BadInput
from fifthfloor.jpeg.frame import PROGRESSIVE, block_plan, read_header
from fifthfloor.jpeg.segments import CODED, SOS, Piece, split
from fifthfloor.jpeg.stream import kernels

Status = Literal["more", "done", "foreign"]
_STATUS: tuple[Status, ...] = ("more", "done", "foreign")


@dataclass(frozen=True, slots=True)
class ScanPlace:
    """A place in a scan where decoding can go on.

    Args:
        mcu: the next MCU.
        bit: its first bit in the first byte of `tail`, 0 to 7.
        prediction: the DC prediction of each component.
        tail: the bytes from there to the end of what was given.
    """

    mcu: int
    bit: int
    prediction: tuple[int, ...]
    tail: bytes


@dataclass(frozen=True, slots=True)
class ScanStep:
    """What came of one piece.

    Args:
        status: "more" data is wanted, the picture is "done", or the data is "foreign" to it.
        place: where to go on, or where it broke.
        end_bytes: for "done", bytes of tail and piece up to behind the end mark; 0 where no end mark follows.
    """

    status: Status
    place: ScanPlace
    end_bytes: int = 0


class Scanned:
    """One picture's scan.

    Args:
        head: a JPEG's bytes from its first on, beyond its first start of scan.

    Raises:
        BadInput: what cannot be followed: progressive, several scans, a head that is broken, no numba here.
    """

    def __init__(self, head: bytes) -> None:
        kernels()
        pieces = _up_to_scan(head)
        header = read_header(pieces)
        scan, frame = header.scans[0], header.frame
        if frame.process == PROGRESSIVE or len(scan.components) != len(frame.components):
            raise BadInput("jpeg.non_interleaved", scans=1)
        dc = [table for table in scan.dc_tables if table is not None]
        ac = [table for table in scan.ac_tables if table is not None]
        if len(dc) != len(scan.components) or len(ac) != len(scan.components):
            raise BadInput("jpeg.broken", what="jpeg.what.no_huffman")
        self.start_bytes = pieces[-1].offset_bytes
        self.mcus, self.mcus_wide = frame.mcus_wide * frame.mcus_high, frame.mcus_wide
        self.width, self.height = frame.width, frame.height
        self.mcu_wide = 8 * max(frame.components[at].horizontal for at in scan.components)
        self.mcu_high = 8 * max(frame.components[at].vertical for at in scan.components)
        self.lights: NDArray[np.int32] = np.zeros(self.mcus, np.int32)
        self._restart = scan.restart_mcus or self.mcus
        self._blocks = block_plan(frame, scan.components)
        self._tables = tuple(
            np.stack(tables)
            for tables in (
                [table.fast_dc for table in dc],
                [table.lookup for table in dc],
                [table.fast_ac for table in ac],
                [table.lookup for table in ac],
            )
        )

    @property
    def beginning(self) -> ScanPlace:
        """Where the scan's data begins; the next data is that from `start_bytes` on."""
        return ScanPlace(0, 0, (0, 0, 0, 0), b"")

    def step(self, place: ScanPlace, data: bytes) -> ScanStep:
        """Go on from a place with the bytes that follow it (or might)."""
        from fifthfloor.jpeg.resumed import resume

        coded = np.frombuffer(place.tail + data, np.uint8)
        prediction = np.array(place.prediction, np.int64)
        found: tuple[Any, ...] = resume(
            coded,
            place.bit,
            place.mcu,
            self.mcus,
            self._restart,
            prediction,
            self._blocks,
            self._tables,
            self.lights,
        )
        status, mcu, byte, bit, end = (int(value) for value in found)
        after = ScanPlace(mcu, bit, tuple(prediction.tolist()), coded[byte:].tobytes())
        return ScanStep(_STATUS[status], after, end)

    def seam(self, mcu: int, end_mcu: int) -> float:
        """How much rougher than the picture itself the join at `mcu` is: about 1 inside a picture, far above elsewhere.

        Compares each MCU's brightness with the one above, for a row behind the join and for two before it. 1 where
        there is nothing to compare. Measured on 60 cameras' pictures: at most 1.5 in 95 of 100 true joins, at least
        2.2 in 95 of 100 where one to three clusters of 32 KiB were left out.
        """
        wide, lights = self.mcus_wide, self.lights
        first, last = max(mcu, wide), min(end_mcu, mcu + wide)
        behind = max(wide, mcu - 2 * wide)
        if last - first < 4 or mcu - behind < 4:
            return 1.0
        here = np.abs(lights[first:last] - lights[first - wide : last - wide])
        before = np.abs(lights[behind:mcu] - lights[behind - wide : mcu - wide])
        return float((here.mean() + 1.0) / (before.mean() + 1.0))


def _up_to_scan(head: bytes) -> list[Piece]:
    """Split a head up to its first coded data, which is cut off: only tables and frame are wanted."""
    pieces: list[Piece] = []
    for piece in split(head):
        if piece.marker == CODED and pieces and pieces[-1].marker == SOS:
            return [*pieces, Piece(CODED, piece.offset_bytes, b"", b"")]
        pieces.append(piece)
    raise BadInput("jpeg.broken", what="jpeg.what.no_picture")
