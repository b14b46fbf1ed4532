"""Marks that other programs leave in the head of a JPEG when they hide something in it; no key, and nothing of ours.

What an officer with a list looks for first. outguess writes what every program on libjpeg writes: its files cannot be
told by their heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fifthfloor.jpeg.segments import APP0, COM, DQT, DRI, SOF0
from fifthfloor.metadata.jpeg_head import Segment

HidingProgram = Literal["", "f5", "steghide"]
# The encoder that F5, and programs built on it (Stegosuite), write with (James R. Weeks, BioElectroMech).
_F5_COMMENT = b"JPEG Encoder Copyright 1998, James R. Weeks and BioElectroMech"
_APP15 = 0xEF
# T.81 table K.1 in zigzag order, and the sum of it that libjpeg's scale of quality makes what it is.
_TYPICAL_LUMA = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
    60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113,
    121, 112, 100, 120, 92, 101, 103, 99,
)  # fmt: skip


def hiding_program(found: Sequence[Segment]) -> HidingProgram:
    """Name the program whose marks the head of a JPEG bears; empty where there are none.

    steghide keeps a camera's quantisation tables and loses everything else that cameras write: a plain JFIF head with
    tables that libjpeg's scale of quality does not have. `jpegtran -copy none` leaves the same.
    """
    if any(one.marker == COM and one.payload.rstrip(b"\0 .").startswith(_F5_COMMENT) for one in found):
        return "f5"
    kinds = {one.marker for one in found if APP0 <= one.marker <= _APP15 or one.marker in (COM, DRI)}
    plain = kinds == {APP0} and any(one.payload.startswith(b"JFIF\0") for one in found)
    tables = [one.payload for one in found if one.marker == DQT]
    if plain and any(one.marker == SOF0 for one in found) and tables and not _is_scaled(tables[0]):
        return "steghide"
    return ""


def _is_scaled(table: bytes) -> bool:
    """Say whether a luma table is one of the hundred that libjpeg's scale of quality gives (jcparam.c)."""
    steps = tuple(table[1:65])
    if len(steps) < 64 or table[0] >> 4:
        return True  # of 16 bits, or cut: nothing is said of it
    for quality in range(1, 101):
        scale = 5000 // quality if quality < 50 else 200 - 2 * quality
        if steps == tuple(min(255, max(1, (step * scale + 50) // 100)) for step in _TYPICAL_LUMA):
            return True
    return False
