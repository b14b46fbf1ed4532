"""Writing a JPEG again as it was: the judge of what `coefficients.read` has read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.jpeg.coefficients import Picture, encode
from fifthfloor.jpeg.frame import PROGRESSIVE


def rewritten(picture: Picture) -> bytes:
    """Return a baseline picture with its own header, tables, restart intervals and padding.

    Raises:
        BadInput: a coefficient that the file's own tables cannot code.
        ValueError: a progressive picture.
    """
    frame = picture.frame
    if frame.process == PROGRESSIVE or picture.is_cut:
        raise ValueError("only whole sequential pictures are written")
    scan = picture.header.scans[0]
    tables = [
        (dc, ac) for dc, ac in zip(scan.dc_tables, scan.ac_tables, strict=True) if dc is not None and ac is not None
    ]
    coded = encode(
        frame,
        picture.coefficients,
        restart_mcus=scan.restart_mcus or frame.mcus_wide * frame.mcus_high,
        tables=tables,
        order=scan.components,
        pads=picture.pads,
        keep_padding=True,
    )
    return b"".join(coded.data + picture.tail if piece is scan.coded else piece.raw for piece in picture.pieces)


def plane(picture: Picture, component: int) -> NDArray[np.int16]:
    """Return the blocks of one component as they lie in the picture, shape (high, wide, 64), padding too."""
    part = picture.frame.components[component]
    last = part.first_block + part.padded_wide * part.padded_high
    return picture.coefficients[part.first_block : last].reshape(part.padded_high, part.padded_wide, 64)
