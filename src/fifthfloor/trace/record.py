"""What an archive keeps of a photograph (`spec/archive.md`), made of its bytes alone."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from fifthfloor.errors import BadInput
from fifthfloor.trace.grey import LEAST_EDGE_PX, REFERENCE_PX, opened, scaled
from fifthfloor.trace.hashes import difference_hash, iscc, pdq
from fifthfloor.trace.likeness import TILES_LONG, Likeness, mean_tiles
from fifthfloor.trace.points import find_points

# 70 x 21 bytes, and 2 x 4 in the tables: 2,030 bytes a photograph for finding crops of it.
RECORDED_POINTS = 70
_THUMBNAIL_QUALITY = 80


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photograph in an archive.

    Args:
        sha256: of the file.
        width, height: as it is shown, of what was decoded (a fraction of the photograph for large JPEGs).
        pdq, difference: 32 bytes each.
        iscc: "ISCC:EEA...".
        likeness: with RECORDED_POINTS points.
        thumbnail: a JPEG with a long edge of at most REFERENCE_PX.
    """

    sha256: bytes
    length_bytes: int
    pdq: bytes
    difference: bytes
    iscc: str
    likeness: bytes
    thumbnail: bytes


def record_of(data: bytes) -> PhotoRecord:
    """Look at a photograph. Raises BadInput if it is none, is cut short, or is as small as an icon."""
    image = opened(data, REFERENCE_PX)
    if min(image.size) < LEAST_EDGE_PX:
        raise BadInput("trace.too_small", width=image.width, height=image.height, least=LEAST_EDGE_PX)
    grey = scaled(image, REFERENCE_PX)
    longest = max(grey.size)
    wide, high = (max(1, round(TILES_LONG * edge / longest)) for edge in grey.size)
    likeness = Likeness(mean_tiles(np.asarray(grey), wide, high), find_points(grey, RECORDED_POINTS))
    small = _small(image)
    return PhotoRecord(
        hashlib.sha256(data).digest(),
        len(data),
        pdq(grey)[0],
        difference_hash(grey),
        iscc(small),
        likeness.to_bytes(),
        _jpeg(small),
    )


def thumbnail(data: bytes) -> bytes:
    """Return a picture as an archive keeps one to be seen. Raises BadInput if it is none."""
    return _jpeg(_small(opened(data, REFERENCE_PX)))


def _small(image: Image.Image) -> Image.Image:
    longest = max(image.size)
    if longest <= REFERENCE_PX:
        return image
    wide, high = (max(1, round(edge * REFERENCE_PX / longest)) for edge in image.size)
    return image.resize((wide, high), Image.Resampling.BILINEAR, reducing_gap=2.0)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_THUMBNAIL_QUALITY)
    return out.getvalue()
